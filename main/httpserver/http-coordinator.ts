import { BurrowError } from '../../shared/errors.ts'
import type { LogLevelWord } from '../../shared/log.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import type { ClusterSettings } from '../../shared/settings.ts'
import type { AppConfig } from '../config/app-config.ts'
import { type HostPort, parseHostPort } from '../config/host-port.ts'
import { adminRoutes, healthRoute } from './admin-routes.ts'
import { clusterDetailRoutes } from './cluster-detail.ts'
import { configRoutes } from './config-routes.ts'
import { Envelope } from './envelope.ts'
import { HttpListener, type ListenerCounts } from './http-listener.ts'
import { type KafkaRouteSources, kafkaRoutes } from './kafka-routes.ts'
import { addressToText, isLoopback } from './listen-address.ts'
import { logLevelRoutes } from './log-level-routes.ts'
import { type MetricsSource, metricsRoute } from './metrics-route.ts'
import { Responder } from './responder.ts'
import { Router } from './router.ts'

export interface HttpSources extends KafkaRouteSources {
  readonly listeners: readonly ListenerSettings[]
  /** Value of Access-Control-Allow-Origin; '' = no such header. */
  readonly corsOrigin: string
  /** Shown in every JSON answer. */
  readonly hostName: string
  readonly logger: Logger
  readonly clusters: readonly ClusterSettings[]
  /** For the configuration endpoints; without it there are none. */
  readonly config?: AppConfig
  /** For the log level endpoints; without it there are none. */
  readonly logLevel?: LogLevelWord
  /** For `/metrics`; without it there is none. */
  readonly metrics?: MetricsSource
  isReady(): boolean
  /** The program's own state; plain JSON. */
  health(): Promise<object>
}

export interface ListenerSettings {
  readonly name: string
  /** `host:port`, the host may be empty. */
  readonly address: string
  /** Read, write, idle and keep-alive time; 0 = no limit. */
  readonly timeoutSeconds: number
}

/** The HTTP server: several listeners, one set of routes (spec 04). Main thread. */
export class HttpCoordinator implements Coordinator {
  readonly name = 'httpserver'
  readonly #sources: HttpSources
  #listeners: readonly Configured[] = []
  #addresses: readonly string[] = []

  constructor(sources: HttpSources) {
    this.#sources = sources
  }

  /** Throws BurrowError `CONFIG_INVALID` for an address or a CORS value that cannot be. */
  configure(): void {
    const { listeners, corsOrigin } = this.#sources
    if (/[^\t\x20-\x7e\x80-\xff]/.test(corsOrigin)) {
      throw new BurrowError('CONFIG_INVALID', 'access-control-allow-origin has characters that no header can carry')
    }
    const responder = createResponder(this.#sources)
    this.#listeners = listeners.map(({ name, address, timeoutSeconds }) => ({
      name,
      address: listenAddress(name, address),
      listener: new HttpListener(responder, timeoutSeconds)
    }))
  }

  /** Binds all listeners. If one fails, those already bound are closed and the promise rejects. */
  async start(): Promise<void> {
    const { logger } = this.#sources
    const bound: string[] = []
    for (const { name, address, listener } of this.#listeners) {
      try {
        const real = await listener.start(address)
        const text = addressToText(real.address, real.port)
        bound.push(text)
        logger.info('started listener', { listener: text })
        if (!isLoopback(real.address)) {
          logger.warn('listener is open to the network: nobody who connects has to authenticate', { listener: text })
        }
      } catch (error) {
        logger.error('could not start listener', { name, error })
        await this.stop()
        throw error
      }
    }
    this.#addresses = bound
  }

  /** Requests under way may finish until the deadline. */
  async stop(deadlineMs = stopDeadlineMs): Promise<void> {
    await Promise.all(this.#listeners.map(({ listener }) => listener.stop(deadlineMs)))
  }

  /** Real addresses (`127.0.0.1:8000`), once started; in the order of the listeners. */
  get addresses(): readonly string[] {
    return this.#addresses
  }

  /** Requests of all listeners that are under way or wait. */
  get openRequests(): number {
    return this.#listeners.reduce((sum, { listener }) => sum + listener.openRequests, 0)
  }

  /** What was counted, by listener. */
  stats(): Readonly<Record<string, Readonly<ListenerCounts>>> {
    return Object.fromEntries(this.#listeners.map(({ name, listener }) => [name, { ...listener.counts }]))
  }
}

interface Configured {
  readonly name: string
  readonly address: HostPort
  readonly listener: HttpListener
}

function listenAddress(name: string, address: string): HostPort {
  const parsed = parseHostPort(address, 'listener')
  if (parsed) return parsed
  throw new BurrowError('CONFIG_INVALID', `httpserver.${name}: invalid HTTP server listener address: ${address}`)
}

/** Time for requests under way to finish when the program stops. */
export const stopDeadlineMs = 1_000

/** The one place that lists all routes. */
function createResponder(sources: HttpSources): Responder {
  const { corsOrigin, hostName, clusters, config, logger, logLevel, metrics } = sources
  const envelope = new Envelope(corsOrigin, hostName)
  const routes = [
    ...adminRoutes(corsOrigin, () => sources.isReady()),
    ...kafkaRoutes(envelope, sources),
    ...clusterDetailRoutes(envelope, clusters),
    ...(config ? configRoutes(envelope, config) : []),
    ...(logLevel ? logLevelRoutes(envelope, logLevel) : []),
    ...(metrics ? [metricsRoute(metrics)] : [])
  ]
  const additions = [healthRoute(corsOrigin, () => sources.health())]
  return new Responder(new Router(routes, additions), envelope, logger)
}
