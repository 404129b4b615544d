import type { Browser } from 'playwright-core'
import { Child } from '../support/child-process.ts'
import { ours } from '../support/program.ts'

/** What the parts of this tier share. */
export interface Shared {
  readonly browser: Browser
  readonly demoPort: number
  demo: Child
}

export function startDemoOn(port: number): Child {
  return new Child(ours.command, [...ours.args, 'demo', '--port', `${port}`])
}
