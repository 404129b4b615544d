/**
 * Things that go wrong on purpose. A fault stands until it has struck `times` times or is cleared; of several that match,
 * the oldest strikes. One owner, the process that runs the simulator; brokers ask it once per request.
 */
export interface FaultRule {
  /** Name of the API as Kafka writes it ('Fetch', 'ListOffsets'); none: every API. */
  readonly api?: string
  /** Broker id; none: every broker. */
  readonly broker?: number
  /** Only these partitions get an `error`; none: all of the request. */
  readonly topic?: string
  readonly partition?: number
  /** None: until cleared. */
  readonly times?: number
  readonly effect: FaultEffect
}

export type FaultEffect =
  /** The request is served, but not before `delayMs`. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** The answer carries this error code, in each of its places; nothing is changed by the request. */
  | { readonly kind: 'error'; readonly code: number }
  /** The connection is reset. */
  | { readonly kind: 'disconnect' }
  /** Read and never answered, nor is anything after it on that connection. */
  | { readonly kind: 'blackHole' }
  /** A frame of the right length and correlation id, full of nonsense. */
  | { readonly kind: 'garbage' }

export class Faults {
  private readonly standing: { readonly rule: FaultRule; left: number }[] = []
  /** How often faults have struck so far, for tests. */
  struck = 0

  /** Returns how to clear this fault alone. */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY }
    this.standing.push(entry)
    return () => this.remove(entry)
  }

  clear(): void {
    this.standing.length = 0
  }

  /** The rule that strikes this request, if any. Counts it. */
  strike(api: string, broker: number): FaultRule | undefined {
    const entry = this.standing.find(({ rule }) => (rule.api ?? api) === api && (rule.broker ?? broker) === broker)
    if (!entry) return undefined
    this.struck++
    if (--entry.left <= 0) this.remove(entry)
    return entry.rule
  }

  private remove(entry: (typeof this.standing)[number]): void {
    const index = this.standing.indexOf(entry)
    if (index >= 0) this.standing.splice(index, 1)
  }
}
