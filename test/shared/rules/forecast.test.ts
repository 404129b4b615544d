import { expect } from 'chai'
import { forecastPartition } from '../../../shared/rules/forecast.ts'
import { judgePartition, Rule } from '../../../shared/rules/lag-rules.ts'
import { evaluatorVectors, factsOf } from '../../support/evaluator-vectors.ts'
import { expectForecast } from '../../support/explain-oracle.ts'
import { compareOnRandomHistories } from '../../support/random-history.ts'

describe('forecast of a verdict', () => {
  it('is what a clock moved by hand shows, on all rows of the specification', () => {
    let forecasts = 0
    for (const row of evaluatorVectors) {
      const { window, brokerOffsets, currentLag, nowSeconds, allowedLag } = factsOf(row)
      const offsets = window.map(({ offset, timestampMs, lag }) => ({
        offset,
        timestampMs,
        lag,
        order: 0,
        observedTimestampMs: 0
      }))
      const rule = judgePartition(factsOf(row)).rule
      const kept = brokerOffsets.slice(-offsets.length)
      if (kept.length < brokerOffsets.length) continue // more end offsets than such a window could have beside it
      expectForecast(
        { offsets, brokerOffsets, currentLag, owner: '', clientId: '' },
        allowedLag,
        nowSeconds,
        rule,
        row.id
      )
      if (forecastPartition(rule, factsOf(row), offsets.length)) forecasts++
    }
    expect(forecasts).to.be.greaterThan(20)
  })

  it('is what a clock moved by hand shows, on random histories', () => {
    compareOnRandomHistories(20_261_124, 1500, expectForecast)
  })

  const of = (id: string, endOffsetsMax: number) => {
    const row = evaluatorVectors.find(each => each.id === id)!
    return forecastPartition(judgePartition(factsOf(row)).rule, factsOf(row), endOffsetsMax)
  }

  it('STOP comes one second after the silence has grown as long as the window', () => {
    expect(of('T0', 10)).to.deep.equal({ stoppedAtSeconds: 901, endOffsetLooks: 0 })
    expect(of('R27', 10)).to.deep.equal({ stoppedAtSeconds: 121, endOffsetLooks: 0 })
  })

  it('and not before the last remembered end offset at which all was read is forgotten', () => {
    expect(of('R6', 10)).to.deep.equal({ stoppedAtSeconds: 130, endOffsetLooks: 9 })
    expect(of('R6', 2)).to.deep.equal({ stoppedAtSeconds: 130, endOffsetLooks: 1 })
  })

  it('nothing comes after STOP, after no lag, and for a window that is not judged', () => {
    expect(of('T2', 10)).to.equal(null)
    expect(of('T8', 10)).to.equal(null)
    expect(forecastPartition(Rule.NotJudged, { window: [], brokerOffsets: [], nowSeconds: 5 }, 10)).to.equal(null)
  })
})
