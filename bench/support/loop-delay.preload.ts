import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded into the program before it (`node --import`): at SIGUSR2 it says how long the main thread's event loop was held up at most
 * since the last time. The program's own figure is of the last 30 to 60 s, its start included.
 */
const resolutionMs = 1

if (isMainThread) {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  process.on('SIGUSR2', () => {
    // The histogram holds times between two ticks of its timer.
    const heldMs = histogram.count === 0 ? 0 : Math.max(0, histogram.max / 1e6 - resolutionMs)
    histogram.reset()
    process.stderr.write(`event loop held up at most ${heldMs.toFixed(3)} ms\n`)
  })
}
