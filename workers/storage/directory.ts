import type { GroupWords } from '../../shared/ring/group-words.ts'
import type { Run } from '../../shared/ring/run.ts'

/**
 * The directory of the shard: cluster → topics with their end offsets, cluster → groups → topics with their windows. Only what
 * is where; the offsets themselves are in the runs. `alive` is for those who keep a reference (key tables, lists of changed
 * groups): once false it stays false, and the thing is looked up by name again.
 */
export class Cluster {
  readonly name: string
  readonly topicByName = new Map<string, Topic>()
  readonly groupByName = new Map<string, Group>()

  constructor(name: string) {
    this.name = name
  }
}

/** A topic of the cluster, since its first end offset. */
export class Topic {
  readonly name: string
  readonly cluster: Cluster
  /** End offsets; replaced by a larger run when the topic grows. */
  run: Run
  /** Newest end offset by partition, NaN = not known. The same as in the run, but dense: commits look here for their lag. */
  newest: Float64Array
  readonly groupTopics = new Set<GroupTopic>()
  alive = true

  constructor(name: string, cluster: Cluster, run: Run) {
    this.name = name
    this.cluster = cluster
    this.run = run
    this.newest = new Float64Array(run.partitions).fill(Number.NaN)
  }
}

export class Group {
  readonly name: string
  readonly cluster: Cluster
  readonly words: GroupWords
  readonly createdMs: number
  readonly topicByName = new Map<string, GroupTopic>()
  /** Newest time of a commit that was the newest of its window when it came; 0 = none (a group that only has owners). */
  lastCommitMs = 0
  /** A window changed and the writes word was not raised yet. */
  changed = false
  alive = true

  constructor(name: string, cluster: Cluster, words: GroupWords, createdMs: number) {
    this.name = name
    this.cluster = cluster
    this.words = words
    this.createdMs = createdMs
  }
}

/** A topic in a group: one window per partition. */
export class GroupTopic {
  readonly group: Group
  readonly topic: Topic
  /** Windows; replaced by a larger run when a partition beyond it is used. */
  run: Run
  /** Partitions that have a window. */
  windows = 0
  /** By partition, '' = none; null = nobody ever owned anything here. */
  owners: string[] | null = null
  clientIds: string[] | null = null
  alive = true

  constructor(group: Group, topic: Topic, run: Run) {
    this.group = group
    this.topic = topic
    this.run = run
  }
}
