import { ByteReader, type Decoded, decodeFields, FieldError } from './byte-reader.ts'
import { type AssignedPartitions, decodeMemberAssignment } from './consumer-protocol.ts'

export { type AssignedPartitions, decodeMemberAssignment, type MemberAssignment } from './consumer-protocol.ts'

/**
 * Metadata of classic groups, key type 2 (Kafka's GroupMetadataValue; spec 06 section 3.4), value versions 0 to 4. Any thread.
 *
 *   key     type int16 (2) | group string16
 *   value   version int16 | protocol type s | generation int32 | protocol s? | leader s? | v2: state time int64 |
 *           members: count, then each: member id s | v3: instance id s? | client id s | client host s |
 *           v1: rebalance timeout int32 | session timeout int32 | subscription b | assignment b
 *
 * s and b are string16 and bytes32, counts int32; from version 4 they are compact and each struct ends in tagged fields.
 */
export interface GroupMember {
  readonly memberId: string
  /** null = dynamic member; undefined below version 3. */
  readonly groupInstanceId: string | null | undefined
  readonly clientId: string
  /** As the broker stores it, usually with a leading slash: `/10.1.2.3`. */
  readonly clientHost: string
  /** -1 below version 1. */
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  /** Views of the decoded bytes: copy what you keep. null reads as no bytes. */
  readonly subscription: Uint8Array
  readonly assignment: Uint8Array
  /** Decoded from `assignment` if the protocol type is `consumer`, else empty. */
  readonly assignedPartitions: readonly AssignedPartitions[]
}

export interface GroupMetadata {
  readonly version: number
  /** `consumer` for consumers; '' in the record that creates a group. */
  readonly protocolType: string
  readonly generation: number
  readonly protocol: string | null
  readonly leader: string | null
  /** ms since the epoch; -1 = none, or below version 2. */
  readonly currentStateTimestampMs: number
  readonly members: readonly GroupMember[]
}

export type DecodedGroupMetadata =
  | { readonly ok: true; readonly value: GroupMetadata }
  /** `partial` has the members before the bad one (spec 06 section 2.5 step 6); null if not even the header could be read. */
  | { readonly ok: false; readonly field: string; readonly partial: GroupMetadata | null }

/** The group; field 'key version' or 'group'. */
export function decodeGroupMetadataKey(bytes: Uint8Array, at: number, length: number): Decoded<string> {
  return decodeFields(() => {
    const reader = new ByteReader(bytes, at, length)
    if (reader.int16('key version') !== 2) throw new FieldError('key version')
    return reader.string16('group')
  })
}

/**
 * Fields of errors: 'value version', protocol_type, generation, protocol, leader, current_state_timestamp, member_count,
 * member_id, group_instance_id, client_id, client_host, rebalance_timeout, session_timeout, subscription_bytes,
 * assignment_bytes, consumer_protocol_version, assignment, tagged_fields. A null or empty value is a tombstone: ask before.
 */
export function decodeGroupMetadata(bytes: Uint8Array, at: number, length: number): DecodedGroupMetadata {
  const reader = new ByteReader(bytes, at, length)
  const header = decodeFields(() => readHeader(reader))
  if (!header.ok) return { ...header, partial: null }
  const { memberCount, ...group } = header.value
  const members: GroupMember[] = []
  const rest = decodeFields(() => {
    // a lying count ends where the bytes do: each member takes some
    for (let index = 0; index < memberCount; index++) members.push(readMember(reader, group))
    if (group.version >= 4) reader.taggedFields('tagged_fields')
  })
  const value = { ...group, members }
  return rest.ok ? { ok: true, value } : { ok: false, field: rest.field, partial: value }
}

type Header = Omit<GroupMetadata, 'members'>

function readHeader(reader: ByteReader): Header & { memberCount: number } {
  const version = reader.version('value version')
  if (version > 4) throw new FieldError('value version')
  const header = {
    version,
    protocolType: text(reader, version, 'protocol_type') ?? '',
    generation: reader.int32('generation'),
    protocol: text(reader, version, 'protocol'),
    leader: text(reader, version, 'leader'),
    currentStateTimestampMs: version >= 2 ? reader.int64('current_state_timestamp') : -1
  }
  const memberCount = version >= 4 ? reader.unsignedVarint('member_count') - 1 : reader.int32('member_count')
  if (memberCount < 0) throw new FieldError('member_count')
  return { ...header, memberCount }
}

function readMember(reader: ByteReader, { version, protocolType }: Header): GroupMember {
  const member = {
    memberId: text(reader, version, 'member_id') ?? '',
    groupInstanceId: version >= 3 ? text(reader, version, 'group_instance_id') : undefined,
    clientId: text(reader, version, 'client_id') ?? '',
    clientHost: text(reader, version, 'client_host') ?? '',
    rebalanceTimeoutMs: version >= 1 ? reader.int32('rebalance_timeout') : -1,
    sessionTimeoutMs: reader.int32('session_timeout'),
    subscription: blob(reader, version, 'subscription_bytes'),
    assignment: blob(reader, version, 'assignment_bytes')
  }
  if (version >= 4) reader.taggedFields('tagged_fields')
  return { ...member, assignedPartitions: protocolType === 'consumer' ? assignedTo(member.assignment) : [] }
}

/** Inside the assignment, all but the version shows as 'assignment', as Burrow names it. */
function assignedTo(assignment: Uint8Array): readonly AssignedPartitions[] {
  const decoded = decodeMemberAssignment(assignment)
  if (decoded.ok) return decoded.value.assignedPartitions
  throw new FieldError(decoded.field === 'consumer_protocol_version' ? decoded.field : 'assignment')
}

function text(reader: ByteReader, version: number, field: string): string | null {
  return version >= 4 ? reader.compactNullableString(field) : reader.nullableString16(field)
}

function blob(reader: ByteReader, version: number, field: string): Uint8Array {
  return (version >= 4 ? reader.compactBytes(field) : reader.bytes32(field)) ?? new Uint8Array(0)
}
