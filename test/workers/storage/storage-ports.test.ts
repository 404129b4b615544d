import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { expect } from 'chai'
import { appliedToIndex, createPositionTable } from '../../../shared/actor/position-table.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { StoragePorts } from '../../../workers/storage/storage-ports.ts'
import { baseMs, StorageFixture } from '../../support/storage-fixture.ts'
import { commitRecord, endOffsetRecord, StoragePeer } from '../../support/storage-peer.ts'
import { waitFor } from '../../support/wait-for.ts'

const fetchClusters = { type: Code.FetchClusters } as const

describe('ports of a storage shard', () => {
  const table = createPositionTable(1)
  let fixture: StorageFixture
  let ports: StoragePorts
  let ours: MessagePort[]

  beforeEach(() => {
    fixture = new StorageFixture({ positionTables: [table.buffer] })
    ports = new StoragePorts(fixture.actor)
    ours = []
  })
  afterEach(() => {
    for (const port of ours) port.close()
  })

  const dial = () => {
    const { port1, port2 } = new MessageChannel()
    ours.push(port1)
    ports.serve(port2)
    return port1
  }

  it('are served independently and forgotten when they close', async () => {
    const [first, second] = [StoragePeer.overPort(dial()), StoragePeer.overPort(dial())]
    expect(await first.ask(fetchClusters)).to.deep.equal(['c'])
    ours[0]!.close()
    await waitFor(() => ports.count === 1, 'the first port to be forgotten')
    expect(await second.ask(fetchClusters)).to.deep.equal(['c'])
    expect(fixture.actor.stats().connected).to.equal(2) // the fixture's own peer and the second port
  })

  it('have what a dead peer sent applied, in order, before a newer port is served', () => {
    const dead = StoragePeer.overPort(dial())
    dead.names([
      { group: null, topic: 't' },
      { group: 'g', topic: 't' }
    ])
    dead.batch([endOffsetRecord(0, 0, 1, 100)])
    for (let n = 1; n <= 20; n++) {
      const positions = { consumer: 0, partitions: [0], appliedTo: [n], resumeFrom: [n] }
      dead.batch([commitRecord(1, 0, n, n, baseMs + n)], positions)
    }
    ours[0]!.close()
    dial() // in the same turn of the event loop: nothing was delivered yet
    expect(new Float64Array(table.buffer)[appliedToIndex(0, 0)]).to.equal(20)
    expect(fixture.count('stored_commits')).to.equal(20)
  })

  it('have their questions answered between two big batches of another', async () => {
    const reader = StoragePeer.overPort(dial())
    const asker = StoragePeer.overPort(dial())
    reader.names([{ group: null, topic: 't' }])
    for (let n = 1; n <= 16; n++) reader.batch(Array.from({ length: 1024 }, () => endOffsetRecord(0, 0, 1, n)))
    expect(await asker.ask({ type: Code.FetchTopic, cluster: 'c', topic: 't' })).to.deep.equal([1])
  })

  it('close all together', async () => {
    const port = dial()
    let closed = false
    port.on('close', () => {
      closed = true
    })
    ports.close()
    await waitFor(() => closed, 'our end to close')
    await waitFor(() => ports.count === 0, 'the port to be forgotten')
  })
})
