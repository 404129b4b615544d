import { get, type IncomingMessage } from 'node:http'

/** What one client of `/v3/events` has got. */
interface Heard {
  groupEvents: number
  rest: string
  lastCluster: string
  ended: boolean
}

/** Open pages, as far as the program knows: clients that read all they are sent. */
export class EventClients {
  readonly #responses: readonly IncomingMessage[]
  readonly #heard: readonly Heard[]

  private constructor(responses: readonly IncomingMessage[]) {
    this.#responses = responses
    this.#heard = responses.map(response => {
      const heard = { groupEvents: 0, rest: '', lastCluster: '{}', ended: false }
      response.setEncoding('utf8')
      response.on('data', (text: string) => take(heard, text))
      response.on('error', () => undefined) // 'close' follows
      response.on('close', () => {
        heard.ended = true
      })
      return heard
    })
  }

  static async open(address: string, count: number): Promise<EventClients> {
    return new EventClients(await Promise.all(Array.from({ length: count }, () => open(address))))
  }

  /** Events about groups that each has got. */
  get groupEvents(): readonly number[] {
    return this.#heard.map(({ groupEvents }) => groupEvents)
  }

  /** The newest event about the cluster, by client. */
  get clusters(): readonly { readonly groups?: number }[] {
    return this.#heard.map(({ lastCluster }) => JSON.parse(lastCluster))
  }

  get ended(): number {
    return this.#heard.filter(({ ended }) => ended).length
  }

  close(): void {
    for (const response of this.#responses) response.destroy()
  }
}

function open(address: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`http://${address}/v3/events`, { agent: false }, resolve).on('error', reject)
  })
}

function take(heard: Heard, text: string): void {
  const events = (heard.rest + text).split('\n\n')
  heard.rest = events.pop()!
  for (const event of events) {
    if (event.startsWith('event: groups')) heard.groupEvents++
    else if (event.startsWith('event: cluster')) heard.lastCluster = event.slice(event.indexOf('{'))
  }
}
