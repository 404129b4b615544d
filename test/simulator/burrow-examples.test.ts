import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { exampleFolder } from '../support/burrow-examples.ts'
import { Child } from '../support/child-process.ts'
import { freePort } from '../support/free-port.ts'
import { ours } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'

/** The files as they are; the environment gives the listener a free port of loopback. Against real servers: test/kafka. */
describe("simulator: Burrow's example configurations, unchanged, where none of their servers exist", function () {
  this.timeout(60_000)
  let child: Child | null = null
  afterEach(async () => {
    await child?.stop('SIGKILL', 5_000)
    child = null
  })

  async function start(example: 'docker' | 'full') {
    const folder = exampleFolder(example)
    const address = `127.0.0.1:${await freePort()}`
    const env = { PATH: process.env.PATH, BURROW_HTTPSERVER_DEFAULT_ADDRESS: address }
    const started = new Child(ours.command, [...ours.args, '--config-dir', folder], { cwd: folder, env })
    child = started
    const get = async (path: string) => (await fetch(`http://${address}${path}`)).text()
    const listens = async () => (await get('/burrow/admin').catch(() => '')) === 'GOOD'
    await waitFor(listens, 'the listener', 30_000).catch(error => {
      throw new Error(`${error.message}\n${started.said()}`)
    })
    return { folder, started, get }
  }

  it('the one for docker starts, says what is down, and stops', async () => {
    const { started, get } = await start('docker')
    expect(JSON.parse(await get('/v3/kafka')).clusters).to.deep.equal(['local'])
    const health = async () => JSON.parse(await get('/burrow/admin/health'))
    await waitFor(async () => (await health()).clusters[0].error !== null, 'the error', 30_000)
    expect((await health()).clusters[0]).to.include({ name: 'local', up: false })
    expect((await started.stop('SIGTERM', 10_000)).code, started.said()).to.equal(0)
  })

  it('the full one starts, with its log, its output file, its PID file and its notifier', async () => {
    const { folder, started, get } = await start('full')
    const health = async () => JSON.parse(await get('/burrow/admin/health'))
    await waitFor(async () => (await health()).clusters[0].error !== null, 'the error', 30_000)
    expect((await health()).notifier).to.include({ leading: false })
    expect(JSON.parse(await get('/v3/config/consumer')).modules).to.deep.equal(['local', 'local_zk'])
    expect(readFileSync(join(folder, 'burrow.pid'), 'utf8').trim()).to.equal(String(started.pid))
    expect((await started.stop('SIGTERM', 10_000)).code, started.said()).to.equal(0)
    expect(existsSync(join(folder, 'burrow.pid'))).to.equal(false)
    expect(readFileSync(join(folder, 'burrow.out'), 'utf8')).to.contain('Stopped Burrow at')
    expect(readFileSync(join(folder, 'logs', 'burrow.log'), 'utf8')).to.contain('Started Burrow')
  })
})
