import { expect } from 'chai'
import { configFromToml } from '../../main/config/load-config.ts'
import { partsOfFiles, tomlExamples } from '../support/toml-examples.ts'

const [cluster = '', ...examples] = tomlExamples('docs/security.md')

/** Sections of the page's first example that an example does not have itself: together they are a file. */
function wholeFile(example: string): string {
  const sasl = example.includes('[sasl.monitor]') && !example.includes('[client-profile.') ? 'sasl = "monitor"\n' : ''
  const rest = cluster
    .split(/^(?=\[)/m)
    .filter(section => !example.includes(section.split('\n')[0]!))
    .map(section => (section.startsWith('[client-profile.') ? section + sasl : section))
  return `${rest.join('')}${example}`
}

describe('project: docs/security.md', () => {
  for (const example of examples) {
    const sections = [...example.matchAll(/^\[.*\]/gm)].join(' ')
    it(`an example is taken, and all of it is used: ${sections}`, () => {
      const { warnings, clusters } = configFromToml(wholeFile(example))
      expect(clusters).to.have.length(1)
      expect(warnings.filter(warning => !partsOfFiles.test(warning))).to.deep.equal([])
      expect(warnings.filter(warning => /^(sasl|iam)\./.test(warning))).to.deep.equal([])
    })
  }

  it('has an example of every way to log in', () => {
    const seen = examples.flatMap(example => {
      const { sasl, iam, tls } = configFromToml(wholeFile(example)).clusters[0]!.profile
      const source = sasl?.mechanism === 'OAUTHBEARER' ? ` ${sasl.source.kind}` : ''
      return [sasl ? sasl.mechanism + source : '', iam ? 'iam' : '', tls?.certFile ? 'certificate' : '']
    })
    expect(seen).to.include.members([
      'SCRAM-SHA-512',
      'OAUTHBEARER file',
      'OAUTHBEARER client-credentials',
      'OAUTHBEARER token',
      'iam',
      'certificate'
    ])
  })
})
