import type { TopicDirectory } from '../../../shared/actor/storage-messages.ts'
import type { Counters } from '../../../shared/counters.ts'
import { compareUtf8 } from '../../../shared/json/utf8-order.ts'
import { type FigureBlockBuilder, labelPairs } from '../../../shared/metrics/figure-block.ts'
import type { ConsumerTopics } from '../../../shared/protocol/consumer.ts'
import { summaryAt, summaryF64, summaryU16 } from '../../../shared/ring/ring-layout.ts'
import type { SlabView } from '../../../shared/ring/slabs.ts'
import { type EvaluationSettings, evaluatePartition, GroupTally } from '../../../shared/rules/evaluate.ts'
import { type LocatedGroup, lastCommitMs } from '../directory-cache.ts'
import { TopicJudge } from '../judge-topic.ts'
import { readBoth } from '../read-both.ts'
import { eachInTextOrder } from './text-order.ts'

/**
 * The figures of one group after the other: every partition's lag, offset and status, and the group's own. `read…` takes them in,
 * `write` puts them into a block in the order of the page. One per evaluator thread; the memory is used again.
 */
export class GroupFigures {
  readonly #settings: EvaluationSettings
  readonly #counters: Counters
  readonly #judge: TopicJudge
  readonly #topics: { readonly name: string; readonly partitions: number; readonly from: number }[] = []
  #lags = new Float64Array(1024)
  #offsets = new Float64Array(1024)
  /** 0 = the window is not full. */
  #statuses = new Uint8Array(1024)
  #tally = new GroupTally()
  #lastCommitMs = 0
  partitions = 0
  fullPartitions = 0

  constructor(settings: EvaluationSettings, counters: Counters) {
    this.#settings = settings
    this.#counters = counters
    this.#judge = new TopicJudge(settings)
  }

  readInPlace(located: LocatedGroup, nowSeconds: number): 'ok' | 'busy' | 'moved' {
    const { topics } = located.directory
    this.#begin(topics.reduce((sum, { windows }) => sum + windows.partitions, 0))
    const judge = this.#judge
    judge.setTime(nowSeconds)
    for (const topic of topics) {
      const outcome = readBoth(located.port.slabs, topic, this.#counters, (slab, ends) => {
        judge.judge(topic, slab, ends)
        this.#putTopic(topic, slab)
      })
      if (outcome !== 'ok') return outcome
      judge.addTo(this.#tally)
      this.#endTopic(topic.topic, judge.partitions, judge.fullPartitions)
    }
    this.#lastCommitMs = lastCommitMs(located)
    this.#counters.add('evaluations')
    this.#counters.add('evaluated_partitions', this.partitions)
    return 'ok'
  }

  /** From what storage answered, when the rings could not be read. */
  readCopy(data: ConsumerTopics, nowSeconds: number): void {
    this.#begin([...data.values()].reduce((sum, partitions) => sum + partitions.length, 0))
    this.#lastCommitMs = 0
    for (const name of [...data.keys()].sort(compareUtf8)) {
      const partitions = data.get(name)!
      const tally = new GroupTally()
      let full = 0
      for (const [index, partition] of partitions.entries()) {
        const { status, currentLag, complete, end } = evaluatePartition(
          name,
          index,
          partition,
          this.#settings,
          nowSeconds
        )
        tally.add(status, currentLag, complete)
        if (complete === 1) full++
        this.#put(this.partitions + index, complete === 1, status, currentLag, end?.offset ?? 0)
        this.#lastCommitMs = Math.max(this.#lastCommitMs, end?.timestampMs ?? 0)
      }
      this.#tally.addAll(tally)
      this.#endTopic(name, partitions.length, full)
    }
  }

  write(builder: FigureBlockBuilder, cluster: string, group: string, nowMs: number, withPartitions: boolean): void {
    const { totalLag, maxLag, status } = this.#tally
    const commitAgeSeconds = Math.max(0, nowMs - this.#lastCommitMs) / 1000
    builder.group(labelPairs(cluster, group), { totalLag, maxLag: Math.max(0, maxLag), status, commitAgeSeconds })
    if (!withPartitions) return
    const topics = this.#topics
    const most = topics.reduce((max, { partitions }) => Math.max(max, partitions), 0)
    eachInTextOrder(most, partition => {
      for (let index = 0; index < topics.length; index++) {
        const { name, partitions, from } = topics[index]!
        if (partition >= partitions) continue
        const at = from + partition
        builder.entry(name, partition, this.#statuses[at]!, this.#lags[at]!, this.#offsets[at]!)
      }
    })
  }

  #begin(partitions: number): void {
    this.#topics.length = 0
    this.#tally = new GroupTally()
    this.partitions = 0
    this.fullPartitions = 0
    if (partitions <= this.#lags.length) return
    this.#lags = new Float64Array(partitions)
    this.#offsets = new Float64Array(partitions)
    this.#statuses = new Uint8Array(partitions)
  }

  /** What was just judged. Inside the read of the topic. */
  #putTopic({ windows }: TopicDirectory, { u16, f64 }: SlabView): void {
    const { statuses, lags } = this.#judge
    const { intervals } = this.#settings
    for (let partition = 0; partition < windows.partitions; partition++) {
      const summary = summaryAt(windows.at, partition)
      const isFull = u16[(summary >> 1) + summaryU16.count]! >= intervals
      const lastOffset = f64[(summary >> 3) + summaryF64.lastOffset]!
      this.#put(this.partitions + partition, isFull, statuses[partition]!, lags[partition]!, lastOffset)
    }
  }

  #put(at: number, isFull: boolean, status: number, lag: number, offset: number): void {
    this.#lags[at] = lag
    this.#offsets[at] = offset
    this.#statuses[at] = isFull ? status : 0
  }

  #endTopic(name: string, partitions: number, full: number): void {
    this.#topics.push({ name, partitions, from: this.partitions })
    this.partitions += partitions
    this.fullPartitions += full
  }
}
