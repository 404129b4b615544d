import type { ConsumerGroupStatus } from '../protocol/consumer.ts'
import { StatusConstant } from '../protocol/status.ts'

/**
 * Since when, as far as the windows tell, a group is as bad as it is; ms since the epoch, null for one that is OK or not there. Nothing
 * is remembered of earlier verdicts: STOP began when the silence became longer than the window, anything else is at least as old as
 * its window. Pure; any thread.
 */
export function sinceMs({ status, partitions }: Pick<ConsumerGroupStatus, 'status' | 'partitions'>): number | null {
  if (status <= StatusConstant.OK) return null
  let since: number | null = null
  for (const { status: own, start, end } of partitions) {
    if (Math.min(own, StatusConstant.Error) !== status || !start || !end) continue
    const began = own === StatusConstant.Stop ? 2 * end.timestampMs - start.timestampMs : start.timestampMs
    if (since === null || began < since) since = began
  }
  return since
}
