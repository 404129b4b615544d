import { BurrowError } from '../../shared/errors.ts'
import type { EvaluatorRef, Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import type { ConsumerGroupStatus } from '../../shared/protocol/consumer.ts'
import type { EvaluatorRequest } from '../../shared/protocol/evaluator.ts'
import {
  type StorageCommand,
  type StorageQuery,
  type StorageReply,
  StorageRequestConstant
} from '../../shared/protocol/storage.ts'
import type { ZookeeperClient } from '../../shared/protocol/zookeeper.ts'
import { checkedCommand, checkedEvaluation, checkedQuery } from './checked-request.ts'
import type { ApplicationContext, ModuleContext, ModuleSection } from './module-api.ts'
import { asOurselves } from './module-run.ts'

/** Log lines from before there is a log. */
export const earlyLinesMax = 100
/** Groups remembered as not Kafka's; past it no group of the program is taken for Kafka's. */
export const ownGroupsMax = 100_000

type Level = 'debug' | 'info' | 'warn' | 'error'
interface Line {
  readonly level: Level
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * The context of a custom module. Modules are made and configured while the configuration is read, before there is a program, so
 * this stands for the real context until `bind`, and after `close` again. Main thread.
 */
export class LateContext implements ModuleContext {
  readonly section: ModuleSection
  readonly logger: Logger
  readonly storage: StorageRef
  readonly evaluator: EvaluatorRef
  readonly #clusters: readonly string[]
  #real: ApplicationContext | null = null
  #moduleLogger: Logger | null = null
  readonly #early: Line[] = []
  #earlyLeftOut = 0
  readonly #ownGroups = new Set<string>()

  /** `clusters`: all that are configured; nothing can be told of others. */
  constructor(section: ModuleSection, clusters: readonly string[]) {
    this.section = section
    this.#clusters = clusters
    this.logger = lateLogger(line => this.#log(line))
    this.storage = {
      tell: command => this.#tell(command),
      ask: query => this.#ask(query)
    }
    this.evaluator = { ask: request => this.#evaluate(request) }
  }

  get configurationValid(): boolean {
    return this.#real?.configurationValid ?? false
  }
  get zookeeper(): ZookeeperClient | null {
    return this.#real?.zookeeper ?? null
  }
  get zookeeperRoot(): string {
    return this.#real?.zookeeperRoot ?? ''
  }
  get zookeeperConnected(): boolean {
    return this.#real?.zookeeperConnected ?? false
  }
  get ready(): boolean {
    return this.#real?.ready ?? false
  }

  /** From now on there is a program. `logger` is the module's. */
  bind(real: ApplicationContext, logger: Logger): void {
    this.#real = real
    this.#moduleLogger = logger
    for (const { level, message, fields } of this.#early.splice(0)) logger[level](message, fields)
    if (this.#earlyLeftOut > 0) logger.warn('more lines were logged before the start', { leftOut: this.#earlyLeftOut })
  }

  /** The module was stopped: what it still tells is refused. */
  close(): void {
    this.#real = null
  }

  /** Did the module commit for that group? Kafka need not know it then. */
  isOwnGroup(cluster: string, group: string): boolean {
    return this.#ownGroups.size >= ownGroupsMax || this.#ownGroups.has(ownKey(cluster, group))
  }

  #tell(command: StorageCommand): void {
    const checked = checkedCommand(command, this.#clusters)
    const { storage } = this.#bound('STORAGE_UNAVAILABLE')
    if (checked.type === StorageRequestConstant.SetConsumerOffset && this.#ownGroups.size < ownGroupsMax) {
      this.#ownGroups.add(ownKey(checked.cluster, checked.group))
    }
    asOurselves(() => storage.tell(checked))
  }

  async #ask<Q extends StorageQuery>(query: Q): Promise<StorageReply<Q>> {
    const checked = checkedQuery(query)
    const { storage } = this.#bound('STORAGE_UNAVAILABLE')
    return (await asOurselves(() => storage.ask(checked))) as StorageReply<Q>
  }

  async #evaluate(request: EvaluatorRequest): Promise<ConsumerGroupStatus> {
    const checked = checkedEvaluation(request)
    const { evaluator } = this.#bound('EVALUATOR_UNAVAILABLE')
    return asOurselves(() => evaluator.ask(checked))
  }

  #bound(code: 'STORAGE_UNAVAILABLE' | 'EVALUATOR_UNAVAILABLE'): ApplicationContext {
    if (this.#real !== null) return this.#real
    throw new BurrowError(code, 'the program has not started, or has stopped')
  }

  #log(line: Line): void {
    const logger = this.#moduleLogger
    if (logger !== null) asOurselves(() => logger[line.level](line.message, line.fields))
    else if (this.#early.length < earlyLinesMax) this.#early.push(line)
    else this.#earlyLeftOut++
  }
}

function ownKey(cluster: string, group: string): string {
  return JSON.stringify([cluster, group])
}

function lateLogger(write: (line: Line) => void, own: Line['fields'] = {}): Logger {
  const at =
    (level: Level): Logger[Level] =>
    (message, fields) =>
      write({ level, message: String(message), fields: { ...own, ...fields } })
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: fields => lateLogger(write, { ...own, ...fields })
  }
}
