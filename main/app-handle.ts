import type { AppConfig, ThreadSettings } from './config/app-config.ts'
import type { MainLogger } from './logger.ts'
import type { CustomModule } from './modules/custom-module.ts'

/** The running program, as the command line sees it. Main thread. */
export interface AppHandle {
  /** Stops everything in reverse order, each part with a deadline of its own. Never rejects. */
  stop(): Promise<void>
  /** Where the listeners listen, for example `127.0.0.1:8000`. */
  readonly addresses: readonly string[]
  /** Where a browser finds the page; empty if there is none. */
  readonly pages: readonly string[]
  /** Resolves if the program cannot go on, for example because a thread keeps dying. Never rejects. */
  readonly failed: Promise<Error>
  readonly drills: Drills
}

/** Ends a thread as a crash would, to see what follows. For tests and fire drills; each resolves when the thread is gone. */
export interface Drills {
  killStorage(shard: number): Promise<void>
  killKafka(thread: number): Promise<void>
  killEvaluator(): Promise<void>
}

/** What app.ts exports as `startApp`. `modules`: those that are not ours, configured. */
export type StartApp = (config: AppConfig, main: MainLogger, modules?: readonly CustomModule[]) => Promise<AppHandle>

export interface DemoOptions {
  /** Port of the HTTP listener on 127.0.0.1, 0 = a free one. */
  readonly port: number
  readonly threads: Partial<ThreadSettings>
}

/** Where the page is, for people. */
export function pageLines(pages: readonly string[]): string[] {
  return pages.map(url => `Open ${url} in a browser`)
}

/** What demo.ts exports as `runDemo`: a simulated Kafka cluster with groups in every state, and the program beside it. */
export type RunDemo = (options: DemoOptions, main: MainLogger) => Promise<AppHandle>
