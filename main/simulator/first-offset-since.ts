import { type RecordSink, walkRecordBatches } from '../../shared/codec/record-batch.ts'
import type { PartitionLog } from './partition-log.ts'

export interface FoundRecord {
  readonly offset: number
  readonly timestampMs: number
}

/** The first record at or after a time, as ListOffsets answers it (KIP-79). Undefined: all records are older. */
export function firstOffsetSince(log: PartitionLog, sinceMs: number): FoundRecord | undefined {
  const batch = log.firstBatchSince(sinceMs)
  if (!batch) return undefined
  let found: FoundRecord | undefined
  const sink: RecordSink = {
    beginBatch: () => {},
    record: (_bytes, _view, offset, timestampMs) => {
      if (!found && timestampMs >= sinceMs) found = { offset, timestampMs }
    },
    marker: (header, offset) => {
      if (!found && header.maxTimestampMs >= sinceMs) found = { offset, timestampMs: header.maxTimestampMs }
    },
    endBatch: () => {},
    refused: () => {}
  }
  walkRecordBatches(batch, Number(batch.readBigInt64BE(0)), sink)
  return found
}
