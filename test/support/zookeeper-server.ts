import { writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { messageOf } from '../../shared/errors.ts'
import { tellOnce } from '../kafka/suite.ts'
import { Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import { kafkaJars } from './kafka-jars.ts'
import { removeTempFolder, tempFolder } from './temp-folder.ts'
import { waitFor } from './wait-for.ts'

const readyBoundMs = 60_000
const stopBoundMs = 10_000
/** Sessions may last from two to twenty of these. */
const tickMs = 250

/** A real ZooKeeper of one server on loopback, from the jars of Kafka 3.9. Its data outlive `kill` and `start`. */
export class ZookeeperServer {
  readonly port: number
  readonly #jars: string
  readonly #folder: string
  #child: Child | undefined

  private constructor(jars: string, folder: string, port: number) {
    this.port = port
    this.#jars = jars
    this.#folder = folder
  }

  static async start(): Promise<ZookeeperServer> {
    const server = new ZookeeperServer(await kafkaJars('3.9.1'), tempFolder('zookeeper'), await freePort())
    await server.start()
    return server
  }

  get server(): string {
    return `127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const config = join(this.#folder, 'zoo.cfg')
    const lines = {
      tickTime: tickMs,
      dataDir: join(this.#folder, 'data'),
      clientPort: this.port,
      clientPortAddress: '127.0.0.1',
      'admin.enableServer': false,
      '4lw.commands.whitelist': '*',
      maxClientCnxns: 0
    }
    const text = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`)
    writeFileSync(config, text.join(''))
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
    this.#child = new Child('java', ['-Xmx256m', '-XX:+UseSerialGC', '-cp', `${this.#jars}/*`, main, config])
    await waitFor(async () => (await this.ask('ruok')) === 'imok', 'ZooKeeper', readyBoundMs).catch(error => {
      throw new Error(`${error.message}\n${this.#child?.said()}`)
    })
  }

  /** The answer to a four-letter word. */
  ask(word: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port: this.port })
      let text = ''
      socket.setEncoding('utf8').setTimeout(1000, () => socket.destroy(new Error('no answer')))
      socket.on('error', reject)
      socket.on('data', chunk => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.end(word)
    })
  }

  /** How many sessions the server keeps; each test has one of its own for its tool. */
  async sessions(): Promise<number> {
    const [, count] = /^zk_global_sessions\s+(\d+)/m.exec(await this.ask('mntr')) ?? []
    return Number(count)
  }

  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.resume()
    await this.#child?.stop('SIGKILL', stopBoundMs)
  }

  async destroy(): Promise<void> {
    await this.kill()
    removeTempFolder(this.#folder)
  }
}

/** One server for all tests of the enclosing `describe`. Without Java and Maven: skipped with one loud line; in CI it fails. */
export function useZookeeper(): () => ZookeeperServer {
  let server: ZookeeperServer | undefined
  before(async function () {
    this.timeout(readyBoundMs * 6)
    try {
      await kafkaJars('3.9.1')
    } catch (error) {
      if (process.env.CI === 'true') throw error
      tellOnce(`ZOOKEEPER TIER SKIPPED: ${messageOf(error)}`)
      this.skip()
    }
    server = await ZookeeperServer.start()
  })
  after(async function () {
    this.timeout(stopBoundMs * 2)
    await server?.destroy()
  })
  return () => {
    if (!server) throw new Error('ZooKeeper has not started')
    return server
  }
}
