/**
 * A request so plain that it can be taken from its bytes without an HTTP parser:
 *
 *    GET /v3/kafka/local/consumer/app/lag HTTP/1.1\r\nHost: monitor:8000\r\nUser-Agent: curl/8\r\n\r\n
 *        └─────────── target ───────────┘└──────────────────── tail ─────────────────────────────┘
 *
 * Only statuses and lags of groups whose names need no escape, only headers that cannot change the answer and bring no body. What is
 * not plain is no mistake: Node's parser takes it, judges it and refuses it. Main thread.
 */
export class PlainGetReader {
  target = ''
  /** Where the request ends. */
  end = 0
  /** Of the request before: a client sends the same headers again and again, so they are compared and not read. */
  #tail: Buffer = nothing

  /** True: `target` and `end` are set. `from` is where a request begins in `bytes`. */
  read(bytes: Buffer, from: number): boolean {
    const at = from + 4
    if (bytes.length < at || bytes.readUInt32BE(from) !== method) return false
    const targetEnd = bytes.indexOf(blank, at)
    if (targetEnd < 0 || targetEnd - at > targetBytesMax) return false
    const target = bytes.toString('latin1', at, targetEnd)
    if (!plainTarget.test(target)) return false
    const end = this.#knownTail(bytes, targetEnd) || this.#newTail(bytes, targetEnd)
    if (end === 0) return false
    this.target = target
    this.end = end
    return true
  }

  #knownTail(bytes: Buffer, at: number): number {
    const { length } = this.#tail
    if (length === 0 || at + length > bytes.length) return 0
    return this.#tail.compare(bytes, at, at + length) === 0 ? at + length : 0
  }

  #newTail(bytes: Buffer, at: number): number {
    const closing = bytes.indexOf('\r\n\r\n', at, 'latin1')
    if (closing < 0 || closing - at > tailBytesMax) return 0
    const end = closing + 4
    if (!isPlainTail(bytes.toString('latin1', at, end))) return 0
    this.#tail = Buffer.from(bytes.subarray(at, end)) // a copy: the chunk is 64 kB
    return end
  }
}

export const targetBytesMax = 2048
/** Of longer headers it is not worth to keep a copy for each connection. */
export const tailBytesMax = 2048

/** Exactly one Host, as Node and Go ask for. */
function isPlainTail(tail: string): boolean {
  if (!tail.startsWith(version)) return false
  const lines = tail.slice(version.length, -4).split('\r\n')
  let hosts = 0
  for (const line of lines) {
    const [, name = '', value = ''] = headerLine.exec(line) ?? []
    const lower = name.toLowerCase()
    if (lower === 'host') hosts++
    else if (lower === 'connection' ? value.toLowerCase() !== 'keep-alive' : !harmless.has(lower)) return false
  }
  return hosts === 1
}

/** `GET ` */
const method = 0x47455420
const blank = 0x20
const version = ' HTTP/1.1\r\n'
const nothing = Buffer.alloc(0)
/** A path of which no part means anything but itself. */
const plainTarget =
  /^\/v3\/kafka\/[A-Za-z0-9_-][A-Za-z0-9._-]*\/consumer\/[A-Za-z0-9_-][A-Za-z0-9._-]*\/(?:status|lag)$/
const headerLine = /^([A-Za-z-]+):[ ]?([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/
/** Headers that no route of statuses looks at, and that say nothing about the connection or a body. */
const harmless: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'cookie',
  'origin',
  'pragma',
  'referer',
  'user-agent',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip'
])
