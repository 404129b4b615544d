import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { RunAddress } from '../../shared/actor/storage-messages.ts'
import { Counters, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import { readRun, readWindow } from '../../shared/ring/ring-reader.ts'
import type { Run } from '../../shared/ring/run.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import { SlabViews } from '../../shared/ring/slabs.ts'
import { addressOf, RingFixture } from './ring-fixture.ts'
import {
  type ReaderInit,
  type ReaderResult,
  stressIntervals,
  stressPartitions,
  type ToReader,
  tenantStep,
  type WriterInit,
  type WriterResult
} from './ring-stress.ts'
import { readSummary, summaryOf } from './summary-oracle.ts'

/** Runs in use at a time: few, so that writer and readers keep meeting in them. */
const liveRuns = 4
const writesPerTenant = 3000
/** Addresses that a reader keeps, most of them stale. */
const rememberedRuns = 12
const violationsMax = 20

const init = workerData as WriterInit | ReaderInit
const stop = new Int32Array(init.stop)
const stopped = () => Atomics.load(stop, 0) === 1
parentPort!.postMessage(init.role === 'writer' ? write(init) : read(init))

/** Flat out; frees a run after so many writes and gives its place to the next tenant at once, without any rest. */
function write({ readers }: WriterInit): WriterResult {
  const ring = new RingFixture(stressIntervals, 2, 0)
  const tell = (message: ToReader) => {
    for (const reader of readers) reader.postMessage(message)
  }
  let slabs = 0
  let tenants = 0
  let writes = 0
  const from = new Float64Array(3)
  const move = (): { tenant: number; run: Run } => {
    const run = ring.windows(stressPartitions)
    while (slabs < ring.views.count) {
      const { id, buffer } = ring.views.get(slabs++)
      tell({ kind: 'slab', id, buffer })
    }
    tell({ kind: 'run', tenant: tenants, address: addressOf(run) })
    return { tenant: tenants++, run }
  }
  const live = Array.from({ length: liveRuns }, move)
  for (let turn = 0; !stopped(); turn++) {
    const place = turn % liveRuns
    const { tenant, run } = live[place]!
    for (let n = 0; n < writesPerTenant; n++) {
      from[0] = tenant * tenantStep + n
      from[1] = from[0] + 1
      from[2] = 2 * from[0]
      for (let partition = 0; partition < stressPartitions; partition++) {
        ring.writer.append(run, partition, from, 0, n % 7, n)
        writes++
      }
      if (n % 5 === 0) ring.writer.release()
    }
    ring.writer.release()
    ring.runs.free(run)
    live[place] = move()
  }
  return { writes, tenants }
}

function read({ port }: ReaderInit): ReaderResult {
  const views = new SlabViews()
  const block = createCounterBlock()
  const counters = new Counters(block)
  const known: { tenant: number; address: RunAddress }[] = []
  const outcomes = { ok: 0, moved: 0, busy: 0 }
  const violations: string[] = []
  const seen = new Set<number>()
  for (let turn = 0; !stopped() && violations.length < violationsMax; turn++) {
    for (let message = next(port); message; message = next(port)) {
      if (message.kind === 'slab') views.attach(message.id, message.buffer)
      else known.push(message)
      if (known.length > rememberedRuns) known.shift()
    }
    const run = known[turn % Math.max(1, known.length)]
    if (!run) continue
    let problem: string | null = null
    const outcome = readRun(
      views,
      run.address,
      (slab, address) => {
        problem = check(slab, address, turn % stressPartitions, run.tenant)
      },
      counters
    )
    outcomes[outcome]++
    if (outcome !== 'ok') continue
    seen.add(run.tenant)
    if (problem) violations.push(problem)
  }
  return { ...outcomes, retries: sumCounters([block]).ring_retries, violations, tenantsSeen: seen.size }
}

function next(port: ReaderInit['port']): ToReader | null {
  return (receiveMessageOnPort(port) as { message: ToReader } | undefined)?.message ?? null
}

/** What is wrong with the window and its summary, or null. */
function check(slab: SlabView, run: RunAddress, partition: number, tenant: number): string | null {
  const window = readWindow(slab, run, partition, stressIntervals)
  const commits = window.filter(commit => commit !== null)
  for (const [i, { offset, order, timestampMs, lag, observedTimestampMs }] of commits.entries()) {
    const n = offset - tenant * tenantStep
    if (n < 0 || n >= tenantStep) return `tenant ${tenant} read ${offset}`
    if (order !== offset + 1 || timestampMs !== 2 * offset || lag !== n % 7 || observedTimestampMs !== n * 1000) {
      return `torn commit of tenant ${tenant}: ${JSON.stringify(commits[i])}`
    }
    if (i > 0 && offset !== commits[i - 1]!.offset + 1)
      return `torn window of tenant ${tenant}: ${JSON.stringify(window)}`
  }
  const wanted = summaryOf(commits, 2)
  if (!wanted) return null
  const found = readSummary(slab, run, partition)
  return JSON.stringify(found) === JSON.stringify(wanted)
    ? null
    : `torn summary of tenant ${tenant}: ${JSON.stringify(found)}`
}
