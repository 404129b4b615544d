import type { ClusterState } from './cluster-state.ts'
import type { WireReader, WireWriter } from './wire.ts'

/** One request of the Kafka protocol, in the versions that the simulator really speaks; just these are advertised. */
export interface Api {
  readonly key: number
  /** As Kafka names it. Faults are set by this name. */
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** First version in the flexible encoding (KIP-482). */
  readonly flexibleFrom: number
  /** ApiVersions alone: its reply header never has tags (KIP-511) and a version it lacks is answered, not a reason to close. */
  readonly plainReplyHeader?: boolean
  readonly answersAnyVersion?: boolean
  /** Reads `call.request`, writes `call.reply`. A throw closes the connection. */
  handle(call: Call): undefined | 'noReply' | Promise<undefined | 'noReply'>
}

export interface Call {
  readonly api: Api
  readonly version: number
  readonly request: WireReader
  readonly reply: WireWriter
  readonly clientId: string
  /** With a leading slash, as brokers keep it. */
  readonly clientHost: string
  readonly brokerId: number
  readonly cluster: ClusterState
  /** All APIs, for the one that lists them. */
  readonly offered: readonly Api[]
  /** Aborted when the connection ends: a waiting call gives up. */
  readonly closed: AbortSignal
  /** An error a fault wants in this answer; 0 = none. For APIs with errors by partition, `forcedErrorAt`. */
  readonly forcedError: number
  forcedErrorAt(topic: string, partition: number): number
}
