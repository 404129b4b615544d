import { expect } from 'chai'
import type { ConsumerOffset, ConsumerPartition, PartitionStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant, statusToText } from '../../../shared/protocol/status.ts'
import {
  completeOf,
  evaluatePartition,
  evaluateTopics,
  GroupTally,
  groupStatus,
  notFoundStatus
} from '../../../shared/rules/evaluate.ts'

const settings = { intervals: 10, minimumComplete: 0, allowedLag: 0 }
const longAfter = 1_000_000

describe('evaluation of a partition (spec 03 section 4)', () => {
  // nulls, commits, CurrentLag, minimum-complete, complete, status; complete of windows without commits by decision C6
  const examples: readonly (readonly [number, number, number, number, number, string])[] = [
    [0, 0, 0, 0, 0, 'OK'],
    [10, 0, 0, 0, 0, 'OK'],
    [9, 1, 5, 0, 0.1, 'STOP'],
    [5, 5, 9, 0.5, 0.5, 'STOP'],
    [5, 5, 9, 0.51, 0.5, 'OK'],
    [3, 7, 9, 0.7, 0.7, 'STOP'],
    [2, 1, 9, 0.3333, 0.33333334, 'STOP'],
    [2, 1, 9, 0.34, 0.33333334, 'OK'],
    [0, 10, 9, 1, 1, 'STOP'],
    [1, 9, 9, 1, 0.9, 'OK'],
    [0, 10, 9, 1.1, 1, 'OK'],
    [1, 0, 0, 0, 0, 'OK'],
    [14, 1, 9, 0, 0.06666667, 'STOP']
  ]
  for (const [nulls, commits, currentLag, minimum, complete, status] of examples) {
    it(`${nulls} empty places, ${commits} commits, lag ${currentLag}, minimum ${minimum}: ${status}`, () => {
      const window = oldCommits(commits)
      const partition = partitionOf([...Array<null>(nulls).fill(null), ...window], currentLag)
      const minimumComplete = Math.fround(minimum)
      const result = evaluatePartition('t', 0, partition, { ...settings, minimumComplete }, longAfter)
      expect(result.complete).to.equal(Math.fround(complete))
      expect(statusToText(result.status)).to.equal(status)
      expect(result.start).to.equal(window[0] ?? null)
      expect(result.end).to.equal(window.at(-1) ?? null)
      expect(result.currentLag).to.equal(currentLag)
    })
  }

  it('compares completeness as 32-bit floats: 7/10 is not less than 0.7', () => {
    expect(7 / 10 >= Math.fround(0.7)).to.equal(true)
    expect(completeOf(9, 10) >= Math.fround(0.9)).to.equal(true)
    expect(9 / 10 >= Math.fround(0.9)).to.equal(true)
    // In doubles 1/10 would be under the setting 0.1, which reaches us as a 32-bit float a little above it.
    expect(1 / 10 >= Math.fround(0.1)).to.equal(false)
    expect(completeOf(1, 10) >= Math.fround(0.1)).to.equal(true)
  })

  it('carries topic, number, owner and client id', () => {
    const partition = { ...partitionOf(oldCommits(1), 0), owner: '/10.0.0.1', clientId: 'c' }
    expect(evaluatePartition('orders', 7, partition, settings, longAfter)).to.include({
      topic: 'orders',
      partition: 7,
      owner: '/10.0.0.1',
      clientId: 'c'
    })
  })
})

describe('evaluation of a group (spec 03 sections 3 and 7)', () => {
  const OK = StatusConstant.OK
  const WARN = StatusConstant.Warning
  const vectors: readonly (readonly [
    string,
    (readonly [StatusConstant, number, number])[],
    string,
    number,
    number | null,
    number
  ])[] = [
    [
      'G1',
      [
        [OK, 0, 1],
        [WARN, 7, 1]
      ],
      'WARN',
      1,
      1,
      7
    ],
    [
      'G2',
      [
        [WARN, 7, 1],
        [StatusConstant.Stall, 3, 1]
      ],
      'ERR',
      1,
      0,
      10
    ],
    [
      'G3',
      [
        [StatusConstant.Rewind, 5, 1],
        [WARN, 9, 1],
        [OK, 20, 0.5]
      ],
      'ERR',
      0.6666667,
      2,
      34
    ],
    [
      'G4',
      [
        [OK, 0, 0],
        [OK, 0, 0.3]
      ],
      'OK',
      0,
      0,
      0
    ],
    ['G7', [], 'OK', 0, null, 0]
  ]
  for (const [id, partitions, status, complete, maxlag, totalLag] of vectors) {
    it(id, () => {
      const tally = new GroupTally()
      let largest: PartitionStatus | null = null
      for (const [index, [state, currentLag, share]] of partitions.entries()) {
        const partition = { ...evaluatePartition('t', index, partitionOf([], 0), settings, 0), currentLag }
        if (tally.add(state, currentLag, share)) largest = partition
      }
      const result = groupStatus('c', 'g', tally, [], largest)
      expect(statusToText(result.status)).to.equal(status)
      expect(result.complete).to.equal(Math.fround(complete))
      expect(result.maxlag?.partition ?? null).to.equal(maxlag)
      expect(result.totalLag).to.equal(totalLag)
      expect(result.totalPartitions).to.equal(partitions.length)
    })
  }

  it('G5: a full window within its own span is OK and complete', () => {
    const window = Array.from({ length: 10 }, (_, i) => commit(1000 + i * 100, i * 10_000, 3421 - i * 100 - 100))
    const topics = new Map([['testtopic', [partitionOf(window, 2421)]]])
    const result = evaluateTopics('testcluster', 'testgroup', topics, settings, 100, false)
    expect(result).to.deep.include({ status: OK, complete: 1, partitions: [], totalPartitions: 1, totalLag: 2421 })
    expect(result.maxlag).to.include({ partition: 0, currentLag: 2421, complete: 1 })
  })

  it('G6: half a window over 40 s, silent for 60 s, is STOP and makes the group ERR', () => {
    const window = Array.from({ length: 5 }, (_, i) => commit(1000 + i * 100, i * 10_000, 3000))
    const offsets = [...Array<null>(5).fill(null), ...window]
    const topics = new Map([['testtopic', [partitionOf(offsets, 2921)]]])
    const result = evaluateTopics('testcluster', 'testgroup2', topics, settings, 100, false)
    expect(result).to.include({ status: StatusConstant.Error, complete: 0, totalPartitions: 1, totalLag: 2921 })
    expect(result.partitions).to.have.length(1)
    expect(result.partitions[0]).to.deep.include({ status: StatusConstant.Stop, complete: 0.5 })
    expect(result.partitions[0]!.start!.offset).to.equal(1000)
    expect(result.partitions[0]!.end!.offset).to.equal(1400)
    expect(result.maxlag).to.equal(result.partitions[0])
  })

  it('G8: an unknown group is NOTFOUND, complete 1', () => {
    expect(notFoundStatus('c', 'none')).to.deep.equal({
      cluster: 'c',
      group: 'none',
      status: StatusConstant.NotFound,
      complete: 1,
      partitions: [],
      totalPartitions: 0,
      maxlag: null,
      totalLag: 0
    })
  })

  it('lists partitions by topic in UTF-8 byte order, then by number; the first of equal lags is maxlag (C8)', () => {
    const topics = new Map(
      ['z', '\u{10000}', '\uffee', 'a'].map(topic => [topic, [partitionOf([], 0), partitionOf([], 5)]] as const)
    )
    const result = evaluateTopics('c', 'g', topics, settings, 0, true)
    expect(result.partitions.map(({ topic, partition }) => `${topic}${partition}`)).to.deep.equal(
      ['a', 'z', '\uffee', '\u{10000}'].flatMap(topic => [`${topic}0`, `${topic}1`])
    )
    expect(result.maxlag).to.equal(result.partitions[1])
  })

  it('shows only partitions worse than OK unless asked for all; totals stay those of all', () => {
    const window = oldCommits(10)
    const topics = new Map([['t', [partitionOf(window, 0), partitionOf(window, 8)]]])
    const all = evaluateTopics('c', 'g', topics, settings, longAfter, true)
    const bad = evaluateTopics('c', 'g', topics, settings, longAfter, false)
    expect(all.partitions.map(({ partition }) => partition)).to.deep.equal([0, 1])
    expect(bad).to.deep.equal({ ...all, partitions: [all.partitions[1]] })
  })
})

function commit(offset: number, timestampMs: number, lag: number | null): ConsumerOffset {
  return { offset, order: offset, timestampMs, observedTimestampMs: 0, lag }
}

function oldCommits(count: number): ConsumerOffset[] {
  return Array.from({ length: count }, (_, i) => commit(100 + i, 1000 + i, 5 + i))
}

function partitionOf(offsets: readonly (ConsumerOffset | null)[], currentLag: number): ConsumerPartition {
  return { offsets, brokerOffsets: [], owner: '', clientId: '', currentLag }
}
