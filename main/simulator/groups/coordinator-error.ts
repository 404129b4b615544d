import type { Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'

/** Why this broker may not answer for the group, 0 = it may. */
export function coordinatorError({ cluster, brokerId, forcedError }: Call, group: string): number {
  if (forcedError !== KafkaError.none) return forcedError
  return cluster.coordinatorOf(group)?.id === brokerId ? KafkaError.none : KafkaError.notCoordinator
}
