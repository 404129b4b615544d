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
  /** null = in the clear. */
  readonly tls: TlsSettings | null
  /** null = no login, unless `iam`. */
  readonly sasl: SaslSettings | null
  /** Wins over `sasl`; never without `tls`. */
  readonly iam: IamSettings | null
}

/** `[tls.NAME]` (spec 05 section 5.9). Paths are as written; the files were readable and fit together at start. */
export interface TlsSettings {
  readonly name: string
  /** PEM, '' = none; never one of certFile and keyFile without the other. */
  readonly certFile: string
  readonly keyFile: string
  /** PEM. Kafka and ZooKeeper: '' = the roots of the system. Listeners: '' = clients need no certificate (spec 09, D11). */
  readonly caFile: string
  /** Kafka only: neither certificate nor host name is checked. */
  readonly noVerify: boolean
}

export const passwordMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
export type PasswordMechanism = (typeof passwordMechanisms)[number]
export const saslMechanisms = [...passwordMechanisms, 'OAUTHBEARER'] as const

/** `[sasl.NAME]`. */
export type SaslSettings = PasswordSettings | BearerSettings

/** Of a mechanism that knows a user by a password (spec 05 section 5.10). */
export interface PasswordSettings {
  readonly name: string
  readonly mechanism: PasswordMechanism
  readonly handshakeFirst: boolean
  readonly username: string
  /** Secret: never in a log, an answer or an error. */
  readonly password: string
}

/** OAUTHBEARER (RFC 7628, KIP-255). Ours: Burrow has it for AWS only. */
export interface BearerSettings {
  readonly name: string
  readonly mechanism: 'OAUTHBEARER'
  readonly source: BearerSource
  /** SASL extensions that the broker wants beside the token (KIP-342), value by name. */
  readonly extensions: Readonly<Record<string, string>>
}

/** Where the token of an OAUTHBEARER login comes from. */
export type BearerSource =
  | {
      readonly kind: 'token'
      /** Secret. */
      readonly token: string
    }
  | {
      readonly kind: 'file'
      /** Read at every login: whoever writes it may renew it. */
      readonly path: string
    }
  | ClientCredentialsSource

/** A token endpoint that is asked with client credentials (RFC 6749 section 4.4). */
export interface ClientCredentialsSource {
  readonly kind: 'client-credentials'
  /** https, or http to this machine. */
  readonly endpoint: string
  readonly clientId: string
  /** Secret. */
  readonly clientSecret: string
  /** '' = none. */
  readonly scope: string
  /** PEM file of the roots for the endpoint, '' = the roots of the system. */
  readonly caFile: string
}

/** `[iam.NAME]`: AWS MSK (spec 05 section 5.11, spec 06 section 8). */
export interface IamSettings {
  readonly name: string
  readonly region: string
  /** '' = none; wins over `profile`. */
  readonly roleArn: string
  /** '' = the default chain of credentials. */
  readonly profile: string
}

export interface ClusterSettings {
  /** Lower case, as all section names (spec 09, A1). */
  readonly name: string
  readonly servers: readonly string[]
  readonly profile: ClientProfile
  readonly topicRefreshSeconds: number
  readonly offsetRefreshSeconds: number
  /** How often groups that Kafka no longer lists are removed, 0 = never. */
  readonly groupsReaperRefreshSeconds: number
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
  /** Whether the group `burrow-<name>` shows how far the offsets topic was read (spec 09, E10). */
  readonly selfReport: boolean
  /** RE2 patterns, '' = off. */
  readonly groupAllowlist: string
  readonly groupDenylist: string
}

/** A consumer of class kafka_zk: commits of old clients, in ZooKeeper (spec 06 section 6). */
export interface ZookeeperConsumerSettings {
  readonly name: string
  /** Name of a ClusterSettings, lower case. */
  readonly cluster: string
  /** ZooKeeper's `host:port`. */
  readonly servers: readonly string[]
  /** '' or a path without a slash at its end; `/consumers` comes after it. */
  readonly zookeeperPath: string
  readonly zookeeperTimeoutSeconds: number
  readonly groupAllowlist: string
  readonly groupDenylist: string
}

/** `[zookeeper]`: where notifiers of several processes agree who sends (spec 05 section 5.1, spec 08). */
export interface ZookeeperSettings {
  readonly servers: readonly string[]
  /** Of the session. */
  readonly timeoutSeconds: number
  /** `/` or a path without a slash at its end. */
  readonly rootPath: string
  readonly tls: TlsSettings | null
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

export type CustomModuleKind = 'cluster' | 'consumer' | 'notifier'

/** A module whose class is not ours (docs/custom-modules.md). */
export interface CustomModuleSettings {
  readonly kind: CustomModuleKind
  readonly name: string
  /** A path, or `npm:` and the name of a package, as written. */
  readonly className: string
  /** The whole section, keys in lower case. Secret, for all we know: never in a log, an answer or an error. */
  readonly section: Readonly<Record<string, unknown>>
}
