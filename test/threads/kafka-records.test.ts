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
import { assignmentRecord, memberRecord } from '../support/member-records.ts'
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

  it('with backfill-earliest, a partition of one record and one that ends with a marker are read (spec 09 E8)', async () => {
    const backfill = { startLatest: true, backfillEarliest: true }
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 1 }]))
    begin(backfill)
    await caughtUp()
    expect(own().map(each => each.offset)).to.deep.equal([1])
    fixture!.stop()
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 2 }], { isTransactional: true, producerId: 7 }))
    append(markerBatch('COMMIT', 7))
    begin(backfill)
    await caughtUp()
    expect(own().map(each => each.offset)).to.deep.equal([1, 2])
  })

  it('there is no group of its own with self-report = false (spec 09 E10)', async () => {
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 1 }]))
    begin({ selfReport: false })
    await caughtUp()
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 2 }]))
    await waitFor(() => own().length === 2, 'the second commit')
    expect(fixture!.commits).to.have.length(2)
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
    expect(fixture!.count('records_consumer_group_epoch')).to.equal(1)
    expect(fixture!.count('records_classic_group_metadata')).to.equal(3)
  })

  it('a group tombstone is ignored where compaction has removed what came right after it', async () => {
    const gone = (group: string) => ({ key: encodeGroupMetadataKey(group), value: null, timestampMs: 1 })
    const member = memberRecord('member', 'm', 'one')
    append(encodeRecordBatch({ baseOffset: 0, records: [gone('end')], lastOffset: 1 }))
    append(encodeRecordBatch({ baseOffset: 0, records: [gone('gap'), { ...gone('after'), offset: 2 }] }))
    append(encodeRecordBatch({ baseOffset: 0, records: [gone('member'), member] }))
    begin()
    await caughtUp()
    const deleted = commands().flatMap(command => (command.type === SetDeleteGroup ? [command.group] : []))
    expect(deleted).to.deep.equal(['after'])
    expect(fixture!.count('group_tombstones')).to.equal(4)
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
    expect(fixture!.count('records_unknown_type')).to.equal(1)
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

  it('goes on at the first offset that is left when its position is gone', async () => {
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 1 }]))
    begin()
    await caughtUp()
    simulator.cluster.setEndOffset(offsets, 0, 500)
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 2 }]))
    await waitFor(() => own().length === 2, 'the commit after the hole')
    expect(own()[1]).to.include({ offset: 2, order: 500 })
    expect(fixture!.count('offsets_partitions_lost')).to.equal(0)
  })

  const startAnew = () => {
    simulator.cluster.setEndOffset(offsets, 0, 0)
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 7 }]))
  }
  const keptOf = (group: string) => Object.fromEntries(fixture!.shards[0]!.groups.get(group) ?? [])
  for (const restarts of [false, true]) {
    it(`an offsets partition that ends before our position begins anew${restarts ? ', also for a new thread' : ''}`, async () => {
      append(commitBatch(['g', 'h', 'g'].map(group => ({ group, topic: 'orders', offset: 1 }))))
      begin()
      await caughtUp()
      if (restarts) fixture!.killThread(0)
      startAnew()
      if (restarts) fixture!.startThread(0)
      await waitFor(() => own().some(each => each.offset === 7), 'the commit of the new log')
      await caughtUp()
      expect(own().at(-1)).to.include({ group: 'g', order: 0 })
      expect(fixture!.count('offsets_partitions_lost')).to.equal(1)
      const [shard] = fixture!.shards
      const deleted = shard!.commands.flatMap(each => (each.type === SetDeleteGroup ? [each.group] : []))
      expect(deleted.sort()).to.deep.equal(['g', 'h'])
      expect(keptOf('g')).to.deep.equal({ 'orders/0': { offset: 7, owner: '', clientId: '' } })
      expect(keptOf('h')).to.deep.equal({})
      expect(shard!.deletedWindows.map(each => each.group)).to.deep.equal(['burrow-local'])
      append(commitBatch([{ group: 'h', topic: 'orders', offset: 8 }]))
      await waitFor(() => own().some(each => each.offset === 8), 'later commits')
      expect(fixture!.count('offsets_partitions_lost')).to.equal(1)
    })
  }

  it('owners of a KIP-848 group are told by topic id, and a topic that is not known yet is asked for', async () => {
    const orders = simulator.cluster.topic('orders')!.id
    const nowMs = Date.now()
    records(memberRecord('k', 'm', 'one', nowMs), assignmentRecord('k', 'm', { [orders]: [0, 3] }, nowMs))
    begin()
    await caughtUp()
    const owned = (clientId: string) => ({ owner: '/h', clientId })
    expect(keptOf('k')).to.deep.equal({ 'orders/0': owned('one'), 'orders/3': owned('one') })
    const fresh = simulator.cluster.createTopic('fresh', 2).id
    records(assignmentRecord('k', 'm', { [fresh]: [1] }, nowMs))
    await waitFor(() => keptOf('k')['fresh/1']?.owner === '/h', 'the owner in the new topic')
    const nobody = { owner: '', clientId: '' }
    expect(keptOf('k')).to.deep.equal({ 'orders/0': nobody, 'orders/3': nobody, 'fresh/1': owned('one') })
  })

  it('an id that no topic has is waited for, counted, and stops nothing', async () => {
    const orders = simulator.cluster.topic('orders')!.id
    const nowMs = Date.now()
    const has = { [orders]: [1], ['ab'.repeat(16)]: [0, 1] }
    records(memberRecord('k', 'm', 'one', nowMs), assignmentRecord('k', 'm', has, nowMs))
    append(commitBatch([{ group: 'g', topic: 'orders', offset: 1 }]))
    begin()
    await waitFor(() => own().length === 1, 'the commit behind it', 10_000)
    await caughtUp()
    expect(keptOf('k')).to.deep.equal({ 'orders/1': { owner: '/h', clientId: 'one' } })
    expect(fixture!.count('commits_waited')).to.equal(1)
    expect(fixture!.count('refused_unknown_topic')).to.equal(2)
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
