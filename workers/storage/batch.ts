import {
  PackedType,
  packedF64,
  packedI32,
  packedRecordBytes,
  packedRecordsMax
} from '../../shared/actor/packed-batch.ts'
import type { CommitStore } from './commits.ts'
import { deleteWindow } from './groups.ts'
import type { Key, KeyTable } from './key-table.ts'
import type { StorageState } from './storage-state.ts'
import { restartTopic, setEndOffset } from './topics.ts'

/** Applies a packed batch record by record, in order. No object or string per record. Throws on what no sender may send. */
export function applyBatch(
  state: StorageState,
  store: CommitStore,
  keys: KeyTable,
  records: ArrayBuffer,
  count: number
): void {
  if (count > packedRecordsMax || count * packedRecordBytes > records.byteLength) {
    throw new RangeError(`${count} records in ${records.byteLength} bytes`)
  }
  const words = new Int32Array(records, 0, count * packedI32.words)
  const doubles = new Float64Array(records, 0, count * packedF64.words)
  const { values } = state.counters
  store.setTime()
  for (let record = 0; record < count; record++) {
    const i32 = record * packedI32.words
    const f64 = record * packedF64.words
    const key = keys.get(words[i32 + packedI32.key]!)
    const partition = words[i32 + packedI32.partition]!
    const type = words[i32 + packedI32.type]!
    if (type === PackedType.SetConsumerOffset) {
      values[store.store(key, partition, doubles, f64 + packedF64.offset)]!++
    } else if (type === PackedType.SetBrokerOffset) {
      addEndOffset(state, key, partition, words[i32 + packedI32.topicPartitionCount]!, doubles[f64 + packedF64.offset]!)
    } else if (type === PackedType.DeleteWindow) {
      removeWindow(state, key, partition)
    } else if (type === PackedType.RestartTopic) {
      if (key.cluster) restartTopic(state, key.cluster, key.topic, words[i32 + packedI32.topicPartitionCount]!)
    } else {
      throw new TypeError(`no packed record type: ${type}`)
    }
  }
}

function addEndOffset(state: StorageState, key: Key, partition: number, count: number, offset: number): void {
  if (key.cluster === null) state.outcomes.add(state.outcomes.unknownCluster)
  else key.foundTopic = setEndOffset(state, key.cluster, key.topic, key.foundTopic, partition, count, offset)
}

function removeWindow(state: StorageState, key: Key, partition: number): void {
  if (key.group === null) throw new TypeError(`an offset tombstone on the key of topic ${key.topic}`)
  if (key.cluster === null) state.outcomes.add(state.outcomes.unknownCluster)
  const groupTopic = key.cluster?.groupByName.get(key.group)?.topicByName.get(key.topic)
  if (groupTopic) deleteWindow(state, groupTopic, partition)
}
