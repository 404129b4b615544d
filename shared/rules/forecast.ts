import { type PartitionFacts, Rule } from './lag-rules.ts'

/**
 * What becomes of a verdict if nothing happens: no commit arrives and the end offset stays where it is. Pure; any thread.
 *
 * Of all that the rules look at only two things change then: the time, and the remembered end offsets, which every look at the
 * brokers fills up with the newest one. Both can only bring STOP about, and nothing comes after STOP.
 */
export interface Forecast {
  /** The first whole second, since the epoch, at which the group has been silent for longer than its window spans. */
  readonly stoppedAtSeconds: number
  /**
   * Further looks at the end offset until none is remembered at which the group had read everything; 0 = there is none now. STOP needs both.
   */
  readonly endOffsetLooks: number
}

/** Null = the verdict stays. `rule` decided now; `endOffsetsMax`: how many end offsets are remembered. */
export function forecastPartition(
  rule: Rule,
  { window, brokerOffsets, nowSeconds }: Pick<PartitionFacts, 'window' | 'brokerOffsets' | 'nowSeconds'>,
  endOffsetsMax: number
): Forecast | null {
  if (rule === Rule.NotJudged || rule === Rule.CurrentLagAllowed || rule === Rule.Stopped) return null
  const last = window.at(-1)!
  const newestHidden = brokerOffsets.findLastIndex(endOffset => endOffset <= last.offset)
  // The newest end offset is what comes again and again; if that one hides the silence, it does so for ever.
  if (newestHidden !== -1 && newestHidden === brokerOffsets.length - 1) return null
  const endOffsetLooks = newestHidden === -1 ? 0 : endOffsetsMax - brokerOffsets.length + newestHidden + 1
  // `stopped` is now * 1000 - last > last - first, solved for the smallest whole second.
  const silentAt = Math.floor((2 * last.timestampMs - window[0]!.timestampMs) / 1000) + 1
  return { stoppedAtSeconds: Math.max(silentAt, nowSeconds), endOffsetLooks }
}
