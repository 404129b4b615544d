/**
 * What the backlog holds, computed and never stored: the same functions write it and check every window of it.
 *
 * Every group commits for one topic of `partitions` partitions, `rounds` times; a round writes all groups once, so commits of
 * all groups alternate as in a real offsets topic. Rounds are a minute apart and the last one is recent.
 */
export interface BacklogShape {
  readonly groups: number
  readonly partitions: number
  readonly rounds: number
  readonly topics: number
  /** Commit time of round 0, ms. */
  readonly firstTimeMs: number
}

/** End offset of every data partition. Offsets stay below it, so every lag is known and above 0. */
export function endOffsetOf(shape: BacklogShape): number {
  return offsetSpread + shape.rounds + 1
}

const offsetSpread = 10
const roundMs = 60_000

export const groupName = (group: number): string => `backlog-group-${String(group).padStart(5, '0')}`
export const topicName = (topic: number): string => `backlog-topic-${String(topic).padStart(3, '0')}`
export const topicOfGroup = (shape: BacklogShape, group: number): string => topicName(group % shape.topics)

export function offsetAt(group: number, partition: number, round: number): number {
  return ((group * 7 + partition * 3) % offsetSpread) + round
}

export function timeAt(shape: BacklogShape, group: number, partition: number, round: number): number {
  return shape.firstTimeMs + round * roundMs + ((group * 13 + partition) % 50_000)
}

export function totalCommits({ groups, partitions, rounds }: BacklogShape): number {
  return groups * partitions * rounds
}

/** Commit times such that the newest is about a minute old. */
export function shapeEndingAt(nowMs: number, sizes: Omit<BacklogShape, 'firstTimeMs'>): BacklogShape {
  return { ...sizes, firstTimeMs: nowMs - (sizes.rounds + 1) * roundMs }
}
