import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { expect } from 'chai'
import { projectRoot } from '../support/paths.ts'

/** The rules that docs/architecture.md states about who imports whom, over the source as it is. */
const productionFolders = ['shared', 'workers', 'main']
const codeFolders = [...productionFolders, 'test', 'bench']
const otherFolders = ['docs', 'deploy', 'node_modules', 'dist']

/** A static, dynamic or type import, or a re-export. Comments are taken out first. */
const importPattern = /(?:(?<!')\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)'([^']+)'/g

interface Import {
  readonly file: string
  readonly target: string
}

/** The page is a program of its own, for browsers, and bundled: what it imports is not there at run time. */
const pageFolder = 'main/httpserver/page/'

const sources = codeFolders.flatMap(folder =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name))
)
const files = sources.filter(file => !file.startsWith(pageFolder))
const imports: readonly Import[] = files.flatMap(importsOf)
const production = imports.filter(({ file }) => productionFolders.includes(folderOf(file)))
/** What `burrow bench` runs is shipped too; the comparison with Burrow needs Kafka and the tests' helpers, and is not. */
const shippedBench = imports.filter(
  ({ file }) => folderOf(file) === 'bench' && !file.startsWith('bench/against-burrow/')
)
/** The way from the program into bench. */
const benchDoor = { file: 'main/cli/bench-command.ts', target: 'bench/bench.ts' }
const isBenchDoor = ({ file, target }: Import) => file === benchDoor.file && target === benchDoor.target

function importsOf(file: string): Import[] {
  const source = readFileSync(join(projectRoot, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return [...source.matchAll(importPattern)].map(([, specifier]) => ({
    file,
    target: specifier!.startsWith('.')
      ? relative(projectRoot, join(projectRoot, dirname(file), specifier!))
      : specifier!
  }))
}

function folderOf(file: string): string {
  return file.split('/')[0]!
}

function isOurs(target: string): boolean {
  return codeFolders.includes(folderOf(target)) && target.endsWith('.ts')
}

function packageOf(target: string): string | null {
  if (isOurs(target) || target.startsWith('node:') || builtinModules.includes(target)) return null
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')
}

const show = ({ file, target }: Import) => `${file} -> ${target}`

describe('project: import directions', () => {
  it('sees the imports of the project', () => {
    expect(imports.map(show)).to.include('main/cli.ts -> commander')
    expect(imports.map(show)).to.include('main/cli/run-command.ts -> main/app.ts')
    expect(imports.map(show)).to.include('shared/log.ts -> shared/protocol/application-context.ts')
    expect(production.length).to.be.greaterThan(100)
  })

  const allowed: Readonly<Record<string, readonly string[]>> = {
    shared: ['shared'],
    workers: ['shared', 'workers'],
    main: ['shared', 'main']
  }
  for (const folder of productionFolders) {
    it(`${folder} imports ours only from ${allowed[folder]!.join(', ')}`, () => {
      const wrong = production
        .filter(
          ({ file, target }) =>
            folderOf(file) === folder && isOurs(target) && !allowed[folder]!.includes(folderOf(target))
        )
        .filter(each => !isBenchDoor(each))
      expect(wrong.map(show)).to.deep.equal([])
    })
  }

  it('every import of ours names a file that is there, by its .ts ending', () => {
    const wrong = imports.filter(
      ({ target }) =>
        target.startsWith('..') || (codeFolders.includes(folderOf(target)) && !existsSync(join(projectRoot, target)))
    )
    expect(wrong.map(show)).to.deep.equal([])
  })

  it('what is shipped of bench does without the tests, and the program knows it by one door', () => {
    const wrong = shippedBench.filter(({ target }) => isOurs(target) && folderOf(target) === 'test')
    expect(wrong.map(show)).to.deep.equal([])
    const doors = production.filter(({ target }) => isOurs(target) && folderOf(target) === 'bench')
    expect(doors).to.deep.equal([benchDoor])
  })

  it('shared opens no socket and starts no thread or process', () => {
    const forbidden = ['net', 'tls', 'http', 'https', 'http2', 'dgram', 'dns', 'child_process', 'cluster']
    const wrong = production.filter(
      ({ file, target }) =>
        folderOf(file) === 'shared' && forbidden.includes(target.replace(/^node:/, '').split('/')[0]!)
    )
    expect(wrong.map(show)).to.deep.equal([])
  })

  it('each outside package enters at one production file, and is declared', () => {
    const filesByPackage = new Map<string, Set<string>>()
    for (const { file, target } of [...production, ...shippedBench]) {
      const name = packageOf(target)
      if (file.endsWith('.d.ts')) continue // tells the compiler about a package, is no use of it
      if (name !== null) filesByPackage.set(name, (filesByPackage.get(name) ?? new Set()).add(file))
    }
    const declared = Object.keys(readPackage().dependencies)
    const several = [...filesByPackage]
      .filter(([, users]) => users.size > 1)
      .map(([name, users]) => `${name}: ${[...users]}`)
    expect(several, 'packages that enter in several places').to.deep.equal([])
    expect([...filesByPackage.keys()].sort(), 'packages used, packages declared').to.deep.equal(declared.sort())
  })

  it('the page imports its own files and few packages, and nobody imports it', () => {
    const ofPage = sources.filter(file => file.startsWith(pageFolder)).flatMap(importsOf)
    expect(ofPage.length).to.be.greaterThan(0)
    const packages = /^(preact(\/hooks)?|uplot(\/.*\.css)?)$/
    const wrong = ofPage.filter(({ target }) =>
      target.startsWith(pageFolder) ? !existsSync(join(projectRoot, target)) : !packages.test(target)
    )
    expect(wrong.map(show)).to.deep.equal([])
    expect(production.filter(({ target }) => target.startsWith(pageFolder)).map(show)).to.deep.equal([])
  })

  it('production code has no import cycles', () => {
    const targetsByFile = new Map<string, string[]>()
    for (const { file, target } of production) {
      if (isOurs(target)) targetsByFile.set(file, [...(targetsByFile.get(file) ?? []), target])
    }
    const done = new Set<string>()
    const cycles: string[] = []
    const walk = (file: string, path: readonly string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      if (done.has(file) || path.includes(file)) return
      for (const target of targetsByFile.get(file) ?? []) walk(target, [...path, file])
      done.add(file)
    }
    for (const file of targetsByFile.keys()) walk(file, [])
    expect(cycles).to.deep.equal([])
  })

  it('has no folders at the top but the agreed ones', () => {
    const folders = readdirSync(projectRoot, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && !entry.name.startsWith('.') && !/^dist(-|$)/.test(entry.name))
      .map(entry => entry.name)
    expect(folders.filter(name => ![...codeFolders, ...otherFolders].includes(name))).to.deep.equal([])
    expect(folders).to.include.members(codeFolders)
  })

  it('the command of the package is a file that is made from a source, and begins as one', () => {
    const { burrow } = readPackage().bin
    const source = burrow.replace(/^dist\//, '').replace(/\.js$/, '.ts')
    expect(readFileSync(join(projectRoot, source), 'utf8')).to.match(/^#!\/usr\/bin\/env node\n/)
  })
})

function readPackage(): { dependencies: Record<string, string>; bin: { burrow: string } } {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
}
