import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Child } from '../support/child-process.ts'
import { freePort } from '../support/free-port.ts'
import { modulesFolder } from '../support/modules-folder.ts'
import { projectRoot } from '../support/paths.ts'
import { ours } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'

/** The examples of docs/custom-modules.md in the real program. */
describe('simulator: custom modules in the program', function () {
  this.timeout(60_000)
  let folder: string
  let url: string
  let program: Child | null = null

  beforeEach(async () => {
    folder = modulesFolder()
    url = `http://127.0.0.1:${await freePort()}`
  })
  afterEach(async () => {
    await program?.stop('SIGTERM', 5_000)
    program = null
  })

  async function start(toml: string): Promise<Child> {
    const storage =
      '[storage.default]\nclass-name = "inmemory"\nintervals = 3\n[evaluator.default]\nclass-name = "caching"\nexpire-cache = 1\n'
    const general = `[general]\npidfile = "${join(folder, 'burrow.pid')}"\n`
    const http = `[httpserver.default]\naddress = "${new URL(url).host}"\n`
    writeFileSync(join(folder, 'burrow.toml'), general + storage + http + toml)
    // cwd is where paths in a module's own keys begin; class-name begins at the configuration file
    const child = new Child(ours.command, [...ours.args, '--config-dir', folder], { cwd: folder })
    program = child
    await waitFor(async () => (await get('/burrow/admin').catch(() => null)) !== null, 'the listener', 20_000).catch(
      error => {
        throw new Error(`${error.message}\n${child.said()}`)
      }
    )
    return child
  }
  const get = async (path: string) => (await fetch(url + path)).text()
  const json = async (path: string) => JSON.parse(await get(path))
  const modules = async () => (await json('/burrow/admin/health')).modules

  const cluster = '[cluster.Elsewhere]\nclass-name = "./lines-cluster.js"\npath = "ends.jsonl"\n'
  const consumer =
    '[consumer.lines]\nclass-name = "./lines-consumer.js"\ncluster = "Elsewhere"\npath = "commits.jsonl"\n'
  const diary =
    '[notifier.diary]\nclass-name = "./file-notifier.js"\npath = "diary.jsonl"\ninterval = 1\nsend-close = true\n'

  it('a cluster and a consumer that are not Kafka feed storage, and a notifier writes a file', async () => {
    writeFileSync(join(folder, 'ends.jsonl'), '{"topic":"orders","partition":0,"partitions":1,"end":100}\n')
    writeFileSync(join(folder, 'commits.jsonl'), '')
    const child = await start(cluster + consumer + diary)
    await waitFor(async () => (await json('/v3/kafka/elsewhere/topic/orders')).offsets?.[0] === 100, 'the end offset')
    const commit = (offset: number, agoMs: number) => {
      const line = { group: 'billing', topic: 'orders', partition: 0, offset, timeMs: Date.now() - agoMs }
      appendFileSync(join(folder, 'commits.jsonl'), `${JSON.stringify(line)}\n`)
    }
    // A window of an hour: however late the host looks, its last commit is not older than the window is long, which were STOP.
    for (const agoMs of [3_600_000, 1_800_000, 1000]) commit(40, agoMs)
    const status = async () => (await json('/v3/kafka/elsewhere/consumer/billing/lag')).status
    await waitFor(async () => (await status())?.status === 'ERR', 'the group to be in trouble')
    expect((await status()).partitions[0]).to.include({ topic: 'orders', status: 'STALL', current_lag: 60 })

    const said = () =>
      existsSync(join(folder, 'diary.jsonl'))
        ? readFileSync(join(folder, 'diary.jsonl'), 'utf8')
            .trim()
            .split('\n')
            .map(line => JSON.parse(line))
        : []
    await waitFor(() => said().length >= 1, 'an open message')
    expect(said()[0]).to.include({ kind: 'open', cluster: 'elsewhere', group: 'billing', totalLag: 60 })
    for (const agoMs of [300, 200, 0]) commit(100, agoMs)
    await waitFor(() => said().some(({ kind }) => kind === 'close'), 'the close', 20_000)
    expect(said().at(-1)).to.include({ kind: 'close', id: said()[0].id })

    expect(await modules()).to.deep.equal([
      {
        kind: 'cluster',
        name: 'elsewhere',
        className: './lines-cluster.js',
        state: 'started',
        failures: 0,
        lastError: null
      },
      {
        kind: 'consumer',
        name: 'lines',
        className: './lines-consumer.js',
        state: 'started',
        failures: 0,
        lastError: null
      },
      {
        kind: 'notifier',
        name: 'diary',
        className: './file-notifier.js',
        state: 'started',
        failures: 0,
        lastError: null
      }
    ])
    expect((await json('/v3/kafka')).clusters).to.deep.equal(['elsewhere'])
    expect((await json('/v3/kafka/elsewhere')).module).to.deep.equal({ 'class-name': './lines-cluster.js' })
    expect((await json('/v3/config/notifier/diary')).module['class-name']).to.equal('./file-notifier.js')
    expect((await child.stop('SIGTERM', 5_000)).code, child.said()).to.equal(0)
  })

  it('what a module breaks later is counted, and harms no other', async () => {
    const bad = (body: string) =>
      `export default class { constructor(context) { this.context = context } configure() {} ${body} async stop() {} }`
    const files = {
      'timer.js': bad('async start() { setInterval(() => { throw new Error("from a timer") }, 20) }'),
      'promise.js': bad('async start() { setInterval(async () => { await null; throw "from a promise" }, 20) }'),
      'start.js': bad('async start() { throw new Error("not today") }'),
      'tell.js': bad(
        'async start() { setTimeout(() => this.context.storage.tell({ type: 1, cluster: "elsewhere" }), 10) }'
      ),
      'socket.js': bad(
        'async start() { const net = await import("node:net"); net.connect(1, "127.0.0.1"); this.context.logger.info("a line of mine") }'
      )
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    writeFileSync(join(folder, 'ends.jsonl'), '{"topic":"orders","partition":0,"partitions":1,"end":7}\n{"topic":1}\n')
    const others = Object.keys(files).map(
      file => `[consumer.${file.slice(0, -3)}]\nclass-name = "./${file}"\ncluster = "elsewhere"\n`
    )
    const child = await start(cluster + others.join(''))
    const failing = ['timer', 'promise', 'start', 'tell', 'socket', 'elsewhere']
    const health = () => json('/burrow/admin/health')
    const failuresOf = async (name: string) =>
      (await modules()).find((module: { name: string }) => module.name === name).failures
    await waitFor(async () => (await Promise.all(failing.map(failuresOf))).every(count => count > 0), 'all failures')
    await waitFor(async () => (await failuresOf('timer')) > 3 && (await failuresOf('promise')) > 3, 'more of them')
    const byName = Object.fromEntries((await modules()).map((module: { name: string }) => [module.name, module]))
    expect(byName.timer).to.include({ state: 'started', lastError: 'from a timer' })
    expect(byName.promise.lastError).to.contain('from a promise')
    expect(byName.start).to.include({ state: 'failed', failures: 1, lastError: 'not today' })
    expect(byName.tell.lastError).to.match(/^group must be text/)
    expect(byName.socket.lastError).to.match(/ECONNREFUSED/)
    expect(byName.elsewhere.lastError).to.match(/^topicPartitionCount must be a whole number/)
    expect((await health()).counters.custom_module_failures).to.be.at.least(10)
    expect((await json('/v3/kafka/elsewhere/topic/orders')).offsets).to.deep.equal([7])
    expect(child.stdout).to.contain('a line of mine').and.to.contain('"class":"./timer.js"')
    expect(child.exitStatus).to.equal(undefined)
    expect((await child.stop('SIGTERM', 5_000)).code, child.said()).to.equal(0)
  })

  it('mistakes in them end the start with all others, and burrow check shows them', async () => {
    writeFileSync(join(folder, 'burrow.toml'), `${diary.replace('path = "diary.jsonl"', 'threshold = 9')}${consumer}`)
    for (const args of [
      ['--config-dir', folder],
      ['check', '--config-dir', folder]
    ]) {
      const child = new Child(ours.command, [...ours.args, ...args], { cwd: folder })
      expect((await child.exited).code).to.equal(1)
      const said = child.stdout + child.stderr
      expect(said).to.contain('notifier.diary.threshold: out of range')
      expect(said).to.contain("consumer.lines.cluster: Consumer 'lines' references an unknown cluster 'Elsewhere'")
      expect(said).to.contain('notifier.diary.class-name: cannot use the module: path: no file is named')
    }
  })

  it('the examples are what the types of the package say', async function () {
    this.timeout(120_000)
    const compilerOptions = {
      allowJs: true,
      checkJs: true,
      noEmit: true,
      strict: true,
      target: 'es2023',
      module: 'nodenext',
      types: ['node'],
      typeRoots: [join(projectRoot, 'node_modules', '@types')]
    }
    const wrong = `import type { NotifierModule } from 'burrow-node'
      export default class implements NotifierModule { configure() {} async start() {} async stop() {} notify(text: string) {} }`
    const tsc = async (files: readonly string[]) => {
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
      const path = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc')
      const child = new Child(process.execPath, [path, '-p', join(folder, 'tsconfig.json')])
      return { code: (await child.exited).code, stdout: child.stdout }
    }
    const right = await tsc(['file-notifier.js', 'lines-cluster.js', 'lines-consumer.js'])
    expect(right).to.deep.equal({ code: 0, stdout: '' })
    writeFileSync(join(folder, 'wrong.ts'), wrong)
    const refused = await tsc(['wrong.ts'])
    expect(refused.code).not.to.equal(0)
    expect(refused.stdout).to.contain("Property 'notify' in type").and.not.to.contain('Cannot find module')
  })
})
