import { expect } from 'chai'
import { packedBytesMax, packedRecordBytes } from '../../../shared/actor/packed-batch.ts'
import {
  appliedToIndex,
  createPositionTable,
  offsetsPartitionsMax,
  resumeFromIndex
} from '../../../shared/actor/position-table.ts'
import { type FromStorage, fetchDirectories } from '../../../shared/actor/storage-messages.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { groupWordsI32 } from '../../../shared/ring/ring-layout.ts'
import { readEndOffsets, readRun, readWindow } from '../../../shared/ring/ring-reader.ts'
import { keysMax } from '../../../workers/storage/key-table.ts'
import { topicPartitionsMax } from '../../../workers/storage/storage-state.ts'
import { baseMs, StorageFixture, type StorageFixtureOptions } from '../../support/storage-fixture.ts'
import {
  commitRecord,
  deleteWindowRecord,
  endOffsetRecord,
  restartTopicRecord,
  StoragePeer
} from '../../support/storage-peer.ts'

const inC = { cluster: 'c' } as const
const fetchG = { type: Code.FetchConsumer, ...inC, group: 'g' } as const
const directoryOfG = { type: fetchDirectories, ...inC, groups: ['g'] } as const

/** Key 0 is topic t, key 1 group g on it; t has `partitions` partitions with end offset 100. */
function withTopic(options: StorageFixtureOptions = {}, partitions = 2): StorageFixture {
  const fixture = new StorageFixture(options)
  fixture.peer.names([
    { group: null, topic: 't' },
    { group: 'g', topic: 't' }
  ])
  fixture.peer.batch(Array.from({ length: partitions }, (_, p) => endOffsetRecord(0, p, partitions, 100)))
  return fixture
}

describe('storage actor', () => {
  describe('names and batches', () => {
    it('sends the buffer of a batch back if it is of the largest size', () => {
      const { actor } = new StorageFixture()
      const answers: FromStorage[] = []
      const mailbox = actor.connect(message => answers.push(message))
      const [large, small] = [new ArrayBuffer(packedBytesMax), new ArrayBuffer(64 * packedRecordBytes)]
      for (const [sequence, records] of [large, small, null].entries()) {
        mailbox.receive({ kind: 'batch', sequence, records, count: 0, positions: null })
      }
      expect(answers[0]).to.include({ kind: 'ack', sequence: 0, spare: large })
      expect(answers.slice(1)).to.deep.equal([
        { kind: 'ack', sequence: 1 },
        { kind: 'ack', sequence: 2 }
      ])
    })

    it('applies records in order, and acknowledges each message', async () => {
      const { peer } = new StorageFixture()
      peer.names([
        { group: 'g', topic: 't' },
        { group: null, topic: 't' }
      ])
      peer.batch([commitRecord(0, 0, 1, 10, baseMs)]) // no end offset yet
      peer.batch([endOffsetRecord(1, 0, 1, 50), commitRecord(0, 0, 2, 20, baseMs)])
      peer.batch([])
      expect(peer.acked).to.deep.equal([0, 1, 2])
      const topics = await peer.ask(fetchG)
      expect(
        topics!
          .get('t')![0]!
          .offsets.map(commit => commit?.offset)
          .at(-1)
      ).to.equal(20)
      expect(topics!.get('t')![0]!.offsets.filter(commit => commit !== null)).to.have.length(1)
    })

    it('gives a commit that is replayed the lag of now: against the newest end offset (spec 09 B13)', async () => {
      const { peer } = withTopic()
      peer.batch([commitRecord(1, 0, 1, 10, baseMs - 3_600_000)])
      peer.batch([endOffsetRecord(0, 0, 2, 150), commitRecord(1, 0, 2, 20, baseMs - 3_000_000)])
      const offsets = (await peer.ask(fetchG))!.get('t')![0]!.offsets
      expect(offsets.slice(-2).map(commit => commit?.lag)).to.deep.equal([90, 130])
    })

    it('goes on with a key whose group or topic was deleted or recreated', async () => {
      const { peer } = withTopic()
      const lastOffset = async () => (await peer.ask(fetchG))?.get('t')?.[0]?.offsets.at(-1)?.offset
      peer.batch([commitRecord(1, 0, 1, 10, baseMs)])
      peer.tell({ type: Code.SetDeleteGroup, ...inC, group: 'g' })
      expect(await lastOffset()).to.equal(undefined)
      peer.batch([commitRecord(1, 0, 2, 20, baseMs)])
      expect(await lastOffset()).to.equal(20)
      peer.tell({ type: Code.SetDeleteTopic, ...inC, topic: 't' })
      peer.batch([commitRecord(1, 0, 3, 30, baseMs)])
      expect(await lastOffset()).to.equal(undefined)
      peer.batch([endOffsetRecord(0, 0, 1, 200), commitRecord(1, 0, 4, 40, baseMs)])
      expect(await lastOffset()).to.equal(40)
      expect(await peer.ask({ type: Code.FetchTopic, ...inC, topic: 't' })).to.deep.equal([200])
    })

    it('keeps the first commits on a topic that was created again, without the old end offsets', async () => {
      const { peer } = withTopic()
      peer.batch([commitRecord(1, 0, 1, 70, baseMs), deleteWindowRecord(1, 0), commitRecord(1, 0, 2, 4, baseMs)])
      peer.batch([restartTopicRecord(0, 2)])
      expect(await peer.ask({ type: Code.FetchTopic, ...inC, topic: 't' })).to.deep.equal([-1, -1])
      const kept = (await peer.ask(fetchG))!.get('t')![0]!
      expect(kept.offsets.at(-1)!.offset).to.equal(4)
      expect([kept.brokerOffsets, kept.currentLag]).to.deep.equal([[], 0])
      peer.batch([commitRecord(1, 0, 3, 5, baseMs)]) // without an end offset it is refused, as on any topic
      peer.batch([endOffsetRecord(0, 0, 2, 9), commitRecord(1, 0, 4, 6, baseMs + 1)])
      const later = (await peer.ask(fetchG))!.get('t')![0]!
      expect(later.offsets.filter(commit => commit !== null).map(({ offset }) => offset)).to.deep.equal([4, 6])
      expect([later.brokerOffsets, later.currentLag]).to.deep.equal([[9], 3])
    })

    it('drops what it has of a topic that was created again with fewer partitions', async () => {
      const { peer } = withTopic()
      peer.batch([commitRecord(1, 1, 1, 70, baseMs), restartTopicRecord(0, 1)])
      expect(await peer.ask(fetchG)).to.equal(null)
      expect(await peer.ask({ type: Code.FetchTopic, ...inC, topic: 't' })).to.equal(null)
    })

    it('lets a key be named anew, and keeps the keys of two ports apart', async () => {
      const { peer, actor } = withTopic()
      const other = StoragePeer.inPlace(actor)
      other.names([
        { group: 'other', topic: 't' },
        { group: 'other2', topic: 't' }
      ])
      peer.names([{ key: 1, group: 'anew', topic: 't' }])
      peer.batch([commitRecord(1, 0, 1, 10, baseMs)])
      other.batch([commitRecord(1, 0, 1, 10, baseMs)])
      expect(await peer.ask({ type: Code.FetchConsumers, ...inC })).to.have.members(['anew', 'other2'])
    })

    it('throws on what no peer may send', () => {
      const { peer } = withTopic()
      expect(() => peer.batch([commitRecord(7, 0, 1, 1, baseMs)]), 'unknown key').to.throw(RangeError, 'never named')
      expect(() => peer.batch([commitRecord(0, 0, 1, 1, baseMs)]), 'a commit on a topic').to.throw(TypeError)
      expect(() => peer.batch([deleteWindowRecord(0, 0)]), 'a tombstone on a topic').to.throw(TypeError)
      expect(() => peer.batch([{ type: 55, key: 1, partition: 0 }]), 'unknown type').to.throw(TypeError, '55')
      expect(() => peer.names([{ key: keysMax, group: 'g', topic: 't' }])).to.throw(BurrowError, 'too many keys')
      expect(() => peer.names([{ key: -1, group: 'g', topic: 't' }])).to.throw(RangeError)
    })
  })

  describe('refusals', () => {
    it('counts each under its reason', () => {
      const fixture = withTopic({ intervals: 2, expireGroupSeconds: 100, groupDenylist: '^bad' })
      const { peer } = fixture
      peer.names([
        { key: 2, group: 'bad-group', topic: 't' },
        { key: 3, group: 'g', topic: 'unknown' },
        { key: 4, cluster: 'other', group: 'g', topic: 't' },
        { key: 5, cluster: 'other', group: null, topic: 't' }
      ])
      peer.batch([
        commitRecord(1, 0, 5, 10, baseMs),
        commitRecord(1, 0, 7, 11, baseMs),
        commitRecord(1, 0, 7, 11, baseMs),
        commitRecord(1, 0, 5, 11, baseMs),
        commitRecord(1, 0, 4, 11, baseMs),
        commitRecord(1, 0, 8, 11, baseMs - 100_001),
        commitRecord(1, 0, 8, 11, baseMs - 100_000),
        commitRecord(2, 0, 1, 1, baseMs),
        commitRecord(3, 0, 1, 1, baseMs),
        commitRecord(1, 2, 1, 1, baseMs),
        commitRecord(1, -1, 1, 1, baseMs),
        commitRecord(4, 0, 1, 1, baseMs),
        endOffsetRecord(5, 0, 1, 1),
        endOffsetRecord(0, 2, 2, 1),
        endOffsetRecord(0, -1, 2, 1),
        endOffsetRecord(0, 0, topicPartitionsMax + 1, 1)
      ])
      const counts = {
        stored_commits: 3,
        merged_commits: 1, // an older time on a newer order
        stored_end_offsets: 2,
        refused_duplicate: 1,
        refused_too_old_for_window: 2,
        refused_too_old: 1,
        refused_storage_filtered: 1,
        refused_no_end_offset: 2,
        refused_bad_partition: 4,
        refused_unknown_cluster: 2
      } as const
      const found = Object.keys(counts).map(name => [name, fixture.count(name as keyof typeof counts)])
      expect(Object.fromEntries(found)).to.deep.equal(counts)
    })

    it('of a bad partition create neither topic nor group', async () => {
      const { peer } = new StorageFixture()
      peer.names([
        { group: null, topic: 't' },
        { group: 'g', topic: 't' }
      ])
      peer.batch([endOffsetRecord(0, 3, 3, 1), commitRecord(1, 0, 1, 1, baseMs)])
      expect(await peer.ask({ type: Code.FetchTopics, ...inC })).to.deep.equal([])
      expect(await peer.ask({ type: Code.FetchConsumers, ...inC })).to.deep.equal([])
    })

    it('by the lists apply to commits and owners, not to deletions and fetches', async () => {
      const fixture = withTopic({ groupAllowlist: '^g' })
      const { peer } = fixture
      peer.batch([commitRecord(1, 0, 1, 1, baseMs)])
      const owner = { ...inC, topic: 't', partition: 0, owner: 'o', clientId: 'c' }
      peer.tell({ type: Code.SetConsumerOwner, ...owner, group: 'x' })
      peer.tell({ type: Code.ClearConsumerOwners, ...inC, group: 'x' })
      const commit = { ...inC, topic: 't', partition: 0, offset: 1, order: 1, timestampMs: baseMs }
      peer.tell({ type: Code.SetConsumerOffset, ...commit, group: 'x' })
      expect(await peer.ask({ type: Code.FetchConsumers, ...inC })).to.deep.equal(['g'])
      expect(fixture.count('refused_storage_filtered')).to.equal(3)
    })

    it('of settings: intervals out of range, a pattern that is none', () => {
      for (const intervals of [0, -1, 1.5, 65_536]) {
        expect(() => new StorageFixture({ intervals })).to.throw(BurrowError, 'intervals')
      }
      expect(() => new StorageFixture({ groupAllowlist: '(' })).to.throw(BurrowError, 'allowlist')
    })
  })

  describe('queries', () => {
    it('answer not found for an unknown cluster, and an empty list of groups for an unknown topic', async () => {
      const { peer } = withTopic({ clusters: ['c', 'd'] })
      expect(await peer.ask({ type: Code.FetchClusters })).to.deep.equal(['c', 'd'])
      const where = { cluster: 'other', group: 'g', topic: 't' }
      for (const type of [
        Code.FetchConsumers,
        Code.FetchTopics,
        Code.FetchTopic,
        Code.FetchConsumersForTopic
      ] as const) {
        expect(await peer.ask({ type, ...where })).to.equal(null)
      }
      expect(await peer.ask({ type: Code.FetchConsumer, ...where })).to.equal(null)
      expect(await peer.ask({ type: fetchDirectories, cluster: 'other', groups: ['g'] })).to.equal(null)
      expect(await peer.ask({ type: Code.FetchTopic, ...inC, topic: 'none' })).to.equal(null)
      expect(await peer.ask({ type: Code.FetchConsumersForTopic, ...inC, topic: 'none' })).to.deep.equal([])
    })

    it('keep positions of a topic: -1 where no end offset is known', async () => {
      const { peer } = new StorageFixture()
      peer.names([{ group: null, topic: 't' }])
      peer.batch([endOffsetRecord(0, 0, 5, 8), endOffsetRecord(0, 1, 5, 50), endOffsetRecord(0, 4, 5, 99)])
      expect(await peer.ask({ type: Code.FetchTopic, ...inC, topic: 't' })).to.deep.equal([8, 50, -1, -1, 99])
    })

    it('keep the ring of end offsets over growth of the topic (spec 02 section 6.1)', async () => {
      const { peer } = withTopic({}, 1)
      for (let offset = 4321; offset <= 4421; offset++)
        peer.batch([endOffsetRecord(0, 0, offset > 4400 ? 3 : 1, offset)])
      peer.batch([commitRecord(1, 0, 1, 1, baseMs)])
      const topics = await peer.ask(fetchG)
      expect(topics!.get('t')![0]!.brokerOffsets).to.deep.equal(Array.from({ length: 10 }, (_, i) => 4412 + i))
      expect(topics!.get('t')).to.have.length(3)
    })
  })

  describe('directory', () => {
    it('leads to windows and end offsets in place, after the slabs were announced', async () => {
      const { peer } = withTopic({ intervals: 3 })
      peer.batch([commitRecord(1, 1, 1, 60, baseMs)])
      const [directory] = (await peer.ask(directoryOfG))!
      expect(peer.kinds.slice(-3)).to.deep.equal(['slab', 'slab', 'reply'])
      const [{ topic, windows, endOffsets, owners } = expect.fail()] = directory!.topics
      expect([topic, windows.partitions, owners]).to.deep.equal(['t', 2, null])
      const outcome = readRun(peer.slabs, windows, (slab, run) => {
        expect(readWindow(slab, run, 1, 3).at(-1)).to.include({ offset: 60, lag: 40 })
      })
      expect(outcome).to.equal('ok')
      readRun(peer.slabs, endOffsets!, (slab, run) => expect(readEndOffsets(slab, run, 1, 3)).to.deep.equal([100]))
      await peer.ask(directoryOfG)
      expect(peer.kinds.slice(-2), 'announced once').to.deep.equal(['reply', 'reply'])
    })

    it('answers for many groups in their order, null for those that are not there', async () => {
      const { peer } = withTopic()
      peer.names([{ key: 2, group: 'h', topic: 't' }])
      peer.batch([commitRecord(1, 0, 1, 60, baseMs), commitRecord(2, 0, 2, 70, baseMs)])
      const alone = async (group: string) =>
        (await peer.ask({ type: fetchDirectories, ...inC, groups: [group] }))![0]!.words
      const together = await peer.ask({ type: fetchDirectories, ...inC, groups: ['h', 'none', 'g'] })
      const words = [await alone('h'), undefined, await alone('g')]
      expect(together!.map(directory => directory?.words)).to.deep.equal(words)
      expect(words[0]).to.not.deep.equal(words[2])
    })

    it('sorts topics as UTF-8 bytes', async () => {
      const { peer } = new StorageFixture()
      const topics = ['b', 'a', '\u{1f600}', '\uff5e', 'a.b']
      peer.names(
        topics.flatMap((topic, i) => [
          { key: i, group: null, topic },
          { key: 10 + i, group: 'g', topic }
        ])
      )
      peer.batch(topics.flatMap((_, i) => [endOffsetRecord(i, 0, 1, 1), commitRecord(10 + i, 0, i, 1, baseMs)]))
      const [directory] = (await peer.ask(directoryOfG))!
      const sorted = [...topics].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(directory!.topics.map(({ topic }) => topic)).to.deep.equal(sorted)
    })

    it('holds until topics, runs or owners change, and then the version moves', async () => {
      const { peer } = withTopic()
      peer.batch([commitRecord(1, 0, 1, 60, baseMs)])
      const [directory] = (await peer.ask(directoryOfG))!
      const words = peer.slabs.get(directory!.words.slab).i32
      const word = (index: number) => Atomics.load(words, directory!.words.at / 4 + index)
      const owner = { ...inC, group: 'g', topic: 't', partition: 0, owner: 'o', clientId: 'c' }
      const moves = (change: () => void) => {
        const before = [word(groupWordsI32.version), word(groupWordsI32.writes)]
        change()
        return [word(groupWordsI32.version) !== before[0], word(groupWordsI32.writes) !== before[1]]
      }
      expect(
        moves(() => peer.batch([commitRecord(1, 1, 2, 61, baseMs)])),
        'a commit'
      ).to.deep.equal([false, true])
      expect(
        moves(() => peer.batch([commitRecord(1, 1, 2, 61, baseMs)])),
        'a duplicate'
      ).to.deep.equal([false, false])
      expect(
        moves(() => peer.batch([endOffsetRecord(0, 0, 2, 101)])),
        'an end offset'
      ).to.deep.equal([false, false])
      expect(moves(() => peer.tell({ type: Code.SetConsumerOwner, ...owner }))[0], 'an owner').to.equal(true)
      expect(moves(() => peer.tell({ type: Code.ClearConsumerOwners, ...inC, group: 'g' }))[0]).to.equal(true)
      const growth = () => peer.batch([endOffsetRecord(0, 2, 3, 9), commitRecord(1, 2, 3, 9, baseMs)])
      expect(moves(growth), 'growth').to.deep.equal([true, true])
      expect(
        readRun(peer.slabs, directory!.topics[0]!.windows, () => {}),
        'the old run'
      ).to.equal('moved')
      expect(
        readRun(peer.slabs, directory!.topics[0]!.endOffsets!, () => {}),
        'old end offsets'
      ).to.equal('moved')
      expect(moves(() => peer.tell({ type: Code.SetDeleteGroup, ...inC, group: 'g' }))[0], 'deletion').to.equal(true)
    })
  })

  describe('positions', () => {
    it('are written to the rows of the shard once the batch is applied', () => {
      const tables = [createPositionTable(3), createPositionTable(3)]
      const fixture = withTopic({ shard: 1, positionTables: tables.map(({ buffer }) => buffer) })
      const positions = { consumer: 1, partitions: [0, 49], appliedTo: [500, 7], resumeFrom: [490, 7] }
      fixture.peer.batch([commitRecord(1, 0, 1, 1, baseMs)], positions)
      fixture.peer.batch([], { consumer: 1, partitions: [0], appliedTo: [600], resumeFrom: [600] })
      const view = new Float64Array(tables[1]!.buffer)
      const rows = [appliedToIndex(1, 0), resumeFromIndex(1, 0), appliedToIndex(1, 49), resumeFromIndex(1, 49)]
      expect(rows.map(index => view[index])).to.deep.equal([600, 600, 7, 7])
      expect(view.filter(value => value !== -1)).to.have.length(4)
      expect(new Float64Array(tables[0]!.buffer).every(value => value === -1)).to.equal(true)
    })

    it('of an unknown consumer or partition, or lists that do not match, end the actor', () => {
      const { peer } = withTopic({ positionTables: [createPositionTable(1).buffer] })
      const at = { consumer: 0, partitions: [0], appliedTo: [1], resumeFrom: [1] }
      expect(() => peer.batch([], { ...at, consumer: 1 })).to.throw(RangeError)
      expect(() => peer.batch([], { ...at, partitions: [offsetsPartitionsMax] })).to.throw(RangeError)
      expect(() => peer.batch([], { ...at, appliedTo: [] })).to.throw(RangeError)
    })
  })
})
