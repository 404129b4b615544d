import { realClock } from '../../shared/clock.ts'
import type { ConsumerOffset, ConsumerPartition } from '../../shared/protocol/consumer.ts'
import { endOffsetAt, endOffsetRunBytes, summaryAt, windowAt, windowRunBytes } from '../../shared/ring/ring-layout.ts'
import { readEndOffsets, readWindow } from '../../shared/ring/ring-reader.ts'
import { RingWriter } from '../../shared/ring/ring-writer.ts'
import type { Run } from '../../shared/ring/run.ts'
import { RunAllocator } from '../../shared/ring/run-allocator.ts'
import { SlabSource } from '../../shared/ring/slab-source.ts'
import { judgePartition, Rule } from '../../shared/rules/lag-rules.ts'
import { newestEndOffset, SummaryRules, unknownEndOffset } from '../../shared/rules/summary.ts'

/** Checks made on one random history of a partition, by the rule that decided. */
export type ChecksByRule = number[]

/** Whatever else has an opinion on the same partition; throws if it differs. */
export type AlsoCheck = (
  partition: ConsumerPartition,
  allowedLag: number,
  nowSeconds: number,
  rule: Rule,
  where: string
) => void

/**
 * Writes random histories with the real ring writer (appends, merges, commits out of order, rewinds, unknown lags, times that
 * run backwards) and, after each step, asks both forms of the rules for their verdict on the same memory. Throws on the first
 * difference, with all that is needed to repeat it.
 */
export function compareOnRandomHistories(seed: number, checks: number, alsoCheck?: AlsoCheck): ChecksByRule {
  const checksByRule: ChecksByRule = Array<number>(Object.keys(Rule).length).fill(0)
  const random = randomFrom(seed)
  const runs = new RunAllocator(new SlabSource(), realClock)
  let done = 0
  while (done < checks) {
    const history = new RandomHistory(random, runs)
    for (let step = 0; step < 60; step++) {
      history.step()
      checksByRule[history.check(`seed ${seed}, check ${done}`, alsoCheck)]!++
      done++
    }
  }
  return checksByRule
}

class RandomHistory {
  readonly #random: (below: number) => number
  readonly #intervals: number
  readonly #allowedLag: number
  readonly #writer: RingWriter
  readonly #rules: SummaryRules
  readonly #windows: Run
  readonly #ends: Run
  /** Not 0: a wrong address would otherwise be right. */
  readonly #partition: number
  readonly #commit = new Float64Array(3)
  #offset = 100
  #end = 100
  #timeMs = 1_000_000
  #order = 0
  /** How often this history goes back, stands still, comes late, has no lag, knows no end offset; in percent. */
  readonly #habits: readonly number[]

  constructor(random: (below: number) => number, runs: RunAllocator) {
    this.#random = random
    this.#intervals = 1 + random(20)
    this.#allowedLag = random(2) === 0 ? 0 : random(12)
    this.#habits = Array.from({ length: 5 }, () => [0, 0, 5, 30, 90][random(5)]!)
    this.#writer = new RingWriter(this.#intervals, this.#allowedLag)
    this.#rules = new SummaryRules(this.#intervals, this.#allowedLag)
    const partitions = 1 + random(3)
    this.#partition = random(partitions)
    this.#windows = runs.allocate(windowRunBytes(partitions, this.#intervals), partitions)
    this.#ends = runs.allocate(endOffsetRunBytes(partitions, this.#intervals), partitions)
  }

  step(): void {
    const [back, still, late, noLag, noEnd] = this.#habits as [number, number, number, number, number]
    if (!this.#chance(noEnd)) {
      this.#end += this.#random(12)
      this.#writer.addEndOffset(this.#ends, this.#partition, this.#end)
    }
    if (this.#chance(back)) this.#offset -= this.#random(30)
    else if (!this.#chance(still)) this.#offset += this.#random(25)
    if (this.#offset > this.#end) this.#offset = this.#end + this.#random(3) // now and then ahead of the broker
    this.#timeMs += this.#random(20_000) - 2000
    const count = this.#writer.count(this.#windows, this.#partition)
    if (this.#chance(late) && count > 0) this.#writeLate(count, noLag)
    else this.#writeNewest(count, noLag)
    this.#writer.release()
  }

  /** The rule that both agree on. */
  check(where: string, alsoCheck?: AlsoCheck): Rule {
    const { slab } = this.#windows
    const offsets = readWindow(slab, this.#windows, this.#partition, this.#intervals)
    const window = offsets.filter((commit): commit is ConsumerOffset => commit !== null)
    const brokerOffsets = readEndOffsets(this.#ends.slab, this.#ends, this.#partition, this.#intervals)
    const newest = brokerOffsets.at(-1)
    const endsAt = endOffsetAt(this.#ends.at, this.#partition, this.#intervals)
    if (newestEndOffset(this.#ends.slab, endsAt, this.#intervals) !== (newest ?? unknownEndOffset)) {
      throw new Error(`${where}: newest end offset differs`)
    }
    // Mostly the true lag; sometimes one that the data alone would not give, since every combination must agree.
    const trueLag = newest === undefined ? 0 : Math.max(0, newest - window.at(-1)!.offset)
    const currentLag = this.#chance(80) ? trueLag : this.#random(30)
    const nowSeconds = Math.floor(this.#timeMs / 1000) + this.#random(300) - 30
    const allowedLag = this.#allowedLag
    const expected = judgePartition({ window, brokerOffsets, currentLag, nowSeconds, allowedLag }).rule
    alsoCheck?.(
      { offsets, brokerOffsets, currentLag, owner: '', clientId: '' },
      allowedLag,
      nowSeconds,
      expected,
      where
    )
    this.#rules.nowMs = nowSeconds * 1000
    const rule = this.#rules.judge(
      slab,
      summaryAt(this.#windows.at, this.#partition),
      windowAt(this.#windows.at, this.#windows.partitions, this.#partition, this.#intervals),
      brokerOffsets.length === 0 && this.#chance(50) ? null : this.#ends.slab,
      endsAt,
      currentLag
    )
    if (rule === expected) return rule
    const facts = JSON.stringify({ window, brokerOffsets, currentLag, nowSeconds, allowedLag })
    throw new Error(`${where}: summary says rule ${rule}, the window ${expected}: ${facts}`)
  }

  #writeNewest(count: number, noLag: number): void {
    const lag = this.#chance(noLag) ? -1 : Math.max(0, this.#end - this.#offset)
    const commit = this.#next(this.#timeMs)
    if (count > 0 && this.#chance(20)) this.#writer.mergeNewest(this.#windows, this.#partition, commit, 0, lag, 7)
    else this.#writer.append(this.#windows, this.#partition, commit, 0, lag, 7)
  }

  /** In the four ways of spec 02 section 6.3.1; which of them is left to chance, for the rules do not look at orders. */
  #writeLate(count: number, noLag: number): void {
    const commit = this.#next(this.#timeMs - this.#random(100_000))
    const at = this.#random(count)
    const way = this.#random(4)
    if (way === 0 && count < this.#intervals) this.#writer.prepend(this.#windows, this.#partition, commit, 0, 7)
    else if (way === 1 && at > 0) this.#writer.insert(this.#windows, this.#partition, at, commit, 0, 7)
    else if (way === 2) this.#writer.merge(this.#windows, this.#partition, at, commit, 0, 7)
    else if (way === 3) this.#writer.replace(this.#windows, this.#partition, at, commit, 0, 7)
    else this.#writeNewest(count, noLag)
  }

  #next(timestampMs: number): Float64Array {
    this.#commit.set([this.#offset, this.#order++, timestampMs])
    return this.#commit
  }

  #chance(percent: number): boolean {
    return this.#random(100) < percent
  }
}

/** Integers below the argument, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
