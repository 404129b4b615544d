import { createPrivateKey, type KeyObject } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { TlsSettings } from '../../../shared/settings.ts'
import { badFile, certificatesOf, readPem } from './pem-file.ts'
import { systemRoots } from './system-roots.ts'

/**
 * What TLS connections of one `[tls.NAME]` are made with. The files are read at every connection, so that a renewed one is used at
 * the next; they are parsed only when something in them has changed (parsing the roots of a system takes about 10 ms). Kafka
 * threads; reads files synchronously, as kafkajs makes sockets so.
 */
export class TlsContext {
  readonly #settings: TlsSettings
  #files = ''
  #context: SecureContext | null = null

  constructor(settings: TlsSettings) {
    this.#settings = settings
  }

  /** Throws TLS_FAILED that names setting and path of a file that is not there, not what it should be, or does not fit. */
  current(): SecureContext {
    const { certFile, keyFile, caFile } = this.#settings
    const ca = caFile === '' ? systemRoots() : readPem('cafile', caFile)
    const cert = certFile === '' ? null : readPem('certfile', certFile)
    const key = keyFile === '' ? null : readPem('keyfile', keyFile)
    const files = JSON.stringify([ca, cert, key])
    if (this.#context && files === this.#files) return this.#context
    if (caFile !== '' && ca !== null) certificatesOf('cafile', caFile, ca)
    if (cert !== null && key !== null) checkPair(certFile, cert, keyFile, key)
    this.#context = createSecureContext({
      ...(ca === null ? {} : { ca }),
      ...(cert === null || key === null ? {} : { cert, key })
    })
    this.#files = files
    return this.#context
  }
}

/** OpenSSL says "key values mismatch" and the like, without any path. */
function checkPair(certFile: string, cert: string, keyFile: string, key: string): void {
  const own = certificatesOf('certfile', certFile, cert)[0]!
  if (!own.checkPrivateKey(privateKeyOf(keyFile, key))) {
    throw badFile('keyfile', keyFile, `is not the key of the first certificate in certfile ${certFile}`)
  }
}

function privateKeyOf(path: string, pem: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw badFile('keyfile', path, 'is encrypted; only a key without a passphrase can be used')
  }
  try {
    return createPrivateKey(pem)
  } catch {
    // Without the cause: nothing of a key belongs in a log.
    throw badFile('keyfile', path, 'holds no private key (PEM)')
  }
}
