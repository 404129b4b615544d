import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BurrowError } from '../../../shared/errors.ts'
import { type NotifierData, parseTemplate, type TemplateOptions } from '../../../shared/template/template.ts'
import { fixturesDir, projectRoot } from '../../support/paths.ts'

const shippedFolder = join(projectRoot, 'deploy', 'templates')

/** What Go's text/template made of a template over some data; see the README beside the fixtures. */
export interface GoCase {
  readonly name: string
  readonly template: string
  readonly data: string
  readonly output?: string
  readonly error?: string
  /** Ours, where it differs from Go's on purpose, and why. */
  readonly ours?: string
  readonly why?: string
}

export interface DataFixture {
  readonly timeZone: string
  readonly data: NotifierData
}

/** The templates that come with the program, by their file names. */
export const shippedTemplates: ReadonlyMap<string, string> = new Map(
  readdirSync(shippedFolder).map(name => [name, readFileSync(join(shippedFolder, name), 'utf8')])
)
export const goCases: readonly GoCase[] = JSON.parse(readFixture('cases.json'))
export const dataByName: Readonly<Record<string, DataFixture>> = JSON.parse(readFixture('data.json'))

/** The output over a fixture's data, or the text of the BurrowError. */
export function rendered(template: string, dataName: string, options: TemplateOptions = {}): string {
  const { timeZone, data } = dataByName[dataName]!
  try {
    return parseTemplate('t.tmpl', template, { timeZone, ...options }).render(data)
  } catch (error) {
    if (error instanceof BurrowError && error.code.startsWith('TEMPLATE_')) return error.message
    throw error
  }
}

function readFixture(name: string): string {
  return readFileSync(join(fixturesDir, 'templates', name), 'utf8')
}
