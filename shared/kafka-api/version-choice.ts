import { BurrowError } from '../errors.ts'

/** An API of the Kafka protocol and the versions of it that our codec speaks. */
export interface ApiRange {
  readonly key: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
}

/** What a broker said in ApiVersions: ranges by API key. */
export type BrokerVersions = Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>

/**
 * The highest version that both speak. Throws BurrowError UNSUPPORTED that names the API and both ranges if there is
 * none: kafkajs itself looks at maxima only, and a broker that dropped old versions would just close the connection.
 */
export function chooseVersion(api: ApiRange, broker: BrokerVersions): number {
  const theirs = broker[api.key]
  const ours = `${api.minVersion}..${api.maxVersion}`
  if (!theirs) throw new BurrowError('UNSUPPORTED', `the broker does not offer ${api.name}`, { api: api.name, ours })
  const version = Math.min(api.maxVersion, theirs.maxVersion)
  if (version < Math.max(api.minVersion, theirs.minVersion)) {
    const offered = `${theirs.minVersion}..${theirs.maxVersion}`
    throw new BurrowError('UNSUPPORTED', `${api.name}: the broker speaks versions ${offered}, we speak ${ours}`, {
      api: api.name,
      ours,
      offered
    })
  }
  return version
}
