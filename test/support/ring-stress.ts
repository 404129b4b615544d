import type { RunAddress } from '../../shared/actor/storage-messages.ts'

/**
 * What the threads of the ring stress test agree on. Each run belongs to a tenant; every number in its windows tells the tenant
 * and follows from the commit's number, so that a reader can check any window by itself:
 *
 *   offset = tenant * tenantStep + n     order = offset + 1     timestampMs = 2 * offset     lag = n mod 7     observed = n
 *
 * Neighbours in a window differ by exactly 1 in n.
 */
export const tenantStep = 1_000_000_000
export const stressIntervals = 10
export const stressPartitions = 3

export interface WriterInit {
  readonly role: 'writer'
  /** Int32: 0 = run, 1 = stop. */
  readonly stop: SharedArrayBuffer
  readonly readers: readonly import('node:worker_threads').MessagePort[]
}

export interface ReaderInit {
  readonly role: 'reader'
  readonly stop: SharedArrayBuffer
  readonly port: import('node:worker_threads').MessagePort
}

export type ToReader =
  | { readonly kind: 'slab'; readonly id: number; readonly buffer: SharedArrayBuffer }
  | { readonly kind: 'run'; readonly tenant: number; readonly address: RunAddress }

export interface WriterResult {
  readonly writes: number
  readonly tenants: number
}

export interface ReaderResult {
  readonly ok: number
  readonly moved: number
  readonly busy: number
  readonly retries: number
  /** What was read that was never written so; must be empty. */
  readonly violations: readonly string[]
  readonly tenantsSeen: number
}
