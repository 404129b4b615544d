import { expect } from 'chai'
import type { PartitionStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { sinceMs } from '../../../shared/rules/since.ts'

describe('since when a group is bad', () => {
  it('STOP since the silence was longer than the window, all else since the window begins; the earliest counts', () => {
    const stop = partition(StatusConstant.Stop, 1000, 5000)
    const stall = partition(StatusConstant.Stall, 3000, 9000)
    const warn = partition(StatusConstant.Warning, 10, 20)
    const status = StatusConstant.Error
    expect(sinceMs({ status, partitions: [stop, warn] })).to.equal(9000)
    expect(sinceMs({ status, partitions: [stop, stall, warn] })).to.equal(3000)
    expect(sinceMs({ status: StatusConstant.Warning, partitions: [warn] })).to.equal(10)
  })

  it('is not known of a group that is OK or not there', () => {
    const warn = partition(StatusConstant.Warning, 10, 20)
    for (const status of [StatusConstant.OK, StatusConstant.NotFound]) {
      expect(sinceMs({ status, partitions: [warn] })).to.equal(null)
    }
  })
})

function partition(status: StatusConstant, startMs: number, endMs: number): PartitionStatus {
  const commit = (timestampMs: number) => ({ offset: 1, order: 1, timestampMs, observedTimestampMs: 0, lag: 5 })
  return {
    topic: 't',
    partition: 0,
    owner: '',
    clientId: '',
    status,
    start: commit(startMs),
    end: commit(endMs),
    currentLag: 5,
    complete: 1
  }
}
