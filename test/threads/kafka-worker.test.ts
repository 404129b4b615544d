import { MessageChannel, Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { wrapControl } from '../../shared/actor/comlink-control.ts'
import { createPositionTable } from '../../shared/actor/position-table.ts'
import type { KafkaInit, ToMain } from '../../shared/actor/thread-messages.ts'
import { createClockWord } from '../../shared/clock.ts'
import { createCounterBlock, sumCounters } from '../../shared/counters.ts'
import { createLogLevelWord } from '../../shared/log.ts'
import { commitBatch } from '../support/commit-batches.ts'
import { clusterSettings, consumerSettings } from '../support/kafka-thread-fixture.ts'
import { ModelShard } from '../support/model-shard.ts'
import { waitFor } from '../support/wait-for.ts'

describe('kafka.worker in a thread of its own', () => {
  let simulator: Simulator
  beforeEach(async () => {
    simulator = await startSimulator({ offsetsPartitions: 2 })
  })
  afterEach(() => simulator.stop())

  it('says ready, takes ports, reads, logs, tells its stats, and ends when asked', async () => {
    const { cluster, servers } = simulator
    cluster.createTopic('orders', 1)
    cluster.appendBatch('__consumer_offsets', 0, commitBatch([{ group: 'g', topic: 'orders', offset: 1 }]))
    cluster.appendBatch(
      '__consumer_offsets',
      1,
      Buffer.from(commitBatch([{ group: 'g', topic: 'x', offset: 1 }])).fill(0, 80)
    )
    const tables = [createPositionTable(1)]
    const shard = new ModelShard(0, tables)
    const counters = createCounterBlock()
    const { port1: control, port2: theirs } = new MessageChannel()
    const init: KafkaInit = {
      name: 'kafka-0',
      logLevel: createLogLevelWord('debug'),
      counters,
      clock: createClockWord(),
      control: theirs,
      thread: 0,
      threads: 1,
      shards: 1,
      clusters: [clusterSettings(servers)],
      consumers: [consumerSettings(servers)],
      positionTables: tables.map(table => table.buffer)
    }
    const worker = new Worker(new URL('../../workers/kafka/kafka.worker.js', import.meta.url), {
      workerData: init,
      transferList: [theirs]
    })
    const messages: ToMain[] = []
    worker.on('message', (message: ToMain) => messages.push(message))
    const exited = new Promise<number>(resolve => worker.once('exit', resolve))
    await waitFor(() => messages.some(message => message.kind === 'ready'), 'ready')
    const port = shard.dial()
    worker.postMessage({ kind: 'connect', shard: 0, epoch: 1, port }, [port])
    await waitFor(
      () => messages.some(each => each.kind === 'consumer-state' && each.state === 'caught-up'),
      'caught up'
    )
    expect(shard.commits.filter(each => each.group === 'g')).to.have.length(1)
    expect(sumCounters([counters]).refused_bad_batch).to.equal(1)
    const logged = messages.flatMap(message => (message.kind === 'log' ? [message.record] : []))
    expect(logged.some(record => record.level === 'warn' && record.message.startsWith('bad batch'))).to.equal(true)
    expect(logged.every(record => record.fields.thread === 'kafka-0')).to.equal(true)
    const remote = wrapControl(control)
    expect(await remote.stats()).to.have.property('keys')
    await remote.stop()
    expect(await exited).to.equal(0)
    control.close()
    shard.close()
  })
})
