import { startApp } from '../../main/app.ts'
import type { AppHandle } from '../../main/app-handle.ts'
import { configFromToml } from '../../main/config/load-config.ts'
import type { MainLogger } from '../../main/logger.ts'
import { createLogger, createLogLevelWord, type LogRecord } from '../../shared/log.ts'

/** The whole program in this process, with its log lines kept. */
export interface AppUnderTest {
  readonly app: AppHandle
  readonly logged: readonly LogRecord[]
  /** Body of a GET, as JSON; whatever the status code is. */
  get(path: string): Promise<unknown>
  isReady(): Promise<boolean>
}

/** `toml` without an httpserver section: the listener gets a free port of 127.0.0.1. */
export async function startAppUnderTest(toml: string): Promise<AppUnderTest> {
  const logged: LogRecord[] = []
  const levelWord = createLogLevelWord('info')
  const writeRecord = (record: LogRecord) => {
    logged.push(record)
  }
  const main: MainLogger = {
    logger: createLogger(levelWord, writeRecord),
    levelWord,
    writeRecord,
    close: async () => undefined
  }
  const config = configFromToml(`[httpserver.default]\naddress = "127.0.0.1:0"\n${toml}`)
  const app = await startApp(config, main)
  const url = `http://${app.addresses[0]}`
  return {
    app,
    logged,
    get: async path => (await fetch(url + path)).json(),
    isReady: async () => (await fetch(`${url}/burrow/admin/ready`)).status === 200
  }
}

/** Sections for one cluster that is also read. */
export function clusterToml(name: string, servers: readonly string[], consumerKeys = ''): string {
  const list = JSON.stringify(servers)
  return `
[cluster.${name}]
class-name = "kafka"
servers = ${list}
offset-refresh = 1
topic-refresh = 5
[consumer.${name}]
class-name = "kafka"
cluster = "${name}"
servers = ${list}
${consumerKeys}
`
}
