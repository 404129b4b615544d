import { once } from 'node:events'
import { connect } from 'node:net'
import { expect } from 'chai'
import { offsetsTopic } from '../../main/simulator/cluster-state.ts'
import { KafkaError } from '../../main/simulator/error-codes.ts'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { WireReader, WireWriter } from '../../main/simulator/wire.ts'
import { BrokerConnection } from '../support/broker-connection.ts'
import { waitFor } from '../support/wait-for.ts'

const fetchKey = 1
const listOffsetsKey = 2
const metadataKey = 3

describe('simulator: what goes wrong on purpose', () => {
  let simulator: Simulator
  let connection: BrokerConnection
  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 2, offsetsPartitions: 2 })
    simulator.cluster.createTopic('t', 2)
    simulator.cluster.setEndOffset('t', 0, 10)
    connection = await BrokerConnection.open(simulator.servers[0]!, 'test')
  })
  afterEach(async () => {
    connection.close()
    await simulator.stop()
  })

  /** Error and end offset of t/0 as broker 1 tells them. */
  async function endOffset(from = connection): Promise<[error: number, offset: number]> {
    const body = bodyOf(writer => {
      writer.int32(-1)
      writer.arrayLength(1)
      writer.string('t')
      writer.arrayLength(1)
      writer.int32(0)
      writer.int64(-1)
    })
    const reader = new WireReader(await from.send({ apiKey: listOffsetsKey, apiVersion: 1, body }))
    reader.int32()
    reader.string()
    reader.int32()
    reader.int32()
    const error = reader.int16()
    reader.int64()
    return [error, reader.int64()]
  }

  /** Bytes of records in a fetch of an offsets partition from its start. */
  async function fetchBytes(partition: number, maxWaitMs: number, offset = 0): Promise<number> {
    const body = bodyOf(writer => {
      writer.int32(-1)
      writer.int32(maxWaitMs)
      writer.int32(1)
      writer.int32(1 << 20)
      writer.int8(0)
      writer.arrayLength(1)
      writer.string(offsetsTopic)
      writer.arrayLength(1)
      writer.int32(partition)
      writer.int64(offset)
      writer.int32(1 << 20)
    })
    const reader = new WireReader(await connection.send({ apiKey: fetchKey, apiVersion: 4, body }))
    reader.int32() // throttle
    reader.int32()
    reader.string()
    reader.int32()
    reader.int32()
    expect(reader.int16()).to.equal(KafkaError.none)
    reader.int64()
    reader.int64()
    expect(reader.nullableArray(() => {})).to.equal(null)
    return reader.nullableBytes()?.length ?? -1
  }

  it('an error code stands in the answer as often as was said', async () => {
    simulator.faults.add({
      api: 'ListOffsets',
      times: 1,
      effect: { kind: 'error', code: KafkaError.kafkaStorageError }
    })
    expect(await endOffset()).to.deep.equal([KafkaError.kafkaStorageError, -1])
    expect(await endOffset()).to.deep.equal([KafkaError.none, 10])
  })

  it('an error for another partition leaves this one alone', async () => {
    const effect = { kind: 'error', code: KafkaError.kafkaStorageError } as const
    simulator.faults.add({ api: 'ListOffsets', topic: 't', partition: 1, effect })
    expect(await endOffset()).to.deep.equal([KafkaError.none, 10])
    simulator.faults.add({ api: 'ListOffsets', topic: 't', partition: 0, effect })
    simulator.faults.clear()
    simulator.faults.add({ api: 'ListOffsets', topic: 't', partition: 0, effect })
    expect(await endOffset()).to.deep.equal([KafkaError.kafkaStorageError, -1])
  })

  it('a disconnect ends the connection, a black hole leaves it silent, and other brokers are well', async () => {
    simulator.faults.add({ broker: 1, times: 1, effect: { kind: 'disconnect' } })
    await endOffset().then(
      () => expect.fail('answered'),
      error => expect(String(error)).to.include('closed')
    )
    connection = await BrokerConnection.open(simulator.servers[0]!, 'test')
    simulator.faults.add({ broker: 1, times: 1, effect: { kind: 'blackHole' } })
    const never = endOffset().then(
      () => 'answered',
      () => 'closed'
    )
    const other = await BrokerConnection.open(simulator.servers[1]!, 'test')
    expect((await endOffset(other))[0]).to.equal(KafkaError.notLeaderOrFollower)
    other.close()
    connection.close()
    expect(await never).to.equal('closed')
  })

  it('garbage is answered under the right correlation id', async () => {
    simulator.faults.add({ times: 1, effect: { kind: 'garbage' } })
    const answer = await connection.send({
      apiKey: metadataKey,
      apiVersion: 0,
      body: bodyOf(writer => writer.int32(0))
    })
    expect([...new Set(answer)]).to.deep.equal([0xa5])
  })

  it('a delay keeps the answers in order', async () => {
    simulator.faults.add({ api: 'ListOffsets', times: 1, effect: { kind: 'delay', delayMs: 30 } })
    const order: string[] = []
    const slow = endOffset().then(() => order.push('slow'))
    const quick = endOffset().then(() => order.push('quick'))
    await Promise.all([slow, quick])
    expect(order).to.deep.equal(['slow', 'quick'])
  })

  it('a moved leader and a missing one show at once', async () => {
    simulator.cluster.moveLeader('t', 0, 2)
    expect((await endOffset())[0]).to.equal(KafkaError.notLeaderOrFollower)
    simulator.cluster.moveLeader('t', 0, -1)
    expect((await endOffset())[0]).to.equal(KafkaError.notLeaderOrFollower)
    simulator.cluster.moveLeader('t', 0, 1)
    expect(await endOffset()).to.deep.equal([KafkaError.none, 10])
  })

  it('a broker that is down cuts its connections, refuses new ones and comes back on its port', async () => {
    await simulator.stopBroker(1)
    await waitFor(() => connection.closed, 'the end of the connection')
    const [host = '', port = ''] = simulator.servers[0]!.split(':')
    const refused = connect({ host, port: Number(port) })
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).to.equal('ECONNREFUSED')
    expect(simulator.cluster.liveBrokers().map(({ id }) => id)).to.deep.equal([2])
    await simulator.startBroker(1)
    connection = await BrokerConnection.open(simulator.servers[0]!, 'test')
    expect(await endOffset()).to.deep.equal([KafkaError.none, 10])
  })

  it('a version that is not offered closes the connection, but ApiVersions answers with what there is', async () => {
    const answer = await connection.send({ apiKey: 18, apiVersion: 99, body: Buffer.alloc(0) })
    const reader = new WireReader(answer)
    expect(reader.int16()).to.equal(KafkaError.unsupportedVersion)
    const keys = reader.array(() => [reader.int16(), reader.int16(), reader.int16()])
    expect(keys).to.deep.include([fetchKey, 4, 12])
    await connection.send({ apiKey: fetchKey, apiVersion: 99, body: Buffer.alloc(0) }).then(
      () => expect.fail('answered'),
      error => expect(String(error)).to.include('closed')
    )
  })

  it('a request that ends too early closes the connection and nothing else', async () => {
    await connection.send({ apiKey: listOffsetsKey, apiVersion: 1, body: Buffer.alloc(2) }).then(
      () => expect.fail('answered'),
      error => expect(String(error)).to.include('closed')
    )
    connection = await BrokerConnection.open(simulator.servers[0]!, 'test')
    expect(await endOffset()).to.deep.equal([KafkaError.none, 10])
  })

  it('an empty fetch waits, and an append wakes it', async () => {
    expect(await fetchBytes(0, 20)).to.equal(0)
    const waiting = fetchBytes(0, 25_000)
    const behind = fetchBytes(0, 25_000) // in flight on the same connection, answered after
    await endOffset(await BrokerConnection.open(simulator.servers[0]!, 'other'))
    const group = ['a', 'b', 'c', 'd'].find(name => simulator.cluster.offsetsPartitionOf(name) === 0)!
    simulator.cluster.commit(group, 't', 0, 5)
    expect(await waiting).to.be.greaterThan(61)
    expect(await behind).to.be.greaterThan(61)
  })
})

function bodyOf(write: (writer: WireWriter) => void): Buffer {
  const writer = new WireWriter()
  write(writer)
  return Buffer.concat(writer.finish())
}
