import { BurrowError } from '../../../shared/errors.ts'
import type { ApiRange } from '../../../shared/kafka-api/version-choice.ts'
import type { Logger } from '../../../shared/protocol/application-context.ts'
import type { ClientProfile } from '../../../shared/settings.ts'
import { type BrokerLink, openLink } from '../transport.ts'

/** Sockets to brokers that are tried at the same time, in one cluster. */
const atOnceMax = 32

/** The links of one probe: one for each address, opened when first wanted, closed together. */
export class ProbeLinks {
  readonly #profile: ClientProfile
  readonly #deadlineMs: number
  readonly #logger: Logger
  readonly #linkByAddress = new Map<string, Promise<BrokerLink>>()

  /** Tokens are kept by profile, so that all links of a probe share one. */
  constructor(profile: ClientProfile, deadlineMs: number, logger: Logger) {
    const half = Math.ceil(deadlineMs / 2) // connecting may last as long as both together
    this.#profile = {
      ...profile,
      dialTimeoutMs: Math.min(profile.dialTimeoutMs, half),
      readTimeoutMs: Math.min(profile.readTimeoutMs, half)
    }
    this.#deadlineMs = deadlineMs
    this.#logger = logger
  }

  /** Rejects as `openLink` does. */
  to(host: string, port: number): Promise<BrokerLink> {
    const address = `${host}:${port}`
    const known = this.#linkByAddress.get(address)
    if (known) return known
    const opening = openLink(host, port, this.#profile, this.#logger)
    this.#linkByAddress.set(address, opening)
    return opening
  }

  /** The answer's body and its version. Rejects with BurrowError. */
  async ask(link: BrokerLink, api: ApiRange, encode: (version: number) => Uint8Array) {
    const version = link.version(api)
    return { version, bytes: await link.send(api, version, encode(version), this.#deadlineMs) }
  }

  /** Resolves when all sockets are destroyed. */
  async close(): Promise<void> {
    for (const opening of this.#linkByAddress.values()) (await opening.catch(() => null))?.close()
  }
}

/** `work` for each, some at a time; results in their order. */
export async function forEachOf<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const lane = async () => {
    for (let index = next++; index < all.length; index = next++) results[index] = await work(all[index]!)
  }
  await Promise.all(Array.from({ length: Math.min(atOnceMax, all.length) }, lane))
  return results
}

/** Anything else is a mistake of ours, and ends the thread. */
export function reasonOf(error: unknown): string {
  if (error instanceof BurrowError) return error.message
  throw error
}
