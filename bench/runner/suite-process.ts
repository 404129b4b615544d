import { suites } from '../suites/index.ts'
import type { SuiteResult } from './document.ts'
import { measureSuite, type SuiteOrder } from './measure-suite.ts'

/** What the process of a suite tells the one that started it. */
export type FromSuite =
  | { readonly kind: 'step'; readonly done: number; readonly total: number; readonly what: string }
  | { readonly kind: 'result'; readonly result: SuiteResult }
  | { readonly kind: 'failed'; readonly message: string }

/**
 * The process of one suite: takes one order by IPC, answers and ends. A process of its own, so that memory is what this suite needs and
 * what one suite left in heap and caches disturbs no other.
 */
const post = (message: FromSuite) => new Promise<void>(resolve => process.send!(message, () => resolve()))

process.once('message', async (order: SuiteOrder) => {
  const suite = suites.find(({ name }) => name === order.suite)
  try {
    if (!suite) throw new Error(`no suite ${order.suite}`)
    const result = await measureSuite(
      suite,
      order,
      (done, total, what) => void post({ kind: 'step', done, total, what })
    )
    await post({ kind: 'result', result })
    process.exit(0)
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    await post({ kind: 'failed', message: text })
    process.exit(1)
  }
})
// Whoever started us is gone, and so is the reason to measure. Our own children go with us.
process.once('disconnect', () => process.exit(1))
