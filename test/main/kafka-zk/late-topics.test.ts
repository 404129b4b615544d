import { expect } from 'chai'
import { LateTopics } from '../../../main/kafka-zk/late-topics.ts'
import { newGroup, newPartition, newTopic, type PartitionNode } from '../../../main/kafka-zk/zk-nodes.ts'
import { KeptStorage } from '../../support/kept-storage.ts'
import { waitFor } from '../../support/wait-for.ts'
import { keptLog } from '../../support/zookeeper-clients.ts'

describe('kafka_zk: late topics', () => {
  let storage: KeptStorage
  let late: LateTopics
  let told: PartitionNode[]
  let hasRoom: boolean

  beforeEach(() => {
    storage = new KeptStorage()
    told = []
    hasRoom = true
    const tell = (node: PartitionNode) => {
      if (hasRoom) told.push(node)
      return hasRoom
    }
    late = new LateTopics('local', storage, keptLog().logger, tell, { firstMs: 1, longestMs: 4 })
  })
  afterEach(() => late.stop())

  const node = (topic: string, partition: number) => newPartition(newTopic(newGroup('g'), topic), partition)

  it('tells a partition twice once storage has its end offset, and then no more', async () => {
    const [known, later] = [node('t', 0), node('t', 1)]
    storage.endsByTopic.set('t', [10, -1])
    late.add(known)
    late.add(later)
    await waitFor(() => late.waiting === 1, 'the known one')
    expect(told).to.deep.equal([known, known])
    storage.endsByTopic.set('t', [10, 5])
    await waitFor(() => late.waiting === 0, 'the later one')
    expect(told.slice(2)).to.deep.equal([later, later])
    const { asks } = storage
    const other = node('other', 0)
    late.add(other)
    await waitFor(() => storage.asks > asks, 'it to look again')
    expect(told.length).to.equal(4)
  })

  it('asks one question for all topics that are not there', async () => {
    for (let topic = 0; topic < 100; topic++) late.add(node(`gone-${topic}`, 0))
    await waitFor(() => storage.asks >= 3, 'three looks')
    expect(told).to.deep.equal([])
    expect(late.waiting).to.equal(100)
    expect(storage.asks).to.be.lessThan(50)
  })

  it('tells all of very many, and again what storage had no room for', async () => {
    const nodes = Array.from({ length: 3000 }, (_, partition) => node('t', partition))
    storage.endsByTopic.set(
      't',
      nodes.map(() => 1)
    )
    hasRoom = false
    for (const each of nodes) late.add(each)
    const { asks } = storage
    await waitFor(() => storage.asks > asks + 2, 'a look in vain')
    expect(late.waiting).to.equal(3000)
    hasRoom = true
    await waitFor(() => late.waiting === 0, 'all to be told')
    expect(told.length).to.equal(6000)
  })

  it('leaves alone what is gone, and stops', async () => {
    const gone = node('t', 0)
    storage.endsByTopic.set('t', [1])
    late.add(gone)
    late.delete(gone)
    const stays = node('t', 0)
    late.add(stays)
    await waitFor(() => late.waiting === 0, 'the other')
    expect(told).to.deep.equal([stays, stays])
    late.stop()
    late.add(node('t', 0))
    expect(late.waiting).to.equal(1)
  })
})
