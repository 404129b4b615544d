import type { MetricsPartResult, MetricsRequest, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { giveBack } from '../../shared/actor/lent-memory.ts'
import { BurrowError } from '../../shared/errors.ts'
import { families } from '../../shared/metrics/families.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { MetricsSettings } from '../config/app-config.ts'
import { askAhead } from '../evaluator/ask-ahead.ts'
import { mustBeOf } from '../evaluator/pool-steps.ts'
import { collectFigures } from './collect-figures.ts'
import { gzipFrame } from './gzip-frame.ts'
import { LentBlocks } from './lent-blocks.ts'
import { nativeFamilies, type OwnFigures, processFamilies, type ScrapeCounts } from './own-families.ts'
import { pageParts } from './page-parts.ts'

/** Pages under way at a time; the next is refused. Each holds the figures of all partitions: 32 bytes a partition. */
export const scrapesMax = 4
/** Time for a page from question to last byte. Prometheus gives up after 10 s unless it is told to wait longer. */
export const scrapeDeadlineMs = 60_000

export interface ScraperOptions {
  readonly settings: MetricsSettings
  readonly clusters: readonly string[]
  /** Threads of the pool. */
  readonly threads: number
  readonly logger: Logger
  page(request: MetricsRequest): Promise<PageResult>
  own(): OwnFigures
  readonly deadlineMs?: number
}

export interface ScrapeRequest {
  readonly gzip: boolean
  /** Nobody waits for the page any more. */
  isGone(): boolean
}

/** A page on its way. Its owner must call `close`, once, also if it never took a chunk. */
export interface Scrape {
  readonly chunks: AsyncIterable<Uint8Array>
  /** What is left of the time. */
  readonly deadlineMs: number
  close(complete: boolean): void
}

/**
 * Makes pages for `/metrics` (README.md beside this). Main thread, which asks, puts in order and passes on: groups are judged and
 * lines made and compressed in the evaluator pool.
 */
export class Scraper {
  readonly #options: ScraperOptions
  readonly #counts = { scrapes: 0, refused: 0, aborted: 0, failed: 0 }
  #open = 0

  constructor(options: ScraperOptions) {
    this.#options = options
  }

  get counts(): Readonly<ScrapeCounts> {
    return this.#counts
  }

  /** Pages under way. */
  get open(): number {
    return this.#open
  }

  /**
   * Resolves when all figures are there, so that what can go wrong mostly goes wrong before the first byte; null if the client
   * has left. Rejects with BurrowError.
   */
  async begin(request: ScrapeRequest): Promise<Scrape | null> {
    if (this.#open >= scrapesMax) {
      this.#counts.refused++
      throw new BurrowError('QUEUE_FULL', 'too many pages of metrics are under way', { scrapesMax })
    }
    this.#open++
    this.#counts.scrapes++
    const endMs = Date.now() + (this.#options.deadlineMs ?? scrapeDeadlineMs)
    const blocks = new LentBlocks()
    try {
      const parts = await this.#prepare(request, endMs, blocks)
      const text = this.#watched(parts)
      return {
        chunks: request.gzip ? gzipFrame(text) : bodies(text),
        deadlineMs: Math.max(0, endMs - Date.now()),
        close: complete => {
          this.#open--
          if (!complete) this.#counts.aborted++
          blocks.done()
        }
      }
    } catch (error) {
      this.#open--
      if (error instanceof ClientGone) {
        this.#counts.aborted++
        return null
      }
      this.#counts.failed++
      throw error
    }
  }

  async #prepare(request: ScrapeRequest, endMs: number, blocks: LentBlocks): Promise<AsyncIterable<MetricsPartResult>> {
    const { settings, clusters, threads, page, own } = this.#options
    const wanted = families.filter(({ set }) => settings.set === 'both' || settings.set === set)
    // One at work and one waiting for each thread: more would only lie in memory.
    const ahead = threads * 2
    const ask = (step: MetricsRequest) => {
      if (request.isGone()) return Promise.reject(new ClientGone())
      if (Date.now() > endMs) return Promise.reject(new BurrowError('DEADLINE_EXCEEDED', 'the page takes too long'))
      return blocks.watch(page(step))
    }
    const figures = await collectFigures({
      clusters,
      families: wanted,
      maxSeries: settings.maxSeries,
      ahead: ahead * 2,
      ask
    })
    const always = await processFamilies(figures.seriesOverBudget)
    const native = settings.set === 'burrow' ? [] : nativeFamilies(own(), this.#counts)
    const parts = pageParts(wanted, figures, [...always, ...native], request.gzip)
    return askAhead(parts, ahead, async step => mustBeOf('part', await ask(step)))
  }

  /** A part that fails breaks the page off: the client sees that it is not whole. */
  async *#watched(parts: AsyncIterable<MetricsPartResult>): AsyncGenerator<MetricsPartResult, void, void> {
    try {
      yield* parts
    } catch (error) {
      if (!(error instanceof ClientGone)) {
        this.#counts.failed++
        this.#options.logger.warn('a page of metrics was broken off', { error })
      }
      throw error
    }
  }
}

async function* bodies(parts: AsyncIterable<MetricsPartResult>): AsyncGenerator<Uint8Array, void, void> {
  for await (const { body } of parts) {
    try {
      yield body
    } finally {
      giveBack(body) // the socket has it, or is gone
    }
  }
}

class ClientGone extends Error {}
