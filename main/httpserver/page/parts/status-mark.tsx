import type { GroupStatus, PartitionStatus } from '../live/shapes.ts'

/** A status by colour, shape and word, so that no one of them is needed. */
export function StatusMark({ status, label = status }: { status: GroupStatus | PartitionStatus; label?: string }) {
  return (
    <span class={`status ${toneOf[status]}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={shapeOf[toneOf[status]]} />
      </svg>
      {label}
    </span>
  )
}

export type Tone = 'ok' | 'warn' | 'err'
export const toneOf: Readonly<Record<GroupStatus | PartitionStatus, Tone>> = {
  OK: 'ok',
  WARN: 'warn',
  ERR: 'err',
  STOP: 'err',
  STALL: 'err',
  REWIND: 'err'
}

/** A disc, a triangle, an octagon with a bar. */
const shapeOf: Readonly<Record<Tone, string>> = {
  ok: 'M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8z',
  warn: 'M6 1 11.500 11 .5 11z',
  err: 'M3.700.5h4.600L11.500 3.700v4.600L8.300 11.500H3.700L.5 8.300V3.700zM3 5v2h6V5z'
}
