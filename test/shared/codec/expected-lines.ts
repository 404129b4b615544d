import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codecNames } from '../../../shared/codec/compression.ts'
import { decodeMemberAssignment, decodeMemberSubscription } from '../../../shared/codec/consumer-protocol.ts'
import {
  decodeGroupMetadata,
  decodeGroupMetadataKey,
  type GroupMember,
  type GroupMetadata
} from '../../../shared/codec/group-metadata.ts'
import { decodeNewerKey, decodeNewerValue } from '../../../shared/codec/newer-records.ts'
import { OffsetCommitReader, outOfRange } from '../../../shared/codec/offset-commit.ts'
import {
  type BatchHeader,
  type BatchRefusal,
  type RecordSink,
  walkRecordBatches
} from '../../../shared/codec/record-batch.ts'
import { fixturesDir } from '../../support/paths.ts'

/**
 * Our decoders, written out in the form of the .expected.jsonl files (test/fixtures/consumer-offsets/README.md), so that a
 * test can compare line by line.
 */
export type Line = Record<string, unknown>

const folder = join(fixturesDir, 'consumer-offsets')

export const fixtureNames = readdirSync(folder)
  .filter(name => name.endsWith('.bin'))
  .map(name => name.slice(0, -'.bin'.length))

export function fixtureBytes(name: string): Uint8Array {
  return readFileSync(join(folder, `${name}.bin`))
}

export function fixtureLines(name: string): Line[] {
  const text = readFileSync(join(folder, `${name}.expected.jsonl`), 'utf8')
  return text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as Line]))
}

/** Collects the lines of a walk, or of many walks over parts of one log. */
export class LineSink implements RecordSink {
  readonly lines: Line[] = []
  readonly refusals: { reason: BatchRefusal; baseOffset: number; nextOffset: number; detail: string }[] = []
  private readonly reader = new OffsetCommitReader()
  private batch: Line = {}
  private isLineOpen = false

  beginBatch(batch: BatchHeader): void {
    this.batch = batchLine(batch)
    this.lines.push(this.batch)
    this.isLineOpen = true
  }

  record(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    timestamp: number,
    keyAt: number,
    keySize: number,
    valueAt: number,
    valueSize: number
  ): void {
    if (!this.isLineOpen) throw new Error('record outside a batch')
    this.lines.push({
      kind: 'record',
      offset,
      timestamp,
      keySize,
      valueSize,
      isControl: false,
      isTransactional: this.batch.isTransactional,
      ...keyAndValue(this.reader, bytes, view, keyAt, keySize, valueAt, valueSize)
    })
  }

  marker(batch: BatchHeader, offset: number, control: string, coordinatorEpoch: number): void {
    this.lines.push({
      kind: 'record',
      offset,
      timestamp: batch.maxTimestampMs,
      keySize: 4,
      valueSize: 6,
      isControl: true,
      isTransactional: batch.isTransactional,
      control,
      coordinatorEpoch
    })
  }

  endBatch(): void {
    if (!this.isLineOpen) throw new Error('end of a batch that was not begun')
    this.isLineOpen = false
  }

  refused(reason: BatchRefusal, baseOffset: number, nextOffset: number, detail: string): void {
    this.refusals.push({ reason, baseOffset, nextOffset, detail })
  }

  get records(): Line[] {
    return this.lines.filter(line => line.kind === 'record')
  }

  get offsets(): unknown[] {
    return this.records.map(line => line.offset)
  }
}

/** All lines of one walk over `bytes`, and where it would go on. */
export function walkLines(bytes: Uint8Array, fromOffset = 0): { sink: LineSink; next: number } {
  const sink = new LineSink()
  return { sink, next: walkRecordBatches(bytes, fromOffset, sink) }
}

function batchLine(batch: BatchHeader): Line {
  return {
    kind: 'batch',
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    count: batch.count,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    codec: codecNames[batch.codec],
    position: batch.position,
    size: batch.sizeBytes,
    magic: 2,
    maxTimestamp: batch.maxTimestampMs,
    ...(batch.hasDeleteHorizon && { deleteHorizonMs: batch.baseTimestampMs })
  }
}

function keyAndValue(
  reader: OffsetCommitReader,
  bytes: Uint8Array,
  view: DataView,
  keyAt: number,
  keyLength: number,
  valueAt: number,
  valueLength: number
): Line {
  const keyField = reader.readKey(bytes, view, keyAt, keyLength)
  if (keyField !== '') return { broken: keyField }
  const { keyType } = reader
  if (keyType === 0 || keyType === 1) return commitFields(reader, bytes, view, valueAt, valueLength)
  if (keyType === 2) {
    const group = must(decodeGroupMetadataKey(bytes, keyAt, keyLength))
    if (valueLength === -1) return { keyType, group, tombstone: true }
    const metadata = must(decodeGroupMetadata(bytes, valueAt, valueLength))
    return { keyType, group, tombstone: false, valueVersion: metadata.version, value: metadataFields(metadata) }
  }
  return newerFields(bytes, keyAt, keyLength, valueAt, valueLength)
}

function commitFields(
  reader: OffsetCommitReader,
  bytes: Uint8Array,
  view: DataView,
  valueAt: number,
  valueLength: number
): Line {
  const { keyType, partition } = reader
  const key = {
    keyType,
    group: text(bytes, reader.groupAt, reader.groupLength),
    topic: text(bytes, reader.topicAt, reader.topicLength),
    partition
  }
  if (valueLength === -1) return { ...key, tombstone: true }
  const field = reader.readValue(bytes, view, valueAt, valueLength)
  if (field === 'value version') return { keyType, valueVersion: reader.valueVersion, unknown: 'value version' }
  if (field !== '' && field !== outOfRange) return { ...key, broken: field }
  const version = reader.valueVersion
  return {
    ...key,
    tombstone: false,
    valueVersion: version,
    // what we refuse, the file has as a string of digits
    committedOffset: field === outOfRange ? outOfRange : reader.offset,
    ...(version >= 3 && { leaderEpoch: reader.leaderEpoch }),
    metadata: reader.metadataLength < 0 ? null : text(bytes, reader.metadataAt, reader.metadataLength),
    commitTimestamp: reader.timestampMs,
    ...(version === 1 && { expireTimestamp: reader.expireTimestampMs }),
    ...(reader.topicIdAt >= 0 && {
      topicId: Buffer.from(bytes.subarray(reader.topicIdAt, reader.topicIdAt + 16)).toString('base64url')
    })
  }
}

function metadataFields(group: GroupMetadata): Line {
  const { version } = group
  return {
    protocolType: group.protocolType,
    generation: group.generation,
    protocol: group.protocol,
    leader: group.leader,
    ...(version >= 2 && { currentStateTimestamp: group.currentStateTimestampMs }),
    members: group.members.map(member => memberFields(member, version, group.protocolType === 'consumer'))
  }
}

function memberFields(member: GroupMember, version: number, isConsumer: boolean): Line {
  const parts = isConsumer
    ? {
        subscription: withBase64(must(decodeMemberSubscription(member.subscription))),
        assignment: withBase64(must(decodeMemberAssignment(member.assignment)))
      }
    : { subscription: base64(member.subscription), assignment: base64(member.assignment) }
  return {
    memberId: member.memberId,
    ...(version >= 3 && { groupInstanceId: member.groupInstanceId }),
    clientId: member.clientId,
    clientHost: member.clientHost,
    ...(version >= 1 && { rebalanceTimeout: member.rebalanceTimeoutMs }),
    sessionTimeout: member.sessionTimeoutMs,
    ...parts
  }
}

function newerFields(bytes: Uint8Array, keyAt: number, keyLength: number, valueAt: number, valueLength: number): Line {
  const key = decodeNewerKey(bytes, keyAt, keyLength)
  if (key.kind === 'broken') return { broken: key.field }
  if (key.kind === 'unknown') return { keyType: key.number, unknown: key.what }
  if (valueLength === -1) return { ...key.value, tombstone: true }
  const value = decodeNewerValue(key.value.keyType, bytes, valueAt, valueLength)
  if (value.kind === 'broken') return { ...key.value, broken: value.field }
  if (value.kind === 'unknown') return { ...key.value, unknown: value.what }
  return { ...key.value, tombstone: false, valueVersion: 0, value: withBase64(value.value) }
}

/** Bytes anywhere inside become base64, as in the files. */
function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return base64(value)
  if (Array.isArray(value)) return value.map(withBase64)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withBase64(inner)]))
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString('utf8')
}

function must<T>(decoded: { ok: true; value: T } | { ok: false; field: string }): T {
  if (!decoded.ok) throw new Error(`could not decode ${decoded.field}`)
  return decoded.value
}
