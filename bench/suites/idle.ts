import { type Suite, type SuiteContext, sizeOf, WrongResult } from '../runner/suite.ts'
import { Monitor } from '../support/monitor.ts'
import { startCluster, startSimulatorProcess } from '../support/simulator-process.ts'
import { sweptEndOffset, sweptTopic } from '../support/swept-topics.ts'
import { waitFor } from '../support/wait-for.ts'

const topicsPerCluster = 5
const partitionsPerTopic = 10
const base = 100
const readyBoundMs = 60_000

/** Clusters without traffic: what the program costs when it has nothing to do but look at end offsets every 10 s. */
export const idle: Suite = {
  name: 'idle',
  about: 'CPU and memory with many clusters and no traffic',
  rounds: 1,
  onlyByName: true,
  sizes: {
    clusters: { standard: 20, tiny: 3, about: 'clusters' },
    settle: {
      standard: 60,
      tiny: 0,
      about: 'seconds before it, in which V8 compiles and gives back what the start needed'
    },
    seconds: { standard: 30, tiny: 1, about: 'of the measurement' }
  },
  figures: {
    cpu: { unit: '% of a core', better: 'less' },
    rss: { unit: 'MB', better: 'less' }
  },
  async prepare(context) {
    const simulator = startSimulatorProcess()
    const names = Array.from({ length: sizeOf(context, 'clusters') }, (_, index) => `idle-${index}`)
    const clusters = []
    for (const name of names) {
      clusters.push(await startCluster(simulator, name))
      await simulator.ask({ kind: 'topics', cluster: name, topics: topicsPerCluster, partitions: partitionsPerTopic })
      await simulator.ask({ kind: 'raise', cluster: name, base })
    }
    const config = {
      clusters,
      intervals: 10,
      offsetRefreshSeconds: 10,
      topicRefreshSeconds: 60,
      expireCacheSeconds: 10
    }
    return {
      cases: [
        {
          name: `${clusters.length} clusters, no traffic`,
          measure: async () => {
            const monitor = await Monitor.start(config, context.threads)
            try {
              await waitFor(async () => (await monitor.health()).ready, 'the monitor to be ready', readyBoundMs)
              await sleep(sizeOf(context, 'settle') * 1000)
              const before = await monitor.usage()
              const startMs = performance.now()
              await sleep(sizeOf(context, 'seconds') * 1000)
              const seconds = (performance.now() - startMs) / 1000
              const after = await monitor.usage()
              for (const name of names) await checkCluster(context, monitor, name)
              return { cpu: ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100, rss: after.rssMb }
            } finally {
              await monitor.stop()
            }
          }
        }
      ],
      close: () => simulator.close()
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

async function checkCluster(context: SuiteContext, monitor: Monitor, cluster: string): Promise<void> {
  for (let topic = 0; topic < topicsPerCluster; topic++) {
    const path = `/v3/kafka/${cluster}/topic/${sweptTopic(topic)}`
    const { offsets } = (await monitor.program.get<{ offsets: readonly number[] }>(path)).body
    const expected = Array.from({ length: partitionsPerTopic }, (_, at) => sweptEndOffset(base, topic, at))
    if (JSON.stringify(offsets) !== JSON.stringify(expected)) {
      throw new WrongResult(`end offsets of ${cluster} ${sweptTopic(topic)}: ${offsets}`)
    }
    context.checked(partitionsPerTopic)
  }
}
