import type { MessagePort } from 'node:worker_threads'
import { expose, wrap } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import type { ThreadControl } from './thread-messages.ts'

/**
 * Control of a thread (stop, stats: rare) over comlink, on a port of its own. The only file that knows comlink.
 *
 * Errors lose class and code on the way: only name, message and stack cross. Neither side closes the port.
 */

/** The thread's side. `control` should be a narrow object: everything it has can be called from the other side. */
export function exposeControl(control: ThreadControl, port: MessagePort): void {
  expose(control, nodeEndpoint(port))
}

/**
 * The side of main. A call never settles if the thread dies: race each with the thread's exit and a deadline. Keep the result
 * for as long as calls are open: comlink lets go of what was garbage collected.
 */
export function wrapControl(port: MessagePort): ThreadControl {
  const remote = wrap<ThreadControl>(nodeEndpoint(port))
  return {
    stop: async () => await remote.stop(),
    stats: async () => await remote.stats()
  }
}
