import { readdir } from 'node:fs/promises'
import { type CounterBlock, type CounterName, counterNames, sumCounters } from '../../shared/counters.ts'
import { labelValue, valueText } from '../../shared/metrics/exposition-writer.ts'
import { familyHead } from '../../shared/metrics/families.ts'
import type { OwnFamily } from './page-parts.ts'

/** What a page of metrics says of the program itself. */
export interface OwnFigures {
  readonly version: string
  readonly ready: boolean
  readonly clusters: readonly { readonly name: string; readonly up: boolean }[]
  readonly consumers: readonly { readonly name: string; readonly cluster: string; readonly ready: boolean }[]
  readonly threads: readonly { readonly kind: string; readonly count: number; readonly restarts: number }[]
  readonly loopDelayMaxSeconds: number
  readonly counters: Iterable<CounterBlock>
}

/** What was counted of the pages themselves. */
export interface ScrapeCounts {
  /** Begun. */
  readonly scrapes: number
  /** Refused, because too many were under way. */
  readonly refused: number
  /** The client left or did not take the page in time. */
  readonly aborted: number
  /** The figures or a part could not be had. */
  readonly failed: number
}

/** On every page: the names that dashboards about processes look for, and what the page leaves out. */
export async function processFamilies(seriesOverBudget: number): Promise<OwnFamily[]> {
  const { user, system } = process.cpuUsage()
  const openFiles = await openFileCount()
  return [
    gauge(
      'burrow_metrics_series_over_budget',
      'Series about partitions that this page leaves out because of metrics.max-series; sums by group are shown.',
      seriesOverBudget
    ),
    counter('process_cpu_seconds_total', 'User and system CPU time spent.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Resident memory size.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'Start time of the process since the epoch.', startSeconds),
    ...(openFiles === null ? [] : [gauge('process_open_fds', 'Open file descriptors.', openFiles)])
  ]
}

/** The program's own state by today's conventions. */
export function nativeFamilies(figures: OwnFigures, scrapes: ScrapeCounts): OwnFamily[] {
  const { version, ready, clusters, consumers, threads } = figures
  return [
    family('burrow_build_info', 'Always 1; the labels say what is running.', 'gauge', [
      [{ node: process.version, version }, 1]
    ]),
    gauge('burrow_ready', '1 when everything that was in Kafka at the start has been read.', Number(ready)),
    family(
      'burrow_cluster_up',
      '1 when the cluster answers.',
      'gauge',
      clusters.map(({ name, up }) => [{ cluster: name }, Number(up)])
    ),
    family(
      'burrow_consumer_ready',
      '1 when the consumer module has read everything that was there at its start.',
      'gauge',
      consumers.map(({ name, cluster, ready }) => [{ cluster, consumer: name }, Number(ready)])
    ),
    family(
      'burrow_threads',
      'Threads of a kind.',
      'gauge',
      threads.map(({ kind, count }) => [{ kind }, count])
    ),
    family(
      'burrow_thread_restarts_total',
      'Threads of a kind that ended and were replaced.',
      'counter',
      threads.map(({ kind, restarts }) => [{ kind }, restarts])
    ),
    gauge(
      'burrow_event_loop_delay_max_seconds',
      'Longest time that the main thread was held up, over the last 30 to 60 seconds.',
      figures.loopDelayMaxSeconds
    ),
    counter('burrow_metrics_scrapes_total', 'Pages of metrics begun.', scrapes.scrapes),
    counter('burrow_metrics_scrapes_refused_total', 'Pages refused: too many at once.', scrapes.refused),
    counter('burrow_metrics_scrapes_aborted_total', 'Pages that the client did not take to the end.', scrapes.aborted),
    counter('burrow_metrics_scrapes_failed_total', 'Pages that could not be made.', scrapes.failed),
    ...counterFamilies(figures.counters)
  ]
}

function counterFamilies(blocks: Iterable<CounterBlock>): OwnFamily[] {
  const sums = sumCounters(blocks)
  return counterNames.map(name => counter(counterFamilyName(name), counterHelp(name), sums[name]))
}

function counterFamilyName(name: CounterName): string {
  return `burrow_${name}_total`
}

/** What each one counts is said where it is declared (shared/counters.ts). */
function counterHelp(name: CounterName): string {
  return `Counted by all threads since the start: ${name.replaceAll('_', ' ')}.`
}

type Labels = Readonly<Record<string, string>>

function gauge(name: string, help: string, value: number): OwnFamily {
  return family(name, help, 'gauge', [[{}, value]])
}

function counter(name: string, help: string, value: number): OwnFamily {
  return family(name, help, 'counter', [[{}, value]])
}

/** Labels are given in the order of their names; series are put in order here. A family without series is no text at all. */
function family(
  name: string,
  help: string,
  type: 'gauge' | 'counter',
  series: readonly (readonly [Labels, number])[]
): OwnFamily {
  if (series.length === 0) return { name, text: '' }
  const lines = series.map(([labels, value]) => `${name}${labelText(labels)} ${valueText(value)}\n`)
  return { name, text: familyHead(name, help, type) + lines.sort().join('') }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const startSeconds = Math.round(Date.now() - process.uptime() * 1000) / 1000

/** Null where the system does not say. */
async function openFileCount(): Promise<number | null> {
  try {
    return (await readdir('/proc/self/fd')).length
  } catch {
    return null
  }
}
