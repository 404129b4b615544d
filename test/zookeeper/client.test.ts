import { expect } from 'chai'
import type { SessionState } from '../../main/zookeeper/session.ts'
import { BurrowError } from '../../shared/errors.ts'
import { freePort } from '../support/free-port.ts'
import { waitFor } from '../support/wait-for.ts'
import { useClients } from '../support/zookeeper-clients.ts'
import { TcpRelay } from '../support/zookeeper-relay.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (data: Uint8Array) => new TextDecoder().decode(data)

async function refusal(work: Promise<unknown>): Promise<BurrowError> {
  try {
    await work
  } catch (error) {
    expect(error).to.be.instanceOf(BurrowError)
    return error as BurrowError
  }
  throw new Error('was not refused')
}

describe('zookeeper: client', function () {
  this.timeout(60_000)
  const zookeeper = useZookeeper()
  const connect = useClients()

  it('creates, reads, lists, removes; the server says why it refuses', async () => {
    const client = await connect(zookeeper().server)
    expect(await client.exists('/plain')).to.equal(false)
    expect(await client.create('/plain', bytes('abc'), 'persistent')).to.equal('/plain')
    expect(await client.create('/plain/a-', bytes(''), 'ephemeral-sequential')).to.equal('/plain/a-0000000000')
    expect(await client.children('/plain')).to.deep.equal(['a-0000000000'])
    const { value, stat } = await client.getW('/plain')
    expect(text(value)).to.equal('abc')
    expect(stat!.mzxid).to.be.greaterThan(0)
    expect(Math.abs(stat!.mtimeMs - Date.now())).to.be.lessThan(60_000)
    expect((await refusal(client.getW('/none'))).facts.reason).to.equal('NO_NODE')
    expect((await refusal(client.create('/plain', bytes(''), 'persistent'))).facts.reason).to.equal('NODE_EXISTS')
    expect((await refusal(client.remove('/plain'))).facts.reason).to.equal('NOT_EMPTY')
    expect((await refusal(client.exists('no-slash'))).code).to.equal('ZOOKEEPER_REFUSED')
    expect(client.session.watches).to.equal(1) // of getW; refused calls leave none
    await client.remove('/plain/a-0000000000')
    await client.remove('/plain')
  })

  it('creates all segments of a path, whatever part is there (F15)', async () => {
    const client = await connect(zookeeper().server)
    await client.create('/upper', bytes(''), 'persistent')
    await client.createAll('/upper/middle/lower')
    expect(await client.exists('/upper/middle/lower')).to.equal(true)
    await client.createAll('/upper/middle/lower')
    await client.createAll('')
  })

  it('tells of each kind of change once', async () => {
    const client = await connect(zookeeper().server)
    const other = await ZookeeperTool.connect(zookeeper().server)
    const created = await client.existsW('/watched')
    expect(created.value).to.equal(false)
    await other.put('/watched', '1')
    expect(await created.changed).to.deep.equal({ type: 'created', path: '/watched' })
    const changed = await client.getW('/watched')
    await other.put('/watched', '2')
    expect((await changed.changed).type).to.equal('changed')
    const child = await client.childrenW('/watched')
    await other.put('/watched/child', '')
    expect((await child.changed).type).to.equal('child')
    const deleted = await client.existsW('/watched/child')
    await other.delete('/watched/child')
    expect((await deleted.changed).type).to.equal('deleted')
    await other.close()
  })

  it('goes on with the same session after the server was killed, and says that watches are gone', async () => {
    const client = await connect(zookeeper().server, 5000)
    await client.create('/ephemeral', bytes(''), 'ephemeral')
    const { changed } = await client.getW('/ephemeral')
    const lost = refusal(changed)
    await zookeeper().kill()
    expect((await lost).code).to.equal('ZOOKEEPER_UNAVAILABLE')
    expect((await refusal(client.exists('/'))).code).to.equal('ZOOKEEPER_UNAVAILABLE')
    await zookeeper().start()
    await client.session.connected()
    expect(client.session.number).to.equal(1)
    expect(await client.exists('/ephemeral')).to.equal(true)
  })

  it('begins a new session when the old one has ended', async () => {
    const relay = await TcpRelay.start(zookeeper().port)
    const client = await connect(relay.server)
    const states: SessionState[] = []
    client.session.onState(state => states.push(state))
    await client.create('/ends-with-session', bytes(''), 'ephemeral')
    relay.cut()
    const { id, password } = client.session.identity!
    const thief = await ZookeeperTool.connect(zookeeper().server, { id, password })
    await thief.close()
    await waitFor(() => client.session.number === 2, 'the second session')
    expect(states).to.include('expired')
    expect(states.at(-1)).to.equal('connected')
    expect(await client.exists('/ends-with-session')).to.equal(false)
    await relay.stop()
  })

  it('notices a peer that is silent, before the server can have ended the session', async () => {
    const relay = await TcpRelay.start(zookeeper().port)
    const client = await connect(relay.server)
    await client.create('/silent', bytes(''), 'ephemeral')
    const other = await connect(zookeeper().server)
    const unsafe = new Promise<void>(resolve => {
      client.session.onState(state => state === 'unsafe' && resolve())
    })
    const pending: Promise<unknown>[] = []
    relay.blackHole()
    pending.push(refusal(client.exists('/')))
    await unsafe
    expect(await other.exists('/silent')).to.equal(true)
    expect(client.session.safe).to.equal(false)
    await Promise.all(pending)
    await waitFor(async () => !(await other.exists('/silent')), 'the end of the silent session')
    relay.heal()
    await waitFor(() => client.session.number === 2, 'a new session')
    await relay.stop()
  })

  it('goes to the next server when one does not answer, or is not there', async () => {
    const relay = await TcpRelay.start(zookeeper().port)
    relay.blackHole()
    const servers = [`127.0.0.1:${await freePort()}`, relay.server, zookeeper().server]
    const client = await connect(servers.join(','))
    expect(await client.exists('/')).to.equal(true)
    await relay.stop()
  })

  it('a watch on a connection that has ended is refused even if the session lives on', async () => {
    const relay = await TcpRelay.start(zookeeper().port)
    const client = await connect(relay.server)
    const { changed } = await client.existsW('/never')
    expect(client.session.watches).to.equal(1)
    relay.cut()
    expect((await refusal(changed)).code).to.equal('ZOOKEEPER_UNAVAILABLE')
    await client.session.connected()
    expect([client.session.number, client.session.connections, client.session.watches]).to.deep.equal([1, 2, 0])
    await relay.stop()
  })

  it('starts when the server does, and closes at any moment', async () => {
    await zookeeper().kill()
    const early = connect(zookeeper().server)
    await zookeeper().start()
    const client = await early
    expect(await client.exists('/')).to.equal(true)
    await client.create('/closed', bytes(''), 'ephemeral')
    await client.close()
    expect((await refusal(client.exists('/'))).code).to.equal('ZOOKEEPER_UNAVAILABLE')
    expect((await refusal(client.session.connected())).code).to.equal('ZOOKEEPER_UNAVAILABLE')
    const other = await connect(zookeeper().server)
    expect(await other.exists('/closed')).to.equal(false)
    const relay = await TcpRelay.start(zookeeper().port)
    const silent = await connect(relay.server)
    relay.blackHole()
    await silent.close()
    await relay.stop()
  })
})
