import { AsyncLocalStorage } from 'node:async_hooks'

/** Who is told of an error that nobody caught. */
export interface Blamed {
  failed(error: unknown, what: string): void
}

/** Whose code is running, or was it that began what is running: timers, sockets and promises included. Main thread. */
const running = new AsyncLocalStorage<Blamed>()

export function runFor<T>(module: Blamed, work: () => T): T {
  return running.run(module, work)
}

/** Runs our own code for a module: what goes wrong in it is ours. */
export function asOurselves<T>(work: () => T): T {
  return running.exit(work)
}

/** An error that nobody caught: true if a module's code threw it, which is then told of it. To be called where it arrives. */
export function blameModule(error: unknown): boolean {
  const module = running.getStore()
  if (module === undefined) return false
  asOurselves(() => module.failed(error, 'threw where nobody could catch it'))
  return true
}
