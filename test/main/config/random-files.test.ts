import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { examineConfig } from '../../../main/config/load-config.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { working } from './cases.ts'

const sections = ['general', 'logging', 'threads', 'zookeeper', 'cluster', 'consumer', 'notifier', 'tls', 'sasl', 'x']
const names = ['a', 'B', '__proto__', 'class-name', 'servers', 'constructor', 'tls', 'sasl', 'extras', 'cluster', '']
const classes = ['kafka', 'kafka_zk', 'http', 'email', 'slack', 'alertmanager', 'null', 'pagerduty', 'caching']

/** Trees with the words of a configuration at random places. */
const { tree } = fc.letrec(tie => ({
  tree: fc.oneof(
    { maxDepth: 4 }, // past it the first of these
    fc.constantFrom(...classes),
    fc.constantFrom<unknown>(null, true, 0, -1, 1e300, 0.5, '017', 'k:1', '', '{}', '{{', 'a\nb'),
    fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 5 }),
    fc.array(tie('tree'), { maxLength: 3 })
  )
}))
const config = fc.dictionary(fc.constantFrom(...sections, 'general.pidfile', 'a.b'), tree, { maxKeys: 8 })

/** What a reader may do with a file: make sense of it, or refuse it in its own words. */
function read(extension: string, text: string): void {
  const folder = tempFolder('random')
  writeFileSync(join(folder, `burrow.${extension}`), text)
  try {
    const { mistakes, config } = examineConfig(folder, { environment: { BURROW_LOGGING_LEVEL: 'warn' } })
    for (const { path, allowed } of mistakes) expect([path, allowed].includes('')).to.equal(false)
    structuredClone(config) // it goes to threads
  } catch (error) {
    if (!(error instanceof BurrowError)) throw error
    expect(error.code).to.equal('CONFIG_INVALID')
  }
}

describe('config: random files', () => {
  it('are read or refused, as trees', () => {
    fc.assert(
      fc.property(config, tables => read('json', JSON.stringify(tables))),
      { numRuns: 200 }
    )
  })

  for (const extension of ['toml', 'json', 'yaml', 'env']) {
    it(`are read or refused, as text of burrow.${extension}`, () => {
      const seed = extension === 'toml' ? working : 'a: {b: [1, "x"], c: &d e}\n"k.l"=$X\n'
      const changed = fc
        .tuple(fc.nat(seed.length), fc.nat(8), fc.string({ unit: 'grapheme', maxLength: 6 }))
        .map(([at, length, put]) => seed.slice(0, at) + put + seed.slice(at + length))
      fc.assert(
        fc.property(fc.oneof(changed, fc.string({ unit: 'binary' })), text => read(extension, text)),
        { numRuns: 100 }
      )
    })
  }
})
