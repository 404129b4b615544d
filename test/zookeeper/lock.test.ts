import { expect } from 'chai'
import { waitFor } from '../support/wait-for.ts'
import { useClients } from '../support/zookeeper-clients.ts'
import { Contender, type Hold, overlaps } from '../support/zookeeper-contender.ts'
import { TcpRelay } from '../support/zookeeper-relay.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'

describe('zookeeper: lock', function () {
  this.timeout(60_000)
  const zookeeper = useZookeeper()
  const connect = useClients()
  const contenders: Contender[] = []
  let holds: Hold[] = []
  let paths = 0
  let path = ''

  beforeEach(() => {
    holds = []
    path = `/burrow/lock-${paths++}/notifier`
  })
  afterEach(async () => {
    await Promise.all(contenders.splice(0).map(each => each.stop()))
    expect(overlaps(holds)).to.deep.equal([])
  })

  async function contend(who: string, server = zookeeper().server): Promise<Contender> {
    const contender = new Contender(who, await connect(server), path, holds)
    contenders.push(contender)
    return contender
  }
  const holder = () => {
    const holding = contenders.filter(each => each.holding)
    expect(holding.length).to.be.lessThan(2)
    return holding[0]
  }
  const toHold = (contender: Contender) => waitFor(() => holder() === contender, `${contender.who} to hold`, 15_000)

  it('is held by one of two, creates what is missing above it, and is passed on', async () => {
    const a = await connect(zookeeper().server)
    const b = await connect(zookeeper().server)
    const lockA = a.newLock(path)
    const lockB = b.newLock(path)
    await lockA.lock()
    expect(lockA.held).to.equal(true)
    let second = false
    const waiting = lockB.lock().then(() => {
      second = true
    })
    await waitFor(async () => (await a.children(path)).length === 2, 'the second node')
    for (const name of await a.children(path)) expect(name).to.match(/^_c_[0-9a-f]{32}-lock-\d{10}$/)
    expect(second).to.equal(false)
    const again = await lockA.lock().then(
      () => 'taken twice',
      () => 'refused'
    )
    expect(again).to.equal('refused')
    await lockA.unlock()
    expect(lockA.held).to.equal(false)
    await waiting
    expect(lockB.held).to.equal(true)
    const twice = await lockA.unlock().then(
      () => 'unlocked twice',
      () => 'refused'
    )
    expect(twice).to.equal('refused')
  })

  it('goes round among three, one at a time', async () => {
    for (const who of ['a', 'b', 'c']) await contend(who)
    for (let turn = 0; turn < 30; turn++) {
      const current = await waitFor(holder, 'a holder')
      const before = holds.length
      current.leave()
      await waitFor(() => holds.length > before, 'the next holder')
    }
    expect(new Set(holds.map(hold => hold.who)).size).to.equal(3)
  })

  it('passes on in the order of the queue, and wakes only the neighbour', async () => {
    const inQueue = (count: number) =>
      waitFor(async () => (await a.client.children(path)).length === count, `${count} in the queue`)
    const a = await contend('a')
    await toHold(a)
    const b = await contend('b')
    await inQueue(2)
    const c = await contend('c')
    await inQueue(3)
    await waitFor(() => c.client.session.watches === 1, 'the third to wait')
    let looks = 0
    const children = c.client.children.bind(c.client)
    c.client.children = at => {
      looks++
      return children(at)
    }
    a.leave()
    await toHold(b)
    await inQueue(3)
    expect(looks).to.equal(0)
    b.leave()
    await toHold(c)
    expect(looks).to.equal(1)
  })

  it('moves when the holder goes silent, before another can hold; the silent one queues again', async () => {
    const relay = await TcpRelay.start(zookeeper().port)
    const a = await contend('a', relay.server)
    await toHold(a)
    const b = await contend('b')
    relay.blackHole()
    await toHold(b)
    expect(a.lock.held).to.equal(false)
    relay.heal()
    await waitFor(() => a.client.session.number === 2, 'a new session')
    expect(holder()).to.equal(b)
    b.leave()
    await toHold(a)
    await relay.stop()
  })

  it('stays with the holder over a broken connection', async () => {
    const relay = await TcpRelay.start(zookeeper().port)
    const a = await contend('a', relay.server)
    await toHold(a)
    const b = await contend('b', relay.server)
    const connections = a.client.session.connections
    relay.cut()
    await waitFor(() => a.client.session.connections > connections, 'the next connection')
    await waitFor(() => b.client.session.state === 'connected', 'the other too')
    expect(holder()).to.equal(a)
    expect(holds.length).to.equal(1)
    a.leave()
    await toHold(b)
    await relay.stop()
  })

  it('is lost when the session is ended from elsewhere, and is taken again', async () => {
    const a = await contend('a')
    await toHold(a)
    const { id, password } = a.client.session.identity!
    const thief = await ZookeeperTool.connect(zookeeper().server, { id, password })
    await thief.close()
    await waitFor(() => holds.length === 2, 'the second hold')
    await toHold(a)
    expect(a.client.session.number).to.equal(2)
  })

  it('a server that stands still for longer than the session: nobody holds meanwhile, one afterwards', async () => {
    for (const who of ['a', 'b', 'c']) await contend(who)
    await waitFor(holder, 'a holder')
    zookeeper().pause()
    await waitFor(() => holder() === undefined, 'nobody to hold', 15_000)
    await waitFor(() => contenders.every(each => each.client.session.state === 'expired'), 'all to give up', 15_000)
    zookeeper().resume()
    await waitFor(holder, 'a holder', 20_000)
  })

  it('a server that stands still for less than the session: stale nodes go, and one holds again', async () => {
    for (const who of ['a', 'b', 'c']) await contend(who)
    await waitFor(holder, 'a holder')
    zookeeper().pause()
    await waitFor(() => contenders.every(each => each.client.session.state === 'unsafe'), 'all to be unsure')
    zookeeper().resume()
    const current = await waitFor(holder, 'a holder', 20_000)
    await waitFor(async () => (await current.client.children(path)).length === 3, 'one node each', 10_000)
  })

  it('a server that is killed and started: nobody holds meanwhile, one afterwards', async () => {
    for (const who of ['a', 'b', 'c']) await contend(who)
    await waitFor(holder, 'a holder')
    await zookeeper().kill()
    await waitFor(() => holder() === undefined, 'nobody to hold', 15_000)
    await zookeeper().start()
    await waitFor(holder, 'a holder', 20_000)
  })

  it('finds its node again when the answer to the creation was lost', async () => {
    const relay = await TcpRelay.start(zookeeper().port)
    const client = await connect(relay.server)
    const watcher = await connect(zookeeper().server)
    await watcher.createAll(path)
    const { changed } = await watcher.childrenW(path)
    const lock = client.newLock(path)
    relay.dropAnswers()
    const locking = lock.lock()
    await changed
    relay.heal()
    await locking
    expect(lock.held).to.equal(true)
    expect(client.session.number).to.equal(1)
    expect((await watcher.children(path)).length).to.equal(1)
    await relay.stop()
  })

  it('a node whose name is no lock node is an error, and the own node does not stay', async () => {
    const client = await connect(zookeeper().server)
    await client.createAll(`${path}/stranger`)
    const outcome = await client
      .newLock(path)
      .lock()
      .then(
        () => 'locked',
        error => error.code
      )
    expect(outcome).to.equal('PROTOCOL_DECODE')
    await waitFor(async () => (await client.children(path)).length === 1, 'the own node to go')
  })
})
