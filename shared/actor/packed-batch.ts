/**
 * Many StorageRequests in one transferred ArrayBuffer: the way of commits and end offsets from kafka to storage threads.
 * Written by one kafka thread, read by one storage thread.
 *
 * One record = 40 bytes:
 *
 *    0      4      8           12                    16       24      32            40
 *   +------+------+-----------+---------------------+--------+-------+-------------+
 *   | type | key  | partition | topicPartitionCount | offset | order | timestampMs |    4 x Int32, 3 x Float64
 *   +------+------+-----------+---------------------+--------+-------+-------------+
 *
 *   type   0 SetBrokerOffset, 1 SetConsumerOffset (the seed's numbers); ours: 100 delete one partition's window (an offset
 *          tombstone, spec 09 E7), 101 the topic of that name is another one now, with topicPartitionCount partitions: forget its
 *          end offsets
 *   key    number of the (cluster, group, topic) or (cluster, topic), said once before in a Names message on the same port
 *
 * Transferred batches carried 20 million records a second where objects carried 0.15 to 0.5 million.
 */
export const PackedType = { SetBrokerOffset: 0, SetConsumerOffset: 1, DeleteWindow: 100, RestartTopic: 101 } as const

export const packedRecordBytes = 40
/** Records in one batch at most: 160 kB, about a millisecond of work for storage. */
export const packedRecordsMax = 4096
/** Size of a buffer that is full then. Storage sends such buffers back with the acknowledgement, to be filled again. */
export const packedBytesMax = packedRecordsMax * packedRecordBytes

/** Int32 index in a record. */
export const packedI32 = { type: 0, key: 1, partition: 2, topicPartitionCount: 3, words: 10 } as const
/** Float64 index in a record. */
export const packedF64 = { offset: 2, order: 3, timestampMs: 4, words: 5 } as const
