import { ascii, ByteWriter } from '../../shared/json/byte-writer.ts'
import type { Answer } from './answer.ts'
import { type PlainJson, plainJson } from './plain-json.ts'

/**
 * The JSON around every value (spec 04 section 3.1): error, message, the value, and the request with the decoded path and our
 * host name. Main thread. The value comes as finished bytes and is not looked at.
 */
export class Envelope {
  readonly #headers: Readonly<Record<string, string>>
  readonly #host: Uint8Array
  readonly #writer = new ByteWriter()

  /** `corsOrigin`: '' = no CORS header. */
  constructor(corsOrigin: string, hostName: string) {
    this.#headers = { 'Content-Type': 'application/json', ...corsHeaders(corsOrigin) }
    this.#host = plainJson(hostName)
  }

  /** `head` as made by `envelopeHead`. */
  value(status: number, head: Uint8Array, value: Uint8Array, url: string): Answer {
    return this.#answer(status, [head, value, this.#request(url), end])
  }

  message(message: string, url: string): Answer {
    return this.#answer(200, [successStart, plainJson(message), this.#request(url), end])
  }

  error(status: number, message: string, url: string): Answer {
    return this.#answer(status, [errorStart, plainJson(message), this.#request(url), end])
  }

  /** The pages of the configuration have their values after the request. */
  config(message: string, values: { readonly [key: string]: PlainJson }, url: string): Answer {
    const valuesAndEnd = plainJson(values).subarray(1) // without the opening brace
    return this.#answer(200, [successStart, plainJson(message), this.#request(url), comma, valuesAndEnd])
  }

  #answer(status: number, body: readonly Uint8Array[]): Answer {
    return { status, headers: this.#headers, body }
  }

  /** `,"request":{…}` */
  #request(url: string): Uint8Array {
    const writer = this.#writer
    writer.reset()
    writer.raw(requestKey)
    writer.string(url)
    writer.raw(hostKey)
    writer.raw(this.#host)
    writer.raw(end)
    return writer.take()
  }
}

/** `{"error":false,"message":"topic list returned","topics":` */
export function envelopeHead(message: string, key: string): Uint8Array {
  return ascii(`{"error":false,"message":"${message}","${key}":`)
}

export function corsHeaders(corsOrigin: string): Readonly<Record<string, string>> {
  return corsOrigin === '' ? {} : { 'Access-Control-Allow-Origin': corsOrigin }
}

const successStart = ascii('{"error":false,"message":')
const errorStart = ascii('{"error":true,"message":')
const requestKey = ascii(',"request":{"url":')
const hostKey = ascii(',"host":')
const end = ascii('}')
const comma = ascii(',')
