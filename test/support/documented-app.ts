import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { type AppUnderTest, startAppUnderTest } from './app-under-test.ts'
import { tempFolder } from './temp-folder.ts'
import { waitFor } from './wait-for.ts'

/** The program behind the examples of docs/http-api.md: one topic, one group that has committed twice to each of two partitions. */
export async function startDocumentedApp(): Promise<{ simulator: Simulator; app: AppUnderTest }> {
  const simulator = await startSimulator({ brokers: 1, offsetsPartitions: 3 })
  simulator.cluster.createTopic('orders', 2)
  for (const partition of [0, 1]) simulator.cluster.setEndOffset('orders', partition, 1250)
  for (const [agoMs, offset] of [
    [70_000, 1200],
    [60_000, 1220]
  ] as const) {
    for (const partition of [0, 1]) {
      const timestampMs = Date.now() - agoMs
      simulator.cluster.commit('billing', 'orders', partition, offset + 30 * partition, { timestampMs })
    }
  }
  const template = join(tempFolder('documented'), 'open.tmpl')
  writeFileSync(template, '{{.Group}}')
  const servers = JSON.stringify(simulator.servers)
  const app = await startAppUnderTest(`
    [storage.default]
    class-name = "inmemory"
    intervals = 2
    [evaluator.default]
    class-name = "caching"
    expire-cache = 0
    [cluster.local]
    class-name = "kafka"
    servers = ${servers}
    client-profile = "monitor"
    offset-refresh = 1
    [client-profile.monitor]
    client-id = "burrow"
    [consumer.local]
    class-name = "kafka"
    cluster = "local"
    servers = ${servers}
    client-profile = "monitor"
    [notifier.pager]
    class-name = "http"
    url-open = "https://pager.example.org/v1/hooks/secret-key"
    group-allowlist = "^payments"
    template-open = ${JSON.stringify(template)}
    [notifier.pager.extras]
    api_key = "secret"`)
  await waitFor(() => app.isReady(), 'the program to be ready', 30_000)
  return { simulator, app }
}
