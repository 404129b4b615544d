import { fork } from 'node:child_process'
import type { SuiteResult } from './document.ts'
import type { OnStep, SuiteOrder } from './measure-suite.ts'
import type { FromSuite } from './suite-process.ts'

/** A suite that takes longer is stuck. */
export const suiteBoundMs = 30 * 60_000

/** Runs a suite in a process of its own. Rejects with what it said went wrong, or if it ended without a result. */
export function runSuite(order: SuiteOrder, onStep: OnStep): Promise<SuiteResult> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./suite-process.js', import.meta.url), {
      serialization: 'advanced',
      // Standard output belongs to the document.
      stdio: ['ignore', 2, 2, 'ipc']
    })
    let result: SuiteResult | null = null
    let failure: string | null = null
    const bound = setTimeout(() => {
      failure = `not done after ${suiteBoundMs} ms`
      child.kill('SIGKILL')
    }, suiteBoundMs)
    child.on('message', (message: FromSuite) => {
      if (message.kind === 'step') onStep(message.done, message.total, message.what)
      else if (message.kind === 'result') result = message.result
      else failure = message.message
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(bound)
      if (result && failure === null) resolve(result)
      else reject(new Error(`suite ${order.suite}: ${failure ?? `ended without a result (${signal ?? code})`}`))
    })
    child.send(order)
  })
}
