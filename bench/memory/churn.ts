import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import { mustBe, type SuiteContext, WrongResult } from '../runner/suite.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { type FeederKey, PackedFeeder } from '../support/packed-feeder.ts'

/** Groups that come, commit every minute and go: an hour of it, in seconds. */
export interface ChurnSizes {
  readonly groups: number
  readonly partitions: number
  readonly minutes: number
}

export interface ChurnFigures {
  /** MB of the process: once every window was full for the first time, and at the end. */
  readonly rssMb: number
  readonly growthMb: number
}

const intervals = 10
const firstMs = 1_700_000_000_000
const minuteMs = 60_000
/** Of all groups, each minute: the oldest go and as many new ones come. */
const replacedShare = 0.02
const topic = 'churned'
const endOffset = 1_000_000
const offsetStep = 10
const lookedAt = 200
/** What the heaps of three threads may go up and down by. Beyond it memory is lost somewhere: nothing here grows but garbage. */
const growthMaxMb = 100

/**
 * Storage and evaluator threads of this process, with a clock that is moved a minute at a time: what is measured in hours elsewhere
 * (freed memory that rests, expiry) passes in its own time. In each minute every group commits once for every partition.
 */
export async function measureChurn(context: SuiteContext, sizes: ChurnSizes): Promise<ChurnFigures> {
  const threads = new EvaluatorThreads({ shards: 1, threads: 1, intervals, nowMs: firstMs })
  await threads.start()
  const feeder = new PackedFeeder(threads.storage, 1)
  try {
    const topicKey = feeder.topic(topic)
    for (let partition = 0; partition < sizes.partitions; partition++) {
      feeder.endOffset(topicKey, partition, sizes.partitions, endOffset)
    }
    const alive: ChurningGroup[] = Array.from({ length: sizes.groups }, (_, number) => newGroup(feeder, number, 0))
    const warmMinutes = Math.min(intervals + 1, Math.floor(sizes.minutes / 2))
    let created = sizes.groups
    let warmBytes = 0
    for (let minute = 0; minute < sizes.minutes; minute++) {
      threads.setTime(firstMs + minute * minuteMs)
      if (minute > 0) created = replaceOldest(feeder, alive, created, minute)
      for (const group of alive) {
        for (let partition = 0; partition < sizes.partitions; partition++) {
          feeder.commit(group.key, partition, offsetAt(minute), minute, firstMs + minute * minuteMs)
        }
        await feeder.room()
      }
      await feeder.settled()
      if (minute === warmMinutes) warmBytes = process.memoryUsage.rss()
    }
    const rss = process.memoryUsage.rss()
    await check(context, threads, sizes, alive)
    const growthMb = (rss - warmBytes) / 2 ** 20
    if (growthMb > growthMaxMb)
      throw new WrongResult(`memory grew by ${growthMb.toFixed(0)} MB under churn: it is not flat`)
    return { rssMb: rss / 2 ** 20, growthMb }
  } finally {
    feeder.close()
    await threads.stop()
  }
}

interface ChurningGroup {
  readonly name: string
  readonly key: FeederKey
  readonly bornMinute: number
}

const offsetAt = (minute: number): number => (minute + 1) * offsetStep

function newGroup(feeder: PackedFeeder, number: number, bornMinute: number): ChurningGroup {
  const name = `churn-${String(number).padStart(7, '0')}`
  return { name, key: feeder.groupTopic(name, topic), bornMinute }
}

/** Returns how many groups there have been in all. */
function replaceOldest(feeder: PackedFeeder, alive: ChurningGroup[], created: number, minute: number): number {
  const gone = alive.splice(0, Math.max(1, Math.floor(alive.length * replacedShare)))
  for (const { name } of gone) feeder.deleteGroup(name)
  for (const index of gone.keys()) alive.push(newGroup(feeder, created + index, minute))
  return created + gone.length
}

async function check(
  context: SuiteContext,
  { storage, evaluator }: EvaluatorThreads,
  { minutes, partitions }: ChurnSizes,
  alive: readonly ChurningGroup[]
): Promise<void> {
  const listed = await storage.ref.ask({ type: StorageRequestConstant.FetchConsumers, cluster: 'c' })
  const names = alive.map(({ name }) => name).sort()
  mustBe([...(listed ?? [])].sort().join(), names.join(), 'groups that are left')
  context.checked(names.length)
  const step = Math.max(1, Math.floor(alive.length / lookedAt))
  for (let index = 0; index < alive.length; index += step) {
    const { name, bornMinute } = alive[index]!
    const verdict = await evaluator.ask({ cluster: 'c', group: name, showAll: true })
    mustBe(verdict.partitions.length, partitions, `partitions of ${name}`)
    const commits = Math.min(intervals, minutes - bornMinute)
    for (const { start, end, complete, currentLag } of verdict.partitions) {
      mustBe(start?.offset, offsetAt(minutes - commits), `first offset of ${name}`)
      mustBe(end?.offset, offsetAt(minutes - 1), `last offset of ${name}`)
      mustBe(currentLag, endOffset - offsetAt(minutes - 1), `lag of ${name}`)
      mustBe(complete, Math.fround(commits / intervals), `completeness of ${name}`)
    }
    context.checked(partitions)
  }
}
