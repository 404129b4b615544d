export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'REQUEST_INVALID'
  | 'STORAGE_UNAVAILABLE'
  | 'EVALUATOR_UNAVAILABLE'
  | 'THREAD_DIED'
  | 'THREAD_BOOT_FAILED'
  | 'DEADLINE_EXCEEDED'
  | 'QUEUE_FULL'
  | 'PROTOCOL_DECODE'
  | 'BROKER_ERROR'
  | 'BROKER_UNREACHABLE'
  | 'TLS_FAILED'
  | 'AUTHENTICATION_FAILED'
  | 'CREDENTIALS_UNAVAILABLE'
  | 'UNSUPPORTED'
  | 'TEMPLATE_INVALID'
  | 'TEMPLATE_FAILED'
  | 'ZOOKEEPER_UNAVAILABLE'
  | 'ZOOKEEPER_REFUSED'

/**
 * The one error class of this program. Callers match `code`; the text is for people. Any thread.
 * Expected outcomes ("not found") are values, never errors.
 */
export class BurrowError extends Error {
  readonly code: ErrorCode
  /** Extra facts, for logs. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, facts: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BurrowError'
    this.code = code
    this.facts = facts
  }
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Ends a switch over a union: leaving out a case does not compile, an alien value at run time ends the actor. */
export function unreachable(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`)
}
