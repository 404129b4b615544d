import { StatusConstant, statusToText } from '../../../shared/protocol/status.ts'

/** As Nagios and its like read them (https://nagios-plugins.org/doc/guidelines.html, return codes). */
export const exitCodeOf = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const

/** Of a group's or partition's status, as text. */
export function exitCodeOfStatus(status: string): number {
  if (status === statusToText(StatusConstant.OK)) return exitCodeOf.ok
  if (status === statusToText(StatusConstant.Warning)) return exitCodeOf.warning
  return bad.includes(status) ? exitCodeOf.critical : exitCodeOf.unknown
}

const bad = [StatusConstant.Error, StatusConstant.Stop, StatusConstant.Stall, StatusConstant.Rewind].map(statusToText)
