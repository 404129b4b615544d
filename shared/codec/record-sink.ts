/**
 * What a walk over record batches tells. Types only; the walk is record-batch.ts.
 */

/** Header of a batch of format 2. ONE object, overwritten for every batch: copy what you keep. Times in ms since the epoch, -1 = none. */
export interface BatchHeader {
  baseOffset: number
  lastOffset: number
  /** lastOffset + 1, also when the last records were compacted away. */
  nextOffset: number
  /** Records in the batch, 0 in a batch that compaction emptied; those below the wanted offset are included. */
  count: number
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  codec: number
  isTransactional: boolean
  isControl: boolean
  /** -1 = none. */
  producerId: number
  producerEpoch: number
  baseSequence: number
  partitionLeaderEpoch: number
  maxTimestampMs: number
  /** The base timestamp is the time until which tombstones are kept (KIP-534). */
  hasDeleteHorizon: boolean
  baseTimestampMs: number
  /** Of the batch in the walked bytes. */
  position: number
  sizeBytes: number
}

/**
 * Why a batch, or the rest of one, was refused:
 *
 * - `length`: the length is too small or too big to be one; where the next batch begins is unknown
 * - `magic`: not format 2 (old message sets, or garbage)
 * - `crc`: the bytes are not those that were written
 * - `range`: an offset, a time or a producer id beyond ±(2^53 - 1), a negative offset, or nothing but batches from before the
 *   wanted offset
 * - `codec`: unknown, or the data cannot be decompressed or is more than the limit
 * - `records`: the CRC is right, but counts, lengths or offsets of the records contradict each other
 */
export type BatchRefusal = 'length' | 'magic' | 'crc' | 'range' | 'codec' | 'records'

/** Called in the order of the log, on the thread that walks. What a sink throws ends the walk and reaches its caller. */
export interface RecordSink {
  beginBatch(batch: BatchHeader): void
  /**
   * One record. Lengths -1 = null. `bytes` and `view` are the walked bytes or the decompressed records, and valid during
   * the call only; keyAt and valueAt are indexes in both.
   */
  record(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    timestampMs: number,
    keyAt: number,
    keyLength: number,
    valueAt: number,
    valueLength: number
  ): void
  /** A transaction marker, which is what control batches hold; the producer is batch.producerId. coordinatorEpoch -1 = absent. */
  marker(batch: BatchHeader, offset: number, type: 'COMMIT' | 'ABORT' | 'OTHER', coordinatorEpoch: number): void
  /** Called for each batch that was begun, also after `refused` for the rest of it. */
  endBatch(batch: BatchHeader): void
  /**
   * A batch (or, between beginBatch and endBatch, the rest of one) that cannot be used. baseOffset is -1 where it is not
   * believable. Reading goes on at nextOffset or later.
   */
  refused(reason: BatchRefusal, baseOffset: number, nextOffset: number, detail: string): void
}
