import { openSync, readSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded into the program before it (`node --import`): at SIGUSR2 it says how long the main thread's event loop was held at most since the last
 * time. Two ways, for a busy machine (schedstat, Linux; elsewhere both are the time between two ticks):
 *
 * - held: without the time in which the thread waited for a core. With it when it waits for another thread that waits for a core, as in a
 *   collection of garbage, which helpers take part in.
 * - busy: only what the thread itself ran between two ticks.
 *
 * Itself it costs about 2 % of a core.
 */
const resolutionMs = 1

if (isMainThread) {
  const look = createLook()
  let last = look()
  let heldMs = 0
  let busyMs = 0
  setInterval(() => {
    const now = look()
    heldMs = Math.max(heldMs, now.atMs - last.atMs - (now.waitedMs - last.waitedMs) - resolutionMs)
    busyMs = Math.max(busyMs, now.ranMs - last.ranMs)
    last = now
  }, resolutionMs).unref()
  process.on('SIGUSR2', () => {
    process.stderr.write(
      `event loop held for at most ${heldMs.toFixed(3)} ms, busy for at most ${busyMs.toFixed(3)} ms\n`
    )
    heldMs = 0
    busyMs = 0
  })
}

interface Look {
  readonly atMs: number
  /** On a core, and waiting for one, since the thread began. */
  readonly ranMs: number
  readonly waitedMs: number
}

function createLook(): () => Look {
  const buffer = Buffer.alloc(64)
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
    return () => {
      const length = readSync(file, buffer, 0, buffer.length, 0)
      const [ranNs, waitedNs] = buffer.toString('latin1', 0, length).split(' ')
      return { atMs: performance.now(), ranMs: Number(ranNs) / 1e6, waitedMs: Number(waitedNs) / 1e6 }
    }
  } catch {
    return () => {
      const atMs = performance.now()
      return { atMs, ranMs: atMs, waitedMs: 0 }
    }
  }
}
