import { expect } from 'chai'
import { groupNames, windowOffsets } from '../support/burrow-api.ts'
import { exampleFolder } from '../support/burrow-examples.ts'
import { Child } from '../support/child-process.ts'
import { commitRecord } from '../support/commit-batches.ts'
import { freePort } from '../support/free-port.ts'
import { KafkaCluster } from '../support/kafka-broker.ts'
import { KafkaClient } from '../support/kafka-client.ts'
import { runTool } from '../support/kafka-tools.ts'
import { ours } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'
import { needKafka, readyForCommits, suiteBoundMs } from './suite.ts'

/**
 * Burrow's full example file, unchanged, beside a real Kafka and a real ZooKeeper. The environment says where they are, in the place
 * of the names in the file, and gives the listener a free port.
 */
describe("the program with Burrow's example configuration", function () {
  this.timeout(suiteBoundMs)
  this.slow(60_000)
  let kafka: KafkaCluster | undefined
  let client: KafkaClient
  let tool: ZookeeperTool
  let child: Child | null = null

  // Before the hooks of ZooKeeper: a client that has lost its server does not close.
  after(async () => {
    await tool?.close()
    await client?.close()
    await kafka?.destroy()
  })
  const zookeeper = useZookeeper()

  before(async function () {
    this.timeout(suiteBoundMs)
    await needKafka(this, '3.9.1')
    kafka = await KafkaCluster.start({ version: '3.9.1' })
    client = new KafkaClient(kafka.servers)
    await readyForCommits(client)
    await client.createTopic('orders')
    await client.produce('orders', 0, 30)
    await client.commitOffset('in-kafka', 'orders', 0, 20)
    await client.commitOffset('quick-look', 'orders', 0, 20)
    tool = await ZookeeperTool.connect(zookeeper().server)
    await tool.put('/kafka-cluster/consumers/in-zookeeper/offsets/orders/0', '10')
    await tool.put('/kafka-cluster/consumers/quick-old/offsets/orders/0', '10')
  })
  afterEach(async () => {
    await child?.stop('SIGTERM', 10_000)
    child = null
  })
  async function start(more: Readonly<Record<string, string>> = {}) {
    const folder = exampleFolder('full')
    const address = `127.0.0.1:${await freePort()}`
    const brokers = kafka!.servers.join(' ')
    const env = {
      PATH: process.env.PATH,
      BURROW_HTTPSERVER_DEFAULT_ADDRESS: address,
      BURROW_CLUSTER_LOCAL_SERVERS: brokers,
      BURROW_CONSUMER_LOCAL_SERVERS: brokers,
      BURROW_CONSUMER_LOCAL_ZK_SERVERS: zookeeper().server,
      BURROW_ZOOKEEPER_SERVERS: zookeeper().server,
      ...more
    }
    const started = new Child(ours.command, [...ours.args, '--config-dir', folder], { cwd: folder, env })
    child = started
    const getText = async (path: string) => (await fetch(`http://${address}${path}`)).text()
    const get = async <T>(path: string) => {
      const response = await fetch(`http://${address}${path}`)
      return { status: response.status, body: (await response.json()) as T }
    }
    const isReady = async () => (await getText('/burrow/admin/ready').catch(() => '')) === 'READY'
    await waitFor(isReady, 'the program to be ready', 40_000).catch(error => {
      throw new Error(`${error.message}\n${started.said()}`)
    })
    const health = async () => (await get<Health>('/burrow/admin/health')).body
    return { started, program: { get }, health }
  }

  it('shows groups that commit to Kafka and groups that commit to ZooKeeper, and leads', async () => {
    const { started, program, health } = await start()
    expect((await health()).zookeeperConsumers[0]?.caughtUp, 'ready before all was read from ZooKeeper').to.equal(true)
    const all = ['burrow-local', 'in-kafka', 'in-zookeeper', 'warm-up']
    const groups = async () => (await groupNames(program, 'local')).toSorted()
    await waitFor(async () => (await groups()).join() === all.join(), `the groups ${all}`, 30_000)
    const newestOf = async (group: string) => (await windowOffsets(program, 'local', group, 'orders', 0))?.at(-1)
    await waitFor(async () => (await newestOf('in-kafka')) === 20, 'the commit in Kafka', 30_000)
    await waitFor(async () => (await newestOf('in-zookeeper')) === 10, 'the commit in ZooKeeper', 30_000)
    await waitFor(async () => (await health()).notifier.leading, 'the lock in ZooKeeper', 30_000)
    await tool.put('/kafka-cluster/consumers/in-zookeeper/offsets/orders/0', '15')
    await waitFor(async () => (await newestOf('in-zookeeper')) === 15, 'the next commit in ZooKeeper', 30_000)
    expect((await started.stop('SIGTERM', 10_000)).code, started.said()).to.equal(0)
  })

  it('with groups-reaper-refresh it removes what Kafka does not list, and nothing that lives in ZooKeeper', async () => {
    // Not in the offsets topic of Kafka itself, so that no tombstone can remove it: only the reaper can.
    await client.createTopic('mirrored_offsets')
    const records = ['never-listed', 'in-kafka'].map(group => ({
      group,
      topic: 'orders',
      partition: 0,
      offset: 5,
      timestampMs: Date.now()
    }))
    const producer = client.kafka.producer()
    await producer.connect()
    const messages = records
      .map(commitRecord)
      .map(({ key, value }) => ({ partition: 0, key: Buffer.from(key!), value: Buffer.from(value!) }))
    await producer.send({ topic: 'mirrored_offsets', messages })
    await producer.disconnect()
    const { program, health } = await start({
      BURROW_CONSUMER_LOCAL_OFFSETS_TOPIC: 'mirrored_offsets',
      BURROW_CLIENT_PROFILE_TEST_KAFKA_VERSION: '2.8.0',
      BURROW_CLUSTER_LOCAL_GROUPS_REAPER_REFRESH: '2'
    })
    const groups = async () =>
      (await groupNames(program, 'local')).filter(group => !group.startsWith('burrow-')).toSorted()
    await waitFor(async () => (await health()).counters.reaped_groups === 1, 'one group to be removed', 40_000)
    await waitFor(async () => (await groups()).join() === 'in-kafka,in-zookeeper', 'the others to stay', 20_000)
    await runTool(kafka!, 'consumer-groups', ['--delete', '--group', 'in-kafka'])
    await waitFor(async () => (await groups()).join() === 'in-zookeeper', 'the deleted group to go', 40_000)
    const { reaper_rounds: rounds } = (await health()).counters
    await waitFor(async () => (await health()).counters.reaper_rounds > rounds + 1, 'two more rounds', 20_000)
    expect(await groups()).to.deep.equal(['in-zookeeper'])
    expect((await health()).counters).to.include({ reaped_groups: 2, reaper_rounds_failed: 0 })
  })
})

interface Health {
  readonly zookeeperConsumers: readonly { readonly caughtUp: boolean }[]
  readonly notifier: { readonly leading: boolean }
  readonly counters: {
    readonly reaped_groups: number
    readonly reaper_rounds: number
    readonly reaper_rounds_failed: number
  }
}
