import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { nativeFamilies, processFamilies } from '../../main/metrics/own-families.ts'
import { families } from '../../shared/metrics/families.ts'
import { projectRoot } from '../support/paths.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string }
}

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
const { groups } = parse(read('deploy/prometheus-alerts.yml')) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap(group => group.rules)

describe('project: deploy/', () => {
  it('alerts are about metrics that there are', async () => {
    const figures = { version: '', ready: true, clusters: [], consumers: [], threads: [], loopDelayMaxSeconds: 0 }
    const own = nativeFamilies({ ...figures, counters: [] }, { scrapes: 0, refused: 0, aborted: 0, failed: 0 })
    const known = [...families, ...own, ...(await processFamilies(0))].map(({ name }) => name)
    const used = rules.flatMap(({ expr }) => [...expr.matchAll(/\b(?:burrow|process)_[a-z_]+/g)].map(([name]) => name))
    expect(used.length).to.be.greaterThan(8)
    expect(used.filter(name => !known.includes(name))).to.deep.equal([])
  })

  it('alerts are those of docs/metrics.md, each with a severity and a summary', () => {
    const documented = [...read('docs/metrics.md').matchAll(/^\| `([A-Z][A-Za-z]+)` \|/gm)].map(([, name]) => name!)
    expect(rules.map(({ alert }) => alert)).to.deep.equal(documented)
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).to.be.oneOf(['critical', 'warning', 'info'])
      expect(annotations.summary, alert).not.to.equal('')
    }
  })

  it('the unit starts the command of the package with options that it has', () => {
    const start = /^ExecStart=(.+)$/m.exec(read('deploy/burrow.service'))![1]!
    const { bin } = JSON.parse(read('package.json')) as { bin: { burrow: string } }
    expect(start).to.contain(`${bin.burrow} --config-dir `)
    expect(read('main/cli.ts')).to.contain('--config-dir')
  })
})
