import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { BurrowError } from '../../shared/errors.ts'
import type { TlsSettings } from '../../shared/settings.ts'

export interface Server {
  readonly host: string
  readonly port: number
}

/** `host:port` or `[v6]:port`. Throws BurrowError CONFIG_INVALID. */
export function parseServer(text: string): Server {
  const [, v6, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = v6 ?? plain
  if (host === undefined || (v6 !== undefined && isIP(v6) !== 6) || Number(port) < 1 || Number(port) > 65_535) {
    throw new BurrowError('CONFIG_INVALID', `not a ZooKeeper server: ${text} (host:port, or [IPv6 address]:port)`)
  }
  return { host, port: Number(port) }
}

/** The servers of an ensemble, one after the other from a random one on, so that clients spread over them. Main thread. */
export class ServerList {
  readonly #servers: readonly Server[]
  #next: number
  #triedInRound = 0

  constructor(servers: readonly string[]) {
    if (servers.length === 0) throw new BurrowError('CONFIG_INVALID', 'no ZooKeeper servers')
    this.#servers = servers.map(parseServer)
    this.#next = Math.floor(Math.random() * servers.length)
  }

  get size(): number {
    return this.#servers.length
  }

  /** True once every server was tried since the last round or `succeeded`. */
  get roundDone(): boolean {
    return this.#triedInRound >= this.#servers.length
  }

  next(): Server {
    if (this.roundDone) this.#triedInRound = 0
    this.#triedInRound++
    const server = this.#servers[this.#next]!
    this.#next = (this.#next + 1) % this.#servers.length
    return server
  }

  succeeded(): void {
    this.#triedInRound = 0
  }
}

/** What `tls.connect` is told beside the address. Throws BurrowError CONFIG_INVALID for a file that cannot be read. */
export function readTlsOptions(settings: TlsSettings | null): ConnectionOptions | null {
  if (settings === null) return null
  const { certFile, keyFile, caFile } = settings
  return {
    ...(caFile === '' ? {} : { ca: readPem(caFile) }),
    ...(certFile === '' ? {} : { cert: readPem(certFile) }),
    ...(keyFile === '' ? {} : { key: readPem(keyFile) })
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new BurrowError('CONFIG_INVALID', `Failure to start zookeeper: cannot read ${path}`, { path }, error)
  }
}
