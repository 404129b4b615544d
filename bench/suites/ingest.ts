import * as zlib from 'node:zlib'
import { codecNames } from '../../shared/codec/compression.ts'
import { answersMeanwhile } from '../ingest/answers-meanwhile.ts'
import { IngestProgram, type IngestRun, type IngestShape } from '../ingest/ingest-run.ts'
import { SharedInRound } from '../runner/shared-in-round.ts'
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
    commits: { standard: 200_000, tiny: 2000, about: 'commits of a run' },
    groups: { standard: 50, tiny: 5, about: 'groups that commit' },
    partitions: { standard: 100, tiny: 20, about: 'partitions of a group' },
    'commits-http': { standard: 2_000_000, tiny: 4000, about: 'commits of the run in which HTTP is measured' },
    milliseconds: { standard: 1000, tiny: 50, about: 'of the measurement of HTTP without ingestion' }
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
    const programs = threadCases(context.threads).map(threads => programOf(context, simulator, http, threads))
    return {
      cases: programs.flatMap(({ cases }) => cases),
      close: async () => {
        for (const { program } of programs) await program.close()
        await Promise.all([simulator.close(), http.close()])
      }
    }
  }
}

interface MeasuredShape {
  readonly name: string
  readonly shape: IngestShape
  measure(run: IngestRun): Promise<Record<string, number>>
}

/** The cases of these numbers of threads. Shapes are tried with one of each only. */
function programOf(context: SuiteContext, simulator: SimulatorProcess, http: HttpLoad, threads: Threads) {
  const isOne = threads.kafka === 1 && threads.storage === 1
  const measured = [usualShape(context, threads), ...(isOne ? otherShapes(context, http) : [])]
  const flags = { ...(context.threads.evaluator && { evaluator: context.threads.evaluator }), ...threads }
  const shapes = measured.map(({ shape }) => shape)
  const program = new SharedInRound(
    measured.length,
    () => IngestProgram.start(context, simulator, shapes, flags),
    started => started.stop()
  )
  const cases: Case[] = measured.map(({ name, measure }, index) => ({
    name,
    measure: () => program.use(started => started.run(index, measure))
  }))
  return { program, cases }
}

function usualShape(context: SuiteContext, { kafka, storage }: Threads): MeasuredShape {
  const shape = shapeOf(context, {})
  return { name: `${kafka} kafka, ${storage} storage, ${usualBatch} commits a batch`, shape, measure: speed }
}

function otherShapes(context: SuiteContext, http: HttpLoad): MeasuredShape[] {
  const batches = [1, codecBatch].map(batchSize => ({
    name: `1 kafka, 1 storage, ${batchSize} ${batchSize === 1 ? 'commit' : 'commits'} a batch`,
    shape: shapeOf(context, { batchSize }),
    measure: speed
  }))
  const codecs = codecNames.flatMap((name, codec) =>
    codec === 0 || (name === 'zstd' && !canWriteZstd())
      ? []
      : {
          name: `1 kafka, 1 storage, ${codecBatch} commits a batch, ${name}`,
          shape: shapeOf(context, { batchSize: codecBatch, codec }),
          measure: speed
        }
  )
  if (!canWriteZstd()) context.note('zstd: this Node cannot write it, so it is not measured.')
  const meanwhile = {
    name: 'statuses meanwhile',
    shape: shapeOf(context, { commits: sizeOf(context, 'commits-http') }),
    measure: (run: IngestRun) => answersMeanwhile(run, { http, idleMs: sizeOf(context, 'milliseconds') })
  }
  return [...batches, ...codecs, meanwhile]
}

function shapeOf(context: SuiteContext, change: Partial<IngestShape>): IngestShape {
  return {
    groups: sizeOf(context, 'groups'),
    partitions: sizeOf(context, 'partitions'),
    commits: sizeOf(context, 'commits'),
    codec: 0,
    batchSize: usualBatch,
    ...change
  }
}

async function speed({ append, stored }: IngestRun) {
  await append()
  const { perSecond, cpuSecondsPerMillion } = await stored()
  return { commits: perSecond, cpu: cpuSecondsPerMillion }
}

type Threads = Required<Pick<ThreadFlags, 'kafka' | 'storage'>>

/** One of each, more of one, more of both; with flags, one of each and what the flags say. */
function threadCases({ kafka, storage }: ThreadFlags): Threads[] {
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
