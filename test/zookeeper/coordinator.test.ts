import { readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { expect } from 'chai'
import { defaultStartBoundMs, ZookeeperCoordinator } from '../../main/zookeeper/zookeeper-coordinator.ts'
import type { ApplicationContext } from '../../shared/protocol/application-context.ts'
import type { ZookeeperSettings } from '../../shared/settings.ts'
import { caPem, serverKey, serverPem } from '../main/config/pem-samples.ts'
import { freePort } from '../support/free-port.ts'
import { KeptStorage } from '../support/kept-storage.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { keptLog } from '../support/zookeeper-clients.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'

describe('zookeeper: coordinator', function () {
  this.timeout(60_000)
  const zookeeper = useZookeeper()
  const stops: (() => unknown)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop()
  })

  /** With a server that is there, `start` may wait for it as long as a slow host needs. */
  function build(settings: Partial<ZookeeperSettings> = {}, startBoundMs: number = 30_000) {
    const { logger, lines } = keptLog()
    const context: ApplicationContext = {
      logger,
      configurationValid: true,
      zookeeper: null,
      zookeeperRoot: '',
      zookeeperConnected: false,
      storage: new KeptStorage(),
      evaluator: { ask: () => Promise.reject(new Error('not asked here')) },
      ready: true
    }
    const defaults = { servers: [zookeeper().server], timeoutSeconds: 2, rootPath: '/burrow/dc1', tls: null }
    const coordinator = new ZookeeperCoordinator({
      settings: { ...defaults, ...settings },
      context,
      logger,
      startBoundMs
    })
    stops.push(() => coordinator.stop())
    return { coordinator, context, lines }
  }
  const said = (lines: readonly { message: string }[]) => lines.map(line => line.message)

  it('creates the root path and offers locks under it; gives all back when it stops', async () => {
    const { coordinator, context } = build()
    coordinator.configure()
    expect(context.zookeeper).to.equal(null)
    await coordinator.start()
    expect([context.zookeeperRoot, context.zookeeperConnected]).to.deep.equal(['/burrow/dc1', true])
    expect(await context.zookeeper!.exists('/burrow/dc1')).to.equal(true)
    const lock = coordinator.newLock('notifier')
    await lock.lock()
    const tool = await ZookeeperTool.connect(zookeeper().server)
    expect((await tool.children('/burrow/dc1/notifier')).length).to.equal(1)
    await coordinator.stop()
    expect(await tool.children('/burrow/dc1/notifier')).to.deep.equal([])
    expect(lock.held).to.equal(false)
    expect([context.zookeeper, context.zookeeperConnected]).to.deep.equal([null, false])
    await tool.close()
  })

  it('the root itself needs no creation', async () => {
    const { coordinator, context } = build({ rootPath: '/' })
    coordinator.configure()
    await coordinator.start()
    expect(context.zookeeperRoot).to.equal('')
    const lock = coordinator.newLock('notifier')
    await lock.lock()
    expect(await context.zookeeper!.exists('/notifier')).to.equal(true)
  })

  it('says when the session expires and when the next one starts; a broken connection changes nothing', async () => {
    const { coordinator, context, lines } = build()
    coordinator.configure()
    await coordinator.start()
    const client = context.zookeeper!
    await zookeeper().kill()
    await waitFor(() => coordinator.state === 'disconnected', 'the connection to break')
    expect(context.zookeeperConnected).to.equal(true)
    await waitFor(() => coordinator.state === 'expired', 'the session to be given up', 20_000)
    expect(context.zookeeperConnected).to.equal(false)
    expect(said(lines)).to.include('session expired').and.not.include('starting session')
    await zookeeper().start()
    await waitFor(() => context.zookeeperConnected, 'the next session', 20_000)
    expect(said(lines).at(-1)).to.equal('starting session')
    expect(await client.exists('/burrow/dc1')).to.equal(true)
  })

  it('starts without a server, and comes to it later', async () => {
    await zookeeper().kill()
    const { coordinator, context, lines } = build({ rootPath: '/late' }, defaultStartBoundMs)
    coordinator.configure()
    await coordinator.start()
    expect(context.zookeeperConnected).to.equal(false)
    expect(said(lines)).to.include('ZooKeeper cannot be reached, notifiers wait for it')
    await zookeeper().start()
    await waitFor(() => context.zookeeperConnected, 'the session', 20_000)
    await waitFor(() => context.zookeeper!.exists('/late'), 'the root path')
  })

  it('a root path that may not be created ends the start', async () => {
    const tool = await ZookeeperTool.connect(zookeeper().server)
    stops.push(() => tool.close())
    await tool.put('/closed', '')
    await tool.forbidCreating('/closed')
    const { coordinator, lines } = build({ rootPath: '/closed/burrow' })
    coordinator.configure()
    const outcome = await coordinator.start().then(
      () => 'started',
      error => error.facts.reason
    )
    expect(outcome).to.equal('NO_AUTH')
    expect(said(lines)).to.include('cannot create root path')
  })

  describe('over TLS', () => {
    async function front(): Promise<string> {
      const port = await freePort()
      const server: Server = createServer({ cert: serverPem, key: serverKey }, near => {
        const far = createConnection({ host: '127.0.0.1', port: zookeeper().port })
        near.pipe(far).pipe(near)
        near.on('error', () => far.destroy())
        far.on('error', () => near.destroy())
        stops.push(() => near.destroy())
      })
      await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
      stops.push(() => server.close())
      return `localhost:${port}`
    }
    const tls = (pem: string) => {
      const caFile = join(tempFolder('zookeeper-tls'), 'ca.pem')
      writeFileSync(caFile, pem)
      expect(readFileSync(caFile, 'utf8')).to.equal(pem)
      return { name: 'zk', certFile: '', keyFile: '', caFile, noVerify: false }
    }

    it('works when the certificate is known', async () => {
      const { coordinator, context } = build({ servers: [await front()], tls: tls(caPem) })
      coordinator.configure()
      await coordinator.start()
      expect(context.zookeeperConnected).to.equal(true)
      expect(await context.zookeeper!.exists('/burrow/dc1')).to.equal(true)
    })

    it('a certificate that nobody vouches for is no ZooKeeper', async () => {
      const { coordinator, context, lines } = build(
        { servers: [await front()], tls: { ...tls(caPem), caFile: '' } },
        defaultStartBoundMs
      )
      coordinator.configure()
      await coordinator.start()
      expect(context.zookeeperConnected).to.equal(false)
      const reasons = lines
        .filter(line => line.message === 'no connection to ZooKeeper')
        .map(line => line.fields.reason)
      expect(String(reasons[0])).to.match(/certificate/)
    })
  })
})
