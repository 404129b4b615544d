import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import { type Case, mustBe, type Suite, type SuiteContext, sizeOf, WrongResult } from '../runner/suite.ts'
import { KafkaThreads } from '../support/kafka-threads.ts'
import { type SimulatorProcess, startCluster, startSimulatorProcess } from '../support/simulator-process.ts'
import { machineMs, sweptEndOffset, sweptTopic } from '../support/swept-topics.ts'

const brokerCounts = [1, 3, 9]
const firstBase = 1000
const secondBase = 5000
const offsetRefreshSeconds = 3
const sweepBoundMs = 60_000
/** A sweep that had begun when the offsets were raised is half of old ones: then the next is measured. */
const triesMax = 3
const lookMs = 1
const topicsCheckedMax = 1000
let clusters = 0

/** End offsets of many topics, from the brokers into storage. */
export const sweep: Suite = {
  name: 'sweep',
  about: 'end offsets of all partitions, with 1, 3 and 9 brokers',
  rounds: 1,
  sizes: {
    topics: { standard: 10_000, tiny: 30, about: 'topics' },
    partitions: { standard: 20, tiny: 4, about: 'partitions of a topic, up to 64' }
  },
  figures: {
    sweep: { unit: 's', better: 'less' },
    rate: { unit: 'end offsets/s', better: 'more' },
    // From the start of the threads; a program that has just started has not compiled its code yet.
    first: { unit: 's', better: 'less' }
  },
  async prepare(context) {
    const simulator = startSimulatorProcess()
    return {
      cases: brokerCounts.map(brokers => sweepCase(context, simulator, brokers)),
      close: () => simulator.close()
    }
  }
}

function sweepCase(context: SuiteContext, simulator: SimulatorProcess, brokers: number): Case {
  const topics = sizeOf(context, 'topics')
  const partitions = sizeOf(context, 'partitions')
  return {
    name: `${brokers} ${brokers === 1 ? 'broker' : 'brokers'}`,
    measure: async () => {
      const name = `sweep-${clusters++}`
      const cluster = await startCluster(simulator, name, { brokers, offsetsPartitions: 1 })
      await simulator.ask({ kind: 'topics', cluster: name, topics, partitions })
      await simulator.ask({ kind: 'raise', cluster: name, base: firstBase })
      const threads = new KafkaThreads({
        cluster,
        kafkaThreads: numberOr(context.threads.kafka, 1),
        shards: numberOr(context.threads.storage, 1),
        offsetRefreshSeconds
      })
      const startMs = machineMs()
      await threads.start()
      try {
        const all = (topics * partitions + 1) * numberOr(context.threads.storage, 1) // and the offsets topic
        await storedEndOffsets(threads, all)
        const first = (machineMs() - startMs) / 1000
        const seconds = await measureSweep(context, simulator, threads, name, all)
        await checkEndOffsets(context, threads, name)
        return { sweep: seconds, rate: (topics * partitions) / seconds, first }
      } finally {
        await threads.stop()
        await simulator.ask({ kind: 'stop', cluster: name })
      }
    }
  }
}

/** Seconds from the first question to a broker until storage has the last new end offset; NaN if sweeps never pause. */
async function measureSweep(
  context: SuiteContext,
  simulator: SimulatorProcess,
  threads: KafkaThreads,
  cluster: string,
  all: number
): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const before = threads.count('stored_end_offsets')
    await simulator.ask({ kind: 'raise', cluster, base: secondBase })
    if (threads.count('stored_end_offsets') !== before || before % all !== 0) {
      await storedEndOffsets(threads, Math.ceil((before + 1) / all) * all)
      continue
    }
    await storedEndOffsets(threads, before + all)
    const endMs = machineMs()
    const { firstAskedMs } = await simulator.ask({ kind: 'asked', cluster })
    return (endMs - firstAskedMs) / 1000
  }
  context.note(
    `Sweeps that take longer than the ${offsetRefreshSeconds} s between two of them are not shown, only the first.`
  )
  await storedEndOffsets(threads, threads.count('stored_end_offsets') + 2 * all) // the last of them began after `raise`
  return Number.NaN
}

async function storedEndOffsets(threads: KafkaThreads, count: number): Promise<void> {
  const endMs = performance.now() + sweepBoundMs
  while (threads.count('stored_end_offsets') < count) {
    if (performance.now() > endMs) {
      throw new WrongResult(`${threads.count('stored_end_offsets')} end offsets stored instead of ${count}`)
    }
    await new Promise(resolve => setTimeout(resolve, lookMs))
  }
}

/** What storage says of the topics, evenly chosen, and of the last one. */
async function checkEndOffsets(context: SuiteContext, threads: KafkaThreads, cluster: string): Promise<void> {
  const topics = sizeOf(context, 'topics')
  const partitions = sizeOf(context, 'partitions')
  const step = Math.max(1, Math.floor(topics / topicsCheckedMax))
  for (let topic = (topics - 1) % step; topic < topics; topic += step) {
    const query = { type: StorageRequestConstant.FetchTopic, cluster, topic: sweptTopic(topic) } as const
    const offsets = await threads.storage.ref.ask(query)
    mustBe(offsets?.length, partitions, `partitions of ${sweptTopic(topic)}`)
    for (let partition = 0; partition < partitions; partition++) {
      const expected = sweptEndOffset(secondBase, topic, partition)
      mustBe(offsets?.[partition], expected, `end offset of ${sweptTopic(topic)}/${partition}`)
    }
    context.checked(partitions)
  }
}

function numberOr(count: number | 'auto' | undefined, otherwise: number): number {
  return typeof count === 'number' ? count : otherwise
}
