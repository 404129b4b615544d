import { LogLevel } from '../shared/log.ts'
import { startApp } from './app.ts'
import { type AppHandle, pageLines, type RunDemo } from './app-handle.ts'
import { configFromToml } from './config/load-config.ts'
import { startDemo } from './simulator/demo.ts'

/**
 * `burrow demo`: two simulated Kafka clusters on loopback, and the real monitor reading them over TCP. Main thread.
 * Nothing is read from or left on disk.
 */
export const runDemo: RunDemo = async ({ port, threads }, main) => {
  new Int32Array(main.levelWord)[0] = LogLevel.warn // what a person came to see is not the log
  const demo = await startDemo()
  let app: AppHandle
  try {
    const clusters = demo.clusters.map(({ name, simulator }) => ({ name, servers: simulator.servers }))
    app = await startApp(configFromToml(demoConfig(port, clusters), { flags: threads }), main)
  } catch (error) {
    await demo.stop()
    throw error
  }
  for (const line of whereToLook(app, demo.clusters[0]!.name)) console.log(line)
  return {
    ...app,
    stop: async () => {
      await app.stop()
      await demo.stop()
    }
  }
}

function demoConfig(port: number, clusters: readonly { name: string; servers: readonly string[] }[]): string {
  const sections = clusters.map(({ name, servers }) => {
    const list = JSON.stringify(servers)
    return `
      [cluster.${name}]
      class-name = "kafka"
      servers = ${list}
      topic-refresh = 10
      offset-refresh = 2
      [consumer.${name}]
      class-name = "kafka"
      cluster = "${name}"
      servers = ${list}`
  })
  return `
    [httpserver.default]
    address = "127.0.0.1:${port}"
    [evaluator.default]
    class-name = "caching"
    expire-cache = 1
    ${sections.join('\n')}`
}

function whereToLook({ addresses, pages }: AppHandle, cluster: string): string[] {
  const url = `http://${addresses[0]}`
  return [
    ...pageLines(pages),
    'Burrow watches two simulated Kafka clusters. In a terminal:',
    '',
    `  curl ${url}/v3/kafka                                    clusters`,
    `  curl ${url}/v3/kafka/${cluster}/consumer                 groups`,
    `  curl ${url}/v3/kafka/${cluster}/consumer/GROUP/status    a verdict`,
    `  curl ${url}/v3/kafka/${cluster}/consumer/GROUP/lag       every partition`,
    `  curl ${url}/burrow/admin/health                         the monitor itself`,
    '',
    'Ctrl-C ends it.'
  ]
}
