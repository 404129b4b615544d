import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../shared/errors.ts'
import { BrokerConnection } from './broker-connection.ts'
import { Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import type { KafkaVersion } from './kafka-jars.ts'
import { kafkaJars } from './kafka-jars.ts'
import { removeTempFolder, tempFolder } from './temp-folder.ts'
import { waitFor } from './wait-for.ts'
import { WireReader, WireWriter } from './wire-format.ts'

const readyBoundMs = 90_000
const stopBoundMs = 40_000

export const OffsetsCodec = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const
export type OffsetsCodecName = keyof typeof OffsetsCodec

export interface ClusterOptions {
  readonly version: KafkaVersion
  /** 1 or 3; with three, every topic of Kafka's own has three replicas. */
  readonly brokers?: 1 | 3
  /** Partitions of `__consumer_offsets`; Kafka's default is 50. */
  readonly offsetsPartitions?: number
  readonly heapMb?: number
  /** More lines of server.properties, stronger than ours. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Beside the listener in the clear, which everything else uses. */
  readonly listeners?: readonly ExtraListener[]
  /** More arguments for `kafka-storage format`. */
  readonly formatArgs?: readonly string[]
  /** Folder of classes that the settings name. */
  readonly classFolder?: string
}

export interface ExtraListener {
  /** Capital letters. */
  readonly name: string
  readonly protocol: 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT'
  /** What metadata says; the socket is on 127.0.0.1. */
  readonly advertisedHost: string
}

/** A KRaft cluster of one or three brokers on loopback, each of them controller too. */
export class KafkaCluster {
  readonly version: KafkaVersion
  readonly nodes: readonly KafkaNode[]
  readonly #folder: string

  private constructor(version: KafkaVersion, nodes: readonly KafkaNode[], folder: string) {
    this.version = version
    this.nodes = nodes
    this.#folder = folder
  }

  /** Formatted but not running: `start` comes next, or later. */
  static async prepare(options: ClusterOptions): Promise<KafkaCluster> {
    const jars = await kafkaJars(options.version)
    const folder = tempFolder(`kafka-${options.version}`)
    const size = options.brokers ?? 1
    const ids = Array.from({ length: size }, (_, index) => index + 1)
    const ports: NodePorts[] = []
    for (const id of ids) {
      const extra = new Map<string, number>()
      for (const { name } of options.listeners ?? []) extra.set(name, await freePort())
      ports.push({ id, broker: await freePort(), controller: await freePort(), extra })
    }
    const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A')
    const nodes = ports.map(own => new KafkaNode(jars, join(folder, `node-${own.id}`), own, ports, options))
    await Promise.all(nodes.map(node => node.format(clusterId)))
    return new KafkaCluster(options.version, nodes, folder)
  }

  static async start(options: ClusterOptions): Promise<KafkaCluster> {
    const cluster = await KafkaCluster.prepare(options)
    await cluster.start()
    return cluster
  }

  get servers(): string[] {
    return this.nodes.map(node => node.server)
  }

  node(id: number): KafkaNode {
    const node = this.nodes.find(each => each.id === id)
    if (!node) throw new Error(`no node ${id}`)
    return node
  }

  async start(): Promise<void> {
    for (const node of this.nodes) node.launch()
    await Promise.all(this.nodes.map(node => node.ready(this.nodes.length)))
  }

  /** SIGKILL for all and nothing left on disk: for the end of a test, when nobody needs the data. */
  async destroy(): Promise<void> {
    await Promise.all(this.nodes.map(node => node.kill()))
    removeTempFolder(this.#folder)
  }
}

interface NodePorts {
  readonly id: number
  readonly broker: number
  readonly controller: number
  /** By name of the listener. */
  readonly extra: ReadonlyMap<string, number>
}

export class KafkaNode {
  readonly id: number
  readonly server: string
  readonly #classPath: string
  readonly #folder: string
  readonly #settings: Record<string, string | number>
  readonly #heapMb: number
  readonly #formatArgs: readonly string[]
  readonly #extraPorts: ReadonlyMap<string, number>
  #child: Child | undefined

  constructor(
    jars: string,
    folder: string,
    own: NodePorts,
    all: readonly NodePorts[],
    {
      version,
      offsetsPartitions = 3,
      heapMb = 512,
      settings = {},
      listeners = [],
      formatArgs = [],
      classFolder
    }: ClusterOptions
  ) {
    this.id = own.id
    this.server = `127.0.0.1:${own.broker}`
    this.#classPath = classFolder ? `${jars}/*:${classFolder}` : `${jars}/*`
    this.#folder = folder
    this.#heapMb = heapMb
    this.#formatArgs = formatArgs
    this.#extraPorts = own.extra
    this.#settings = {
      ...nodeSettings(own, all, join(folder, 'data'), listeners),
      ...topicSettings(all.length, offsetsPartitions),
      ...(version.startsWith('4.') ? shareSettings(all.length) : {}),
      'group.coordinator.rebalance.protocols':
        version === '3.9.1' ? 'classic,consumer' : 'classic,consumer,share,streams',
      ...settings
    }
  }

  /** Port of an extra listener on 127.0.0.1. */
  port(listener: string): number {
    const port = this.#extraPorts.get(listener)
    if (port === undefined) throw new Error(`no listener ${listener}`)
    return port
  }

  async format(clusterId: string): Promise<void> {
    mkdirSync(this.#folder, { recursive: true })
    this.#writeSettings()
    const args = ['format', '-t', clusterId, '-c', this.#settingsFile, ...this.#formatArgs]
    const child = new Child('java', [
      '-Xmx128m',
      ...quickJvm,
      '-cp',
      this.#classPath,
      'kafka.tools.StorageTool',
      ...args
    ])
    const { code } = await child.exited
    if (code !== 0) throw new Error(`the data folder could not be formatted\n${child.said()}`)
  }

  /** Starts the process and returns at once. `settings` are kept for the starts after this one. */
  launch(settings: Readonly<Record<string, string | number>> = {}): void {
    if (this.#child && !this.#child.exitStatus) throw new Error(`broker ${this.id} runs already`)
    Object.assign(this.#settings, settings)
    this.#writeSettings()
    const logging = this.#writeLogging()
    const heap = [`-Xms${Math.min(256, this.#heapMb)}m`, `-Xmx${this.#heapMb}m`]
    // A big heap is for load, where the optimising compiler pays.
    const jvm = [...heap, ...(this.#heapMb > 600 ? [] : quickJvm), ...logging]
    this.#child = new Child('java', [...jvm, '-cp', this.#classPath, 'kafka.Kafka', this.#settingsFile])
  }

  /** Waits until it answers a metadata request that names `brokers` brokers and a controller. */
  async ready(brokers = 1): Promise<void> {
    try {
      await waitFor(() => this.#exited() || this.#seesBrokers(brokers), `Kafka broker ${this.id}`, readyBoundMs)
      if (this.#exited()) throw new Error(`Kafka broker ${this.id} ended by itself`)
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${this.#child?.said()}\n${this.log()}`)
    }
  }

  /** SIGTERM: the broker hands its partitions over, writes everything, and goes. Slow on a broker that is alone. */
  async stop(): Promise<void> {
    await this.#child?.stop('SIGTERM', stopBoundMs)
  }

  /** SIGKILL. What the broker had written is still in the page cache, so its data is that of a process that died. */
  async kill(): Promise<void> {
    await this.#child?.stop('SIGKILL', stopBoundMs)
  }

  /** The end of the broker's log, warnings and worse. */
  log(chars = 3000): string {
    return `--- stdout of broker ${this.id}\n${this.#child?.stdout.slice(-chars) ?? ''}`
  }

  get pid(): number {
    return this.#child?.pid ?? -1
  }

  #exited(): boolean {
    return this.#child?.exitStatus !== undefined
  }

  async #seesBrokers(count: number): Promise<boolean> {
    const connection = await BrokerConnection.open(this.server, 'burrow-test')
    try {
      const body = new WireWriter().int32(0).finish()
      const answer = new WireReader(await connection.send({ apiKey: 3, apiVersion: 1, body }))
      const brokers = answer.array(each => [each.int32(), each.string(), each.int32(), each.string()])
      const controllerId = answer.int32()
      return brokers.length === count && controllerId >= 0
    } finally {
      connection.close()
    }
  }

  get #settingsFile(): string {
    return join(this.#folder, 'server.properties')
  }

  #writeSettings(): void {
    const lines = Object.entries(this.#settings).map(([key, value]) => `${key}=${value}\n`)
    writeFileSync(this.#settingsFile, lines.join(''))
  }

  #writeLogging(): string[] {
    const log4j1 = join(this.#folder, 'log4j.properties')
    writeFileSync(
      log4j1,
      'log4j.rootLogger=WARN,out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\n' +
        'log4j.appender.out.layout=org.apache.log4j.PatternLayout\nlog4j.appender.out.layout.ConversionPattern=%d %p %m (%c)%n\n'
    )
    const log4j2 = join(this.#folder, 'log4j2.properties')
    writeFileSync(
      log4j2,
      'appender.out.type=Console\nappender.out.name=out\nappender.out.layout.type=PatternLayout\n' +
        'appender.out.layout.pattern=%d %p %m (%c)%n\nrootLogger.level=warn\nrootLogger.appenderRef.out.ref=out\n'
    )
    return [`-Dlog4j.configuration=file:${log4j1}`, `-Dlog4j2.configurationFile=${log4j2}`]
  }
}

/** For processes that live for seconds: the optimising compiler would cost more than it brings. */
export const quickJvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto']

function nodeSettings(own: NodePorts, all: readonly NodePorts[], data: string, extra: readonly ExtraListener[]) {
  const bound = extra.map(({ name }) => `,${name}://127.0.0.1:${own.extra.get(name)}`).join('')
  const advertised = extra.map(({ name, advertisedHost }) => `,${name}://${advertisedHost}:${own.extra.get(name)}`)
  const protocols = extra.map(({ name, protocol }) => `,${name}:${protocol}`).join('')
  return {
    'process.roles': 'broker,controller',
    'node.id': own.id,
    'controller.quorum.voters': all.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${own.broker},CONTROLLER://127.0.0.1:${own.controller}${bound}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${own.broker}${advertised.join('')}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT${protocols}`,
    'log.dirs': data,
    'auto.create.topics.enable': 'false',
    // A killed broker may register again only when its earlier life has timed out: 9 s by default.
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 1000,
    'num.network.threads': 2,
    'num.io.threads': 4
  }
}

function topicSettings(brokers: number, offsetsPartitions: number) {
  return {
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': offsetsPartitions,
    'offsets.topic.replication.factor': brokers,
    'transaction.state.log.replication.factor': brokers,
    'transaction.state.log.num.partitions': 2,
    'transaction.state.log.min.isr': 1,
    // Records that say they are years old stay: half a minute after its start a broker would delete them.
    'log.retention.ms': -1,
    'default.replication.factor': brokers,
    'min.insync.replicas': 1
  }
}

function shareSettings(brokers: number) {
  return {
    'share.coordinator.state.topic.replication.factor': brokers,
    'share.coordinator.state.topic.num.partitions': 2,
    'share.coordinator.state.topic.min.isr': 1
  }
}
