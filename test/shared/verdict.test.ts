import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { expect } from 'chai'
import { StatusConstant } from '../../shared/protocol/status.ts'
import { notFoundStatus } from '../../shared/rules/evaluate.ts'
import { packVerdict, unpackedPartitionsMax, unpackVerdict, type Verdict, worstOf } from '../../shared/verdict.ts'
import { groupStatus, partitionStatus } from '../main/notifier/fake-parts.ts'

describe('shared/verdict', () => {
  const commit = { offset: 2 ** 53 - 1, order: 9, timestampMs: 1, observedTimestampMs: 2, lag: null }
  const withPartitions = (count: number) => {
    const partitions = Array.from({ length: count }, (_, partition) =>
      partitionStatus({ partition, currentLag: partition % 7, owner: 'ö\n', end: commit, complete: Math.fround(0.3) })
    )
    return groupStatus(StatusConstant.Error, { group: '\ud800 g', partitions, complete: Math.fround(0.1) })
  }
  const few = withPartitions(unpackedPartitionsMax)
  const many = withPartitions(unpackedPartitionsMax + 1)

  it('is the same after it was packed', () => {
    for (const status of [few, many, groupStatus(StatusConstant.OK), notFoundStatus('c', 'g')]) {
      expect(unpackVerdict(packVerdict(status))).to.deep.equal(status)
    }
    expect(packVerdict(few).packed).to.equal(null)
    expect(packVerdict(many).packed).to.be.instanceOf(Uint8Array)
  })

  it('says what main looks at: all but the partitions, how many those are, and the worst', () => {
    const { head, shownPartitions } = packVerdict(many)
    expect(shownPartitions).to.equal(many.partitions.length)
    expect(head).to.deep.equal({ ...many, partitions: worstOf(many.partitions) })
    expect(head.partitions.map(({ partition }) => partition)).to.deep.equal([6, 13, 20, 27, 34, 41, 48, 55, 62, 69])
    expect(many.partitions[0]!.partition).to.equal(0) // others look at the same list
  })

  it('goes to another thread by handing its memory over', () => {
    const verdict = packVerdict(many)
    const { port1, port2 } = new MessageChannel()
    port1.postMessage(verdict, [verdict.packed!.buffer])
    expect(verdict.packed!.byteLength).to.equal(0)
    const received: Verdict = receiveMessageOnPort(port2)!.message
    expect(unpackVerdict(received)).to.deep.equal(many)
    port1.close()
  })
})
