import { BroadcastChannel, type MessagePort } from 'node:worker_threads'
import { expect } from 'chai'
import { epochChannelName } from '../../../shared/actor/thread-messages.ts'
import { Counters, createCounterBlock } from '../../../shared/counters.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { ShardPorts } from '../../../workers/evaluator/shard-ports.ts'
import { StoragePorts } from '../../../workers/storage/storage-ports.ts'
import { StorageFixture } from '../../support/storage-fixture.ts'
import { waitFor } from '../../support/wait-for.ts'

describe('ports to the shards', () => {
  let ports: ShardPorts
  let dialled: (readonly (MessagePort | null)[])[]
  let replaced: number[]
  const epochs = new BroadcastChannel(epochChannelName(process.pid))
  after(() => epochs.close())

  beforeEach(() => {
    dialled = []
    replaced = []
    const counters = new Counters(createCounterBlock())
    const dial = (ends: readonly (MessagePort | null)[]): void => {
      dialled.push(ends)
      for (const end of ends) if (end) new StoragePorts(new StorageFixture().actor).serve(end)
    }
    ports = new ShardPorts(2, counters, dial, shard => replaced.push(shard))
  })
  afterEach(() => ports.close())

  it('dials every shard at once, and asks over what it dialled', async () => {
    expect(dialled.map(ends => ends.map(end => end !== null))).to.deep.equal([[true, true]])
    for (const port of ports.all) expect(await port.ask({ type: Code.FetchClusters })).to.deep.equal(['c'])
  })

  it('dials a shard again when its epoch is raised, that one only, and refuses who waited on the old port', async () => {
    const [first, second] = ports.all
    const waited = second!.ask({ type: Code.FetchClusters }).then(
      () => 'answered',
      error => error.code
    )
    epochs.postMessage({ kind: 'epoch', shard: 1, epoch: 2 })
    await waitFor(() => replaced.length === 1, 'the shard to be dialled again')
    expect(replaced).to.deep.equal([1])
    expect(dialled[1]!.map(end => end !== null)).to.deep.equal([false, true])
    expect(ports.of(0)).to.equal(first)
    expect(second!.isClosed).to.equal(true)
    expect(await waited).to.be.oneOf(['answered', 'STORAGE_UNAVAILABLE'])
    expect(await ports.of(1).ask({ type: Code.FetchClusters })).to.deep.equal(['c'])
  })

  it('refuses at once while a port is closed, and dials again after a back-off if nobody says anything', async () => {
    const old = ports.of(0)
    old.close()
    const code = await old.ask({ type: Code.FetchClusters }).catch(error => error.code)
    expect(code).to.equal('STORAGE_UNAVAILABLE')
    expect(dialled).to.have.length(1)
    await waitFor(() => dialled.length === 2, 'the shard to be dialled again')
    expect(await ports.of(0).ask({ type: Code.FetchClusters })).to.deep.equal(['c'])
    expect(replaced).to.deep.equal([0])
  })
})
