/**
 * What the configuration says, checked and with defaults filled in: frozen plain values that main hands to the threads at
 * their start. Nothing reads configuration by name after that. Units are in the names; the keys are Burrow's (spec 05).
 */
export interface ClientProfile {
  /** Section name, '' when the module names none. */
  readonly name: string
  readonly clientId: string
  readonly kafkaVersion: string
  readonly dialTimeoutMs: number
  readonly readTimeoutMs: number
}

export interface ClusterSettings {
  /** Lower case, as all section names (spec 09, A1). */
  readonly name: string
  readonly servers: readonly string[]
  readonly profile: ClientProfile
  readonly topicRefreshSeconds: number
  readonly offsetRefreshSeconds: number
}

export interface ConsumerSettings {
  readonly name: string
  /** Name of a ClusterSettings, lower case. */
  readonly cluster: string
  readonly servers: readonly string[]
  readonly profile: ClientProfile
  readonly offsetsTopic: string
  readonly startLatest: boolean
  readonly backfillEarliest: boolean
  /** RE2 patterns, '' = off. */
  readonly groupAllowlist: string
  readonly groupDenylist: string
}

export interface StorageSettings {
  readonly name: string
  readonly intervals: number
  readonly expireGroupSeconds: number
  readonly minDistanceSeconds: number
  readonly groupAllowlist: string
  readonly groupDenylist: string
}

export interface EvaluatorSettings {
  readonly name: string
  /** 0 = no cache (spec 09, A13). */
  readonly expireCacheSeconds: number
  /** 32-bit float. */
  readonly minimumComplete: number
  readonly allowedLag: number
}
