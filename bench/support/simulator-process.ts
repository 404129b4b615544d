import { ChildConversation } from './child-conversation.ts'
import type { SimulatorAnswer, SimulatorOrder } from './simulator.process.ts'

/** The process of simulator.process.ts. */
export type SimulatorProcess = ChildConversation<SimulatorOrder, SimulatorAnswer>

export function startSimulatorProcess(): SimulatorProcess {
  return new ChildConversation(new URL('./simulator.process.js', import.meta.url))
}

export interface Cluster {
  readonly name: string
  readonly servers: readonly string[]
}

export async function startCluster(
  process: SimulatorProcess,
  name: string,
  { brokers = 1, offsetsPartitions = 50 } = {}
): Promise<Cluster> {
  const { servers } = await process.ask({ kind: 'start', cluster: name, brokers, offsetsPartitions })
  return { name, servers }
}
