import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { expect } from 'chai'
import {
  commandsPerMessageMax,
  StoragePort,
  waitingAsksMax,
  waitingCommandsMax
} from '../../../shared/actor/actor-ref.ts'
import {
  type Ask,
  type Commands,
  fetchDirectories,
  type ToStorage,
  unackedMax
} from '../../../shared/actor/storage-messages.ts'
import { Counters, createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import { StorageRequestConstant as Code, type SetDeleteGroup } from '../../../shared/protocol/storage.ts'
import { waitFor } from '../../support/wait-for.ts'

const fetchClusters = { type: Code.FetchClusters } as const
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    error => error.code
  )
const deletions = (count: number): SetDeleteGroup[] =>
  Array.from({ length: count }, (_, i) => ({ type: Code.SetDeleteGroup, cluster: 'c', group: `g${i}` }))

describe('storage port', () => {
  let theirs: MessagePort
  let storage: StoragePort
  let received: ToStorage[]
  const block = createCounterBlock()
  let closes: number

  beforeEach(() => {
    const channel = new MessageChannel()
    theirs = channel.port2
    received = []
    closes = 0
    theirs.on('message', (message: ToStorage) => received.push(message))
    storage = new StoragePort(channel.port1, undefined, { counters: new Counters(block), onClose: () => closes++ })
  })

  afterEach(() => {
    storage.close()
    theirs.close()
  })

  const asks = () => received.filter((message): message is Ask => message.kind === 'ask')
  const commands = () => received.filter((message): message is Commands => message.kind === 'commands')

  it('matches answers to questions by number, in any order', async () => {
    const first = storage.ask(fetchClusters)
    const second = storage.ask({ type: Code.FetchTopics, cluster: 'c' })
    await waitFor(() => asks().length === 2, 'two questions')
    theirs.postMessage({ kind: 'reply', id: asks()[1]!.id, value: null })
    theirs.postMessage({ kind: 'reply', id: asks()[0]!.id, value: ['c'] })
    expect(await second).to.equal(null)
    expect(await first).to.deep.equal(['c'])
  })

  it('attaches a slab before the answer that names it', async () => {
    const question = storage.ask({ type: fetchDirectories, cluster: 'c', groups: ['g'] })
    await waitFor(() => asks().length === 1, 'the question')
    theirs.postMessage({ kind: 'slab', id: 0, buffer: new SharedArrayBuffer(64) })
    theirs.postMessage({
      kind: 'reply',
      id: asks()[0]!.id,
      value: [{ words: { slab: 0, at: 0 }, version: 1, topics: [] }]
    })
    const [directory] = (await question)!
    expect(storage.slabs.get(directory!.words.slab).buffer.byteLength).to.equal(64)
  })

  it('refuses past the deadline, and counts and drops the late answer', async () => {
    expect(await codeOf(storage.ask(fetchClusters, { deadlineMs: 5 }))).to.equal('DEADLINE_EXCEEDED')
    await waitFor(() => asks().length === 1, 'the question')
    const before = sumCounters([block]).late_answers
    theirs.postMessage({ kind: 'reply', id: asks()[0]!.id, value: [] })
    await waitFor(() => sumCounters([block]).late_answers === before + 1, 'the late answer')
  })

  it('refuses everyone when the other end closes, and whoever comes later', async () => {
    const waiting = [codeOf(storage.ask(fetchClusters)), codeOf(storage.ask(fetchClusters))]
    theirs.close()
    expect(await Promise.all(waiting)).to.deep.equal(['STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE'])
    expect(await codeOf(storage.ask(fetchClusters))).to.equal('STORAGE_UNAVAILABLE')
    expect(() => storage.tell(deletions(1)))
      .to.throw()
      .with.property('code', 'STORAGE_UNAVAILABLE')
    expect(storage.isClosed).to.equal(true)
    expect(closes).to.equal(1)
  })

  it('refuses everyone when it is closed here', async () => {
    const waiting = codeOf(storage.ask(fetchClusters))
    storage.close()
    expect(await waiting).to.equal('STORAGE_UNAVAILABLE')
  })

  it('refuses a question when too many wait', async () => {
    const waiting = Array.from({ length: waitingAsksMax }, () => codeOf(storage.ask(fetchClusters)))
    expect(await codeOf(storage.ask(fetchClusters))).to.equal('QUEUE_FULL')
    storage.close()
    expect(new Set(await Promise.all(waiting))).to.deep.equal(new Set(['STORAGE_UNAVAILABLE']))
  })

  it('keeps commands back without credit and then sends them together, in order', async () => {
    const all = deletions(unackedMax + 5)
    for (const command of all) storage.tell([command])
    await waitFor(() => commands().length === unackedMax, 'all that credit allows')
    theirs.postMessage({ kind: 'ack', sequence: 0 })
    await waitFor(() => commands().length === unackedMax + 1, 'the rest')
    expect(commands().map(({ sequence }) => sequence)).to.deep.equal([...Array(unackedMax + 1).keys()])
    expect(commands().flatMap(message => message.commands)).to.deep.equal(all)
  })

  it('cuts many commands into messages', async () => {
    const all = deletions(2 * commandsPerMessageMax + 1)
    storage.tell(all)
    await waitFor(() => commands().length === 3, 'three messages')
    expect(commands().map(message => message.commands.length)).to.deep.equal([
      commandsPerMessageMax,
      commandsPerMessageMax,
      1
    ])
  })

  it('refuses commands past its bound, none of them sent', async () => {
    const [one] = deletions(1)
    for (let i = 0; i < unackedMax; i++) storage.tell([one!])
    storage.tell(new Array(waitingCommandsMax).fill(one))
    expect(() => storage.tell([one!]))
      .to.throw()
      .with.property('code', 'QUEUE_FULL')
  })
})
