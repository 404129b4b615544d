/**
 * Counters of one thread in shared memory: the thread adds, main sums over threads and shows. They outlive the thread,
 * so nothing that was counted is forgotten when it is replaced. One writer per block, any reader.
 *
 * Nothing is dropped without adding to one of these. Each has a row in docs/metrics.md; a test looks.
 */
export const counterNames = [
  // kafka threads: what came in
  'fetch_responses',
  'fetch_bytes',
  'record_batches',
  'records',
  'commits',
  'offset_tombstones',
  'group_tombstones',
  'group_metadata',
  'group_members', // changes of who is in a KIP-848 group, or of what they have
  'commits_waited', // had to wait until the end offset of their partition was known
  'end_offsets',
  'end_offset_sweeps',
  'metadata_refreshes',
  'reaper_rounds', // looked for groups that Kafka no longer lists
  'reaper_rounds_failed', // not all brokers said what they have, so nothing was removed
  'broker_errors',
  'reconnects',
  // kafka threads: records by the type of their key (spec 06 section 5; names as in codec/newer-records.ts)
  'records_legacy_offset_commit',
  'records_offset_commit',
  'records_classic_group_metadata',
  'records_consumer_group_epoch',
  'records_consumer_group_partition_metadata',
  'records_consumer_group_member',
  'records_consumer_group_target_assignment_epoch',
  'records_consumer_group_target_assignment',
  'records_consumer_group_current_assignment',
  'records_share_group_partition_metadata',
  'records_share_group_member',
  'records_share_group_epoch',
  'records_share_group_target_assignment_epoch',
  'records_share_group_target_assignment',
  'records_share_group_current_assignment',
  'records_share_group_state_partitions',
  'records_consumer_group_regular_expression',
  'records_streams_group_epoch',
  'records_streams_group_partition_metadata',
  'records_streams_group_member',
  'records_streams_group_target_assignment_epoch',
  'records_streams_group_target_assignment',
  'records_streams_group_current_assignment',
  'records_streams_group_topology',
  'records_streams_group_resolved_topics',
  'records_unknown_type', // newer than we are
  // kafka threads: what was refused, by reason
  'refused_undecodable',
  'refused_bad_batch', // CRC, length or codec of a whole batch
  'refused_out_of_range', // an offset, order or time beyond ±(2^53 - 1)
  'refused_filtered', // allow and deny lists
  'refused_unknown_topic',
  'refused_transaction_aborted',
  'refused_transaction_overflow',
  'refused_wait_overflow',
  'refused_member_overflow', // more members of KIP-848 groups than are remembered
  'offsets_partitions_lost', // an offsets partition ends before our position: its groups were read anew
  // storage threads
  'stored_commits',
  'stored_end_offsets',
  'merged_commits', // min-distance
  'refused_too_old', // older than expire-group
  'refused_too_old_for_window',
  'refused_duplicate',
  'refused_no_end_offset',
  'refused_unknown_cluster',
  'refused_storage_filtered',
  'refused_bad_partition',
  'expired_groups',
  'deleted_groups',
  'deleted_topics',
  'deleted_windows', // offset tombstones
  // evaluator threads
  'evaluations',
  'evaluated_partitions',
  'ring_retries',
  'ring_busy', // gave up on the rings and asked storage for a copy
  // consumers of class kafka_zk, on main
  'zookeeper_connections',
  'zookeeper_commits', // offsets that were read and told to storage
  'zookeeper_unreadable', // nodes that ZooKeeper would not give
  'zookeeper_refused_nodes', // more groups, topics and partitions than are followed
  // main
  'reaped_groups', // Kafka no longer lists them
  'feed_clients', // of /v3/events
  'feed_clients_refused', // there were enough
  'feed_clients_behind', // did not read fast enough, and began anew
  'feed_clients_let_go', // did not read at all
  'feed_passes_failed', // what changed could not be found out
  'custom_module_failures', // modules that are not ours: what they threw, and what took them too long
  // main: notifiers
  'notifier_evaluations',
  'notifier_evaluations_failed', // the evaluator did not answer; the group has another turn
  'notifier_refreshes_failed', // the groups could not be listed
  'notifier_groups_refused', // more groups than are watched
  'notifications_sent',
  'notifications_retried',
  'notifications_failed', // given up
  'notifications_superseded', // gave way to a newer one about the same incident before they were sent
  'notifications_not_needed', // a close, though the open before it never arrived
  'notifications_refused_queue_full',
  'notifications_unsent_at_stop',
  // whoever asks storage
  'late_answers' // came after the deadline of the question
] as const

export type CounterName = (typeof counterNames)[number]
export type CounterBlock = SharedArrayBuffer

const indexByName = new Map(counterNames.map((name, index) => [name, index]))

export function createCounterBlock(): CounterBlock {
  return new SharedArrayBuffer(counterNames.length * 8)
}

/** The writing side. `at` gives an index once, so that the hot path is one array add: `values[index] += n`. */
export class Counters {
  readonly values: Float64Array
  constructor(block: CounterBlock) {
    this.values = new Float64Array(block)
  }
  at(name: CounterName): number {
    return indexByName.get(name)!
  }
  add(name: CounterName, amount = 1): void {
    const index = this.at(name)
    this.values[index] = this.values[index]! + amount
  }
}

/** Sum over threads, by name. Values are read one by one and need not be of one instant. */
export function sumCounters(blocks: Iterable<CounterBlock>): Record<CounterName, number> {
  const sums = Object.fromEntries(counterNames.map(name => [name, 0])) as Record<CounterName, number>
  for (const block of blocks) {
    const values = new Float64Array(block)
    for (const [index, name] of counterNames.entries()) sums[name] += values[index]!
  }
  return sums
}
