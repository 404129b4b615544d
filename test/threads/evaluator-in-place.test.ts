import { MessageChannel } from 'node:worker_threads'
import { expect } from 'chai'
import { StoragePort } from '../../shared/actor/actor-ref.ts'
import { Counters, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import type { PartitionStatus } from '../../shared/protocol/consumer.ts'
import { DirectoryCache } from '../../workers/evaluator/directory-cache.ts'
import { GroupEvaluator } from '../../workers/evaluator/evaluate-group.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { commitRecord, endOffsetRecord, StoragePeer } from '../support/storage-peer.ts'
import { waitFor } from '../support/wait-for.ts'

const intervals = 10
const partitions = 10
const roundsPerBatch = 200
const batchesAtOnce = 8
/** Until the two have met often enough; on a busy machine that takes longer. */
const meetings = 50
const burstsMax = 100

describe('evaluating in place while a storage thread writes', () => {
  let threads: EvaluatorThreads
  afterEach(() => threads.stop())

  it('never shows half of a commit', async () => {
    threads = await new EvaluatorThreads({ shards: 1, threads: 1, intervals }).start()
    const [block, writer, asker] = [createCounterBlock(), new MessageChannel(), new MessageChannel()]
    threads.storage.connect(0, writer.port2)
    threads.storage.connect(0, asker.port2)
    const peer = StoragePeer.overPort(writer.port1)
    peer.names([
      { group: null, topic: 't' },
      { group: 'g', topic: 't' }
    ])
    const time = threads.clock.nowMs() - 60_000
    let round = 0
    const writeBatch = (): void => {
      peer.batch(Array.from({ length: roundsPerBatch }, () => roundOf(round++, time)).flat())
    }
    writeBatch()
    await waitFor(() => peer.acked.length === 1, 'the group')
    const [located] = await new DirectoryCache().fetch(new StoragePort(asker.port1), 'c', ['g'], 5000)
    const evaluator = new GroupEvaluator({ intervals, minimumComplete: 0, allowedLag: 0 }, new Counters(block))

    // Storage works off a burst of batches while this thread, which hears of nothing meanwhile, only reads.
    let answers = 0
    const met = (): number => sumCounters([block]).ring_retries
    for (let burst = 1; burst <= burstsMax && met() < meetings; burst++) {
      for (let batch = 0; batch < batchesAtOnce; batch++) writeBatch()
      for (let read = 0; read < 1500; read++) {
        const answer = evaluator.evaluate(located!, 'c', 'g', Math.floor(threads.clock.nowMs() / 1000), true)
        if (answer === 'busy') continue
        if (answer === 'moved') throw new Error('nothing was moved')
        answers++
        const torn = answer.partitions.find(isTorn)
        if (torn) throw new Error(`half of a commit: ${JSON.stringify(torn)}`)
      }
      await waitFor(() => peer.acked.length === 1 + burst * batchesAtOnce, 'the burst to be applied')
    }
    expect(answers).to.be.greaterThan(1000)
    // Otherwise nobody wrote what was being read, and the test has shown nothing.
    expect(met()).to.be.greaterThan(0)
    writer.port1.close()
    asker.port1.close()
  })
})

/** Each partition's end offset moves by 10 and is then followed by a commit that is 5 behind it. */
function roundOf(round: number, time: number) {
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  return [
    ...all.map(partition => endOffsetRecord(0, partition, partitions, round * 10 + 5)),
    ...all.map(partition => commitRecord(1, partition, round * partitions + partition, round * 10, time + round))
  ]
}

function isTorn({ start, end, currentLag, complete }: PartitionStatus): boolean {
  return (
    start?.lag !== 5 ||
    end?.lag !== 5 ||
    complete !== 1 ||
    end.offset - start.offset !== (intervals - 1) * 10 ||
    end.timestampMs - start.timestampMs !== intervals - 1 ||
    (currentLag !== 5 && currentLag !== 15) // the end offset comes before its commit
  )
}
