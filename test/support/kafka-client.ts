import type { Admin, Producer } from 'kafkajs'
import { Kafka, logLevel } from 'kafkajs'
import { BrokerConnection } from './broker-connection.ts'
import type { CommitOfGroup } from './offset-commit-request.ts'
import { offsetCommitErrors, offsetCommitRequest } from './offset-commit-request.ts'
import { waitFor } from './wait-for.ts'
import { WireReader, WireWriter } from './wire-format.ts'

const coordinatorBoundMs = 30_000
const inFlightMax = 64
// What a coordinator that is moving or loading says, or one that has not heard of a new topic yet (3); ask again.
const passingErrors = new Set([3, 14, 15, 16])
// kafkajs needs a bound on a cluster that is just coming up; ours is waitFor's.
const retry = { retries: 8, initialRetryTime: 100, maxRetryTime: 2000 }

/**
 * A client for tests: topics and records by kafkajs, commits by hand, as many as the broker takes and in any version. Commits
 * are refused or stored when the promise resolves.
 */
export class KafkaClient {
  readonly kafka: Kafka
  readonly #servers: readonly string[]
  readonly #connections = new Map<string, Promise<BrokerConnection>>()
  #admin: Promise<Admin> | undefined
  #producer: Promise<Producer> | undefined

  constructor(servers: readonly string[], clientId = 'burrow-test') {
    this.#servers = servers
    this.kafka = new Kafka({ clientId, brokers: [...servers], logLevel: logLevel.NOTHING, retry })
  }

  admin(): Promise<Admin> {
    this.#admin ??= connected(this.kafka.admin({ retry }))
    return this.#admin
  }

  async createTopic(topic: string, partitions = 1, replicas = 1): Promise<void> {
    const topics = [{ topic, numPartitions: partitions, replicationFactor: replicas }]
    const admin = await this.admin()
    await admin.createTopics({ topics, waitForLeaders: false })
    // kafkajs would wait by itself, and give up when a broker has not heard of the topic yet.
    const led = async () => {
      const [found] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics
      return found?.partitions.length === partitions && found.partitions.every(each => each.leader >= 0)
    }
    await waitFor(led, `leaders of ${topic}`, coordinatorBoundMs)
  }

  /** `count` small records into one partition. Resolves when the broker has them. */
  async produce(topic: string, partition: number, count: number): Promise<void> {
    this.#producer ??= connected(this.kafka.producer({ retry }))
    const messages = Array.from({ length: count }, (_, index) => ({ partition, value: `${index}` }))
    const producer = await this.#producer
    const sent = async () => {
      await producer.send({ topic, messages })
      return true
    }
    // Brokers hear of new topics and new leaders a moment after the controller has said yes.
    await waitFor(sent, `records in ${topic}`, coordinatorBoundMs)
  }

  /** Commits for a group that has no members. Asks again while the coordinator moves. */
  async commit(commit: CommitOfGroup, version = 8): Promise<void> {
    await waitFor(() => this.#tryCommit(commit, version), `the commit of ${commit.group}`, coordinatorBoundMs)
  }

  /** One offset of one partition. */
  commitOffset(group: string, topic: string, partition: number, offset: number): Promise<void> {
    return this.commit({ group, topics: [{ topic, partitions: [{ partition, offset }] }] })
  }

  /**
   * Many commits to a cluster of one broker, on one connection and without waiting between them. What a coordinator refuses
   * because it is loading is sent again, so two commits of one group belong into two calls. Rejects at any other refusal.
   */
  async commitAll(commits: Iterable<CommitOfGroup>): Promise<number> {
    const connection = await this.#connect(this.#servers[0]!)
    const open = new Set<Promise<void>>()
    const failures: Error[] = []
    let sent = 0
    for (const commit of commits) {
      const done = this.#commitOn(connection, commit)
        .catch((error: Error) => {
          failures.push(error)
        })
        .finally(() => open.delete(done))
      open.add(done)
      sent++
      if (open.size >= inFlightMax) await Promise.race(open)
      if (failures[0]) throw failures[0]
    }
    await Promise.all(open)
    if (failures[0]) throw failures[0]
    return sent
  }

  /** `host:port` of the broker that keeps a group's offsets. */
  async coordinatorOf(group: string): Promise<string> {
    const body = new WireWriter().string(group).int8(0).finish()
    const answer = await this.#askAny({ apiKey: 10, apiVersion: 1, body })
    const reader = new WireReader(answer)
    reader.int32() // throttle time
    const error = reader.int16()
    reader.string() // error text
    reader.int32() // node id
    if (error !== 0) throw new Error(`no coordinator of ${group}: ${error}`)
    return `${reader.string()}:${reader.int32()}`
  }

  async close(): Promise<void> {
    for (const open of [this.#admin, this.#producer]) await (await open?.catch(() => undefined))?.disconnect()
    for (const opening of this.#connections.values()) (await opening.catch(() => undefined))?.close()
    this.#connections.clear()
  }

  async #tryCommit(commit: CommitOfGroup, version: number): Promise<boolean> {
    const connection = await this.#connect(await this.coordinatorOf(commit.group))
    const errors = offsetCommitErrors(await connection.send(offsetCommitRequest(commit, version)), version)
    if (errors.some(code => passingErrors.has(code))) return false
    if (errors.length > 0) throw new Error(`the commit was refused: ${errors}`)
    return true
  }

  async #commitOn(connection: BrokerConnection, commit: CommitOfGroup): Promise<void> {
    const errors = offsetCommitErrors(await connection.send(offsetCommitRequest(commit)))
    if (errors.length === 0) return
    if (!errors.every(code => passingErrors.has(code))) throw new Error(`${commit.group} was refused: ${errors}`)
    await this.commit(commit)
  }

  async #askAny(request: Parameters<BrokerConnection['send']>[0]): Promise<Buffer> {
    let lastError: unknown
    for (const server of this.#servers) {
      try {
        return await (await this.#connect(server)).send(request)
      } catch (error) {
        lastError = error
      }
    }
    throw lastError
  }

  async #connect(server: string): Promise<BrokerConnection> {
    const known = await this.#connections.get(server)?.catch(() => undefined)
    if (known && !known.closed) return known
    const opening = BrokerConnection.open(server, 'burrow-test')
    this.#connections.set(server, opening)
    return opening
  }
}

async function connected<T extends { connect(): Promise<void> }>(client: T): Promise<T> {
  await client.connect()
  return client
}
