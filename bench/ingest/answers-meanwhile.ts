import { loadGroupName } from '../../main/simulator/load.ts'
import { quantile } from '../runner/statistics.ts'
import type { HttpLoad } from '../support/http-load.ts'
import type { IngestRun } from './ingest-run.ts'

export interface Meanwhile {
  readonly http: HttpLoad
  /** Of the measurement without ingestion, and of the warming before it. */
  readonly idleMs: number
}

/** Low enough to cost next to nothing. */
const askedPerSecond = 200
const connections = 4
/** Before the first measurement the program has to compile what answers statuses. */
const warmPerSecond = 1000
/** More than reading the rest may take. */
const meanwhileMaxMs = 60_000
/** Between two looks at how much is stored, which main has to answer as well. */
const lookMs = 50

/**
 * How long a status takes while commits are read as fast as they can be, and while nothing is read: each asked for when it is due, whatever
 * is still open. p99 in ms.
 */
export async function answersMeanwhile({ cluster, monitor, append, stored }: IngestRun, { http, idleMs }: Meanwhile) {
  const asking = {
    address: monitor.address,
    paths: [`/v3/kafka/${cluster}/consumer/${loadGroupName(0)}/status`],
    connections,
    pipelining: 1
  }
  const ask = (durationMs: number, requestsPerSecond = askedPerSecond, until?: Promise<unknown>) =>
    http.run({ ...asking, requestsPerSecond, durationMs }, until)
  await ask(idleMs, warmPerSecond)
  const idleUs = (await ask(idleMs)).latenciesUs
  await append()
  const ingested = stored(lookMs)
  const busyUs = (await ask(meanwhileMaxMs, askedPerSecond, ingested)).latenciesUs
  const { perSecond } = await ingested
  return {
    commits: perSecond,
    p50: quantile(busyUs, 0.5) / 1000,
    p99: quantile(busyUs, 0.99) / 1000,
    'p50 idle': quantile(idleUs, 0.5) / 1000,
    'p99 idle': quantile(idleUs, 0.99) / 1000
  }
}
