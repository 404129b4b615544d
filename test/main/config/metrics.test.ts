import { expect } from 'chai'
import { configFromToml } from '../../../main/config/load-config.ts'
import { maxSeriesDefault } from '../../../main/config/metrics.ts'

const metricsOf = (toml: string, environment = {}) => configFromToml(toml, { environment }).metrics

describe('config: metrics', () => {
  it('has both sets and a budget when nothing is said', () => {
    expect(metricsOf('')).to.deep.equal({ set: 'both', maxSeries: maxSeriesDefault })
  })

  it('takes set and budget from file and environment', () => {
    const toml = '[metrics]\nset = "Burrow"\nmax-series = 0'
    expect(metricsOf(toml)).to.deep.equal({ set: 'burrow', maxSeries: 0 })
    const environment = { BURROW_METRICS_SET: 'native', BURROW_METRICS_MAX_SERIES: '5000' }
    expect(metricsOf(toml, environment)).to.deep.equal({ set: 'native', maxSeries: 5000 })
  })

  const mistakes: readonly (readonly [toml: string, says: string])[] = [
    [
      'set = "natve"',
      'metrics.set: unknown set of metrics; did you mean native? (read "natve"; allowed: burrow, native, both)'
    ],
    ['max-series = -1', 'metrics.max-series: out of range (read -1; allowed: a whole number from 0 to 100000000)']
  ]
  for (const [toml, says] of mistakes) {
    it(`refuses ${toml}`, () => expect(() => metricsOf(`[metrics]\n${toml}`)).to.throw(says))
  }

  it('warns of a key that it does not know', () => {
    const { warnings } = configFromToml('[metrics]\nmax-serie = 5')
    expect(warnings).to.include('metrics.max-serie: unknown key, not used; did you mean max-series?')
    expect(warnings.some(line => line.startsWith('metrics: '))).to.equal(false)
  })
})
