import { type MetricsSettings, metricsSets } from './app-config.ts'
import type { ConfigTable } from './config-tree.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading } from './section-reader.ts'
import { singleSection } from './sections.ts'

/** About 320 MB of text; a page of more helps no one, and most monitoring servers refuse it long before. */
export const maxSeriesDefault = 2_000_000
const maxSeriesMax = 100_000_000

/** `[metrics]`: what `/metrics` shows. A section of ours; the original ignores unknown sections, so one file serves both. */
export function readMetrics(root: ConfigTable, reading: Reading): MetricsSettings {
  const section = singleSection(root, 'metrics', reading)
  const word = section.text('set', 'both').trim().toLowerCase()
  const set = metricsSets.find(known => known === word)
  if (set === undefined) {
    section.refuse('set', `unknown set of metrics${didYouMean(word, metricsSets)}`, metricsSets.join(', '))
  }
  const maxSeries = section.integer('max-series', maxSeriesDefault, { min: 0, max: maxSeriesMax })
  section.finish()
  return { set: set ?? 'both', maxSeries }
}
