import { writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Demo, expectedStatuses, startDemo } from '../../main/simulator/demo.ts'
import { type LocalHttpServer, localHttpServer } from '../main/notifier/local-http-server.ts'
import { Child } from '../support/child-process.ts'
import { demoBoundMs } from '../support/demo-bound.ts'
import { freePort } from '../support/free-port.ts'
import { cliFile } from '../support/paths.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'

/** The whole program beside simulated clusters, with endpoints that hang and reset, and a template that never ends. */
describe('simulator: notifications of the whole program', () => {
  const hung = new Set<Socket>()
  let demo: Demo
  let good: LocalHttpServer
  let resets: Server
  let hangs: Server
  let burrow: Child
  let url: string

  const listen = (onSocket: (socket: Socket) => void) =>
    new Promise<Server>(resolve => {
      const server = createServer(socket => {
        socket.on('error', () => undefined)
        onSocket(socket)
      })
      server.listen(0, '127.0.0.1', () => resolve(server))
    })
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as { port: number }).port}`

  before(async () => {
    demo = await startDemo()
    good = await localHttpServer()
    hangs = await listen(socket => hung.add(socket))
    resets = await listen(socket => socket.resetAndDestroy())
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const folder = tempFolder('notifier')
    writeFileSync(
      join(folder, 'open.tmpl'),
      '{"id":{{jsonencoder .ID}},"group":{{jsonencoder .Group}},"status":"{{.Result.Status}}"}'
    )
    writeFileSync(join(folder, 'endless.tmpl'), '{{range 9223372036854775807}}{{$x := printf "%d" .}}{{end}}')
    writeFileSync(join(folder, 'burrow.toml'), toml(folder, port))
    burrow = new Child(process.execPath, [cliFile, '--config-dir', folder], { cwd: folder })
  })

  after(async () => {
    for (const socket of hung) socket.destroy()
    for (const server of [hangs, resets]) server?.close()
    await burrow?.stop('SIGKILL', 5_000)
    await good?.close()
    await demo?.stop()
  })

  function toml(folder: string, port: number): string {
    const clusters = demo.clusters.map(({ name, simulator }) => {
      const servers = JSON.stringify(simulator.servers)
      return `
        [cluster.${name}]
        class-name = "kafka"
        servers = ${servers}
        offset-refresh = 2
        [consumer.${name}]
        class-name = "kafka"
        cluster = "${name}"
        servers = ${servers}`
    })
    const hook = (name: string, to: string, file: string) => `
      [notifier.${name}]
      class-name = "http"
      url-open = "${to}/{{.Group}}"
      template-open = "${join(folder, file)}"
      interval = 1
      send-once = true`
    return `
      [general]
      pidfile = "${join(folder, 'burrow.pid')}"
      [httpserver.default]
      address = "127.0.0.1:${port}"
      ${clusters.join('\n')}
      ${hook('hangs', urlOf(hangs), 'open.tmpl')}
      ${hook('resets', urlOf(resets), 'open.tmpl')}
      ${hook('endless', good.url, 'endless.tmpl')}
      ${hook('good', good.url, 'open.tmpl')}`
  }

  it('tells the good endpoint of every group in trouble, once, whatever the others do', async function () {
    this.timeout(demoBoundMs + 60_000)
    const bad = expectedStatuses().filter(({ status }) => status === 'ERR' || status === 'WARN')
    const names = bad.map(({ group }) => group)
    const heard = () =>
      good.received.map(({ body }) => JSON.parse(body) as { id: string; group: string; status: string })
    const allHeard = () => names.every(name => heard().some(({ group }) => group === name))
    await waitFor(allHeard, `messages about ${names.join(', ')}`, demoBoundMs).catch(error => {
      throw new Error(`${error.message}; heard ${JSON.stringify(heard())}\n${burrow.said()}`)
    })
    for (const { id } of heard()) expect(id).to.match(/^[0-9a-f-]{14}4[0-9a-f-]{21}$/)
    expect(new Set(heard().map(({ id }) => id)).size, 'an id for each incident').to.equal(heard().length)
    await waitFor(() => hung.size > 0, 'the one that hangs')
  })

  it('serves meanwhile, and stops in time', async () => {
    const answer = await fetch(`${url}/v3/kafka`, { signal: AbortSignal.timeout(5_000) })
    expect(answer.status).to.equal(200)
    const { code } = await burrow.stop('SIGTERM', 10_000)
    expect(code, burrow.said()).to.equal(0)
  })
})
