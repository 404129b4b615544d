import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../shared/clock.ts'
import { BurrowError } from '../../shared/errors.ts'
import type { LogLevelWord } from '../../shared/log.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import type { ClusterSettings, TlsSettings } from '../../shared/settings.ts'
import type { AppConfig } from '../config/app-config.ts'
import { type HostPort, parseHostPort } from '../config/host-port.ts'
import { adminRoutes, healthRoute } from './admin-routes.ts'
import { clusterDetailRoutes } from './cluster-detail.ts'
import { configRoutes } from './config-routes.ts'
import { Envelope } from './envelope.ts'
import { eventsRoute, type FeedSource } from './events-route.ts'
import { explainRoutes } from './explain-routes.ts'
import { type GroupListSource, groupListRoute } from './group-list-route.ts'
import { HttpListener, type ListenerCounts } from './http-listener.ts'
import { type KafkaRouteSources, kafkaRoutes } from './kafka-routes.ts'
import { addressToText, isLoopback } from './listen-address.ts'
import { ListenerTls } from './listener-tls.ts'
import { logLevelRoutes } from './log-level-routes.ts'
import { type MetricsSource, metricsRoute } from './metrics-route.ts'
import { type PageFile, readPageFiles } from './page-files.ts'
import { pageRoutes } from './page-routes.ts'
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
  /** For `/v3/kafka/:cluster/status`; without it there is none. */
  readonly groupLists?: GroupListSource
  /** For `/metrics`; without it there is none. */
  readonly metrics?: MetricsSource
  /** That of the verdicts, for answers that are kept ready; without it none is. */
  readonly clock?: Clock
  /** For `/v3/events`; without it there is none. */
  readonly feed?: FeedSource
  /** Where the built page is, if not beside this file. */
  readonly pageFolder?: string
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
  /** null or none = plain HTTP. */
  readonly tls?: TlsSettings | null
  /** Path of the page; null or none = no page. */
  readonly pagePath?: string | null
}

/** The HTTP server: several listeners, one set of routes (spec 04). Main thread. */
export class HttpCoordinator implements Coordinator {
  readonly name = 'httpserver'
  readonly #sources: HttpSources
  #listeners: readonly Configured[] = []
  #addresses: readonly string[] = []
  #pages: readonly string[] = []

  constructor(sources: HttpSources) {
    this.#sources = sources
  }

  /** Throws BurrowError `CONFIG_INVALID` for an address, a CORS value or certificate files that cannot be. */
  configure(): void {
    const { listeners, corsOrigin, logger, clock } = this.#sources
    if (/[^\t\x20-\x7e\x80-\xff]/.test(corsOrigin)) {
      throw new BurrowError('CONFIG_INVALID', 'access-control-allow-origin has characters that no header can carry')
    }
    const files = this.#readPage()
    this.#listeners = listeners.map(({ name, address, timeoutSeconds, tls: settings = null, pagePath = null }) => {
      const tls = settings && new ListenerTls(name, settings, logger)
      const page = pagePath === null || !files ? null : { files, path: pagePath }
      const listener = new HttpListener({
        responder: createResponder(this.#sources, page),
        timeoutSeconds,
        certificates: tls?.certificates ?? null,
        clock: clock ?? null
      })
      return { name, address: listenAddress(name, address), listener, tls, pagePath: page && pagePath }
    })
  }

  /** Null if no listener has a page, or it was not built. */
  #readPage(): ReadonlyMap<string, PageFile> | null {
    const { listeners, pageFolder = fileURLToPath(new URL('page', import.meta.url)), logger } = this.#sources
    if (listeners.every(({ pagePath = null }) => pagePath === null)) return null
    const files = readPageFiles(pageFolder)
    if (!files) logger.warn('there is no page for browsers: it was not built')
    return files
  }

  /** Binds all listeners. If one fails, those already bound are closed and the promise rejects. */
  async start(): Promise<void> {
    const { logger } = this.#sources
    const bound: string[] = []
    const pages: string[] = []
    for (const { name, address, listener, tls, pagePath } of this.#listeners) {
      try {
        const real = await listener.start(address)
        tls?.keepRenewed(listener)
        const text = addressToText(real.address, real.port)
        bound.push(text)
        if (pagePath !== null) pages.push(pageUrl(real, pagePath, tls !== null))
        logger.info('started listener', tls ? { listener: text, tls: tls.settings.name } : { listener: text })
        if (!isLoopback(real.address) && !tls?.settings.caFile) {
          logger.warn('listener is open to the network: nobody who connects has to authenticate', { listener: text })
        }
      } catch (error) {
        logger.error('could not start listener', { name, error })
        await this.stop()
        throw error
      }
    }
    this.#addresses = bound
    this.#pages = pages
  }

  /** Requests under way may finish until the deadline. */
  async stop(deadlineMs = stopDeadlineMs): Promise<void> {
    this.#sources.feed?.stop()
    for (const { tls } of this.#listeners) tls?.stop()
    await Promise.all(this.#listeners.map(({ listener }) => listener.stop(deadlineMs)))
  }

  /** Real addresses (`127.0.0.1:8000`), once started; in the order of the listeners. */
  get addresses(): readonly string[] {
    return this.#addresses
  }

  /** Where a browser finds the page, once started; in the order of the listeners that have one. */
  get pages(): readonly string[] {
    return this.#pages
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
  /** null = plain HTTP. */
  readonly tls: ListenerTls | null
  /** null = no page. */
  readonly pagePath: string | null
}

function listenAddress(name: string, address: string): HostPort {
  const parsed = parseHostPort(address, 'listener')
  if (parsed) return parsed
  throw new BurrowError('CONFIG_INVALID', `httpserver.${name}: invalid HTTP server listener address: ${address}`)
}

/** All addresses of the machine are no address for a browser. */
function pageUrl({ address, port }: AddressInfo, path: string, secure: boolean): string {
  const host = address === '::' || address === '0.0.0.0' ? `localhost:${port}` : addressToText(address, port)
  return `${secure ? 'https' : 'http'}://${host}${path}`
}

/** Time for requests under way to finish when the program stops. */
export const stopDeadlineMs = 1_000

interface Page {
  readonly files: ReadonlyMap<string, PageFile>
  readonly path: string
}

/** The one place that lists all routes. `page`: null = none. */
function createResponder(sources: HttpSources, page: Page | null): Responder {
  const { corsOrigin, hostName, clusters, config, logger, logLevel, metrics } = sources
  const envelope = new Envelope(corsOrigin, hostName)
  const routes = [
    ...adminRoutes(corsOrigin, () => sources.isReady()),
    ...kafkaRoutes(envelope, sources),
    ...clusterDetailRoutes(
      envelope,
      clusters,
      config?.customModules.filter(({ kind }) => kind === 'cluster')
    ),
    ...(config ? configRoutes(envelope, config) : []),
    ...(logLevel ? logLevelRoutes(envelope, logLevel) : []),
    ...(metrics ? [metricsRoute(metrics)] : [])
  ]
  const additions = [
    healthRoute(corsOrigin, () => sources.health()),
    ...explainRoutes(envelope, sources.pages, clusters),
    ...(sources.groupLists ? [groupListRoute(envelope, sources.groupLists)] : []),
    ...(sources.feed ? [eventsRoute(corsOrigin, sources.feed)] : []),
    ...(page ? pageRoutes(page.files, page.path) : [])
  ]
  return new Responder(new Router(routes, additions), envelope, logger)
}
