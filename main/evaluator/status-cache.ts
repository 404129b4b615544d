import type { EvaluateRequest, PageResult, StatusPage } from '../../shared/actor/evaluator-tasks.ts'
import { keep } from '../../shared/actor/lent-memory.ts'
import type { Clock } from '../../shared/clock.ts'
import { groupKey, LruMap } from '../../shared/lru-map.ts'

/** Results kept, and their bytes; what was used longest ago goes first. */
export const cachedResultsMax = 50_000
export const cachedBytesMax = 64 * 1024 * 1024

/** Memory of a result beside its bytes, and of one partition that is an object; estimates. */
const entryBytes = 200
const partitionBytes = 400

export interface StatusCacheOptions {
  /** 0 = nothing is kept (spec 09, A13), and every question is evaluated anew. */
  readonly expireSeconds: number
  readonly clock: Clock
  readonly entriesMax?: number
  readonly bytesMax?: number
}

/**
 * Verdicts on groups, reused for `expire-cache` seconds after they were finished, not-found ones too; failures are not kept.
 * Whoever asks for what is just being evaluated waits for that. Main thread. The results are shared: their bytes must be
 * neither changed nor transferred.
 */
export class StatusCache {
  readonly #clock: Clock
  readonly #expireMs: number
  readonly #results: LruMap<{ readonly result: PageResult; readonly validToMs: number }>
  /** Bounded by the questions that the batcher accepts. */
  readonly #runningByKey = new Map<string, Promise<PageResult>>()
  #hits = 0
  #shared = 0
  #misses = 0

  constructor({ expireSeconds, clock, entriesMax, bytesMax }: StatusCacheOptions) {
    this.#clock = clock
    this.#expireMs = expireSeconds * 1000
    this.#results = new LruMap(entriesMax ?? cachedResultsMax, bytesMax ?? cachedBytesMax)
  }

  get stats(): Readonly<Record<string, number>> {
    const { size, weight, evictions } = this.#results
    const counts = { hits: this.#hits, shared: this.#shared, misses: this.#misses }
    return { ...counts, entries: size, bytes: weight, evictions, running: this.#runningByKey.size }
  }

  /** Settles as `evaluate` does, which is called only when there is no answer yet. */
  get(request: StatusPage | EvaluateRequest, evaluate: () => Promise<PageResult>): Promise<PageResult> {
    if (this.#expireMs === 0) return evaluate()
    const key = keyOf(request)
    const known = this.#results.get(key)
    if (known && this.#clock.nowMs() <= known.validToMs) {
      this.#hits++
      return Promise.resolve(known.result)
    }
    const running = this.#runningByKey.get(key)
    if (running) {
      this.#shared++
      return running
    }
    this.#misses++
    const started = this.#evaluate(key, evaluate)
    this.#runningByKey.set(key, started)
    return started
  }

  async #evaluate(key: string, evaluate: () => Promise<PageResult>): Promise<PageResult> {
    try {
      const evaluated = await evaluate()
      if (evaluated.kind === 'error') return evaluated
      const validToMs = this.#clock.nowMs() + this.#expireMs
      if (evaluated.kind === 'bytes') keep(evaluated.body)
      const result = evaluated.kind === 'bytes' ? { ...evaluated, validToMs } : evaluated
      this.#results.set(key, { result, validToMs }, weightOf(key, result))
      return result
    } finally {
      this.#runningByKey.delete(key)
    }
  }
}

/** A page and a verdict on the same group are different entries. */
function keyOf({ page, showAll, cluster, group }: StatusPage | EvaluateRequest): string {
  return `${page} ${showAll} ${groupKey(cluster, group)}`
}

function weightOf(key: string, result: PageResult): number {
  const own = entryBytes + 2 * key.length
  if (result.kind === 'bytes') return own + result.body.byteLength
  if (result.kind !== 'verdict') return own
  const { head, packed } = result.verdict
  return own + (packed?.byteLength ?? 0) + (head.partitions.length + 1) * partitionBytes
}
