import * as zlib from 'node:zlib'
import { codecNames } from '../../shared/codec/compression.ts'
import { answersMeanwhile } from '../ingest/answers-meanwhile.ts'
import { type IngestOrder, ingestRun } from '../ingest/ingest-run.ts'
import type { Case, Suite, SuiteContext, ThreadFlags } from '../runner/suite.ts'
import { sizeOf } from '../runner/suite.ts'
import { HttpLoad } from '../support/http-load.ts'
import { type SimulatorProcess, startSimulatorProcess } from '../support/simulator-process.ts'

const usualBatch = 20
const codecBatch = 100

/** Commits a second from broker socket to ring, by the whole program; and what HTTP is like meanwhile. */
export const ingest: Suite = {
  name: 'ingest',
  about: 'commits a second from broker socket to ring, and HTTP meanwhile',
  rounds: 1,
  sizes: {
    commits: { standard: 150_000, tiny: 2000, about: 'commits of a run' },
    groups: { standard: 50, tiny: 5, about: 'groups that commit' },
    partitions: { standard: 100, tiny: 20, about: 'partitions of a group' },
    'commits-http': { standard: 1_000_000, tiny: 4000, about: 'commits of the run in which HTTP is measured' },
    milliseconds: { standard: 500, tiny: 50, about: 'of the measurement of HTTP without ingestion' }
  },
  figures: {
    commits: { unit: 'commits/s', better: 'more' },
    cpu: { unit: 'CPU s per million', better: 'less' },
    p50: { unit: 'ms', better: 'less' },
    'p50 idle': { unit: 'ms', better: 'as-is' },
    p99: { unit: 'ms', better: 'less' },
    'p99 idle': { unit: 'ms', better: 'as-is' }
  },
  async prepare(context) {
    const simulator = startSimulatorProcess()
    const http = new HttpLoad()
    return {
      cases: casesOf(context, simulator, http),
      close: async () => {
        await Promise.all([simulator.close(), http.close()])
      }
    }
  }
}

function casesOf(context: SuiteContext, simulator: SimulatorProcess, http: HttpLoad): Case[] {
  const base = {
    groups: sizeOf(context, 'groups'),
    partitions: sizeOf(context, 'partitions'),
    commits: sizeOf(context, 'commits'),
    codec: 0,
    batchSize: usualBatch
  }
  const one: ThreadFlags = {
    kafka: 1,
    storage: 1,
    ...(context.threads.evaluator && { evaluator: context.threads.evaluator })
  }
  const run = (name: string, change: Partial<IngestOrder>): Case => ({
    name,
    measure: () =>
      ingestRun(context, simulator, { ...base, threads: one, ...change }, async ({ append, stored }) => {
        await append()
        const { perSecond, cpuSecondsPerMillion } = await stored()
        return { commits: perSecond, cpu: cpuSecondsPerMillion }
      })
  })
  const cases = threadCases(context.threads).map(threads =>
    run(`${threads.kafka} kafka, ${threads.storage} storage, ${usualBatch} commits a batch`, {
      threads: { ...one, ...threads }
    })
  )
  for (const batchSize of [1, codecBatch]) {
    cases.push(run(`1 kafka, 1 storage, ${batchSize} ${batchSize === 1 ? 'commit' : 'commits'} a batch`, { batchSize }))
  }
  for (const [codec, name] of codecNames.entries()) {
    if (codec === 0) continue
    if (name === 'zstd' && !canWriteZstd()) context.note('zstd: this Node cannot write it, so it is not measured.')
    else cases.push(run(`1 kafka, 1 storage, ${codecBatch} commits a batch, ${name}`, { batchSize: codecBatch, codec }))
  }
  cases.push({
    name: 'statuses meanwhile',
    measure: () => {
      const order = { ...base, threads: one, commits: sizeOf(context, 'commits-http') }
      const idleMs = sizeOf(context, 'milliseconds')
      return ingestRun(context, simulator, order, run => answersMeanwhile(run, { http, idleMs }))
    }
  })
  return cases
}

/** One of each, more of one, more of both; with flags, one of each and what the flags say. */
function threadCases({ kafka, storage }: ThreadFlags): ThreadFlags[] {
  const one = { kafka: 1, storage: 1 }
  if (kafka === undefined && storage === undefined) {
    return [one, { kafka: 2, storage: 1 }, { kafka: 1, storage: 2 }]
  }
  const asked = { kafka: kafka ?? 1, storage: storage ?? 1 }
  return asked.kafka === 1 && asked.storage === 1 ? [one] : [one, asked]
}

function canWriteZstd(): boolean {
  return 'zstdCompressSync' in zlib
}
