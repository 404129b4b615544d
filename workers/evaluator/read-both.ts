import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import type { Counters } from '../../shared/counters.ts'
import { type ReadOutcome, readRun } from '../../shared/ring/ring-reader.ts'
import type { SlabView, SlabViews } from '../../shared/ring/slabs.ts'

/**
 * Reads the end offsets of a topic inside a read of its windows, so that `body` sees one state of both. `ends` is null for
 * a topic that the cluster does not know. A failed inner read makes the outer one worthless, so its outcome is given.
 */
export function readBoth(
  slabs: SlabViews,
  { windows, endOffsets }: TopicDirectory,
  counters: Counters,
  body: (slab: SlabView, ends: SlabView | null) => void
): ReadOutcome {
  let inner: ReadOutcome = 'ok'
  const readInner = (slab: SlabView): void => {
    if (endOffsets === null) body(slab, null)
    else inner = readRun(slabs, endOffsets, ends => body(slab, ends), counters)
  }
  const outer = readRun(slabs, windows, readInner, counters)
  return outer === 'ok' ? inner : outer
}
