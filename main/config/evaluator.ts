import type { EvaluatorSettings } from '../../shared/settings.ts'
import type { ConfigTable } from './config-tree.ts'
import type { Reading } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { onlySection } from './sections.ts'

const expireCacheSecondsDefault = 10
/** Above 1 every partition counts as too incomplete to judge; no use for more. */
const minimumCompleteMax = 100

/** `[evaluator.NAME]` (spec 03 section 1), at most one. */
export function readEvaluator(root: ConfigTable, reading: Reading): EvaluatorSettings {
  const { name, reader } = onlySection(root, 'evaluator', 'caching', reading)
  const expireCacheSeconds = reader.integer('expire-cache', expireCacheSecondsDefault, { min: 0, max: timerSecondsMax })
  const minimumComplete = Math.fround(reader.decimal('minimum-complete', 0, { min: 0, max: minimumCompleteMax }))
  const allowedLag = reader.integer('allowed-lag', 0, { min: 0, max: Number.MAX_SAFE_INTEGER })
  if (minimumComplete > 1) reader.warn('minimum-complete', 'above 1 no partition is ever judged, all are OK')
  reader.finish()
  return { name, expireCacheSeconds, minimumComplete, allowedLag }
}
