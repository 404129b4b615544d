import type { ClientProfile } from '../settings.ts'

/**
 * What `burrow check --connect` wants to know of Kafka, and what a thread with the program's own way of connecting found. Main sends all
 * probes in `workerData`; the thread posts one KafkaProbeAnswer each, in any order. Facts only: what is good and what is bad, main says.
 */
export interface KafkaProbeInit {
  readonly probes: readonly KafkaProbe[]
  /** For connecting with TLS and login, and again for each question. */
  readonly deadlineMs: number
}

/** Modules that reach one cluster in the same way. */
export interface KafkaProbe {
  readonly id: number
  /** `host:port`, not empty. */
  readonly servers: readonly string[]
  readonly profile: ClientProfile
  /** That must be readable; may be empty. */
  readonly offsetsTopics: readonly string[]
}

export interface KafkaProbeAnswer {
  readonly id: number
  readonly servers: readonly ServerAnswer[]
  /** null = no server answered. */
  readonly cluster: ClusterAnswer | null
}

export type ServerAnswer = { readonly address: string; readonly tookMs: number } & (
  | { readonly ok: true; readonly facts: ServerFacts }
  | { readonly ok: false; readonly reason: string }
)

export interface ServerFacts {
  readonly clusterId: string | null
  readonly brokers: number
  /** The version of each API that we would speak, by name. */
  readonly versionByApi: Readonly<Record<string, number>>
  readonly certificate: PeerCertificate | null
}

export interface PeerCertificate {
  /** `TLSv1.3` */
  readonly protocol: string
  /** Common name, or the first alternative one; '' = none. */
  readonly name: string
  readonly validToMs: number
}

/** The cluster by the word of the first server that answered, and each of its brokers where it says that it can be reached. */
export interface ClusterAnswer {
  readonly clusterId: string | null
  readonly brokers: readonly BrokerAnswer[]
  /** Beyond what is tried. */
  readonly brokersLeftOut: number
  /** Topics that it shows us, internal ones not counted. */
  readonly topics: number
  /** Bits by AclOperation; null = too old to tell (before 2.3). */
  readonly operations: number | null
  readonly offsetsTopics: readonly OffsetsTopicAnswer[]
}

export interface BrokerAnswer {
  readonly nodeId: number
  readonly address: string
  /** null = it takes our login. */
  readonly reason: string | null
}

export interface OffsetsTopicAnswer {
  readonly name: string
  /** Of Kafka, for the topic in metadata. */
  readonly errorCode: number
  readonly partitions: number
  readonly leaderless: number
  /** One partition of each broker that leads some: what Fetch said; brokers that could not be reached are missing. */
  readonly fetches: readonly FetchAnswerOf[]
}

export interface FetchAnswerOf {
  readonly nodeId: number
  readonly partition: number
  /** Of Kafka; null = no answer, see `reason`. */
  readonly errorCode: number | null
  readonly reason: string
}
