/**
 * The state of a partition or of a group, as one number ordered from least to most bad (spec 01 section 1).
 * Any thread. The numbers are the seed's: they go into metrics and templates; JSON and logs show the text.
 */
export const StatusConstant = {
  /** The group does not exist. Never a partition's status. */
  NotFound: 0,
  OK: 1,
  /** A partition makes progress but falls behind; a group has at least one such partition and none worse. */
  Warning: 2,
  /** A group with a partition in Stop, Stall or Rewind. Never a partition's status. */
  Error: 3,
  /** No commit for longer than the window spans, and records wait. Partitions only, like the two below. */
  Stop: 4,
  /** Commits arrive but the offset does not move, and records wait. */
  Stall: 5,
  /** The committed offset went back and did not return inside the window. */
  Rewind: 6
} as const

export type StatusConstant = (typeof StatusConstant)[keyof typeof StatusConstant]

const statusTexts = ['NOTFOUND', 'OK', 'WARN', 'ERR', 'STOP', 'STALL', 'REWIND'] as const

/** `WARN` for 2 and so on; `UNKNOWN` for a number outside the table. JSON is this text in double quotes. */
export function statusToText(status: number): string {
  return statusTexts[status] ?? 'UNKNOWN'
}
