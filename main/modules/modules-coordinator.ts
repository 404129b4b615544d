import type { Counters } from '../../shared/counters.ts'
import { LogLimit } from '../../shared/log-limit.ts'
import type { ApplicationContext, Logger } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import type { CustomModule } from './custom-module.ts'

/** A module that has not started by then goes on by itself, and counts as failed. */
export const startDeadlineMs = 10_000
/** Below the deadline that coordinators have. */
export const stopDeadlineMs = 1_500

export interface ModulesCoordinatorOptions {
  /** Configured already (load-modules.ts). */
  readonly modules: readonly CustomModule[]
  readonly logger: Logger
  readonly counters: Counters
  context(): ApplicationContext
}

/** Starts and stops modules that are not ours. What they break is logged and counted, and harms no other. Main thread. */
export class ModulesCoordinator implements Coordinator {
  readonly name = 'modules'
  readonly #options: ModulesCoordinatorOptions
  readonly #logLimit = new LogLimit()

  constructor(options: ModulesCoordinatorOptions) {
    this.#options = options
  }

  /** Ties the modules to the program; they were configured when the configuration was read. */
  configure(): void {
    const { modules, logger, counters, context } = this.#options
    for (const module of modules) {
      const { kind, name, className } = module.settings
      const moduleLogger = logger.child({ type: 'module', coordinator: kind, class: className, name })
      module.context.bind(context(), moduleLogger)
      module.onFailure = (error, what) => {
        counters.add('custom_module_failures')
        this.#logLimit.log(moduleLogger.error, `${module.path}:${what}`, `custom module ${what}`, { error })
      }
    }
  }

  async start(): Promise<void> {
    await Promise.all(this.#options.modules.map(module => module.start(startDeadlineMs)))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#options.modules.map(module => module.stop(stopDeadlineMs)))
  }

  /** Did a module commit for that group? Kafka does not list it then. */
  knowsGroup(cluster: string, group: string): boolean {
    return this.#options.modules.some(({ context }) => context.isOwnGroup(cluster, group))
  }

  stats(): readonly Readonly<Record<string, unknown>>[] {
    return this.#options.modules.map(({ settings, state, failures, lastError }) => {
      const { kind, name, className } = settings
      return { kind, name, className, state, failures, lastError }
    })
  }
}
