import { offsetsTopic } from '../cluster-state.ts'
import type { Commit } from '../groups/group-store.ts'
import type { Simulator } from '../simulator.ts'
import type { Behaviour, PartitionInTime } from './behaviours.ts'
import type { DemoCluster, DemoGroup, DemoTopic } from './scene.ts'

/** Commits of each partition in the history: more than the ten intervals that a monitor keeps. */
const historyCommits = 12
/** After a pause (a laptop that slept) no more of the missed commits than this are made up for. */
const missedCommitsMax = 20
/** The history, which is in the first segment, stays for monitors that come later; of what was live, the last few minutes do. */
const demoRetention = { segmentBytes: 256 * 1024, bytes: 1024 * 1024, keepFirstSegment: true }
const firstOffset = 5_000_000

interface Consumed {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly behaviour: Behaviour
  readonly time: PartitionInTime
  /** Time of the latest commit, ms since the epoch. */
  lastMs: number
}

/** Writes the history of one cluster, then keeps it moving. The caller owns the timer. */
export class DemoClusterPlay {
  private readonly simulator: Simulator
  private readonly timeByPartition = new Map<string, PartitionInTime>()
  private readonly consumed: Consumed[] = []

  constructor(simulator: Simulator, scene: DemoCluster, startMs: number) {
    this.simulator = simulator
    simulator.cluster.setRetention(offsetsTopic, demoRetention)
    for (const topic of scene.topics) this.createTopic(topic, startMs)
    this.produce(startMs)
    for (const group of scene.groups) {
      for (const { topic, behaviour, except } of group.reads) {
        const count = scene.topics.find(each => each.name === topic)?.partitions ?? 0
        for (let partition = 0; partition < count; partition++) {
          const time = this.timeByPartition.get(`${topic}/${partition}`)!
          const own = except?.[partition] ?? behaviour
          this.consumed.push({ group: group.name, topic, partition, behaviour: own, time, lastMs: startMs })
        }
      }
    }
    this.writeHistory(startMs)
    for (const group of scene.groups) this.describe(group, startMs)
  }

  /** Brings end offsets and commits up to `nowMs`. */
  advanceTo(nowMs: number): void {
    this.produce(nowMs)
    const commits: Commit[] = []
    for (const each of this.consumed) {
      const periodMs = each.behaviour.periodSeconds * 1000
      each.lastMs = Math.max(each.lastMs, nowMs - periodMs * missedCommitsMax)
      for (let timeMs = each.lastMs + periodMs; timeMs <= nowMs; timeMs += periodMs) {
        each.lastMs = timeMs
        pushCommit(commits, each, timeMs)
      }
    }
    this.commit(commits)
  }

  private createTopic({ name, partitions, rate }: DemoTopic, startMs: number): void {
    this.simulator.cluster.createTopic(name, partitions)
    for (let partition = 0; partition < partitions; partition++) {
      const own = rate * (1 + ((partition * 7) % 5) / 10) // some are busier than others
      const first = firstOffset + partition * 1000
      const endOffsetAt = (timeMs: number) => first + Math.floor(((timeMs - startMs) / 1000) * own)
      this.timeByPartition.set(`${name}/${partition}`, { startMs, endOffsetAt })
    }
  }

  private produce(nowMs: number): void {
    const { cluster } = this.simulator
    for (const [place, { endOffsetAt }] of this.timeByPartition) {
      const cut = place.lastIndexOf('/')
      cluster.setEndOffset(place.slice(0, cut), Number(place.slice(cut + 1)), endOffsetAt(nowMs))
    }
  }

  /** The last commits that each would have made, in the order of their times. */
  private writeHistory(startMs: number): void {
    const commits: Commit[] = []
    for (const each of this.consumed) {
      const periodMs = each.behaviour.periodSeconds * 1000
      let timeMs = startMs
      for (
        let looked = 0;
        looked < historySearchMax && each.behaviour.committedAt(timeMs, each.time) === undefined;
        looked++
      ) {
        timeMs -= periodMs
      }
      for (let count = 0; count < historyCommits; count++) pushCommit(commits, each, timeMs - count * periodMs)
    }
    this.commit(commits.sort((a, b) => a.timestampMs! - b.timestampMs!))
  }

  /** One batch a group, as its OffsetCommit request would make. */
  private commit(commits: readonly Commit[]): void {
    const byGroup = new Map<string, Commit[]>()
    for (const commit of commits) {
      const list = byGroup.get(commit.group)
      if (list) list.push(commit)
      else byGroup.set(commit.group, [commit])
    }
    for (const list of byGroup.values()) this.simulator.cluster.commitMany(list)
  }

  /** Each topic's partitions in a row over the members. */
  private describe({ name, members, clientId, reads }: DemoGroup, startMs: number): void {
    this.simulator.cluster.groupMetadata(name, {
      timestampMs: startMs,
      protocol: members > 0 ? 'range' : null,
      generation: 7,
      members: Array.from({ length: members }, (_, member) => ({
        id: `${clientId}-${member + 1}-demo`,
        clientId: `${clientId}-${member + 1}`,
        clientHost: `/10.20.${name.length}.${member + 11}`,
        assignment: reads.map(({ topic }) => {
          const count = this.simulator.cluster.topic(topic)?.partitions.length ?? 0
          const partitions = Array.from({ length: count }, (_, index) => index)
          return { topic, partitions: partitions.filter(index => Math.floor((index * members) / count) === member) }
        })
      }))
    })
  }
}

/** How many periods back the latest commit of one that has fallen silent is looked for. */
const historySearchMax = 100

function pushCommit(
  commits: Commit[],
  { group, topic, partition, behaviour, time }: Consumed,
  timestampMs: number
): void {
  const offset = behaviour.committedAt(timestampMs, time)
  if (offset !== undefined) commits.push({ group, topic, partition, offset, timestampMs })
}
