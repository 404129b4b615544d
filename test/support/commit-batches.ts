import { encodeOffsetCommitKey, encodeOffsetCommitValue } from '../../shared/codec/offset-commit-writer.ts'
import {
  type BatchToWrite,
  encodeRecordBatch,
  type RecordToWrite,
  transactionMarker
} from '../../shared/codec/record-batch-writer.ts'

export interface TestCommit {
  readonly group: string
  readonly topic: string
  readonly partition?: number
  readonly offset: number
  readonly timestampMs?: number
}

export function commitRecord({
  group,
  topic,
  partition = 0,
  offset,
  timestampMs = Date.now()
}: TestCommit): RecordToWrite {
  const value = encodeOffsetCommitValue({ version: 3, offset, metadata: '', timestampMs })
  return { key: encodeOffsetCommitKey(group, topic, partition), value, timestampMs }
}

export function tombstoneRecord(group: string, topic: string, partition = 0): RecordToWrite {
  return { key: encodeOffsetCommitKey(group, topic, partition), value: null, timestampMs: Date.now() }
}

/** One batch; `baseOffset` is set anew by a log that appends it. */
export function commitBatch(commits: readonly TestCommit[], more: Partial<BatchToWrite> = {}): Uint8Array {
  return encodeRecordBatch({ baseOffset: 0, records: commits.map(commitRecord), ...more })
}

export function markerBatch(type: 'COMMIT' | 'ABORT', producerId: number, baseOffset = 0): Uint8Array {
  return encodeRecordBatch({
    baseOffset,
    records: [transactionMarker(type, 0, Date.now())],
    isControl: true,
    isTransactional: true,
    producerId,
    producerEpoch: 0
  })
}
