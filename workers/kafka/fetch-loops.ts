import type { Counters } from '../../shared/counters.ts'
import { BurrowError } from '../../shared/errors.ts'
import { errorName, isStaleMetadata, KafkaErrorCode } from '../../shared/kafka-api/error-codes.ts'
import { OffsetOf } from '../../shared/kafka-api/list-offsets.ts'
import { BackOff, sleep } from './back-off.ts'
import type { ClusterClient } from './cluster-client.ts'
import type { CommitDecoder } from './commit-decoder.ts'
import type { CommitKeys } from './commit-keys.ts'
import { type Fetched, fetchOnce, isWanted, nextWaitMs, waitMs } from './fetch-once.ts'
import { lookUpOffsets } from './offset-lookup.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { RareLog } from './rare-log.ts'
import type { ReaderOutlet } from './reader-outlet.ts'
import type { Signal, Wish } from './signal.ts'
import type { StorageSender } from './storage-sender.ts'

/** A partition where a commit waits is looked at again after this long, or when something was learnt. */
const waitingLookMs = 500
/** Longest rest of a partition that has errors, or whose batches cannot be read. */
export const restMaxMs = 1_000
/** An answer that came faster than this without any records: do not ask again at once. */
const quickAnswerMs = 20

export interface FetchLoopsOptions {
  readonly offsetsTopic: string
  readonly client: ClusterClient
  readonly partitions: ReadonlyMap<number, OffsetsPartition>
  readonly decoder: CommitDecoder
  readonly keys: CommitKeys
  readonly outlet: ReaderOutlet
  readonly sender: StorageSender
  readonly counters: Counters
  readonly rareLog: RareLog
  readonly stopped: AbortSignal
  /** Something changed that may make a partition ready. */
  readonly changed: Signal
  /** Asked when leaders must be found anew. */
  readonly refreshWanted: Wish
  /** Nothing may be fetched before the topics are known. */
  isListed(): boolean
  /** Something was fetched: whatever was wrong is over. */
  onGood(): void
  /** After a walk: topics may have to be asked about. */
  afterWalks(): void
  /** The partition ends before our position. Rejects with BurrowError if that could not be mended; it is tried again then. */
  onLost(p: OffsetsPartition, start: number, end: number): Promise<void>
  onFailure(what: string, error: unknown): void
}

/** Fetches a reader's partitions, one loop per broker that leads some, so that brokers do not wait for each other. Kafka threads. */
export class FetchLoops {
  readonly #options: FetchLoopsOptions
  readonly #running = new Set<number>()

  constructor(options: FetchLoopsOptions) {
    this.#options = options
  }

  /** Begins the loop of a broker if it does not run; it ends when the broker leads nothing any more. */
  ensure(nodeId: number): void {
    if (this.#running.has(nodeId)) return
    this.#running.add(nodeId)
    void this.#run(nodeId).finally(() => this.#running.delete(nodeId))
  }

  async #run(nodeId: number): Promise<void> {
    const { stopped, sender, changed, partitions } = this.#options
    const backOff = new BackOff()
    let maxWaitMs = waitMs
    while (!stopped.aborted) {
      await sender.room()
      const led = [...partitions.values()].filter(p => p.leader === nodeId)
      if (led.length === 0) return
      const nowMs = Date.now()
      const ready = this.#options.isListed() ? led.filter(p => p.position >= 0 && p.restUntilMs <= nowMs) : []
      if (ready.length === 0) {
        const restsMs = led.map(p => p.restUntilMs - nowMs).filter(ms => ms > 0)
        await changed.nextWithin(Math.min(restMaxMs, ...restsMs), stopped)
        continue
      }
      sender.forgetKeysIfFull()
      this.#forgetStaleKeys()
      try {
        const bytes = await this.#round(nodeId, ready, maxWaitMs)
        // Twenty clusters without traffic would cost most of their CPU here. A partition that rests is not in the request.
        maxWaitMs = nextWaitMs(maxWaitMs, bytes, ready.length === led.length)
        backOff.reset()
      } catch (error) {
        if (stopped.aborted) return
        if (!(error instanceof BurrowError)) throw error
        maxWaitMs = waitMs
        this.#options.onFailure('cannot fetch', error)
        this.#options.refreshWanted.ask()
        await sleep(backOff.nextMs(), stopped)
      }
    }
  }

  /** Returns the bytes of records. */
  async #round(nodeId: number, ready: readonly OffsetsPartition[], maxWaitMs: number): Promise<number> {
    const { client, offsetsTopic, stopped, sender } = this.#options
    const sentMs = Date.now()
    const fetched = await fetchOnce(client, nodeId, offsetsTopic, ready, maxWaitMs)
    await sender.room()
    if (stopped.aborted) return 0
    const bytes = await this.#take(fetched)
    client.trust(nodeId)
    this.#options.onGood()
    if (bytes === 0 && Date.now() - sentMs < quickAnswerMs) await sleep(quickAnswerMs, stopped)
    return bytes
  }

  /** Returns the bytes of records. Nothing is left in the outlet when this waits for something. */
  async #take(fetched: readonly Fetched[]): Promise<number> {
    const { counters, outlet } = this.#options
    counters.add('fetch_responses')
    this.#forgetStaleKeys()
    let bytes = 0
    const failed: Fetched[] = []
    for (const each of fetched) {
      if (!isWanted(each)) continue
      bytes += each.found.records.length
      if (each.found.errorCode === KafkaErrorCode.none) this.#walk(each)
      else failed.push(each)
    }
    outlet.flush()
    counters.add('fetch_bytes', bytes)
    this.#options.afterWalks()
    for (const each of failed) await this.#onPartitionError(each)
    return bytes
  }

  #walk({ p, found, isCutForGood }: Fetched): void {
    const { decoder } = this.#options
    if (found.records.length === 0) return
    const isWaiting = isCutForGood ? decoder.refuseCut(p, found.records) : decoder.walk(p, found.records)
    if (isWaiting) p.restUntilMs = Date.now() + waitingLookMs
    else p.waitingAt = -1
    if (decoder.refusedBatches > 0 && !decoder.sawRecords) {
      p.refusedWalks = Math.min(p.refusedWalks + 1, 10)
      p.restUntilMs = Date.now() + Math.min(2 ** p.refusedWalks, restMaxMs)
    } else p.refusedWalks = 0
  }

  async #onPartitionError({ p, found }: Fetched): Promise<void> {
    const { counters, rareLog, refreshWanted } = this.#options
    const name = errorName(found.errorCode)
    counters.add('broker_errors')
    rareLog.warn(`fetch error ${name}`, { topic: found.topic, partition: p.partition, position: p.position })
    p.restUntilMs = Date.now() + restMaxMs
    if (found.errorCode === KafkaErrorCode.offsetOutOfRange) await this.#onOutOfRange(p)
    else if (isStaleMetadata(found.errorCode)) refreshWanted.ask()
  }

  /** Goes on at the first offset that exists, if what is missing was deleted before it. */
  async #onOutOfRange(p: OffsetsPartition): Promise<void> {
    const { client, offsetsTopic, rareLog, outlet } = this.#options
    const { turn, partition, leader } = p
    const lookUp = async (which: (typeof OffsetOf)[keyof typeof OffsetOf]) =>
      (await lookUpOffsets(client, leader, offsetsTopic, [partition], which)).get(partition)
    const [start, end] = await Promise.all([lookUp(OffsetOf.start), lookUp(OffsetOf.end)])
    if (typeof start !== 'number' || typeof end !== 'number' || p.turn !== turn) return
    if (p.position > end) return this.#options.onLost(p, start, end)
    const position = Math.max(p.position, start)
    rareLog.warn('position was out of range', { partition, from: p.position, to: position, start, end })
    p.goTo(position)
    for (const [shard, sentTo] of p.sentTo.entries()) {
      if (sentTo < position) p.sentTo[shard] = position
      outlet.sayPosition(p, shard)
    }
  }

  #forgetStaleKeys(): void {
    const { keys, partitions } = this.#options
    keys.forgetIfStale(() => [...partitions.values()].flatMap(p => [...p.transactions.all()]))
  }
}
