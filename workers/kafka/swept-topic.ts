import type { TopicMetadata } from '../../shared/kafka-api/metadata.ts'

/** One topic of a cluster as the sweeper of its end offsets sees it. Kafka threads. */
export class SweptTopic {
  readonly name: string
  readonly nameBytes: Uint8Array
  /** Null: the brokers do not tell (before Kafka 2.8). */
  id: string | null
  /** Number in packed records. */
  key = -1
  leaders: Int32Array
  leaderEpochs: Int32Array
  /** Newest end offset by partition, NaN = not known yet. */
  ends: Float64Array
  /** By partition, 1 = every shard has an end offset. */
  known: Uint8Array
  /** Full listings in a row that did not have it. */
  missedListings = 0
  /** It went backwards in the metadata: a broker with old news, or another topic of the same name. Offsets will tell. */
  isSuspect = false
  isAlive = true

  constructor({ name, id, leaders, leaderEpochs }: TopicMetadata) {
    this.name = name
    this.nameBytes = Buffer.from(name)
    this.id = id
    this.leaders = leaders
    this.leaderEpochs = leaderEpochs
    this.ends = new Float64Array(leaders.length).fill(Number.NaN)
    this.known = new Uint8Array(leaders.length)
  }

  get partitions(): number {
    return this.leaders.length
  }

  /** Partitions whose end offset is not known, null = none. */
  missing(): number[] | null {
    if (!this.known.includes(0)) return null
    const missing: number[] = []
    for (const [partition, known] of this.known.entries()) if (known === 0) missing.push(partition)
    return missing
  }

  /** Takes over what is new. False: this is another topic of the same name, nothing was taken. */
  update({ id, leaders, leaderEpochs }: TopicMetadata): boolean {
    this.missedListings = 0
    if (id !== null && this.id !== null && id !== this.id) return false
    this.isSuspect = id === null && (leaders.length < this.partitions || this.#epochsFell(leaderEpochs))
    this.id = id
    if (leaders.length < this.partitions) return true // a topic never shrinks: old news
    this.leaders = leaders
    this.leaderEpochs = leaderEpochs
    this.#growTo(leaders.length)
    return true
  }

  /** Whether an end offset shows that the topic was deleted and created again. Only asked where there are no topic ids. */
  isRecreatedBy(partition: number, offset: number): boolean {
    if (this.id !== null || !(offset < this.ends[partition]!)) return false
    return this.isSuspect || this.leaderEpochs[partition] === -1
  }

  /** It begins again: nothing is known of it. */
  restart(): void {
    this.ends.fill(Number.NaN)
    this.known.fill(0)
    this.isSuspect = false
  }

  #epochsFell(leaderEpochs: Int32Array): boolean {
    const shared = Math.min(leaderEpochs.length, this.leaderEpochs.length)
    for (let partition = 0; partition < shared; partition++) {
      if (leaderEpochs[partition]! >= 0 && leaderEpochs[partition]! < this.leaderEpochs[partition]!) return true
    }
    return false
  }

  #growTo(partitions: number): void {
    if (partitions === this.ends.length) return
    const ends = new Float64Array(partitions).fill(Number.NaN)
    ends.set(this.ends)
    this.ends = ends
    const known = new Uint8Array(partitions)
    known.set(this.known)
    this.known = known
  }
}
