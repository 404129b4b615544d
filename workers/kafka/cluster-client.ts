import { BurrowError } from '../../shared/errors.ts'
import {
  type BrokerAddress,
  decodeMetadata,
  encodeMetadataByIdRequest,
  encodeMetadataRequest,
  type Metadata,
  metadataApi,
  metadataByIdApi
} from '../../shared/kafka-api/metadata.ts'
import type { ApiRange } from '../../shared/kafka-api/version-choice.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { ClientProfile } from '../../shared/settings.ts'
import { BackOff } from './back-off.ts'
import { parseServer, type ServerAddress } from './server-address.ts'
import { type BrokerLink, openLink } from './transport.ts'

export interface ClientOptions {
  readonly servers: readonly string[]
  readonly profile: ClientProfile
  readonly logger: Logger
  /** Called after every connection that was opened when one had been open before. */
  readonly onReconnect: () => void
}

/** A broker that has not answered after this long gets company: the next one is asked too. */
const staggerMs = 2_000

interface Question {
  readonly api: ApiRange
  readonly encode: (version: number) => Uint8Array
}

interface KnownBroker {
  address: BrokerAddress
  opening: Promise<BrokerLink> | null
  link: BrokerLink | null
  wasOpen: boolean
  readonly backOff: BackOff
  /** Until then it is not tried again. */
  restUntilMs: number
  lastError: BurrowError | null
}

/**
 * The brokers of one cluster as one module sees them: where they are (by our own metadata: kafkajs' fails as a whole when one
 * partition has no leader) and the links to them, opened when needed. Kafka threads; one owner.
 */
export class ClusterClient {
  readonly #options: ClientOptions
  readonly #brokers = new Map<number, KnownBroker>()
  readonly #servers: readonly ServerAddress[]
  readonly #bootstraps = new Set<BrokerLink>()
  #nextServer = 0
  #closed = false

  /** Throws CONFIG_INVALID for a server that is no host:port. */
  constructor(options: ClientOptions) {
    this.#options = options
    this.#servers = options.servers.map(parseServer)
  }

  /** Asks known brokers, open ones first, then the configured servers; null = for all topics. Rejects with the last broker's error. */
  metadata(topics: readonly string[] | null): Promise<Metadata> {
    return this.#metadata({ api: metadataApi, encode: version => encodeMetadataRequest(version, topics) })
  }

  /** The same for topics that are named by id. Rejects with UNSUPPORTED where brokers do not know that. */
  metadataById(ids: readonly string[]): Promise<Metadata> {
    return this.#metadata({ api: metadataByIdApi, encode: version => encodeMetadataByIdRequest(version, ids) })
  }

  async #metadata(question: Question): Promise<Metadata> {
    const known = [...this.#brokers.values()].sort(
      (a, b) => Number(b.link?.isOpen ?? false) - Number(a.link?.isOpen ?? false)
    )
    const first = this.#nextServer++ % this.#servers.length
    const servers = [...this.#servers.slice(first), ...this.#servers.slice(0, first)]
    const metadata = await firstToAnswer(
      [
        ...known.map(broker => async () => this.#askMetadata(await this.#linkTo(broker), question)),
        ...servers.map(server => () => this.#askServer(server, question))
      ],
      () => this.#closed
    )
    this.#learn(metadata.brokers)
    return metadata
  }

  /**
   * Sends to the broker with that node id. `encode` gets the version both speak. Rejects with BROKER_UNREACHABLE (also for
   * a node that metadata does not name, and while a broker that failed has its rest), DEADLINE_EXCEEDED or UNSUPPORTED.
   */
  async send(
    nodeId: number,
    api: ApiRange,
    encode: (version: number) => Uint8Array,
    extraWaitMs = 0
  ): Promise<{ readonly bytes: Uint8Array; readonly version: number }> {
    const broker = this.#brokers.get(nodeId)
    if (!broker) throw new BurrowError('BROKER_UNREACHABLE', `broker ${nodeId} is not in the metadata`, { nodeId })
    const link = await this.#linkTo(broker)
    const version = link.version(api)
    const timeoutMs = this.#options.profile.readTimeoutMs + extraWaitMs
    return { bytes: await link.send(api, version, encode(version), timeoutMs), version }
  }

  /** The answer of a broker could not be read: its next answers may be no better, so the link ends. */
  distrust(nodeId: number): void {
    const broker = this.#brokers.get(nodeId)
    if (!broker) return
    broker.link?.close()
    broker.restUntilMs = Date.now() + broker.backOff.nextMs()
    broker.lastError = new BurrowError('BROKER_UNREACHABLE', `broker ${nodeId}: its answer could not be read`, {
      nodeId
    })
  }

  /** Its answer was good: after the next failure, waits begin small again. */
  trust(nodeId: number): void {
    this.#brokers.get(nodeId)?.backOff.reset()
  }

  close(): void {
    this.#closed = true
    for (const broker of this.#brokers.values()) this.#drop(broker)
    for (const link of this.#bootstraps) link.close()
    this.#brokers.clear()
  }

  #learn(addresses: readonly BrokerAddress[]): void {
    if (addresses.length === 0) return // a broker that is just starting knows nobody
    const nodeIds = new Set(addresses.map(address => address.nodeId))
    for (const [nodeId, broker] of this.#brokers) {
      if (nodeIds.has(nodeId)) continue
      this.#drop(broker)
      this.#brokers.delete(nodeId)
    }
    for (const address of addresses) {
      const broker = this.#brokers.get(address.nodeId)
      if (!broker) this.#brokers.set(address.nodeId, newBroker(address))
      else if (broker.address.host !== address.host || broker.address.port !== address.port) {
        this.#drop(broker)
        this.#brokers.set(address.nodeId, newBroker(address))
      }
    }
  }

  /** Opens a link once for all who ask at the same time. */
  #linkTo(broker: KnownBroker): Promise<BrokerLink> {
    if (broker.link?.isOpen) return Promise.resolve(broker.link)
    if (this.#closed) return Promise.reject(closedError())
    if (broker.opening) return broker.opening
    if (broker.lastError && Date.now() < broker.restUntilMs) return Promise.reject(broker.lastError)
    broker.link?.close()
    broker.opening = this.#open(broker).finally(() => {
      broker.opening = null
    })
    return broker.opening
  }

  async #open(broker: KnownBroker): Promise<BrokerLink> {
    const { profile, logger, onReconnect } = this.#options
    const { host, port, nodeId } = broker.address
    try {
      const link = await openLink(host, port, profile, logger)
      if (this.#closed || this.#brokers.get(nodeId) !== broker) {
        link.close()
        throw closedError()
      }
      broker.link = link
      broker.lastError = null
      if (broker.wasOpen) onReconnect()
      broker.wasOpen = true
      return link
    } catch (error) {
      broker.lastError = error instanceof BurrowError ? error : new BurrowError('BROKER_UNREACHABLE', String(error))
      broker.restUntilMs = Date.now() + broker.backOff.nextMs()
      throw broker.lastError
    }
  }

  async #askServer({ host, port }: ServerAddress, question: Question): Promise<Metadata> {
    const link = await openLink(host, port, this.#options.profile, this.#options.logger)
    this.#bootstraps.add(link)
    try {
      return await this.#askMetadata(link, question)
    } finally {
      link.close()
      this.#bootstraps.delete(link)
    }
  }

  async #askMetadata(link: BrokerLink, { api, encode }: Question): Promise<Metadata> {
    const version = link.version(api)
    const bytes = await link.send(api, version, encode(version), this.#options.profile.readTimeoutMs)
    try {
      return decodeMetadata(bytes, version)
    } catch (error) {
      link.close()
      throw error
    }
  }

  #drop(broker: KnownBroker): void {
    broker.link?.close()
    broker.link = null
  }
}

function newBroker(address: BrokerAddress): KnownBroker {
  return { address, opening: null, link: null, wasOpen: false, backOff: new BackOff(), restUntilMs: 0, lastError: null }
}

function closedError(): BurrowError {
  return new BurrowError('BROKER_UNREACHABLE', 'the client was closed')
}

/**
 * The first success. The next try begins when the one before has failed, or has kept us waiting for `staggerMs`: one black hole
 * among the servers must not hold up the rest. Rejects with the last error when all have failed.
 */
function firstToAnswer<T>(tries: readonly (() => Promise<T>)[], gaveUp: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    let begun = 0
    let failed = 0
    let timer: NodeJS.Timeout | undefined
    const begin = () => {
      clearTimeout(timer)
      const next = tries[begun]
      if (!next || gaveUp()) return
      begun++
      timer = setTimeout(begin, staggerMs)
      next().then(
        value => {
          clearTimeout(timer)
          begun = tries.length
          resolve(value)
        },
        error => {
          failed++
          if (failed < begun || (begun < tries.length && !gaveUp())) return begin()
          clearTimeout(timer)
          reject(error)
        }
      )
    }
    begin()
  })
}
