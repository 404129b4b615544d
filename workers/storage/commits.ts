import type { Cluster, GroupTopic } from './directory.ts'
import { ensureGroup, ensureGroupTopic } from './groups.ts'
import { Inserted, insertCommit } from './insert.ts'
import type { Key } from './key-table.ts'
import type { StorageState } from './storage-state.ts'

/**
 * SetConsumerOffset for many commits at one time: the steps of spec 02 section 6.3, in their order. Each ends in one counter.
 * `nowSeconds` and `expiredBeforeMs` are those of the batch.
 */
export class CommitStore {
  readonly #state: StorageState
  nowSeconds = 0
  expiredBeforeMs = 0

  constructor(state: StorageState) {
    this.#state = state
  }

  /** Before a batch. */
  setTime(): void {
    this.nowSeconds = this.#state.nowSeconds()
    this.expiredBeforeMs = this.#state.expiredBeforeMs()
  }

  /** `commits[at]` is the offset, then order and timestampMs. The index of the counter for what became of it. */
  store(key: Key, partition: number, commits: Float64Array, at: number): number {
    const { outcomes } = this.#state
    if (key.cluster === null) return outcomes.unknownCluster
    if (commits[at + 2]! < this.expiredBeforeMs) return outcomes.tooOld
    if (!key.accepted) return outcomes.filtered
    if (partition < 0) return outcomes.badPartition
    let groupTopic = key.foundGroupTopic
    if (groupTopic === null || !groupTopic.alive || partition >= groupTopic.run.partitions) {
      groupTopic = this.#find(key, key.cluster, partition)
      if (groupTopic === null) return outcomes.noEndOffset
      key.foundGroupTopic = groupTopic
    }
    const endOffset = groupTopic.topic.newest[partition]
    if (endOffset === undefined || Number.isNaN(endOffset)) return outcomes.noEndOffset
    return this.#insert(groupTopic, partition, commits, at, endOffset)
  }

  /** The group's topic, made if the partition has an end offset; otherwise null, and nothing was made. */
  #find(key: Key, cluster: Cluster, partition: number): GroupTopic | null {
    const topic = cluster.topicByName.get(key.topic)
    const newest = topic?.newest[partition]
    if (!topic || newest === undefined || Number.isNaN(newest)) return null
    if (key.group === null) throw new TypeError(`a commit on the key of topic ${key.topic}`)
    return ensureGroupTopic(this.#state, ensureGroup(this.#state, cluster, key.group), topic, partition)
  }

  #insert(groupTopic: GroupTopic, partition: number, commits: Float64Array, at: number, endOffset: number): number {
    const state = this.#state
    const { writer, outcomes } = state
    const { run, group } = groupTopic
    if (!writer.hasWindow(run, partition)) groupTopic.windows++ // it will not be refused: the window is empty
    const result = insertCommit(writer, run, partition, commits, at, endOffset, this.nowSeconds, state.minDistanceMs)
    if (result === Inserted.duplicate) return outcomes.duplicate
    if (result === Inserted.tooOld) return outcomes.tooOldForWindow
    // Only a commit that is the newest of its window counts (section 6.3 step 8), and time does not go back (spec 09 B8).
    const timestampMs = commits[at + 2]!
    if (timestampMs > group.lastCommitMs && writer.lastOrder(run, partition) === commits[at + 1]!) {
      group.lastCommitMs = timestampMs
    }
    state.noteChange(group)
    if (result === Inserted.merged) outcomes.add(outcomes.merged) // and is stored all the same
    return outcomes.stored
  }
}
