import { get, type IncomingMessage } from 'node:http'
import { waitFor } from './wait-for.ts'

export interface StreamEvent {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: each event has a shape of its own, and tests look into it
  readonly data: any
}

/** A client of server-sent events that keeps everything it was told. */
export class EventStream {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly events: StreamEvent[] = []
  comments = 0
  bytes = 0
  ended = false
  readonly #response: IncomingMessage
  #rest = ''

  private constructor(response: IncomingMessage) {
    this.#response = response
    this.status = response.statusCode ?? 0
    this.headers = response.headers
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#take(text))
    response.on('error', () => undefined) // 'close' follows
    response.on('close', () => {
      this.ended = true
    })
  }

  /** Resolves with the head of the answer. */
  static open(address: string, path = '/v3/events'): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      get(`http://${address}${path}`, { agent: false }, response => resolve(new EventStream(response))).on(
        'error',
        reject
      )
    })
  }

  of(name: string): StreamEvent['data'][] {
    return this.events.filter(event => event.name === name).map(({ data }) => data)
  }

  /** The first event of that name that fits, of those from the `from`-th event on. */
  wait(
    name: string,
    fits: (data: StreamEvent['data']) => boolean = () => true,
    from = 0,
    boundMs = 10_000
  ): Promise<StreamEvent['data']> {
    const find = () => this.events.slice(from).find(event => event.name === name && fits(event.data))
    return waitFor(find, `an event ${name}`, boundMs).then(({ data }) => data)
  }

  end(boundMs = 5000): Promise<unknown> {
    return waitFor(() => this.ended, 'the end of the stream', boundMs)
  }

  pause(): void {
    this.#response.pause()
  }

  resume(): void {
    this.#response.resume()
  }

  close(): void {
    this.#response.destroy()
  }

  #take(text: string): void {
    this.bytes += text.length
    const parts = (this.#rest + text).split('\n\n')
    this.#rest = parts.pop()!
    for (const part of parts) {
      if (part === ':') this.comments++
      const match = /^event: (\w+)\ndata: (.*)$/.exec(part)
      if (match) this.events.push({ name: match[1]!, data: JSON.parse(match[2]!) })
    }
  }
}
