import { demoSettledMs } from '../../main/simulator/demo.ts'

/** How long the demo is waited for: what it needs, and what a host that others load takes from it. */
export const demoBoundMs = demoSettledMs + 60_000
