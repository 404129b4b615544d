import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { encodeGroupMetadataKey, encodeGroupMetadataValue } from '../../shared/codec/group-metadata-writer.ts'
import { encodeRecordBatch, type RecordToWrite } from '../../shared/codec/record-batch-writer.ts'
import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { ConsumerSettings } from '../../shared/settings.ts'
import { commitBatch, commitRecord, markerBatch, tombstoneRecord } from '../support/commit-batches.ts'
import { clusterSettings, consumerSettings, KafkaFixture } from '../support/kafka-thread-fixture.ts'
import { fixturesDir } from '../support/paths.ts'
import { waitFor } from '../support/wait-for.ts'

const offsets = '__consumer_offsets'
const { ClearConsumerOwners, SetConsumerOwner, SetDeleteGroup } = StorageRequestConstant

describe('kafka threads: what the records say', () => {
  let simulator: Simulator
  let fixture: KafkaFixture | null = null

  beforeEach(async () => {
    simulator = await startSimulator({ offsetsPartitions: 1 })
    simulator.cluster.createTopic('orders', 4)
  })

  afterEach(async () => {
    fixture?.stop()
    fixture = null
    await simulator.stop()
  })

  function begin(settings: Partial<ConsumerSettings> = {}): KafkaFixture {
    const { servers } = simulator
    fixture = new KafkaFixture({
      clusters: [clusterSettings(servers)],
      consumers: [consumerSettings(servers, settings)]
    })
    return fixture
  }

  const append = (bytes: Uint8Array): number => simulator.cluster.appendBatch(offsets, 0, bytes)
  const own = () => fixture!.commits.filter(each => !each.group.startsWith('burrow-'))
  const caughtUp = () => waitFor(() => fixture!.isCaughtUp(), 'catching up')
  const commands = () => fixture!.shards[0]!.commands
  const records = (...list: RecordToWrite[]) => append(encodeRecordBatch({ baseOffset: 0, records: list }))

  it('a commit in a transaction counts from its COMMIT marker on, with its own order, and not after ABORT', async () => {
    const transactional = { isTransactional: true, producerEpoch: 0 }
    const first = append(commitBatch([{ group: 'g', topic: 'orders', offset: 1 }], { ...transactional, producerId: 7 }))
    append(commitBatch([{ group: 'h', topic: 'orders', offset: 2 }], { ...transactional, producerId: 8 }))
    append(commitBatch([{ group: 'i', topic: 'orders', offset: 3 }]))
    begin()
    await caughtUp()
    expect(own().map(each => each.group)).to.deep.equal(['i'])
    append(markerBatch('COMMIT', 7))
    append(markerBatch('ABORT', 8))
    await waitFor(() => own().length === 2, 'the committed one')
    expect(own()[1]).to.include({ group: 'g', offset: 1, order: first })
    await waitFor(() => fixture!.count('refused_transaction_aborted') === 1, 'the aborted one to be counted')
    expect(own()).to.have.length(2)
  })

  it('an offset tombstone removes the window of its partition, in its place', async () => {
    records(
      commitRecord({ group: 'g', topic: 'orders', partition: 2, offset: 1 }),
      tombstoneRecord('g', 'orders', 2),
      tombstoneRecord('g', 'unheard-of', 0)
    )
    begin()
    await caughtUp()
    expect(fixture!.shards[0]!.deletedWindows).to.have.length(1)
    expect(fixture!.shards[0]!.deletedWindows[0]).to.include({ group: 'g', topic: 'orders', partition: 2, order: 1 })
    expect(fixture!.count('offset_tombstones')).to.equal(2)
  })

  it('owners are those of the newest assignment, cleared first; Connect groups are left out', async () => {
    records(
      metadataRecord('g', ['m'], 'consumer'),
      metadataRecord('connect', ['m'], 'connect'),
      metadataRecord('e', [], '')
    )
    begin()
    await caughtUp()
    expect(commands()).to.deep.equal([
      { type: ClearConsumerOwners, cluster: 'c', group: 'g' },
      ...[0, 1].map(partition => ({
        type: SetConsumerOwner,
        cluster: 'c',
        group: 'g',
        topic: 'orders',
        partition,
        owner: '/10.0.0.1',
        clientId: 'client-m'
      })),
      { type: ClearConsumerOwners, cluster: 'c', group: 'e' }
    ])
  })

  it('a group tombstone deletes the group, unless it changes its protocol or the lists leave it out', async () => {
    const gone = (group: string): RecordToWrite => ({ key: encodeGroupMetadataKey(group), value: null, timestampMs: 1 })
    const newKind: RecordToWrite = {
      key: Buffer.concat([Buffer.from('00030003', 'hex'), Buffer.from('new')]),
      value: Buffer.from('00000000000100', 'hex'),
      timestampMs: 1
    }
    records(commitRecord({ group: 'old', topic: 'orders', offset: 1 }))
    records(gone('old'), gone('new'), newKind, gone('denied'))
    records(commitRecord({ group: 'old', topic: 'orders', offset: 2 }))
    begin({ groupDenylist: '^denied$' })
    await caughtUp()
    const deletions = commands().filter(command => command.type === SetDeleteGroup)
    expect(deletions).to.deep.equal([{ type: SetDeleteGroup, cluster: 'c', group: 'old' }])
    expect(own().map(each => each.offset)).to.deep.equal([1, 2])
    expect(fixture!.count('newer_record_types')).to.equal(1)
  })

  it('what cannot be used is counted by reason and passed over', async () => {
    const good = commitRecord({ group: 'g', topic: 'orders', offset: 1 })
    records(
      { ...good, key: null },
      { ...good, key: good.key!.subarray(0, 9) },
      { ...good, value: good.value!.subarray(0, 5) },
      { ...good, value: Buffer.concat([Buffer.from('00037fffffffffffffff', 'hex'), good.value!.subarray(10)]) },
      commitRecord({ group: 'hidden', topic: 'orders', offset: 1 }),
      { ...good, key: Buffer.from('00630001', 'hex') }
    )
    const bent = Buffer.from(commitBatch([{ group: 'g', topic: 'orders', offset: 5 }]))
    bent[70] = bent[70]! ^ 1
    append(bent)
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 2 }]))
    begin({ groupDenylist: 'hidden' })
    await caughtUp()
    expect(own().map(each => each.offset)).to.deep.equal([2])
    expect(fixture!.count('refused_undecodable')).to.equal(3)
    expect(fixture!.count('refused_out_of_range')).to.equal(1)
    expect(fixture!.count('refused_filtered')).to.equal(1)
    expect(fixture!.count('refused_bad_batch')).to.equal(1)
    expect(fixture!.count('newer_record_types')).to.equal(1)
  })

  it('steps over garbage in the log and reads what comes after it', async () => {
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 1 }]))
    simulator.cluster.appendGarbage(offsets, 0, Buffer.alloc(3000, 0x5a), 3)
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 2 }]))
    begin()
    await waitFor(() => own().length === 2, 'the commit behind the garbage', 10_000)
    expect(own().map(each => each.offset)).to.deep.equal([1, 2])
    expect(fixture!.count('refused_bad_batch')).to.be.at.least(1)
  })

  it('reads batches bigger than what it asks for at first', async () => {
    const commits = Array.from({ length: 20_000 }, (_, i) => ({ group: 'g', topic: 'orders', offset: i }))
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 0 }]))
    append(commitBatch(commits))
    append(commitBatch(commits))
    begin()
    await caughtUp()
    expect(own()).to.have.length(40_001)
    expect(fixture!.shards[0]!.biggestBatch).to.be.at.most(4096)
  })

  it('never has more than 16 messages open with a shard that is slow, and loses nothing', async () => {
    for (let i = 0; i < 30; i++) {
      append(
        commitBatch(Array.from({ length: 5000 }, (_, at) => ({ group: 'g', topic: 'orders', offset: i * 5000 + at })))
      )
    }
    begin()
    await waitFor(() => own().length > 0, 'the first commits')
    const [shard] = fixture!.shards
    shard!.isHolding = true
    await waitFor(() => shard!.mostOpen === 16 || own().length === 150_000, 'the window to be full')
    shard!.release()
    await caughtUp()
    expect(own().map(each => each.offset)).to.deep.equal(Array.from({ length: 150_000 }, (_, i) => i))
    expect(shard!.mostOpen).to.be.at.most(16)
  })

  it('begins again at the nearest offset when its position is gone', async () => {
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 1 }]))
    begin()
    await caughtUp()
    simulator.cluster.setEndOffset(offsets, 0, 500)
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 2 }]))
    await waitFor(() => own().length === 2, 'the commit after the hole')
    expect(own()[1]).to.include({ offset: 2, order: 500 })
    simulator.cluster.setEndOffset(offsets, 0, 0)
    await waitFor(() => fixture!.count('broker_errors') >= 2, 'out of range once more')
    await waitFor(() => {
      append(commitBatch([{ group: 'g', topic: 'orders', offset: 3 }]))
      return own().some(each => each.offset === 3)
    }, 'a commit at an offset that was there before')
  })

  it('reads a captured offsets topic as its expectations say', async () => {
    const name = 'groups-4.2.0-p0'
    const folder = join(fixturesDir, 'consumer-offsets')
    const bytes = readFileSync(join(folder, `${name}.bin`))
    const lines = readFileSync(join(folder, `${name}.expected.jsonl`), 'utf8')
      .trim()
      .split('\n')
    const expected = lines.map(line => JSON.parse(line) as Record<string, unknown>)
    simulator.cluster.appendCaptured(offsets, 0, bytes)
    begin()
    await caughtUp()
    const end = simulator.cluster.endOffset(offsets, 0)
    expect(end).to.be.greaterThan(0)
    expect(fixture!.count('refused_undecodable')).to.equal(0)
    expect(fixture!.count('refused_bad_batch')).to.equal(0)
    expect(fixture!.count('records')).to.be.at.least(expected.length / 2)
  })
})

function metadataRecord(group: string, members: readonly string[], protocolType: string): RecordToWrite {
  const value = encodeGroupMetadataValue({
    protocolType,
    generation: 1,
    protocol: 'range',
    leader: members[0] ?? null,
    currentStateTimestampMs: 1,
    members: members.map(member => ({
      memberId: member,
      clientId: `client-${member}`,
      clientHost: '/10.0.0.1',
      assignedPartitions: [{ topic: 'orders', partitions: [0, 1] }]
    }))
  })
  return { key: encodeGroupMetadataKey(group), value, timestampMs: Date.now() }
}
