import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { nativeFamilies, processFamilies } from '../../main/metrics/own-families.ts'
import { counterNames } from '../../shared/counters.ts'
import { families } from '../../shared/metrics/families.ts'
import { commit, EvaluatorFixture, endOffset } from '../support/evaluator-fixture.ts'
import { metricsLines } from '../support/metrics-page.ts'
import { projectRoot } from '../support/paths.ts'
import { baseMs } from '../support/storage-fixture.ts'

const page = readFileSync(join(projectRoot, 'docs/metrics.md'), 'utf8')

interface Documented {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly unit: string
}

/** Rows of the tables with type, labels and unit. */
const documented: readonly Documented[] = page
  .split('\n')
  .map(line => /^\| `([a-z_]+)` \| (gauge|counter) \| ([a-z_, ]*)\| ([^|]+) \| [^|]+ \|$/.exec(line))
  .filter(row => row !== null)
  .map(([, name, type, labels, unit]) => ({
    name: name!,
    type: type!,
    labels: labels!.trim() === '' ? [] : labels!.trim().split(', '),
    unit: unit!
  }))

describe('project: docs/metrics.md', () => {
  it('has every family with its type and labels, and no others', async () => {
    const lines = [...(await linesOfGroups()), ...(await linesOfTheProgram())]
    const types = new Map(
      lines.flatMap(line => {
        const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
        return name === undefined || counterFamilies.has(name) ? [] : [[name, type] as const]
      })
    )
    expect(families.every(({ name }) => types.has(name))).to.equal(true)
    expect(Object.fromEntries(documented.map(({ name, type }) => [name, type]))).to.deep.equal(
      Object.fromEntries(types)
    )
    for (const { name, labels, unit } of documented) {
      const series = lines.find(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      expect(series, name).not.to.equal(undefined)
      expect(
        [...series!.matchAll(/([a-z_]+)="/g)].map(([, label]) => label),
        name
      ).to.deep.equal(labels)
      expect(unit, name).not.to.equal('')
    }
  })

  it('has every counter of shared/counters.ts, and no others', () => {
    const named = [...page.matchAll(/`(burrow_[a-z_]+_total)`/g)].map(([, name]) => name!)
    const withType = new Set(documented.map(({ name }) => name))
    const inTables = named.filter(name => !withType.has(name) && !families.some(family => family.name === name))
    expect(inTables.sort()).to.deep.equal([...counterFamilies].sort())
  })
})

const counterFamilies = new Set<string>(counterNames.map(name => `burrow_${name}_total`))

async function linesOfGroups(): Promise<string[]> {
  const fixture = new EvaluatorFixture(1, { intervals: 1 })
  try {
    fixture.tell(endOffset('t', 0, 1, 100), commit('g', 't', 0, 1, 90, baseMs - 1000))
    return await metricsLines(fixture, { set: 'both' })
  } finally {
    fixture.close()
  }
}

async function linesOfTheProgram(): Promise<string[]> {
  const figures = {
    version: '1',
    ready: true,
    clusters: [{ name: 'c', up: true }],
    consumers: [{ name: 'm', cluster: 'c', ready: true }],
    threads: [{ kind: 'storage', count: 1, restarts: 0 }],
    loopDelayMaxSeconds: 0,
    counters: []
  }
  const own = nativeFamilies(figures, { scrapes: 0, refused: 0, aborted: 0, failed: 0 })
  return [...own, ...(await processFamilies(0))].flatMap(({ text }) => text.split('\n'))
}
