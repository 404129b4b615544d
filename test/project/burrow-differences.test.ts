import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { fixturesDir, projectRoot } from '../support/paths.ts'

/** How many entries each section of the list of differences has: A1 to A14 and so on. */
const sizes = { A: 14, B: 15, C: 11, D: 13, E: 15, F: 16 }

interface Entry {
  readonly id: string
  readonly burrow: string
  readonly ours: string
  readonly tests: readonly string[]
}

const page = readFileSync(join(projectRoot, 'docs/burrow-differences.md'), 'utf8')
const entries: readonly Entry[] = page
  .split('\n')
  .filter(line => /^\| [A-F]\d/.test(line))
  .map(line => {
    const cells = line.slice(2, -2).split(' | ')
    expect(cells, line).to.have.length(4)
    const [id, burrow, ours, tests] = cells as [string, string, string, string]
    return { id, burrow, ours, tests: tests.split('<br>') }
  })

describe('project: docs/burrow-differences.md', () => {
  it('has each of the 84 differences once, in order', () => {
    const ids = Object.entries(sizes).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)
    )
    expect(ids).to.have.length(84)
    expect(entries.map(({ id }) => id)).to.deep.equal(ids)
  })

  it('counts them rightly', () => {
    const count = (word: string) => entries.filter(({ ours }) => ours.includes(`*${word}`)).length
    const [same, fixed, changed] = ['Same', 'Fixed', 'Changed'].map(count)
    expect(page).to.contain(`Of 84 entries ${same} are the same, ${fixed} fixed, ${changed} changed.`)
  })

  for (const { id, burrow, ours, tests } of entries) {
    it(`${id} says what is done, and which test holds us to it`, () => {
      expect(burrow).not.to.equal('')
      expect(ours).to.match(/^\*(Same|Fixed|Changed)\.?\*/)
      for (const test of tests) expect(whyMissing(test), test).to.equal(null)
    })
  }
})

/** `file` title, or `file` #case of the fixture that the file goes through. Null if there is such a test. */
function whyMissing(test: string): string | null {
  const [, name = '', title = ''] = /^`([^`]+)` (.+)$/.exec(test) ?? []
  const file = join(projectRoot, 'test', name.endsWith('.ts') ? name : `${name}.test.ts`)
  if (!existsSync(file)) return 'no such file'
  if (title.startsWith('#')) return fixtureCases(name).includes(title.slice(1)) ? null : 'no such case'
  if (title.length < 8) return 'a title too short to be looked for'
  const lines = readFileSync(file, 'utf8').replaceAll("\\'", "'").split('\n')
  return lines.some(line => /^[^'"`]*['"`]/.test(line.split(title)[0]!) && line.includes(title))
    ? null
    : 'no such title'
}

function fixtureCases(name: string): string[] {
  if (name === 'main/httpserver/http-vectors') {
    return readFixture<{ cases: { request: string }[] }>('http-vectors.json').cases.map(({ request }) => request)
  }
  const { evaluator, storage } = readFixture<{ evaluator: { id: string }[]; storage: { name: string }[] }>(
    'vectors.json'
  )
  if (name === 'shared/rules/lag-rules') return evaluator.map(({ id }) => id)
  if (name === 'workers/storage/vectors') return storage.map(each => each.name)
  return []
}

function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(fixturesDir, name), 'utf8')) as T
}
