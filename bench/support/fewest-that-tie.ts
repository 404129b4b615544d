import { tieRatio } from '../runner/compare.ts'
import { largest } from '../runner/statistics.ts'

/** Numbers of threads, and how much they got done (more is better). */
export interface Tried {
  readonly counts: readonly number[]
  readonly value: number
}

/** The fewest threads among those that tie with the best: another thread is only worth it for more than noise. Not for nothing. */
export function fewestThatTie(tried: readonly Tried[]): readonly number[] {
  const best = largest(tried.map(({ value }) => value))
  const tying = tried.filter(({ value }) => value * tieRatio > best)
  const threads = ({ counts }: Tried) => counts.reduce((sum, count) => sum + count, 0)
  const fewest = tying.toSorted((a, b) => threads(a) - threads(b) || b.value - a.value)[0]
  if (!fewest) throw new RangeError('nothing was tried')
  return fewest.counts
}
