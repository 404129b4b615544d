import { expect } from 'chai'
import { realClock } from '../../../shared/clock.ts'
import { statusToText } from '../../../shared/protocol/status.ts'
import {
  endOffsetAt,
  endOffsetRunBytes,
  summaryAt,
  windowAt,
  windowRunBytes
} from '../../../shared/ring/ring-layout.ts'
import { RingWriter } from '../../../shared/ring/ring-writer.ts'
import { RunAllocator } from '../../../shared/ring/run-allocator.ts'
import { SlabSource } from '../../../shared/ring/slab-source.ts'
import { judgePartition, Rule, statusOfRule } from '../../../shared/rules/lag-rules.ts'
import { SummaryRules } from '../../../shared/rules/summary.ts'
import { type EvaluatorVector, evaluatorVectors, factsOf } from '../../support/evaluator-vectors.ts'
import { compareOnRandomHistories } from '../../support/random-history.ts'

describe('verdict from the summary', () => {
  it('is that of all rows of the specification, by the same rule', () => {
    for (const row of evaluatorVectors) {
      const rule = ruleFromRings(row)
      expect(statusToText(statusOfRule(rule)), row.id).to.equal(row.status)
      expect(rule, row.id).to.equal(judgePartition(factsOf(row)).rule)
    }
  })

  it('is that of the full window after each step of random histories', () => {
    const checksByRule = compareOnRandomHistories(20_261_122, 120_000)
    // Each rule decides often enough for the comparison to mean something; every window here has commits.
    for (const [name, rule] of Object.entries(Rule)) {
      if (rule !== Rule.NotJudged) expect(checksByRule[rule], name).to.be.greaterThan(500)
    }
  })
})

/** The row written into rings that are as long as the longer of window and end offsets. */
function ruleFromRings(row: EvaluatorVector): Rule {
  const intervals = Math.max(row.window.length, row.brokerOffsets.length)
  const runs = new RunAllocator(new SlabSource(), realClock)
  const windows = runs.allocate(windowRunBytes(1, intervals), 1)
  const ends = runs.allocate(endOffsetRunBytes(1, intervals), 1)
  const writer = new RingWriter(intervals, row.allowedLag)
  for (const [order, [offset, timestampMs, lag]] of row.window.entries()) {
    writer.append(windows, 0, Float64Array.of(offset, order, timestampMs), 0, lag ?? -1, 0)
  }
  for (const endOffset of row.brokerOffsets) writer.addEndOffset(ends, 0, endOffset)
  writer.release()
  const rules = new SummaryRules(intervals, row.allowedLag)
  rules.nowMs = row.nowSeconds * 1000
  const window = windowAt(windows.at, 1, 0, intervals)
  const endsAt = endOffsetAt(ends.at, 0, intervals)
  return rules.judge(windows.slab, summaryAt(windows.at, 0), window, ends.slab, endsAt, row.currentLag)
}
