import { Piscina } from '../../shared/actor/piscina-pool.ts'
import { BurrowError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { PackedData, RenderResult, RenderTask, TemplateText } from '../../shared/template/render-task.ts'
import { renderDeadlineMs, renderHeapMb, renderIdleMs, rendersWaitingMax } from './limits.ts'
import { type TemplateRenderer, textsOf } from './template-renderer.ts'

/**
 * Renders on a thread of its own, begun with the first message and ended when there was none for a while: a template over a group
 * of thousands of partitions takes tens of milliseconds, a hostile one seconds, and main has others to serve. Main thread.
 *
 * A thread that overruns the deadline or its memory is ended and the next message gets a new one; whoever waited tries again.
 */
export class RenderThread implements TemplateRenderer {
  readonly #logger: Logger
  readonly #deadlineMs: number
  #pool: Piscina<RenderTask, RenderResult> | null = null
  #isStopped = false

  constructor(logger: Logger, deadlineMs = renderDeadlineMs) {
    this.#logger = logger
    this.#deadlineMs = deadlineMs
  }

  async render(templates: readonly TemplateText[], data: PackedData): Promise<readonly string[]> {
    if (this.#isStopped) throw new BurrowError('THREAD_DIED', 'the thread that renders is stopped')
    this.#pool ??= this.#createPool()
    if (this.#pool.queueSize >= rendersWaitingMax) {
      throw new BurrowError('QUEUE_FULL', `${rendersWaitingMax} messages wait to be rendered`)
    }
    const signal = AbortSignal.timeout(this.#deadlineMs)
    let result: RenderResult
    try {
      result = await this.#pool.run({ templates, data }, { signal })
    } catch (error) {
      if (signal.aborted) {
        throw new BurrowError('DEADLINE_EXCEEDED', `rendering took longer than ${this.#deadlineMs} ms`)
      }
      throw new BurrowError('THREAD_DIED', 'the thread that renders has ended', {}, error)
    }
    return textsOf(result)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#pool?.destroy()
  }

  #createPool(): Piscina<RenderTask, RenderResult> {
    const pool = new Piscina<RenderTask, RenderResult>({
      filename: new URL('../../workers/renderer/renderer.worker.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: renderIdleMs,
      concurrentTasksPerWorker: 1,
      resourceLimits: { maxOldGenerationSizeMb: renderHeapMb },
      atomics: 'disabled',
      recordTiming: false
    })
    // Without a listener the process would end.
    pool.on('error', error => this.#logger.error('the thread that renders templates failed', { error }))
    return pool
  }
}
