import { StatusConstant } from '../../shared/protocol/status.ts'
import { GroupTally } from '../../shared/rules/evaluate.ts'

/**
 * Histories of partitions whose verdict is known, computed and never stored: the same functions write them and check every
 * verdict. A round is a minute; in each, first all end offsets are told, then all groups commit.
 */
export const intervals = 10
const roundMs = 60_000
const firstOffset = 100_000
const endOffsetStep = 200

export const mixes = ['healthy', 'lagging', 'rewinding'] as const
export type Mix = (typeof mixes)[number]

type Kind = 'caught-up' | 'gaining' | 'falling-behind' | 'stalled' | 'rewound' | 'recovered'

/** Newest commit a little before this. */
export const endMs = 1_700_000_000_000
export const nowMs = endMs + 10_000

export const endOffsetAt = (round: number): number => firstOffset + endOffsetStep * (round + 1)
export const timeAt = (round: number): number => endMs - (intervals - 1 - round) * roundMs

/** Healthy: 80 % without lag, 17 % gaining, 3 % bad. Lagging: all bad, none went back. Rewinding: every window has to be read. */
export function kindOf(mix: Mix, group: number, partition: number): Kind {
  const place = (group * 37 + partition * 61) % 100
  if (mix === 'lagging') return place < 50 ? 'falling-behind' : 'stalled'
  if (mix === 'rewinding') return place < 50 ? 'rewound' : 'recovered'
  if (place < 80) return 'caught-up'
  if (place < 97) return 'gaining'
  return place < 99 ? 'falling-behind' : 'stalled'
}

export function offsetAt(kind: Kind, round: number): number {
  const step = round + 1
  switch (kind) {
    case 'caught-up':
      return endOffsetAt(round)
    case 'gaining':
      return endOffsetAt(round) - 1000 + 50 * round
    case 'falling-behind':
      return firstOffset + 100 * step
    case 'stalled':
      return firstOffset + 100
    case 'rewound':
      return round < 5 ? firstOffset + 100 * step : firstOffset - 1000 + 10 * round
    case 'recovered':
      return round === 5 ? firstOffset : firstOffset + 50 * step
  }
}

const statusByKind: Readonly<Record<Kind, StatusConstant>> = {
  'caught-up': StatusConstant.OK,
  gaining: StatusConstant.OK,
  'falling-behind': StatusConstant.Warning,
  stalled: StatusConstant.Stall,
  rewound: StatusConstant.Rewind,
  recovered: StatusConstant.OK
}

export const statusOf = (kind: Kind): StatusConstant => statusByKind[kind]
export const lagOf = (kind: Kind): number => endOffsetAt(intervals - 1) - offsetAt(kind, intervals - 1)

/** The verdict on a whole group. */
export function expectedGroup(mix: Mix, group: number, partitions: number): GroupTally {
  const tally = new GroupTally()
  for (let partition = 0; partition < partitions; partition++) {
    const kind = kindOf(mix, group, partition)
    tally.add(statusOf(kind), lagOf(kind), 1)
  }
  return tally
}

export const groupName = (mix: string, group: number): string => `${mix}-${String(group).padStart(6, '0')}`
export const topicName = (topic: number): string => `topic-${String(topic).padStart(4, '0')}`
