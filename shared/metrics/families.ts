/**
 * The metric families whose series are as many as there are groups or partitions: the pool renders them. What main renders itself is
 * in main/metrics/own-families.ts. Any thread.
 */
export interface Family {
  readonly name: string
  readonly help: string
  readonly set: 'burrow' | 'native'
  /** What a series is about; decides the labels and how many there are. */
  readonly about: 'group' | 'group-state' | 'partition' | 'full-partition' | 'topic-partition'
  /** Where the value comes from. */
  readonly value:
    | 'total-lag'
    | 'max-lag'
    | 'group-status'
    | 'commit-age'
    | 'lag'
    | 'commit-offset'
    | 'partition-status'
    | 'end-offset'
}

export type FamilyName = (typeof list)[number]['name']

/**
 * Names and texts of the first six are Burrow's (spec 04 section 7), also where the text does not quite fit (spec 09, D9). A full
 * partition is one whose window is full: `complete` is exactly 1.
 */
const list = [
  {
    name: 'burrow_kafka_consumer_current_offset',
    help: 'Latest offset that Burrow is storing for this partition',
    set: 'burrow',
    about: 'full-partition',
    value: 'commit-offset'
  },
  {
    name: 'burrow_kafka_consumer_lag_total',
    help: 'The sum of all partition current lag values for the group',
    set: 'burrow',
    about: 'group',
    value: 'total-lag'
  },
  {
    name: 'burrow_kafka_consumer_partition_lag',
    help: 'Number of messages the consumer group is behind by for a partition as reported by Burrow',
    set: 'burrow',
    about: 'partition',
    value: 'lag'
  },
  {
    name: 'burrow_kafka_consumer_status',
    help: 'The status of the consumer group. It is calculated from the highest status for the individual partitions. Statuses are an index list from NOTFOUND, OK, WARN, or ERR',
    set: 'burrow',
    about: 'group',
    value: 'group-status'
  },
  {
    name: 'burrow_kafka_topic_partition_offset',
    help: 'Latest offset the topic that Burrow is storing for this partition',
    set: 'burrow',
    about: 'topic-partition',
    value: 'end-offset'
  },
  {
    name: 'burrow_kafka_topic_partition_status',
    help: 'The status of topic partition. It is calculated from the highest status for the individual partitions. Statuses are an index list from OK, WARN, STOP, STALL, REWIND',
    set: 'burrow',
    about: 'full-partition',
    value: 'partition-status'
  },
  {
    name: 'burrow_group_lag',
    help: 'Records that the group has not consumed yet, over all its partitions.',
    set: 'native',
    about: 'group',
    value: 'total-lag'
  },
  {
    name: 'burrow_group_lag_max',
    help: 'The largest lag of a partition of the group.',
    set: 'native',
    about: 'group',
    value: 'max-lag'
  },
  {
    name: 'burrow_group_last_commit_age_seconds',
    help: 'Time since the group last committed an offset.',
    set: 'native',
    about: 'group',
    value: 'commit-age'
  },
  {
    name: 'burrow_group_partition_lag',
    help: 'Records of the partition that the group has not consumed yet.',
    set: 'native',
    about: 'partition',
    value: 'lag'
  },
  {
    name: 'burrow_group_status',
    help: 'The state of the group: 1 for the one that it is in, 0 for the others.',
    set: 'native',
    about: 'group-state',
    value: 'group-status'
  }
] as const satisfies readonly Family[]

export const families: readonly (Family & { readonly name: FamilyName })[] = list

/** Throws for a name that is none of these: a broken promise between main and the pool. */
export function familyOf(name: FamilyName): Family {
  const family = list.find(each => each.name === name)
  if (!family) throw new TypeError(`no such metric family: ${name}`)
  return family
}

/** The lines above the series of a family. `help` is one of ours: without line breaks and backslashes. */
export function familyHead(name: string, help: string, type: 'gauge' | 'counter'): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}
