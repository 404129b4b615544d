import type { Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** CPU time of the thread, µs. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/**
 * The longest task on the thread that draws the page while `work` goes on, in ms of that thread's CPU time: no frame is made
 * while a task runs. Time in which other programs had the core is not in it, so it tells of the page and not of the host.
 */
export async function longestTaskMs(page: Page, work: () => Promise<unknown>): Promise<number> {
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ['toplevel'] })
  let trace: Buffer
  try {
    await work()
  } finally {
    trace = await browser.stopTracing()
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] }
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const named = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const threads = new Set(named.map(thread))
  const tasks = traceEvents.filter(each => each.ph === 'X' && /RunTask$/.test(each.name) && threads.has(thread(each)))
  if (tasks.length === 0) throw new Error('the browser has traced no task of a page')
  return (
    tasks.reduce((longest, { tdur }) => {
      if (tdur === undefined) throw new Error('the browser tells no CPU time of tasks')
      return Math.max(longest, tdur)
    }, 0) / 1000
  )
}
