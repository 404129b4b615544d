import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of PEM files. */
export interface CertifiedKey {
  readonly certFile: string
  readonly keyFile: string
  /** Key and certificate in one file, as Kafka wants a PEM key store. */
  readonly bothFile: string
}

/** An authority made for one test run, by openssl. Its keys are worth nothing an hour later. */
export class TestAuthority {
  readonly caFile: string
  readonly #folder: string
  readonly #keyFile: string
  readonly #name: string

  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
    this.caFile = join(folder, `${name}-ca.pem`)
    this.#keyFile = join(folder, `${name}-ca.key`)
    const subject = ['-subj', `/CN=${name} authority`]
    openssl(['req', '-x509', ...newKey, '-keyout', this.#keyFile, '-out', this.caFile, '-days', '2', ...subject])
  }

  /** `names` as in subjectAltName: `DNS:localhost`, `IP:127.0.0.1`. */
  certify(file: string, names: readonly string[]): CertifiedKey {
    const path = (end: string) => join(this.#folder, `${this.#name}-${file}.${end}`)
    const [certFile, keyFile, bothFile, request, extensions] = ['pem', 'key', 'both', 'csr', 'ext'].map(path) as [
      string,
      string,
      string,
      string,
      string
    ]
    openssl(['req', '-new', ...newKey, '-keyout', keyFile, '-out', request, '-subj', `/CN=${file}`])
    writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`)
    const signer = ['-CA', this.caFile, '-CAkey', this.#keyFile, '-CAcreateserial']
    openssl(['x509', '-req', '-in', request, ...signer, '-out', certFile, '-days', '2', '-extfile', extensions])
    writeFileSync(bothFile, readFileSync(keyFile, 'utf8') + readFileSync(certFile, 'utf8'))
    return { certFile, keyFile, bothFile }
  }
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
