import { BurrowError } from '../../shared/errors.ts'

/** ZooKeeper's codes for what a server refuses; anything else means that the connection or session is gone. */
const reasonByCode = new Map([
  [-101, 'NO_NODE'],
  [-102, 'NO_AUTH'],
  [-103, 'BAD_VERSION'],
  [-108, 'NO_CHILDREN_FOR_EPHEMERALS'],
  [-110, 'NODE_EXISTS'],
  [-111, 'NOT_EMPTY'],
  [-114, 'INVALID_ACL']
] as const)

export type RefusedReason = typeof reasonByCode extends Map<number, infer Reason> ? Reason : never

/** Did a server answer so, in a living session? */
export function isServerAnswer(code: number | undefined): boolean {
  return code !== undefined && (reasonByCode as ReadonlyMap<number, string>).has(code)
}

/** ZOOKEEPER_REFUSED with the server's reason in `facts`, or ZOOKEEPER_UNAVAILABLE. */
export function toZookeeperError(what: string, error: Error & { readonly code?: number | string }): BurrowError {
  const reason = (reasonByCode as ReadonlyMap<unknown, string>).get(error.code)
  if (reason === undefined) return unavailable(`${what}: ${error.message}`, error)
  return new BurrowError('ZOOKEEPER_REFUSED', `ZooKeeper refused ${what}: ${reason}`, { reason }, error)
}

export function unavailable(message: string, cause?: unknown): BurrowError {
  return new BurrowError('ZOOKEEPER_UNAVAILABLE', message, {}, cause)
}

/** Connection or session lost, or closed: nothing is known about whether the call took effect. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof BurrowError && error.code === 'ZOOKEEPER_UNAVAILABLE'
}

export function isRefused(error: unknown, reason: RefusedReason): boolean {
  return error instanceof BurrowError && error.code === 'ZOOKEEPER_REFUSED' && error.facts.reason === reason
}
