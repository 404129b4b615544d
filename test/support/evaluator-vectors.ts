import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PartitionFacts } from '../../shared/rules/lag-rules.ts'
import { fixturesDir } from './paths.ts'

/** One row of spec 03 section 6. */
export interface EvaluatorVector {
  readonly id: string
  readonly note: string
  /** Offset, time in ms, lag. */
  readonly window: readonly (readonly [number, number, number | null])[]
  readonly brokerOffsets: readonly number[]
  readonly currentLag: number
  readonly nowSeconds: number
  readonly allowedLag: number
  readonly stopped: boolean
  readonly recentLagZero: boolean
  /** Counted from 0; -1 = none. */
  readonly rewindIndex: number
  readonly rewindRecovered: boolean | null
  readonly lagAlwaysAboveAllowed: boolean
  readonly stalled: boolean
  readonly lagNotDecreasing: boolean
  readonly status: string
}

export const evaluatorVectors: readonly EvaluatorVector[] = JSON.parse(
  readFileSync(join(fixturesDir, 'vectors.json'), 'utf8')
).evaluator

export function factsOf(row: EvaluatorVector): PartitionFacts {
  const { brokerOffsets, currentLag, nowSeconds, allowedLag } = row
  const window = row.window.map(([offset, timestampMs, lag]) => ({ offset, timestampMs, lag }))
  return { window, brokerOffsets, currentLag, nowSeconds, allowedLag }
}
