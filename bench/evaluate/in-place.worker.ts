import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { StoragePort } from '../../shared/actor/actor-ref.ts'
import { Counters, createCounterBlock } from '../../shared/counters.ts'
import { SlabViews } from '../../shared/ring/slabs.ts'
import { DirectoryCache, type LocatedGroup } from '../../workers/evaluator/directory-cache.ts'
import { GroupEvaluator } from '../../workers/evaluator/evaluate-group.ts'
import { TopicJudge } from '../../workers/evaluator/judge-topic.ts'
import { readBoth } from '../../workers/evaluator/read-both.ts'
import { intervals, nowMs } from './mixes.ts'

/**
 * A thread that judges groups in place with the evaluator's own code, over and over, without pool or questions: what the rules
 * themselves can do.
 */
export interface InPlaceInit {
  /** To the one storage shard. */
  readonly port: MessagePort
}

export type InPlaceOrder =
  /** Remembers where these groups are, under this name. */
  | { readonly kind: 'locate'; readonly name: string; readonly groups: readonly string[] }
  /** Judges them all, again and again, for so long. `rules`: no more than that. `groups`: whole verdicts as objects. */
  | { readonly kind: 'sweep'; readonly name: string; readonly how: 'rules' | 'groups'; readonly durationMs: number }
  /** One group after the other, each timed by itself. */
  | { readonly kind: 'latency'; readonly name: string; readonly durationMs: number }

export interface InPlaceAnswer {
  readonly groups: number
  readonly partitions: number
  readonly elapsedMs: number
  /** Of one sweep over all groups: lag in all, and partitions (groups, for `groups`) by status. */
  readonly totalLag: number
  readonly byStatus: readonly number[]
  /** µs of each verdict, for `latency`. */
  readonly latenciesUs: readonly number[]
}

const statuses = 7
const latenciesMax = 100_000
const settings = { intervals, minimumComplete: 0, allowedLag: 0 }
const nowSeconds = Math.floor(nowMs / 1000)
const deadlineMs = 30_000

const port = new StoragePort((workerData as InPlaceInit).port, new SlabViews())
const counters = new Counters(createCounterBlock())
const judge = new TopicJudge(settings)
const evaluator = new GroupEvaluator(settings, counters)
const locatedByName = new Map<string, readonly LocatedGroup[]>()

parentPort!.on('message', async (order: InPlaceOrder) => parentPort!.postMessage(await answer(order)))

async function answer(order: InPlaceOrder): Promise<InPlaceAnswer> {
  if (order.kind === 'locate') {
    locatedByName.set(order.name, await locate(order.groups))
    return { groups: 0, partitions: 0, elapsedMs: 0, totalLag: 0, byStatus: [], latenciesUs: [] }
  }
  const located = locatedByName.get(order.name)!
  const isRules = order.kind === 'sweep' && order.how === 'rules'
  const latenciesUs: number[] = []
  let groups = 0
  let partitions = 0
  let sweep = new Sweep()
  const startMs = performance.now()
  do {
    sweep = new Sweep()
    for (const group of located) {
      if (isRules) sweep.rules(group)
      else if (order.kind === 'sweep') sweep.group(group)
      else {
        const beforeMs = performance.now()
        sweep.group(group)
        if (latenciesUs.length < latenciesMax) latenciesUs.push((performance.now() - beforeMs) * 1000)
      }
    }
    groups += located.length
    partitions += sweep.partitions
  } while (performance.now() - startMs < order.durationMs)
  const elapsedMs = performance.now() - startMs
  if (isRules) sweep.countStatuses(located)
  return { groups, partitions, elapsedMs, totalLag: sweep.totalLag, byStatus: sweep.byStatus, latenciesUs }
}

async function locate(groups: readonly string[]): Promise<LocatedGroup[]> {
  const located = await new DirectoryCache().fetch(port, 'c', groups, deadlineMs)
  return located.map((found, index) => {
    if (!found) throw new Error(`group ${groups[index]} is not there`)
    return found
  })
}

/** One look at every group. */
class Sweep {
  partitions = 0
  totalLag = 0
  readonly byStatus: number[] = new Array(statuses).fill(0)

  rules({ port, directory }: LocatedGroup): void {
    judge.setTime(nowSeconds)
    for (const topic of directory.topics) {
      const outcome = readBoth(port.slabs, topic, counters, (slab, ends) => judge.judge(topic, slab, ends))
      if (outcome !== 'ok') throw new Error(`nobody writes, and yet a run is ${outcome}`)
      this.partitions += judge.partitions
      this.totalLag += judge.totalLag
    }
  }

  /** What the rules said, once more and outside of the time. */
  countStatuses(located: readonly LocatedGroup[]): void {
    for (const group of located) {
      for (const topic of group.directory.topics) {
        readBoth(group.port.slabs, topic, counters, (slab, ends) => judge.judge(topic, slab, ends))
        for (let partition = 0; partition < judge.partitions; partition++) this.byStatus[judge.statusOf(partition)]!++
      }
    }
  }

  group(located: LocatedGroup): void {
    const verdict = evaluator.evaluate(located, 'c', 'g', nowSeconds, false)
    if (typeof verdict === 'string') throw new Error(`nobody writes, and yet a group is ${verdict}`)
    this.partitions += verdict.totalPartitions
    this.totalLag += verdict.totalLag
    this.byStatus[verdict.status]!++
  }
}
