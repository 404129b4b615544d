import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { ThreadSettings } from './app-config.ts'

export type ThreadNumbers = { readonly [K in keyof ThreadSettings]: number }

const kafkaMax = 8
const storageMax = 8
const evaluatorMax = 16

/**
 * Settles `auto`. The rule, for n cores: kafka n/4, storage n/8, each at least 1 and at most 8; the evaluators get what is left
 * beside main, at least 1 and at most 16.
 *
 * Decoding commits is the most work per record, storing them a fraction of it, so two readers keep one shard busy.
 * Evaluators sleep until asked, so they may have the rest. 1 to 4 cores: 1/1/1. 8: 2/1/4. 16: 4/2/9. 32: 8/4/16.
 */
export function resolveThreads(threads: ThreadSettings, cores = availableCores()): ThreadNumbers {
  const kafka = threads.kafka === 'auto' ? within(1, Math.floor(cores / 4), kafkaMax) : threads.kafka
  const storage = threads.storage === 'auto' ? within(1, Math.floor(cores / 8), storageMax) : threads.storage
  const left = cores - 1 - kafka - storage
  const evaluator = threads.evaluator === 'auto' ? within(1, left, evaluatorMax) : threads.evaluator
  return { kafka, storage, evaluator }
}

/** Cores this process may use: the machine's, or less where a container has a CPU quota. */
export function availableCores(): number {
  return Math.max(1, Math.min(availableParallelism(), coresOfQuota(readQuota())))
}

/** Cgroup v2 `cpu.max`: `<quota> <period>` in µs, or `max <period>`. Older Node versions do not look at it themselves. */
export function coresOfQuota(cpuMax: string | null): number {
  const [, quota, period] = /^(\d+) ([1-9]\d*)/.exec(cpuMax ?? '') ?? []
  return quota === undefined || period === undefined ? Infinity : Math.ceil(Number(quota) / Number(period))
}

function readQuota(): string | null {
  try {
    return readFileSync('/sys/fs/cgroup/cpu.max', 'utf8')
  } catch {
    return null // not Linux, or no cgroup v2: no quota to obey
  }
}

function within(min: number, value: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}
