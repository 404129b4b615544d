import { type ClusterState, offsetsTopic } from './cluster-state.ts'
import { CommitBatchTemplate } from './commit-batch-template.ts'

/** Commits enough to load a monitor. All groups read the one topic `load`, of `partitionsPerGroup` partitions. */
export interface LoadShape {
  readonly groups: number
  readonly partitionsPerGroup: number
  /** Commits in one batch, 1.. (an OffsetCommit request makes one batch of 1 to some hundred). */
  readonly batchSize: number
}
export interface BacklogOptions extends LoadShape {
  readonly commitsPerPartition: number
  /** Time of the first commit of each partition, ms since the epoch. */
  readonly startMs: number
  /** Between two commits of a partition. Default 1000. */
  readonly intervalMs?: number
  /** Compression of the batches, 0..4 (shared/codec/compress.ts). Default 0. */
  readonly codec?: number
}
/** A backlog that is written piece by piece. */
export interface Backlog {
  /** Appends the next `rounds` commits of every partition, and returns how many that were in all. Blocks the thread. */
  append(rounds: number): number
}
export interface LoadOptions extends LoadShape {
  readonly commitsPerSecond: number
  /** What each offsets partition keeps; older commits are dropped, as by compaction. Default 32 MiB. */
  readonly retentionBytes?: number
}
export interface Load {
  /** Commits appended so far. */
  commits(): number
  stop(): void
}

export const loadTopic = 'load'
export const loadGroupName = (index: number): string => `load-group-${String(index).padStart(5, '0')}`

/** What every group commits for every partition in a round of a backlog, 0.. */
export const offsetOfRound = (round: number): number => (round + 1) * offsetStep
/** The end offset of every partition of the topic. */
export const endOffsetOfBacklog = (commitsPerPartition: number): number => commitsPerPartition * offsetStep + lag

const offsetStep = 100
const lag = 50
const tickMs = 10
/** After a pause no more than this is caught up on, so that at too high a rate sockets still get their turn. */
const catchUpMs = 100
const defaultRetentionBytes = 32 * 1024 * 1024

/** Appends it all at once, oldest first, and returns the number of commits. Blocks the thread: well under a second per million. */
export function buildBacklog(cluster: ClusterState, options: BacklogOptions): number {
  return createBacklog(cluster, options).append(options.commitsPerPartition)
}

/** The end offsets are from the start what they are when `commitsPerPartition` rounds were appended. */
export function createBacklog(cluster: ClusterState, options: BacklogOptions): Backlog {
  const { commitsPerPartition, startMs, intervalMs = 1000, codec = 0 } = options
  const templates = createTemplates(cluster, options)
  setEndOffsets(cluster, endOffsetOfBacklog(commitsPerPartition))
  let round = 0
  return {
    append: rounds => {
      let commits = 0
      for (const end = round + rounds; round < end; round++) {
        const timestampMs = startMs + round * intervalMs
        for (const { template, offsetsPartition } of templates) {
          const offset = offsetOfRound(round)
          const batch =
            codec === 0 ? template.with(offset, timestampMs) : template.compressed(codec, offset, timestampMs)
          cluster.appendOffsets(offsetsPartition, batch)
          commits += template.count
        }
      }
      return commits
    }
  }
}

/** Goes on until stopped: batch after batch, group after group, at the given rate. End offsets stay `lag` ahead. */
export function startLoad(cluster: ClusterState, options: LoadOptions): Load {
  const { commitsPerSecond, retentionBytes = defaultRetentionBytes } = options
  const templates = createTemplates(cluster, options)
  const segmentBytes = Math.ceil(retentionBytes / 4)
  cluster.setRetention(offsetsTopic, { segmentBytes, bytes: retentionBytes, keepFirstSegment: false })
  let commits = 0
  let next = 0
  let round = 1
  let owed = 0
  let lastMs = performance.now()
  setEndOffsets(cluster, offsetStep + lag)

  const timer = setInterval(() => {
    const nowMs = performance.now()
    owed += (Math.min(nowMs - lastMs, catchUpMs) * commitsPerSecond) / 1000
    lastMs = nowMs
    const timestampMs = Date.now()
    while (owed >= 1) {
      const { template, offsetsPartition } = templates[next]!
      cluster.appendOffsets(offsetsPartition, template.with(round * offsetStep, timestampMs))
      commits += template.count
      owed -= template.count
      if (++next < templates.length) continue
      next = 0
      setEndOffsets(cluster, ++round * offsetStep + lag)
    }
  }, tickMs)
  return { commits: () => commits, stop: () => clearInterval(timer) }
}

interface PlacedTemplate {
  readonly template: CommitBatchTemplate
  readonly offsetsPartition: number
}

function createTemplates(
  cluster: ClusterState,
  { groups, partitionsPerGroup, batchSize }: LoadShape
): PlacedTemplate[] {
  if (!cluster.topic(loadTopic)) cluster.createTopic(loadTopic, partitionsPerGroup)
  const templates: PlacedTemplate[] = []
  const models = new Map<number, CommitBatchTemplate>()
  for (let index = 0; index < groups; index++) {
    const group = loadGroupName(index)
    const offsetsPartition = cluster.offsetsPartitionOf(group)
    cluster.groups.findOrCreate(group).protocolType = 'consumer' // so that ListGroups has it
    for (let from = 0; from < partitionsPerGroup; from += batchSize) {
      let template = models.get(from)?.ofGroup(group)
      if (!template) {
        const count = Math.min(batchSize, partitionsPerGroup - from)
        template = CommitBatchTemplate.of(
          group,
          loadTopic,
          Array.from({ length: count }, (_, at) => from + at)
        )
        models.set(from, template)
      }
      templates.push({ template, offsetsPartition })
    }
  }
  return templates
}

function setEndOffsets(cluster: ClusterState, offset: number): void {
  for (const { index } of cluster.topic(loadTopic)?.partitions ?? []) cluster.setEndOffset(loadTopic, index, offset)
}
