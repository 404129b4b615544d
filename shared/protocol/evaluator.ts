/**
 * Asks for the status of one group (spec 01 section 4). Exactly one reply, a ConsumerGroupStatus, never null: an unknown
 * cluster or group is answered with status NotFound.
 */
export interface EvaluatorRequest {
  readonly cluster: string
  readonly group: string
  /** true: every partition in the reply; false: only those worse than OK. */
  readonly showAll: boolean
}
