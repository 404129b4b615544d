import { expect } from 'chai'
import { StoragePort } from '../../shared/actor/actor-ref.ts'
import { packedRecordsMax } from '../../shared/actor/packed-batch.ts'
import { fetchDirectories } from '../../shared/actor/storage-messages.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { readRun, readWindow } from '../../shared/ring/ring-reader.ts'
import { baseMs } from '../support/storage-fixture.ts'
import { commitRecord, endOffsetRecord } from '../support/storage-peer.ts'
import { storageRandomWalk } from '../support/storage-random-walk.ts'
import { StorageThread } from '../support/storage-thread.ts'
import { playVector, storageVectors } from '../support/storage-vectors.ts'

const fetchClusters = { type: Code.FetchClusters } as const
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    error => error.code
  )

describe('storage thread', () => {
  let thread: StorageThread
  afterEach(() => thread.end())

  describe('the recorded behaviour of the original', () => {
    for (const vector of storageVectors) {
      it(vector.name, async () => {
        thread = await StorageThread.start({ intervals: vector.intervals, minDistanceSeconds: vector.minDistance })
        await playVector(vector, thread.peer(), 'batches')
      })
    }
  })

  it('serves several ports: one writes, another reads the rings in place', async () => {
    thread = await StorageThread.start({ intervals: 3 })
    const writer = thread.peer()
    writer.names([
      { group: null, topic: 't' },
      { group: 'g', topic: 't' }
    ])
    writer.batch([endOffsetRecord(0, 0, 1, 100), commitRecord(1, 0, 1, 60, baseMs)])
    await writer.ask(fetchClusters)
    const reader = new StoragePort(thread.dial())
    const [directory] = (await reader.ask({ type: fetchDirectories, cluster: 'c', groups: ['g'] }))!
    const offsets: (number | undefined)[] = []
    const outcome = readRun(reader.slabs, directory!.topics[0]!.windows, (slab, run) => {
      offsets.splice(0, Infinity, ...readWindow(slab, run, 0, 3).map(commit => commit?.offset))
    })
    expect([outcome, offsets]).to.deep.equal(['ok', [undefined, undefined, 60]])
    reader.tell([{ type: Code.SetDeleteGroup, cluster: 'c', group: 'g' }])
    expect(await reader.ask({ type: Code.FetchConsumers, cluster: 'c' })).to.deep.equal([])
    expect(readRun(reader.slabs, directory!.topics[0]!.windows, () => {})).to.equal('moved')
    reader.close()
  })

  it('refuses those who wait when it is killed', async () => {
    thread = await StorageThread.start()
    const busy = thread.peer()
    busy.names([
      { group: null, topic: 't' },
      { group: 'g', topic: 't' }
    ])
    busy.batch([endOffsetRecord(0, 0, 1, 100)])
    const records = Array.from({ length: packedRecordsMax }, (_, i) => commitRecord(1, 0, i, i, baseMs))
    const port = new StoragePort(thread.dial())
    await port.ask(fetchClusters)
    for (let i = 0; i < 200; i++) busy.batch(records)
    const waiting = [codeOf(port.ask(fetchClusters)), codeOf(port.ask(fetchClusters))]
    const terminated = thread.worker.terminate()
    expect(await Promise.all(waiting)).to.deep.equal(['STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE'])
    await terminated
    expect(await codeOf(port.ask(fetchClusters))).to.equal('STORAGE_UNAVAILABLE')
  })

  it('stops when asked: answers the call, closes its ports and ends', async () => {
    thread = await StorageThread.start()
    let closed = () => {}
    const portClosed = new Promise<void>(resolve => {
      closed = resolve
    })
    const port = new StoragePort(thread.dial(), undefined, { onClose: closed })
    await port.ask(fetchClusters)
    expect(await thread.control.stats()).to.include({ groups: 0, topics: 0, connected: 1 })
    await thread.control.stop()
    await portClosed
    expect(await thread.exited).to.equal(0)
    expect(thread.errors).to.deep.equal([])
  })

  it('says what it does in the log of main', async () => {
    thread = await StorageThread.start()
    await thread.peer().ask(fetchClusters)
    const logs = thread.messages.flatMap(message => (message.kind === 'log' ? [message.record] : []))
    expect(logs).to.have.length(1)
    expect(logs[0]).to.deep.include({ level: 'debug', fields: { thread: 'storage-0', shard: 0, epoch: 1, ports: 1 } })
  })

  it('dies of what no peer may send', async () => {
    thread = await StorageThread.start()
    const peer = thread.peer()
    peer.batch([commitRecord(1, 0, 1, 1, baseMs)])
    expect(await thread.exited).to.equal(1)
    expect(thread.errors.map(error => error.message)).to.deep.equal(['key 1 was never named on this port'])
  })

  it('dies of a port meant for another shard', async () => {
    thread = await StorageThread.start()
    thread.dial(1)
    expect(await thread.exited).to.equal(1)
  })
})

describe('storage actor against the model of spec 02, at length', () => {
  const walks = 200
  const stepsPerWalk = 1000

  it(`stays the same over ${walks} random walks of ${stepsPerWalk} steps`, async () => {
    for (let seed = 1000; seed < 1000 + walks; seed++) await storageRandomWalk(seed, stepsPerWalk)
  }).timeout(180_000)
})
