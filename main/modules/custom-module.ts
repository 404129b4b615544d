import { messageOf } from '../../shared/errors.ts'
import type { CustomModuleSettings } from '../../shared/settings.ts'
import { withDeadline } from '../threads/deadline.ts'
import type { LateContext } from './late-context.ts'
import type { Module, NotifierModule } from './module-api.ts'
import { type Blamed, runFor } from './module-run.ts'

export type ModuleState = 'loaded' | 'started' | 'failed' | 'stopped'

/** Somebody else's module in this process: runs it so that what it breaks is its own (docs/custom-modules.md). Main thread. */
export class CustomModule implements Blamed {
  readonly settings: CustomModuleSettings
  readonly context: LateContext
  state: ModuleState = 'loaded'
  failures = 0
  lastError: string | null = null
  /** Told of each failure. */
  onFailure: (error: unknown, what: string) => void = () => undefined
  #instance: Module | null = null

  constructor(settings: CustomModuleSettings, context: LateContext) {
    this.settings = settings
    this.context = context
  }

  /** `cluster.mine`. */
  get path(): string {
    return `${this.settings.kind}.${this.settings.name}`
  }

  /** Rejects with what the class throws, or with a TypeError for what is no module. */
  async create(exported: unknown, deadlineMs: number): Promise<void> {
    const { kind, name } = this.settings
    if (typeof exported !== 'function') throw new TypeError('its default export is no class')
    const Class = exported as new (...args: unknown[]) => unknown
    const instance = runFor(this, () => new Class(this.context, name, this.path))
    const needed = ['configure', 'start', 'stop', ...(kind === 'notifier' ? ['notify'] : [])]
    const missing = needed.filter(method => typeof Reflect.get(instance as object, method) !== 'function')
    if (missing.length > 0) throw new TypeError(`its class has no method ${missing.join(', ')}`)
    this.#instance = instance as Module
    await this.#run('configure', deadlineMs, module => module.configure(name, this.path))
  }

  /** Never rejects: a module that does not start harms nobody else. */
  async start(deadlineMs: number): Promise<void> {
    try {
      await this.#run('start', deadlineMs, module => module.start())
      this.state = 'started'
    } catch (error) {
      this.state = 'failed'
      this.failed(error, 'did not start')
    }
  }

  /** Never rejects. */
  async stop(deadlineMs: number): Promise<void> {
    try {
      await this.#run('stop', deadlineMs, module => module.stop())
    } catch (error) {
      this.failed(error, 'did not stop')
    }
    this.state = 'stopped'
    this.context.close()
  }

  /** Rejects with what it throws, or BurrowError DEADLINE_EXCEEDED. */
  notify(notification: Parameters<NotifierModule['notify']>[0], deadlineMs: number): Promise<void> {
    return this.#run('notify', deadlineMs, module => (module as NotifierModule).notify(notification))
  }

  failed(error: unknown, what: string): void {
    this.failures++
    this.lastError = textOf(error)
    this.onFailure(error, what)
  }

  #run(what: string, deadlineMs: number, work: (module: Module) => Promise<void> | void): Promise<void> {
    const instance = this.#instance
    if (instance === null) return Promise.reject(new TypeError('the module was never made'))
    const done = runFor(this, async () => work(instance))
    return withDeadline(done, deadlineMs, `${what} of ${this.path}`)
  }
}

/** For people; whatever was thrown. */
export function textOf(error: unknown): string {
  try {
    return messageOf(error)
  } catch {
    return 'something that has no text'
  }
}
