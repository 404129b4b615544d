import { MessageChannel } from 'node:worker_threads'
import { expect } from 'chai'
import {
  PackedType,
  packedBytesMax,
  packedF64,
  packedI32,
  packedRecordsMax
} from '../../../shared/actor/packed-batch.ts'
import type { Ack, Batch, ToStorage } from '../../../shared/actor/storage-messages.ts'
import { BatchBuilder } from '../../../workers/kafka/batch-builder.ts'
import { KeyNames } from '../../../workers/kafka/key-names.ts'
import { ShardLane } from '../../../workers/kafka/shard-lane.ts'
import { waitFor } from '../../support/wait-for.ts'

describe('workers/kafka: buffers of batches', () => {
  it('large ones are filled again when the shard has sent them back, small ones are made anew', async () => {
    const { port1, port2 } = new MessageChannel()
    const got: Batch[] = []
    port2.on('message', (message: ToStorage) => {
      if (message.kind !== 'batch') return
      got.push(message)
      const spare = message.records!
      // Old contents must not show through.
      new Uint8Array(spare).fill(0xff, message.count * 40)
      if (spare.byteLength === packedBytesMax)
        port2.postMessage({ kind: 'ack', sequence: message.sequence, spare: spare.slice(0) } satisfies Ack)
      else port2.postMessage({ kind: 'ack', sequence: message.sequence } satisfies Ack)
    })
    const lane = new ShardLane(0, new KeyNames(), () => {})
    lane.connect(1, port1)
    const builder = new BatchBuilder(lane, -1)
    const send = async (count: number) => {
      for (let at = 0; at < count; at++) builder.add(PackedType.SetBrokerOffset, at, at + 1, at + 2, at + 0.5, 7, 9)
      builder.flush()
      const batches = got.length + 1
      await waitFor(() => got.length === batches && lane.open === 0, 'the batch to be applied', 20_000)
      return got[batches - 1]!
    }
    const sizes: number[] = []
    for (const count of [packedRecordsMax, 10, 100, packedRecordsMax, 64]) {
      const { records, count: said } = await send(count)
      sizes.push(records!.byteLength)
      expect(said).to.equal(count)
      const words = new Int32Array(records!)
      const doubles = new Float64Array(records!)
      for (let at = 0; at < count; at++) {
        const i = at * packedI32.words
        const f = at * packedF64.words
        expect([...words.subarray(i, i + 4)]).to.deep.equal([PackedType.SetBrokerOffset, at, at + 1, at + 2])
        expect([...doubles.subarray(f + 2, f + 5)]).to.deep.equal([at + 0.5, 7, 9])
      }
    }
    // 100 records found a spare; without one they would have got a buffer for 256.
    expect(sizes).to.deep.equal([packedBytesMax, 64 * 40, packedBytesMax, packedBytesMax, 64 * 40])
    lane.close()
    port2.close()
  })
})
