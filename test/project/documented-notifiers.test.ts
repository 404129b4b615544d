import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { configFromToml } from '../../main/config/load-config.ts'
import { createNotifier } from '../../main/notifier/create-notifier.ts'
import { attemptsMax, queuedMax, renderDeadlineMs, retryDelayMsMax, sendingMax } from '../../main/notifier/limits.ts'
import { renderHere } from '../../main/notifier/template-renderer.ts'
import { depthMax, outputLengthMax, sourceLengthMax, stepsMax } from '../../shared/template/limits.ts'
import { builtins } from '../../shared/template/run/builtins.ts'
import { helpers } from '../../shared/template/run/helpers.ts'
import { rendered, shippedTemplates } from '../shared/template/template-fixtures.ts'
import { projectRoot } from '../support/paths.ts'
import { tempFolder } from '../support/temp-folder.ts'

const page = readFileSync(join(projectRoot, 'docs/notifiers.md'), 'utf8')

/** Stands for /etc/burrow. */
const folder = tempFolder('documented')
for (const [name, text] of shippedTemplates) writeFileSync(join(folder, name), text)
for (const name of ['open.tmpl', 'close.tmpl']) writeFileSync(join(folder, name), '{{.Group}}')

const configurations = blocksOf('toml').map(toml => toml.replaceAll('/etc/burrow/', `${folder}/`))
const inFull = [...page.matchAll(/```gotemplate\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(
  ([, template, text]) => [template!, text!] as const
)
/** Rows of tables whose first two cells are as many templates as results. */
const inTables = page
  .split('\n')
  .filter(line => line.startsWith('| `{{'))
  .flatMap(line => {
    const [templates = '', results = ''] = line.slice(2).split(' | ')
    const [left, right] = [templates, results].map(cell => [...cell.matchAll(/`([^`]*)`/g)].map(([, code]) => code!))
    expect(right!.length, line).to.equal(left!.length)
    return left!.map((template, index) => [template, right![index]!] as const)
  })

function blocksOf(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text!)
}

function sectionOf(heading: string): string {
  return page.slice(page.indexOf(`\n## ${heading}\n`)).split('\n## ')[1]!
}

describe('project: docs/notifiers.md', () => {
  it('has examples of every kind', () => {
    expect(configurations.length).to.be.at.least(8)
    expect(blocksOf('gotemplate').length).to.equal(inFull.length).and.be.at.least(4)
    expect(inTables.length).to.be.at.least(30)
  })

  for (const [index, toml] of configurations.entries()) {
    it(`configuration ${index + 1} is taken, and its notifiers can be made: ${toml.split('\n')[0]}`, () => {
      const { notifiers, warnings } = configFromToml(toml)
      expect(
        warnings.filter(warning => !/nothing is watched|nothing uses it|every process/.test(warning))
      ).to.deep.equal([])
      expect(notifiers.length).to.be.greaterThan(0)
      for (const settings of notifiers) createNotifier(settings, renderHere).close()
    })
  }

  for (const [template, text] of inFull) {
    it(`the template gives what it says: ${template.split('\n')[0]}`, () => {
      expect(rendered(template, 'warn').trimEnd()).to.equal(text.trimEnd())
    })
  }

  for (const [template, text] of inTables) {
    it(`${template} is ${text}`, () => {
      expect(rendered(template, 'warn').replace(/\n$/, '')).to.equal(text)
    })
  }

  it('shows every function', () => {
    const shown = sectionOf('Functions')
    for (const name of [...builtins.keys(), ...helpers.keys(), 'and', 'or']) expect(shown).to.contain(`{{${name} `)
  })

  it('has every class and key of docs/configuration.md', () => {
    const text = readFileSync(join(projectRoot, 'docs/configuration.md'), 'utf8')
    const notifier = text.slice(text.indexOf('\n## notifier\n')).split('\n## ')[1]!
    const rows = notifier.split('\n').filter(line => /^\| ?[a-z]* ?(?:\| )?`/.test(line))
    const keys = rows.flatMap(row => [
      ...(row.split(' | ')[row.startsWith('| `') ? 0 : 1] ?? '').matchAll(/`([a-z-]+)`/g)
    ])
    expect(keys.length).to.be.greaterThan(30)
    const shown = sectionOf('Keys')
    expect(keys.map(([, key]) => key!).filter(key => !shown.includes(`\`${key}\``))).to.deep.equal([])
  })

  it('has the bounds that hold', () => {
    const limits = sectionOf('Errors and limits')
    for (const number of [sourceLengthMax, outputLengthMax, stepsMax, depthMax]) {
      expect(limits).to.contain(`| ${number.toLocaleString('en-US')}`)
    }
    expect(limits).to.contain(`${renderDeadlineMs / 1000} s`)
    expect(sectionOf('When an endpoint fails'))
      .to.contain(`1, 2, 4 ... ${retryDelayMsMax / 1000} s, ${attemptsMax} tries in all`)
      .and.to.contain(`${sendingMax} messages at a time and\n${queuedMax.toLocaleString('en-US')} waiting`)
  })

  it('names the templates that are shipped', () => {
    const named = [...sectionOf('Templates').matchAll(/`(default-[a-z-]+\.tmpl)`/g)].map(([, name]) => name)
    expect(named.toSorted()).to.deep.equal([...shippedTemplates.keys()].toSorted())
  })

  it('the sentence about a wrong template is what a start says', () => {
    const [, example = ''] = /\n {4}Failed to compile TemplateOpen: (.*)\n/.exec(page) ?? []
    const said = rendered('\n\n{{fromage}}', 'warn')
    expect(said.replace('t.tmpl', 'open.tmpl')).to.equal(example)
  })
})
