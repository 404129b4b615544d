import { intervalsMax } from '../../shared/ring/ring-layout.ts'
import type { StorageSettings } from '../../shared/settings.ts'
import type { ConfigTable } from './config-tree.ts'
import { readGroupLists } from './group-lists.ts'
import type { Reading } from './section-reader.ts'
import { onlySection } from './sections.ts'

/** Seconds whose ms are still exact as a number. */
const secondsMax = Math.floor(Number.MAX_SAFE_INTEGER / 1000)

/** `[storage.NAME]` (spec 02 section 2), at most one. */
export function readStorage(root: ConfigTable, reading: Reading): StorageSettings {
  const { name, reader } = onlySection(root, 'storage', 'inmemory', reading)
  const settings = {
    name,
    intervals: reader.integer('intervals', 10, { min: 1, max: intervalsMax }),
    expireGroupSeconds: reader.integer('expire-group', 604_800, { min: 1, max: secondsMax }),
    minDistanceSeconds: reader.integer('min-distance', 0, { min: 0, max: secondsMax }),
    ...readGroupLists(reader)
  }
  // Burrow's workers share one memory; ours are threads, and their number is a choice about the machine, not about storage.
  reader.integer('workers', 20, { min: 1, max: secondsMax })
  reader.integer('queue-depth', 1, { min: 0, max: secondsMax })
  if (reader.has('workers')) reader.warn('workers', 'not used; storage threads are set by threads.storage')
  if (reader.has('queue-depth')) reader.warn('queue-depth', 'not used; queues between threads have fixed bounds')
  reader.finish()
  return settings
}
