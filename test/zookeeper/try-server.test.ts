import { expect } from 'chai'
import { tryZookeeper } from '../../main/zookeeper/try-server.ts'
import { freePort } from '../support/free-port.ts'
import { waitFor } from '../support/wait-for.ts'
import { useClients } from '../support/zookeeper-clients.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'

const none = new Uint8Array(0)

describe('zookeeper: one try of a server', function () {
  this.timeout(60_000)
  const zookeeper = useZookeeper()
  const connect = useClients()
  const attempt = (reads: readonly string[], writes: readonly string[], server = zookeeper().server) =>
    tryZookeeper({ server, tls: null, sessionTimeoutMs: 4_000, deadlineMs: 5_000 }, reads, writes)

  it('says what may be done with each path, and leaves no node and no session', async () => {
    const client = await connect(zookeeper().server)
    for (const path of ['/open', '/closed', '/full']) await client.create(path, none, 'persistent')
    const tool = await ZookeeperTool.connect(zookeeper().server)
    await tool.forbidReading('/closed')
    await tool.forbidCreating('/full')
    await tool.close()
    const connections = async () => /Connections: (\d+)/.exec(await zookeeper().ask('srvr'))?.[1]
    await waitFor(async () => (await connections()) === '2', 'the tool to be gone') // the client, and who asks
    const answers = await attempt(['/open', '/none', '/closed'], ['/', '/full', '/nowhere'])
    expect(Object.fromEntries(answers)).to.deep.equal({
      '/open': 'read',
      '/none': 'no node',
      '/closed': 'read refused',
      '/': 'write',
      '/full': 'write refused',
      '/nowhere': 'no node'
    })
    expect(await client.children('/full')).to.deep.equal([])
    expect((await client.children('/')).filter(name => name.startsWith('burrow-check'))).to.deep.equal([])
    await waitFor(async () => (await connections()) === '2', 'the session to be gone')
  })

  it('says why there is no session', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    const refused = await attempt([], [], nobody).catch((error: Error) => error)
    expect(refused).to.include({ code: 'ZOOKEEPER_UNAVAILABLE' })
    expect(refused).to.have.property('message').that.contains('ECONNREFUSED')
  })
})
