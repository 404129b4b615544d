import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { configFromToml } from '../../main/config/load-config.ts'
import { SectionReader } from '../../main/config/section-reader.ts'
import { BurrowError } from '../../shared/errors.ts'
import { projectRoot } from '../support/paths.ts'
import { partsOfFiles, tomlExamples } from '../support/toml-examples.ts'

const page = readFileSync(join(projectRoot, 'docs/configuration.md'), 'utf8')

const examples = tomlExamples('docs/configuration.md')

/** Each class and each way to log in asks for keys of its own; whether the rest is right does not matter. */
const moreThanExamples: readonly string[] = [
  ...['http', 'email', 'null', 'slack', 'pagerduty', 'teams', 'alertmanager'].map(
    name => `[notifier.n]\nclass-name = "${name}"\nsend-close = true\n[zookeeper]`
  ),
  ...['PLAIN', 'OAUTHBEARER'].map(
    mechanism =>
      `[cluster.c]\nclient-profile = "p"\n[client-profile.p]\nsasl = "s"\n[sasl.s]\nmechanism = "${mechanism}"`
  ),
  '[cluster.c]\nclient-profile = "p"\n[client-profile.p]\ntls = "t"\niam = "i"\n[tls.t]\n[iam.i]',
  '[cluster.c]\n[consumer.z]\nclass-name = "kafka_zk"'
]

/** Refused with a hint, so that nobody has to look for them. */
const refusedKeys = ['group-whitelist', 'group-blacklist']

describe('project: docs/configuration.md', () => {
  for (const [index, toml] of examples.entries()) {
    it(`example ${index + 1} is taken: ${toml.split('\n')[0]}`, () => {
      expect(configFromToml(toml).warnings.filter(warning => !partsOfFiles.test(warning))).to.deep.equal([])
    })
  }

  it('docs/configuration.md has the keys that are read, and no others', () => {
    const read = keysRead()
    const documented = keysDocumented([...read.keys()])
    for (const [section, keys] of read) {
      const wanted = [...keys].filter(key => !refusedKeys.includes(key)).sort()
      expect([...(documented.get(section) ?? [])].sort(), section).to.deep.equal(wanted)
    }
    expect([...read.keys()].sort()).to.include.members(['cluster', 'consumer', 'iam', 'metrics', 'notifier', 'tls'])
  })

  it('every section has an example', () => {
    const missing = [...keysRead().keys()].filter(section => !examples.some(toml => hasSection(toml, section)))
    expect(missing).to.deep.equal([])
  })
})

function hasSection(toml: string, section: string): boolean {
  return new RegExp(`^\\[${section}[.\\]]`, 'm').test(toml)
}

/** Keys that a reader asked for, by section: all methods of a reader that take a key are watched while examples are read. */
function keysRead(): Map<string, Set<string>> {
  const keysBySection = new Map<string, Set<string>>()
  const watched = ['has', 'text', 'integer', 'decimal', 'flag', 'list', 'strings', 'secret', 'raw'] as const
  const originals = watched.map(name => Object.getOwnPropertyDescriptor(SectionReader.prototype, name)!)
  for (const [index, name] of watched.entries()) {
    const original = originals[index]!.value as (this: SectionReader, key: string, ...more: unknown[]) => unknown
    const watching = function (this: SectionReader, key: string, ...more: unknown[]): unknown {
      const section = this.path.split('.')[0]!
      keysBySection.set(section, (keysBySection.get(section) ?? new Set()).add(key))
      return original.call(this, key, ...more)
    }
    Object.defineProperty(SectionReader.prototype, name, { ...originals[index], value: watching })
  }
  try {
    for (const toml of [...examples, ...moreThanExamples]) readAnyhow(toml)
  } finally {
    for (const [index, name] of watched.entries()) {
      Object.defineProperty(SectionReader.prototype, name, originals[index]!)
    }
  }
  return keysBySection
}

function readAnyhow(toml: string): void {
  try {
    configFromToml(toml)
  } catch (error) {
    if (!(error instanceof BurrowError)) throw error
  }
}

/** From tables with a column `key` under the heading of the section. A cell may hold several. */
function keysDocumented(sections: readonly string[]): Map<string, Set<string>> {
  const keysBySection = new Map<string, Set<string>>()
  let section = ''
  let column = -1
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3)
    if (!line.startsWith('|')) column = -1
    else if (column < 0) column = cellsOf(line).indexOf('key')
    else if (sections.includes(section)) {
      const keys = keysBySection.get(section) ?? new Set<string>()
      for (const [, key] of (cellsOf(line)[column] ?? '').matchAll(/`([a-z-]+)`/g)) keys.add(key!)
      keysBySection.set(section, keys)
    }
  }
  return keysBySection
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim())
}
