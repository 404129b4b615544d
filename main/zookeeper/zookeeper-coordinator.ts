import { BurrowError } from '../../shared/errors.ts'
import type { ApplicationContext, Logger } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import type { ZookeeperSettings } from '../../shared/settings.ts'
import { withDeadline } from '../threads/deadline.ts'
import { SessionClient } from './client.ts'
import type { LosableLock } from './lock.ts'
import { readTlsOptions } from './servers.ts'
import { type SessionState, ZookeeperSession } from './session.ts'
import { isUnavailable } from './zookeeper-errors.ts'

/** How long a start waits for a server. Without one the program starts all the same and comes to ZooKeeper later. */
export const defaultStartBoundMs = 3_000

export interface ZookeeperCoordinatorOptions {
  readonly settings: ZookeeperSettings
  readonly context: ApplicationContext
  readonly logger: Logger
  /** How long `start` waits for a server; `defaultStartBoundMs` if it is not given. */
  readonly startBoundMs?: number
}

/** The shared session in which notifiers agree who sends (spec 08). Main thread. */
export class ZookeeperCoordinator implements Coordinator {
  readonly name = 'zookeeper'
  readonly #options: ZookeeperCoordinatorOptions
  readonly #root: string
  #client: SessionClient | null = null

  constructor(options: ZookeeperCoordinatorOptions) {
    this.#options = options
    this.#root = options.settings.rootPath === '/' ? '' : options.settings.rootPath
  }

  /** '' or a path without a slash at its end. Throws BurrowError CONFIG_INVALID: servers, TLS files. */
  configure(): void {
    const { settings, logger } = this.#options
    const { servers, timeoutSeconds, tls } = settings
    const session = new ZookeeperSession({
      servers,
      timeoutMs: timeoutSeconds * 1000,
      tls: readTlsOptions(tls),
      logger
    })
    this.#client = new SessionClient(session)
  }

  /** Rejects if the root path is refused; not if ZooKeeper cannot be reached. */
  async start(): Promise<void> {
    const { context, logger, startBoundMs = defaultStartBoundMs } = this.#options
    const client = this.#configured()
    client.session.onState(state => this.#onState(state))
    client.session.start()
    context.zookeeper = client
    context.zookeeperRoot = this.#root
    const root = this.#createRoot(client)
    root.catch(() => undefined)
    try {
      await withDeadline(root, startBoundMs, 'connecting to ZooKeeper')
    } catch (error) {
      if (error instanceof BurrowError && error.code === 'ZOOKEEPER_REFUSED') throw error
      logger.warn('ZooKeeper cannot be reached, notifiers wait for it', { error })
    }
  }

  async stop(): Promise<void> {
    const { context } = this.#options
    context.zookeeperConnected = false
    context.zookeeper = null
    await this.#client?.close()
  }

  /** A lock under the root, with word of its loss. */
  newLock(name: string): LosableLock {
    return this.#configured().newLock(`${this.#root}/${name}`)
  }

  get state(): SessionState {
    return this.#configured().session.state
  }

  #configured(): SessionClient {
    if (this.#client === null) throw new TypeError('the ZooKeeper coordinator was not configured')
    return this.#client
  }

  async #createRoot(client: SessionClient): Promise<void> {
    for (;;) {
      await client.session.connected()
      try {
        await client.createAll(this.#root)
        this.#options.context.zookeeperConnected = client.session.state === 'connected'
        this.#options.logger.info('connected to ZooKeeper', { root: this.#root })
        return
      } catch (error) {
        if (isUnavailable(error)) continue
        this.#options.logger.error('cannot create root path', { path: this.#root, error })
        throw error
      }
    }
  }

  /** Spec 08 section 3: a connection that is lost for a moment changes nothing. */
  #onState(state: SessionState): void {
    const { context, logger } = this.#options
    if (state === 'expired') {
      logger.error('session expired')
      context.zookeeperConnected = false
    } else if (state === 'unsafe') {
      logger.warn('no answer from ZooKeeper, the session may end soon')
    } else if (state === 'connected' && !context.zookeeperConnected && this.#configured().session.number > 1) {
      // The first session has begun once the root path is there.
      logger.info('starting session')
      context.zookeeperConnected = true
    }
  }
}
