import { offsetsTopic } from '../../main/simulator/cluster-state.ts'
import { type Backlog, type BacklogOptions, createBacklog } from '../../main/simulator/load.ts'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { answerParent } from './child-conversation.ts'
import { machineMs, sweptEndOffset, sweptTopic } from './swept-topics.ts'

/** A process full of simulated Kafka clusters. */
export type SimulatorOrder =
  | { readonly kind: 'start'; readonly cluster: string; readonly brokers: number; readonly offsetsPartitions: number }
  /** Topics `sweep-00000` and so on. */
  | { readonly kind: 'topics'; readonly cluster: string; readonly topics: number; readonly partitions: number }
  /** Sets every end offset of those topics to its number plus `base`, and forgets when they were asked for. */
  | { readonly kind: 'raise'; readonly cluster: string; readonly base: number }
  | { readonly kind: 'asked'; readonly cluster: string }
  /** Makes ready to append; `keptRounds`: what is older is dropped, 0 = nothing. */
  | {
      readonly kind: 'backlog'
      readonly cluster: string
      readonly options: BacklogOptions
      readonly keptRounds: number
    }
  | { readonly kind: 'append'; readonly cluster: string; readonly rounds: number }
  | { readonly kind: 'stop'; readonly cluster: string }

export interface SimulatorAnswer {
  readonly servers: readonly string[]
  /** Commits appended. */
  readonly commits: number
  /** When end offsets were first and last asked for since `raise`, ms of the monotonic clock of the machine; 0 = not yet. */
  readonly firstAskedMs: number
  readonly lastAskedMs: number
}

interface Running {
  readonly simulator: Simulator
  topics: number
  partitions: number
  backlog: Backlog | null
  firstAskedMs: number
  lastAskedMs: number
}

const commitBytes = 110
const runningByCluster = new Map<string, Running>()

answerParent(answer)

async function answer(order: SimulatorOrder): Promise<SimulatorAnswer> {
  if (order.kind === 'start') await start(order.cluster, order.brokers, order.offsetsPartitions)
  const running = runningByCluster.get(order.cluster)
  if (!running) throw new Error(`no cluster ${order.cluster}`)
  const commits = act(running, order)
  if (order.kind === 'stop') {
    runningByCluster.delete(order.cluster)
    await running.simulator.stop()
  }
  const { simulator, firstAskedMs, lastAskedMs } = running
  return { servers: simulator.servers, commits, firstAskedMs, lastAskedMs }
}

async function start(cluster: string, brokers: number, offsetsPartitions: number): Promise<void> {
  const simulator = await startSimulator({ name: cluster, brokers, offsetsPartitions })
  const running: Running = { simulator, topics: 0, partitions: 0, backlog: null, firstAskedMs: 0, lastAskedMs: 0 }
  const strike = simulator.faults.strike.bind(simulator.faults)
  // The one place that every request passes.
  simulator.faults.strike = (api, broker) => {
    if (api === 'ListOffsets') {
      running.lastAskedMs = machineMs()
      if (running.firstAskedMs === 0) running.firstAskedMs = running.lastAskedMs
    }
    return strike(api, broker)
  }
  runningByCluster.set(cluster, running)
}

function act(running: Running, order: SimulatorOrder): number {
  const { cluster } = running.simulator
  if (order.kind === 'topics') {
    running.topics = order.topics
    running.partitions = order.partitions
    for (let topic = 0; topic < order.topics; topic++) cluster.createTopic(sweptTopic(topic), order.partitions)
  } else if (order.kind === 'raise') {
    for (let topic = 0; topic < running.topics; topic++) {
      for (let partition = 0; partition < running.partitions; partition++) {
        cluster.setEndOffset(sweptTopic(topic), partition, sweptEndOffset(order.base, topic, partition))
      }
    }
    running.firstAskedMs = 0
    running.lastAskedMs = 0
  } else if (order.kind === 'backlog') {
    if (order.keptRounds > 0) {
      const { groups, partitionsPerGroup } = order.options
      const bytes = (groups * partitionsPerGroup * commitBytes * order.keptRounds) / cluster.offsetsPartitions
      // Groups are not spread evenly over the partitions, so none may be near its limit.
      cluster.setRetention(offsetsTopic, { segmentBytes: bytes, bytes: bytes * 2, keepFirstSegment: false })
    }
    running.backlog = createBacklog(cluster, order.options)
  } else if (order.kind === 'append') {
    if (!running.backlog) throw new Error('no backlog to append to')
    return running.backlog.append(order.rounds)
  }
  return 0
}
