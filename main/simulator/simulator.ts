import { Broker } from './broker.ts'
import { ClusterState, offsetsTopic } from './cluster-state.ts'
import { Faults } from './faults.ts'

export interface SimulatorOptions {
  /** The cluster id that clients see. Default 'simulator'. */
  readonly name?: string
  /** 1.. Default 1. Ids count from 1. */
  readonly brokers?: number
  /** Partitions of __consumer_offsets, 1.. Default 50, as in Kafka. */
  readonly offsetsPartitions?: number
  readonly host?: string
  /** One per broker; 0 or none: any free port. */
  readonly ports?: readonly number[]
}

/** A Kafka cluster in this process that speaks the real protocol on loopback TCP: for the demo, for load and for tests. */
export interface Simulator {
  /** 'host:port' of each broker, in order of ids. */
  readonly servers: readonly string[]
  readonly cluster: ClusterState
  readonly faults: Faults
  /** Its partitions keep naming it as leader until they are moved, but clients are told that they have none. */
  stopBroker(id: number): Promise<void>
  /** On the same port as before. */
  startBroker(id: number): Promise<void>
  stop(): Promise<void>
}

/** Rejects when a port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { name = 'simulator', brokers: count = 1, offsetsPartitions = 50, host = '127.0.0.1', ports = [] } = options
  if (count < 1 || offsetsPartitions < 1)
    throw new RangeError('a cluster has at least one broker and offsets partition')
  const cluster = new ClusterState({ name, offsetsPartitions })
  const faults = new Faults()
  const brokers: Broker[] = []
  for (let id = 1; id <= count; id++) {
    const state = { id, host, port: ports[id - 1] ?? 0, live: false }
    cluster.brokers.push(state)
    brokers.push(new Broker(state, cluster, faults))
  }
  cluster.createTopic(offsetsTopic, offsetsPartitions)
  const stopAll = () => {
    cluster.groups.stop()
    return Promise.all(brokers.map(broker => broker.stop()))
  }
  try {
    for (const broker of brokers) await broker.start()
  } catch (error) {
    await stopAll()
    throw error
  }

  const brokerOf = (id: number) => {
    const broker = brokers[id - 1]
    if (!broker) throw new RangeError(`no broker ${id}`)
    return broker
  }
  return {
    servers: cluster.brokers.map(({ host, port }) => `${host}:${port}`),
    cluster,
    faults,
    stopBroker: id => brokerOf(id).stop(),
    startBroker: id => brokerOf(id).start(),
    stop: async () => {
      await stopAll()
    }
  }
}
