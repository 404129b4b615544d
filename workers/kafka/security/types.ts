import type { ClientProfile, SaslSettings } from '../../../shared/settings.ts'

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

/** A `[sasl.NAME]` with mechanism OAUTHBEARER (RFC 7628, KIP-255). Ours: Burrow has it for AWS only. */
export interface BearerSettings {
  readonly name: string
  readonly mechanism: 'OAUTHBEARER'
  readonly source: BearerSource
  /** SASL extensions that the broker wants beside the token (KIP-342), value by name. */
  readonly extensions: Readonly<Record<string, string>>
}

/** What a link is opened with: a client profile whose login may be OAUTHBEARER too. */
export type LinkProfile = Omit<ClientProfile, 'sasl'> & { readonly sasl: SaslSettings | BearerSettings | null }
