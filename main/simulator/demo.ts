import { DemoClusterPlay } from './demo/demo-cluster.ts'
import { demoScene } from './demo/scene.ts'
import { type Simulator, startSimulator } from './simulator.ts'

export { demoSettledMs, type ExpectedStatus, expectedStatuses } from './demo/scene.ts'

export interface Demo {
  readonly clusters: readonly { readonly name: string; readonly simulator: Simulator }[]
  stop(): Promise<void>
}

const tickMs = 250

/**
 * Two clusters on loopback, 'demo-east' and 'demo-west', whose groups show every status: with a history from the start, then
 * moving by one timer. Main thread.
 */
export async function startDemo(): Promise<Demo> {
  const started: { name: string; simulator: Simulator; play: DemoClusterPlay }[] = []
  const stopAll = async () => {
    await Promise.all(started.map(({ simulator }) => simulator.stop()))
  }
  try {
    for (const scene of demoScene) {
      const { name, brokers, offsetsPartitions } = scene
      const simulator = await startSimulator({ name, brokers, offsetsPartitions })
      const play = new DemoClusterPlay(simulator, scene, Date.now())
      started.push({ name, simulator, play })
    }
  } catch (error) {
    await stopAll()
    throw error
  }
  const timer = setInterval(() => {
    const nowMs = Date.now()
    for (const { play } of started) play.advanceTo(nowMs)
  }, tickMs)
  return {
    clusters: started.map(({ name, simulator }) => ({ name, simulator })),
    stop: async () => {
      clearInterval(timer)
      await stopAll()
    }
  }
}
