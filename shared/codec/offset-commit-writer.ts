import { ByteWriter } from './byte-writer.ts'

/** Writes offset commits (layouts: offset-commit.ts). For the simulator, load and tests. Any thread. */
export interface OffsetCommitToWrite {
  readonly version: 0 | 1 | 2 | 3 | 4
  /** A bigint only to write what a reader must refuse. */
  readonly offset: number | bigint
  /** Versions 3 and 4; default -1. */
  readonly leaderEpoch?: number
  readonly metadata: string | null
  readonly timestampMs: number | bigint
  /** Version 1; default -1. */
  readonly expireTimestampMs?: number | bigint
  /** Version 4: 16 bytes; default: no tag. */
  readonly topicId?: Uint8Array
}

export function encodeOffsetCommitKey(group: string, topic: string, partition: number, keyType: 0 | 1 = 1): Uint8Array {
  return new ByteWriter(64).int16(keyType).string16(group).string16(topic).int32(partition).finish()
}

export function encodeOffsetCommitValue(commit: OffsetCommitToWrite): Uint8Array {
  const { version, metadata } = commit
  const writer = new ByteWriter(64).int16(version).int64(commit.offset)
  if (version >= 3) writer.int32(commit.leaderEpoch ?? -1)
  if (version === 4) writer.compactString(metadata)
  else writer.string16(metadata)
  writer.int64(commit.timestampMs)
  if (version === 1) writer.int64(commit.expireTimestampMs ?? -1)
  if (version === 4) writeTopicId(writer, commit.topicId)
  return writer.finish()
}

/** Tagged fields: none, or the one with tag 0. */
function writeTopicId(writer: ByteWriter, topicId: Uint8Array | undefined): void {
  if (topicId === undefined) writer.unsignedVarint(0)
  else writer.unsignedVarint(1).unsignedVarint(0).unsignedVarint(topicId.length).raw(topicId)
}
