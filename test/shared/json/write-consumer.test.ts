import { expect } from 'chai'
import fc from 'fast-check'
import { ByteWriter } from '../../../shared/json/byte-writer.ts'
import {
  statusToJson,
  writeConsumerTopics,
  writeIntegers,
  writeStatus,
  writeStrings
} from '../../../shared/json/write-consumer.ts'
import type {
  ConsumerGroupStatus,
  ConsumerOffset,
  ConsumerTopics,
  PartitionStatus
} from '../../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { notFoundStatus } from '../../../shared/rules/evaluate.ts'

const start = commit(1234000, 1795351707000, 567)
const end = commit(1234090, 1795351797000, 477)
const partition: PartitionStatus = {
  topic: 'orders',
  partition: 0,
  owner: '/10.0.0.1',
  clientId: 'client-1',
  status: StatusConstant.OK,
  start,
  end,
  currentLag: 477,
  complete: 1
}
const partitionJson =
  '{"topic":"orders","partition":0,"owner":"/10.0.0.1","client_id":"client-1","status":"OK","start":{"offset":1234000,' +
  '"timestamp":1795351707000,"observedAt":1795351807000,"lag":567},"end":{"offset":1234090,"timestamp":1795351797000,' +
  '"observedAt":1795351807000,"lag":477},"current_lag":477,"complete":1}'

describe('JSON of groups (spec 04 sections 4.4 to 4.9)', () => {
  it('status', () => {
    const status: ConsumerGroupStatus = {
      cluster: 'local',
      group: 'g1',
      status: StatusConstant.OK,
      complete: Math.fround(1 / 3),
      partitions: [],
      totalPartitions: 3,
      maxlag: partition,
      totalLag: 477
    }
    expect(statusToJson(status)).to.equal(
      `{"cluster":"local","group":"g1","status":"OK","complete":0.33333334,"partitions":[],"partition_count":3,"maxlag":${partitionJson},"totallag":477}`
    )
  })

  it('lag of a partition without commits', () => {
    const empty = {
      ...partition,
      partition: 2,
      owner: '',
      clientId: '',
      start: null,
      end: null,
      currentLag: 0,
      complete: 0
    }
    expect(statusToJson({ ...notFoundStatus('c', 'g'), partitions: [partition, empty] })).to.include(
      `"partitions":[${partitionJson},{"topic":"orders","partition":2,"owner":"","client_id":"","status":"OK","start":null,"end":null,"current_lag":0,"complete":0}],`
    )
  })

  it('not found', () => {
    expect(statusToJson(notFoundStatus('local', 'none'))).to.equal(
      '{"cluster":"local","group":"none","status":"NOTFOUND","complete":1,"partitions":[],"partition_count":0,"maxlag":null,"totallag":0}'
    )
  })

  it('consumer detail', () => {
    const topics: ConsumerTopics = new Map([
      [
        'orders',
        [
          {
            offsets: [commit(1234000, 1795351707000, 567), commit(1234010, 1795351717000, null)],
            brokerOffsets: [1],
            owner: '/10.0.0.1',
            clientId: 'client-1',
            currentLag: 477
          },
          {
            offsets: [null, commit(1234568, 1795351777000, 0)],
            brokerOffsets: [],
            owner: '',
            clientId: '',
            currentLag: 0
          },
          { offsets: [], brokerOffsets: [], owner: '', clientId: '', currentLag: 0 }
        ]
      ]
    ])
    expect(detail(topics)).to.equal(
      '{"orders":[{"offsets":[{"offset":1234000,"timestamp":1795351707000,"observedAt":1795351807000,"lag":567},' +
        '{"offset":1234010,"timestamp":1795351717000,"observedAt":1795351807000,"lag":null}],"owner":"/10.0.0.1",' +
        '"client_id":"client-1","current-lag":477},{"offsets":[null,{"offset":1234568,"timestamp":1795351777000,' +
        '"observedAt":1795351807000,"lag":0}],"owner":"","client_id":"","current-lag":0},{"offsets":[],"owner":"",' +
        '"client_id":"","current-lag":0}]}'
    )
  })

  it('consumer detail without topics, and with topics sorted by their bytes', () => {
    expect(detail(new Map())).to.equal('{}')
    expect(
      detail(
        new Map([
          ['\u{10000}', []],
          ['\uffee', []],
          ['a<', []]
        ])
      )
    ).to.equal('{"a\\u003c":[],"\uffee":[],"\u{10000}":[]}')
  })

  it('lists', () => {
    expect(text(writer => writeStrings(writer, ['orders', 'a<b>&c']))).to.equal('["orders","a\\u003cb\\u003e\\u0026c"]')
    expect(text(writer => writeStrings(writer, []))).to.equal('[]')
    expect(text(writer => writeIntegers(writer, [1234567, -1, 1234569]))).to.equal('[1234567,-1,1234569]')
    expect(text(writer => writeIntegers(writer, []))).to.equal('[]')
  })

  it('any status equals what JSON.stringify makes of the same keys', () => {
    fc.assert(
      fc.property(anyStatus, status => {
        expect(text(writer => writeStatus(writer, status))).to.equal(JSON.stringify(plainStatus(status)))
      }),
      { numRuns: 300 }
    )
  })
})

// Without the characters that Go escapes and JavaScript does not, which byte-writer.test.ts covers.
const name = fc.string({ unit: 'grapheme', maxLength: 8 }).map(value => value.replace(/[<>&\u2028\u2029\u007f]/g, '_'))
const anyOffset = fc.option(
  fc.record({
    offset: fc.maxSafeInteger(),
    order: fc.constant(0),
    timestampMs: fc.maxSafeInteger(),
    observedTimestampMs: fc.nat(),
    lag: fc.option(fc.nat())
  })
)
const anyPartition = fc.record({
  topic: name,
  partition: fc.nat(),
  owner: name,
  clientId: name,
  status: fc.constantFrom(...Object.values(StatusConstant)),
  start: anyOffset,
  end: anyOffset,
  currentLag: fc.nat(),
  complete: fc.constantFrom(0, 0.5, 0.25, 1)
})
const anyStatus = fc.record({
  cluster: name,
  group: name,
  status: fc.constantFrom(...Object.values(StatusConstant)),
  complete: fc.constantFrom(0, 0.125, 1),
  partitions: fc.array(anyPartition, { maxLength: 4 }),
  totalPartitions: fc.nat(),
  maxlag: fc.option(anyPartition),
  totalLag: fc.maxSafeNat()
})

function plainStatus(status: ConsumerGroupStatus): unknown {
  return {
    cluster: status.cluster,
    group: status.group,
    status: textOf(status.status),
    complete: status.complete,
    partitions: status.partitions.map(plainPartition),
    partition_count: status.totalPartitions,
    maxlag: status.maxlag && plainPartition(status.maxlag),
    totallag: status.totalLag
  }
}

function plainPartition(partition: PartitionStatus): unknown {
  return {
    topic: partition.topic,
    partition: partition.partition,
    owner: partition.owner,
    client_id: partition.clientId,
    status: textOf(partition.status),
    start: partition.start && plainOffset(partition.start),
    end: partition.end && plainOffset(partition.end),
    current_lag: partition.currentLag,
    complete: partition.complete
  }
}

function plainOffset({ offset, timestampMs, observedTimestampMs, lag }: ConsumerOffset): unknown {
  return { offset, timestamp: timestampMs, observedAt: observedTimestampMs, lag }
}

function textOf(status: StatusConstant): string {
  return ['NOTFOUND', 'OK', 'WARN', 'ERR', 'STOP', 'STALL', 'REWIND'][status]!
}

function commit(offset: number, timestampMs: number, lag: number | null): ConsumerOffset {
  return { offset, order: 0, timestampMs, observedTimestampMs: 1795351807000, lag }
}

function detail(topics: ConsumerTopics): string {
  return text(writer => writeConsumerTopics(writer, topics))
}

function text(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter(1)
  write(writer)
  return Buffer.from(writer.take()).toString()
}
