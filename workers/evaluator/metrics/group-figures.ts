import type { Counters } from '../../../shared/counters.ts'
import { compareUtf8 } from '../../../shared/json/utf8-order.ts'
import { type FigureBlockBuilder, labelPairs } from '../../../shared/metrics/figure-block.ts'
import type { ConsumerTopics } from '../../../shared/protocol/consumer.ts'
import type { StatusConstant } from '../../../shared/protocol/status.ts'
import { type EvaluationSettings, evaluatePartition, GroupTally } from '../../../shared/rules/evaluate.ts'
import { type LocatedGroup, lastCommitMs } from '../directory-cache.ts'
import { InPlaceJudge } from '../judge-in-place.ts'
import { readBoth } from '../read-both.ts'
import { eachInTextOrder } from './text-order.ts'

/**
 * The figures of one group after the other: every partition's lag, offset and status, and the group's own. `read…` takes them in,
 * `write` puts them into a block in the order of the page. One per evaluator thread; the memory is used again.
 */
export class GroupFigures {
  readonly #settings: EvaluationSettings
  readonly #counters: Counters
  readonly #judge: InPlaceJudge
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
    this.#judge = new InPlaceJudge(settings)
  }

  readInPlace(located: LocatedGroup, nowSeconds: number): 'ok' | 'busy' | 'moved' {
    const { topics } = located.directory
    this.#begin(topics.reduce((sum, { windows }) => sum + windows.partitions, 0))
    this.#judge.setTime(nowSeconds)
    for (const topic of topics) {
      const from = this.partitions
      let tally = new GroupTally()
      let full = 0
      const outcome = readBoth(located.port.slabs, topic, this.#counters, (slab, ends) => {
        tally = new GroupTally()
        full = 0
        for (let partition = 0; partition < topic.windows.partitions; partition++) {
          this.#judge.judge(topic, slab, ends, partition)
          const { status, currentLag, complete, lastOffset } = this.#judge
          tally.add(status, currentLag, complete)
          full += this.#put(from + partition, status, currentLag, complete, lastOffset)
        }
      })
      if (outcome !== 'ok') return outcome
      this.#endTopic(topic.topic, topic.windows.partitions, tally, full)
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
        full += this.#put(this.partitions + index, status, currentLag, complete, end?.offset ?? 0)
        this.#lastCommitMs = Math.max(this.#lastCommitMs, end?.timestampMs ?? 0)
      }
      this.#endTopic(name, partitions.length, tally, full)
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

  /** 1 if the window is full. */
  #put(at: number, status: StatusConstant, lag: number, complete: number, offset: number): 0 | 1 {
    const full = complete === 1 ? 1 : 0
    this.#lags[at] = lag
    this.#offsets[at] = offset
    this.#statuses[at] = full * status
    return full
  }

  #endTopic(name: string, partitions: number, tally: GroupTally, full: number): void {
    this.#topics.push({ name, partitions, from: this.partitions })
    this.#tally.addAll(tally)
    this.partitions += partitions
    this.fullPartitions += full
  }
}
