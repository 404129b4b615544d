import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { examineConfig } from '../../../main/config/load-config.ts'
import { loadModules } from '../../../main/modules/load-modules.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { StorageRequestConstant } from '../../../shared/protocol/storage.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const quiet = 'async start() {} async stop() {}'

describe('main/modules: loading custom modules', () => {
  /** `section` of `[cluster.own]`; files by name. */
  async function load(section: string, files: Readonly<Record<string, string>> = {}, head = '[cluster.own]') {
    const folder = tempFolder('modules')
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    writeFileSync(join(folder, 'burrow.toml'), `${head}\n${section}\n[httpserver.a]\naddress = "127.0.0.1:0"\n`)
    const report = examineConfig(folder)
    const loading = await loadModules(report.config)
    return { report, ...loading, texts: [...report.mistakes, ...loading.mistakes].map(({ text }) => text) }
  }

  it('gives a module its context, its name and its whole section', async () => {
    const { modules, texts, report } = await load(
      'class-name = "./own.js"\nPath = "A"\ndeep = { Inner = [1, { x = 2 }] }',
      {
        'own.js': `export default class {
        constructor(context, name, root) { this.seen = [name, root]; this.context = context }
        configure(name, root) { globalThis.burrowTestSeen = [...this.seen, name, root, this.context.section] } ${quiet} }`
      }
    )
    expect(texts).to.deep.equal([])
    const section = { 'class-name': './own.js', path: 'A', deep: { inner: [1, { x: 2 }] } }
    expect(Reflect.get(globalThis, 'burrowTestSeen')).to.deep.equal([
      'own',
      'cluster.own',
      'own',
      'cluster.own',
      section
    ])
    expect(modules.map(({ path, state }) => [path, state])).to.deep.equal([['cluster.own', 'loaded']])
    expect(report.config.warnings).to.deep.equal([
      'cluster.own: no section [consumer.NAME] reads its commits, so it will show no groups'
    ])
  })

  it('finds a package that is installed beside the configuration', async () => {
    const { texts, modules } = await load('class-name = "npm:@me/own"', {
      'node_modules/@me/own/package.json': '{ "name": "@me/own", "type": "module", "main": "index.js" }',
      'node_modules/@me/own/index.js': `export default class { configure() {} ${quiet} }`
    })
    expect(texts).to.deep.equal([])
    expect(modules).to.have.length(1)
  })

  it('refuses storage before the start, and what a module tells it then', async () => {
    const { texts } = await load('class-name = "./own.js"', {
      'own.js': `export default class { constructor(context) { this.context = context }
        configure() { this.context.storage.tell({ type: ${StorageRequestConstant.SetDeleteTopic}, cluster: 'own', topic: 't' }) } ${quiet} }`
    })
    expect(texts).to.have.length(1)
    expect(texts[0]).to.contain('cannot use the module: the program has not started, or has stopped')
  })

  for (const [what, source, says] of [
    ['a file that is not there', null, 'Cannot find module'],
    ['a file that does not parse', 'export default class {', 'Unexpected'],
    ['a file that throws', 'throw new Error("bad day")', 'bad day'],
    ['no default export', 'export class Own {}', 'it has no default export'],
    ['a default export that is no class', 'export default {}', 'its default export is no class'],
    [
      'a constructor that throws',
      'export default class { constructor() { throw new Error("cannot be") } }',
      'cannot be'
    ],
    ['methods that are missing', 'export default class { start() {} }', 'its class has no method configure, stop'],
    [
      'a configure that throws',
      `export default class { configure() { throw new Error("path: none") } ${quiet} }`,
      'path: none'
    ],
    ['a configure that rejects', `export default class { async configure() { throw "odd" } ${quiet} }`, 'odd']
  ] as const) {
    it(`tells ${what} by path, with the other mistakes`, async () => {
      const { texts, modules } = await load(
        'class-name = "./own.js"\n[storage.a]\nintervals = 0',
        source === null ? {} : { 'own.js': source }
      )
      expect(modules).to.deep.equal([])
      expect(texts.filter(text => text.startsWith('storage.a.'))).to.have.length(2)
      const own = texts.filter(text => text.startsWith('cluster.own.class-name: cannot use the module: '))
      expect(own).to.have.length(1)
      expect(own[0])
        .to.contain(says)
        .and.to.contain('read "./own.js"; allowed: a file or package whose default export is a class')
    })
  }

  it('wants notify of a notifier', async () => {
    const files = { 'own.js': `export default class { configure() {} ${quiet} }` }
    const { texts } = await load('class-name = "./own.js"', files, '[notifier.own]')
    expect(texts).to.have.length(1)
    expect(texts[0]).to.match(/^notifier\.own\.class-name: .*its class has no method notify/)
  })

  it('knows a misspelt class from a file, and takes none for storage and evaluator', async () => {
    const { texts } = await load(
      'class-name = "kafak"\n[storage.s]\nclass-name = "./s.js"\n[evaluator.e]\nclass-name = "npm:e"'
    )
    expect(texts.filter(text => text.includes('class-name'))).to.deep.equal([
      'cluster.own.class-name: Unknown cluster className provided: kafak (read "kafak"; allowed: kafka, ./FILE.js, npm:PACKAGE)',
      'storage.s.class-name: Unknown storage className provided: ./s.js (read "./s.js"; allowed: inmemory)',
      'evaluator.e.class-name: Unknown evaluator className provided: npm:e (read "npm:e"; allowed: caching)'
    ])
  })

  it('wants commits of a module for a cluster of a module', async () => {
    const { texts } = await load(
      'class-name = "./own.js"\n[consumer.k]\nclass-name = "kafka"\ncluster = "OWN"\nservers = ["k:1"]',
      {
        'own.js': `export default class { configure() {} ${quiet} }`
      }
    )
    expect(texts).to.deep.equal([
      'consumer.k.class-name: the end offsets of cluster own come from a module, so its commits must come from one too (read "kafka"; allowed: kafka_zk, ./FILE.js, npm:PACKAGE)'
    ])
  })

  it('throws nothing but BurrowError for requests of a module', async () => {
    const { modules } = await load('class-name = "./own.js"', {
      'own.js': `export default class { configure() {} ${quiet} }`
    })
    const { context } = modules[0]!
    const odd = { type: StorageRequestConstant.SetDeleteTopic, cluster: 'other', topic: 't' } as const
    expect(() => context.storage.tell(odd))
      .to.throw(BurrowError)
      .with.property('code', 'REQUEST_INVALID')
    const refused = await context.evaluator.ask({ cluster: 'own', group: 'g', showAll: true }).catch(error => error)
    expect(refused).to.have.property('code', 'EVALUATOR_UNAVAILABLE')
  })
})
