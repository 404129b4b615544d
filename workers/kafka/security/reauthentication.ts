/**
 * How long before the end of a session (KIP-368) the next login begins: a seventh part of it, ten seconds at most. A fixed ten
 * seconds, as in kafkajs, would log in at every request of a session that is shorter, and a broker refuses more than one a second.
 */
export function reauthenticateBeforeMs(sessionMs: number): number {
  return Math.floor(Math.min(sessionMs / 7, 10_000))
}
