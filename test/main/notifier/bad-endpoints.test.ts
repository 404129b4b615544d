import { createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { NotifierCoordinator } from '../../../main/notifier/notifier-coordinator.ts'
import type { NotifierSettings } from '../../../shared/notifier-settings.ts'
import type { StorageRef } from '../../../shared/protocol/application-context.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { packVerdict } from '../../../shared/verdict.ts'
import { waitFor } from '../../support/wait-for.ts'
import { emailSettings, groupStatus, HandClock, httpSettings, kept, templateFile } from './fake-parts.ts'
import { type LocalHttpServer, localHttpServer } from './local-http-server.ts'

/** Real notifiers over real sockets, one endpoint of each bad kind beside one that works. The clock is moved by hand. */
describe('main/notifier: bad endpoints beside a good one', () => {
  const httpServers: LocalHttpServer[] = []
  const rawServers: { server: Server; sockets: Set<Socket> }[] = []
  let coordinator: NotifierCoordinator | null = null

  afterEach(async () => {
    await coordinator?.stop()
    for (const { server, sockets } of rawServers.splice(0)) {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    }
    for (const server of httpServers.splice(0)) await server.close()
  })

  async function http(...parameters: Parameters<typeof localHttpServer>): Promise<LocalHttpServer> {
    const server = await localHttpServer(...parameters)
    httpServers.push(server)
    return server
  }

  /** Port of a server that does this with every connection. */
  async function raw(onSocket: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>()
    const server = createServer(socket => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      onSocket(socket)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    rawServers.push({ server, sockets })
    return (server.address() as { port: number }).port
  }

  it('the good one hears every open, reminder and close in time, and the process stops in time', async () => {
    const good = await http()
    const refuses = await http(response => response.writeHead(500).end('down'))
    const circles = await http(response => response.writeHead(307, { location: '/again' }).end())
    const loses = await http(response => response.writeHead(302, { location: good.url }).end())
    let hung = 0
    const hangs = await raw(() => hung++)
    const resets = await raw(socket => socket.once('data', () => socket.resetAndDestroy()))
    const drips = await raw(socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n1'))
    const deafMail = await raw(() => undefined)

    const template = templateFile('{{.ID}} {{.Result.Status}}')
    const common = { sendClose: true, templateOpen: template, templateClose: template, timeoutSeconds: 3600 }
    const to = (name: string, url: string): NotifierSettings =>
      httpSettings({ ...common, name, urlOpen: `${url}/open`, urlClose: `${url}/close` })
    const at = (port: number) => `http://127.0.0.1:${port}`
    const clock = new HandClock()
    const { logger, counterBlock, counts } = kept()
    let status: StatusConstant = StatusConstant.Warning
    coordinator = new NotifierCoordinator({
      notifiers: [
        to('hangs', at(hangs)),
        to('resets', at(resets)),
        to('drips', at(drips)),
        to('refuses', refuses.url),
        to('circles', circles.url),
        to('loses', loses.url),
        emailSettings({ ...common, name: 'deaf mail', port: deafMail }),
        to('good', good.url)
      ],
      storage: storageWith(['g1']),
      evaluator: { verdict: async ({ group }) => packVerdict(groupStatus(status, { group })) },
      leadership: {
        acquire: async () => ({ held: true, lost: new Promise(() => undefined), release: async () => undefined })
      },
      clock,
      logger,
      counters: counterBlock,
      isReady: () => true,
      random: () => 0,
      drainMs: 50
    })
    coordinator.configure()
    await coordinator.start()
    const ofGood = () => good.received.map(({ url, body }) => `${url} ${body.slice(37)}`)
    /** One more minute, until the good one has heard `count` messages in all. */
    const heard = async (count: number) => {
      const until = clock.ms + 60_001
      await waitFor(() => {
        if (clock.ms < until) clock.ms += 5000
        coordinator!.tick()
        return good.received.length >= count
      }, `${count} messages`)
    }
    await heard(1)
    await waitFor(() => hung > 0, 'the one that hangs')
    await heard(2)
    await heard(3)
    status = StatusConstant.OK
    await heard(4)
    expect(ofGood()).to.deep.equal(['/open WARN', '/open WARN', '/open WARN', '/close OK'])
    expect(new Set(good.received.map(({ body }) => body.slice(0, 36))).size, 'incidents').to.equal(1)
    expect(good.received[0]!.body).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} /)
    expect(refuses.received.length, 'tries of what is refused').to.be.greaterThan(1)
    expect(counts().notifications_sent).to.equal(4)
    expect(counts().notifications_retried).to.be.greaterThan(0)
    await coordinator.stop()
    coordinator = null
  })
})

function storageWith(groups: readonly string[]): StorageRef {
  const ask = async (query: { type: number }) => (query.type === Code.FetchClusters ? ['local'] : groups)
  return { tell: () => undefined, ask: ask as StorageRef['ask'] }
}
