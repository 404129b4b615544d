import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type NotifierData, parseTemplate } from '../../../../main/notifier/template/template.ts'
import { BurrowError } from '../../../../shared/errors.ts'
import { fixturesDir } from '../../../support/paths.ts'

/** What Go's text/template made of the same templates over the same data; see the README beside the fixtures. */
interface GoCase {
  readonly name: string
  readonly template: string
  readonly data: string
  readonly output?: string
  readonly error?: string
  /** Ours, where it differs from Go's on purpose, and why. */
  readonly ours?: string
  readonly why?: string
}

const folder = join(fixturesDir, 'templates')
const cases: readonly GoCase[] = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'))
const dataByName: Readonly<Record<string, { timeZone: string; data: NotifierData }>> = JSON.parse(
  readFileSync(join(folder, 'data.json'), 'utf8')
)

describe('notifier/template: as Go renders it', () => {
  it('has cases', () => {
    expect(cases.length).to.be.greaterThan(600)
  })

  for (const goCase of cases) {
    it(`${goCase.name} (${goCase.data})`, () => {
      expect(rendered(goCase)).to.equal(goCase.ours ?? goCase.output ?? goCase.error)
    })
  }
})

/** The output, or the text of the error. */
function rendered({ template, data }: GoCase): string {
  const { timeZone, data: notifierData } = dataByName[data]!
  try {
    return parseTemplate('t.tmpl', template, { timeZone }).render(notifierData)
  } catch (error) {
    if (error instanceof BurrowError && error.code.startsWith('TEMPLATE_')) return error.message
    throw error
  }
}
