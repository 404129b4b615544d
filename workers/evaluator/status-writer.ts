import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import type { Counters } from '../../shared/counters.ts'
import { ByteWriter, escapedUnitBytesMax } from '../../shared/json/byte-writer.ts'
import { writeStatusHead, writeStatusTail } from '../../shared/json/write-consumer.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import { type EvaluationSettings, GroupTally } from '../../shared/rules/evaluate.ts'
import type { LocatedGroup } from './directory-cache.ts'
import { TopicJudge } from './judge-topic.ts'
import { PartitionWriter } from './partition-writer.ts'
import { readBoth } from './read-both.ts'

/** Memory that is kept from page to page; one huge page must not hold on to its own. */
export const writerBytesKept = 4 * 1024 * 1024

/**
 * A page of a group's status as bytes, judged and written in place: what GroupEvaluator and `writeStatus` would give, without an object
 * for each partition. One per evaluator thread.
 *
 *    0          bodyFrom - head                  bodyFrom
 *   +----------+--------------------------------+---------------------------------------------------------------+
 *   | not used | {"cluster": ... "partitions":  | [ partition , partition ... ],"partition_count": 2, ... }      |
 *   +----------+--------------------------------+---------------------------------------------------------------+
 *
 * The head tells the verdict, so it is written last, and room is left for the longest. A topic whose read has to be done again is
 * written over from its beginning.
 */
export class StatusWriter {
  readonly #judge: TopicJudge
  readonly #counters: Counters
  readonly #head = new ByteWriter()
  #bodyFrom = 0
  readonly #body: PartitionWriter
  /** Partitions that had the most lag so far and are not in the body. */
  readonly #unshown: PartitionWriter
  /** Where the partition with the most lag of the topic just read stands. */
  #maxlag: Place = { writer: this.#head, from: 0, to: 0 }

  constructor(settings: EvaluationSettings, counters: Counters) {
    this.#judge = new TopicJudge(settings)
    this.#counters = counters
    this.#body = new PartitionWriter(settings.intervals)
    this.#unshown = new PartitionWriter(settings.intervals)
  }

  /** The group's status; the page is in `page`. `moved`, `busy`: as GroupEvaluator says them. */
  write(
    { port, directory }: LocatedGroup,
    cluster: string,
    group: string,
    nowSeconds: number,
    showAll: boolean
  ): StatusConstant | 'busy' | 'moved' {
    this.reset()
    this.#judge.setTime(nowSeconds)
    const tally = new GroupTally()
    let maxlag: Place | null = null
    const body = this.#body.writer
    this.#bodyFrom = headBytesMax(cluster, group)
    body.skip(this.#bodyFrom)
    body.byte(openBracket)
    for (const topic of directory.topics) {
      const from = body.length
      const outcome = readBoth(port.slabs, topic, this.#counters, (slab, ends) => {
        body.length = from
        this.#writeTopic(topic, slab, ends, showAll, tally.maxLag)
      })
      if (outcome !== 'ok') return outcome
      if (this.#judge.addTo(tally)) maxlag = this.#maxlag
    }
    body.byte(closeBracket)
    writeStatusTail(body, tally, maxlag && (() => body.raw(maxlag.writer.bytes.subarray(maxlag.from, maxlag.to))))
    writeStatusHead(this.#head, cluster, group, tally)
    body.bytes.set(this.#head.bytes.subarray(0, this.#head.length), this.#bodyFrom - this.#head.length)
    this.#counters.add('evaluations')
    this.#counters.add('evaluated_partitions', tally.totalPartitions)
    return tally.status
  }

  /** What was written last, until it is forgotten. */
  get page(): Uint8Array {
    const { bytes, length } = this.#body.writer
    return bytes.subarray(this.#bodyFrom - this.#head.length, length)
  }

  /** Forgets the page. */
  reset(): void {
    for (const writer of [this.#head, this.#body.writer, this.#unshown.writer]) writer.reset(writerBytesKept)
  }

  /** Runs over half-written memory too. `maxLag` of the topics before. */
  #writeTopic(topic: TopicDirectory, slab: SlabView, ends: SlabView | null, showAll: boolean, maxLag: number): void {
    const judge = this.#judge
    judge.judge(topic, slab, ends)
    const maxlagPartition = judge.maxLag > maxLag ? judge.maxlagPartition : -1
    const body = this.#body
    body.begin(topic)
    let isShown = false
    for (let partition = 0; partition < topic.windows.partitions; partition++) {
      const status = judge.statusOf(partition)
      if (!showAll && status === StatusConstant.OK) continue
      if (body.writer.length > this.#bodyFrom + 1) body.writer.byte(comma)
      const from = body.writer.length
      body.write(slab, partition, status, judge.lags[partition]!)
      if (partition !== maxlagPartition) continue
      isShown = true
      this.#maxlag = { writer: body.writer, from, to: body.writer.length }
    }
    if (maxlagPartition === -1 || isShown) return
    const { writer } = this.#unshown
    const from = writer.length
    this.#unshown.begin(topic)
    this.#unshown.write(slab, maxlagPartition, judge.statusOf(maxlagPartition), judge.lags[maxlagPartition]!)
    this.#maxlag = { writer, from, to: writer.length }
  }
}

/** The longest of its keys and values together. */
function headBytesMax(cluster: string, group: string): number {
  return (cluster.length + group.length) * escapedUnitBytesMax + 128
}

interface Place {
  readonly writer: ByteWriter
  readonly from: number
  readonly to: number
}

const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
