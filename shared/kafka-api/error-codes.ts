/**
 * Error codes of the Kafka protocol that a reader of metadata, end offsets and records can be answered with
 * (Kafka's `Errors.java`). Any thread.
 */
export const KafkaErrorCode = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  replicaNotAvailable: 9,
  topicAuthorizationFailed: 29,
  unknownTopicId: 100
} as const

interface Meaning {
  readonly name: string
  /** Asking again later may help. */
  readonly retriable: boolean
  /** What we believe about leaders or topics is out of date: ask for metadata first. */
  readonly staleMetadata: boolean
}

const meaningByCode = new Map<number, Meaning>([
  meaning(-1, 'UNKNOWN_SERVER_ERROR', 'retriable'),
  meaning(0, 'NONE', ''),
  meaning(1, 'OFFSET_OUT_OF_RANGE', ''),
  meaning(2, 'CORRUPT_MESSAGE', 'retriable'),
  meaning(3, 'UNKNOWN_TOPIC_OR_PARTITION', 'stale'),
  meaning(5, 'LEADER_NOT_AVAILABLE', 'stale'),
  meaning(6, 'NOT_LEADER_OR_FOLLOWER', 'stale'),
  meaning(7, 'REQUEST_TIMED_OUT', 'retriable'),
  meaning(8, 'BROKER_NOT_AVAILABLE', 'stale'),
  meaning(9, 'REPLICA_NOT_AVAILABLE', 'stale'),
  meaning(13, 'NETWORK_EXCEPTION', 'stale'),
  meaning(14, 'COORDINATOR_LOAD_IN_PROGRESS', 'retriable'),
  meaning(15, 'COORDINATOR_NOT_AVAILABLE', 'retriable'),
  meaning(16, 'NOT_COORDINATOR', 'retriable'),
  meaning(17, 'INVALID_TOPIC_EXCEPTION', ''),
  meaning(29, 'TOPIC_AUTHORIZATION_FAILED', ''),
  meaning(30, 'GROUP_AUTHORIZATION_FAILED', ''),
  meaning(31, 'CLUSTER_AUTHORIZATION_FAILED', ''),
  meaning(35, 'UNSUPPORTED_VERSION', ''),
  meaning(41, 'NOT_CONTROLLER', 'stale'),
  meaning(42, 'INVALID_REQUEST', ''),
  meaning(43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', ''),
  meaning(56, 'KAFKA_STORAGE_ERROR', 'stale'),
  meaning(70, 'FETCH_SESSION_ID_NOT_FOUND', 'retriable'),
  meaning(71, 'INVALID_FETCH_SESSION_EPOCH', 'retriable'),
  meaning(72, 'LISTENER_NOT_FOUND', 'stale'),
  meaning(74, 'FENCED_LEADER_EPOCH', 'stale'),
  meaning(75, 'UNKNOWN_LEADER_EPOCH', 'retriable'),
  meaning(76, 'UNSUPPORTED_COMPRESSION_TYPE', ''),
  meaning(78, 'OFFSET_NOT_AVAILABLE', 'retriable'),
  meaning(87, 'INVALID_RECORD', ''),
  meaning(100, 'UNKNOWN_TOPIC_ID', 'stale'),
  meaning(103, 'INCONSISTENT_TOPIC_ID', 'stale')
])

/** `NOT_LEADER_OR_FOLLOWER` for 6 and so on; `ERROR_<code>` for a code that is not in the table. */
export function errorName(code: number): string {
  return meaningByCode.get(code)?.name ?? `ERROR_${code}`
}

/** A code that is not in the table counts as retriable: new codes must not stop a monitor for good. */
export function isRetriable(code: number): boolean {
  return meaningByCode.get(code)?.retriable ?? true
}

export function isStaleMetadata(code: number): boolean {
  return meaningByCode.get(code)?.staleMetadata ?? false
}

function meaning(code: number, name: string, kind: '' | 'retriable' | 'stale'): [number, Meaning] {
  return [code, { name, retriable: kind !== '', staleMetadata: kind === 'stale' }]
}
