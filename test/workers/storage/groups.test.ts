import { expect } from 'chai'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { runRestMs } from '../../../shared/ring/run-allocator.ts'
import { expiredKeptMs, sweepGroupsMax } from '../../../workers/storage/expiry.ts'
import { baseMs, StorageFixture } from '../../support/storage-fixture.ts'
import { commitRecord, deleteWindowRecord, endOffsetRecord } from '../../support/storage-peer.ts'

const inC = { cluster: 'c' } as const
const expireGroupSeconds = 100
const expireMs = expireGroupSeconds * 1000
const owner = {
  type: Code.SetConsumerOwner,
  ...inC,
  group: 'g',
  topic: 't',
  partition: 0,
  owner: 'o',
  clientId: 'c'
} as const

describe('groups in storage', () => {
  let fixture: StorageFixture

  beforeEach(() => {
    fixture = new StorageFixture({ expireGroupSeconds, intervals: 3 })
    fixture.peer.names([
      { group: null, topic: 't' },
      { group: null, topic: 'u' },
      { group: 'g', topic: 't' },
      { group: 'g', topic: 'u' }
    ])
    fixture.peer.batch([0, 1].flatMap(key => [0, 1].map(partition => endOffsetRecord(key, partition, 2, 100))))
  })

  const groups = () => fixture.peer.ask({ type: Code.FetchConsumers, ...inC })
  const group = () => fixture.peer.ask({ type: Code.FetchConsumer, ...inC, group: 'g' })
  const topics = async () => [...((await group())?.keys() ?? [])]
  const commit = (key = 2, partition = 0, order = 1) =>
    fixture.peer.batch([commitRecord(key, partition, order, 50, fixture.clock.nowMs())])
  const turns = (count: number) => {
    for (let turn = 0; turn < count; turn++) fixture.actor.sweep()
  }

  describe('expiry', () => {
    it('keeps an expired group in the lists until somebody fetches it', async () => {
      commit()
      fixture.advance(expireMs)
      expect(await topics()).to.deep.equal(['t'])
      fixture.advance(1000)
      expect(await groups()).to.deep.equal(['g'])
      expect(await group()).to.equal(null)
      expect(await groups()).to.deep.equal([])
      expect(fixture.count('expired_groups')).to.equal(1)
    })

    it('goes by whole seconds', async () => {
      commit()
      fixture.advance(expireMs + 999)
      expect(await topics()).to.deep.equal(['t'])
    })

    it('does not show a group that only has owners, but keeps it for that long (spec 09 B7)', async () => {
      fixture.peer.tell(owner)
      expect(await group()).to.equal(null)
      expect(await groups()).to.deep.equal(['g'])
      fixture.advance(expireMs)
      expect(await group()).to.equal(null)
      commit()
      expect((await group())!.get('t')![0]!.owner).to.equal('o')
    })

    it('deletes a group that only ever had owners after that time', async () => {
      fixture.peer.tell({ ...owner, topic: 'unknown' })
      expect(await groups()).to.deep.equal(['g'])
      fixture.advance(expireMs + 1000)
      expect(await group()).to.equal(null)
      expect(await groups()).to.deep.equal([])
    })
  })

  describe('sweep', () => {
    it('gives back groups that nobody asks for, long after they expired', async () => {
      commit()
      fixture.advance(expireMs + expiredKeptMs)
      turns(2)
      expect(await groups()).to.deep.equal(['g'])
      fixture.advance(1000)
      turns(2)
      expect(await groups()).to.deep.equal([])
      expect(fixture.actor.stats()).to.include({ groups: 0, runs: 2 })
      expect(fixture.count('expired_groups')).to.equal(1)
    })

    it('lets living groups live', async () => {
      commit()
      fixture.advance(expireMs + expiredKeptMs + 1000)
      commit(2, 0, 2)
      turns(2)
      expect(await groups()).to.deep.equal(['g'])
    })

    it('looks at so many groups a turn and comes to all of them', async () => {
      const count = 2 * sweepGroupsMax + 10
      const names = Array.from({ length: count }, (_, i) => ({ key: 10 + i, group: `g${i}`, topic: 't' }))
      fixture.peer.names(names)
      for (const { key } of names) fixture.peer.batch([commitRecord(key, 0, 1, 1, baseMs)])
      fixture.advance(expireMs + expiredKeptMs + 1000)
      turns(1)
      expect(await groups()).to.have.length(count - sweepGroupsMax)
      turns(2)
      expect(await groups()).to.have.length(0)
    })

    it('makes room: the next group gets the memory of the last', () => {
      commit()
      const { slabBytes } = fixture.actor.stats()
      for (let life = 0; life < 50; life++) {
        fixture.peer.tell({ type: Code.SetDeleteGroup, ...inC, group: 'g' })
        fixture.advance(runRestMs)
        commit()
      }
      expect(fixture.actor.stats()).to.include({ slabBytes, runs: 3 })
    })
  })

  describe('deletion', () => {
    it('of a topic takes it from its groups, and groups without any other with it (spec 09 B11)', async () => {
      fixture.peer.names([{ key: 4, group: 'h', topic: 't' }])
      commit(2)
      commit(3)
      commit(4)
      fixture.peer.tell({ type: Code.SetDeleteTopic, ...inC, topic: 't' })
      expect(await groups()).to.deep.equal(['g'])
      expect(await topics()).to.deep.equal(['u'])
      expect([fixture.count('deleted_topics'), fixture.count('deleted_groups')]).to.deep.equal([1, 1])
      expect(fixture.actor.stats()).to.include({ runs: 2, topics: 1 })
    })

    it('of one topic of a group; the last takes the group', async () => {
      commit(2)
      commit(3)
      const only = (topic: string) => fixture.peer.tell({ type: Code.SetDeleteGroup, ...inC, group: 'g', topic })
      only('t')
      expect(await topics()).to.deep.equal(['u'])
      only('nothing')
      expect(await topics()).to.deep.equal(['u'])
      only('u')
      expect(await groups()).to.deep.equal([])
      expect(fixture.count('deleted_groups')).to.equal(1)
    })

    it('of a whole group, which the next commit makes anew', async () => {
      commit()
      fixture.peer.tell({ type: Code.SetDeleteGroup, ...inC, group: 'g', topic: '' })
      expect(await groups()).to.deep.equal([])
      commit(2, 0, 2)
      expect((await group())!.get('t')![0]!.offsets.filter(Boolean)).to.have.length(1)
    })
  })

  describe('an offset tombstone (spec 09 E7)', () => {
    const tombstone = (partition: number, key = 2) => fixture.peer.batch([deleteWindowRecord(key, partition)])

    it('removes one window', async () => {
      commit(2, 0)
      commit(2, 1, 2)
      tombstone(0)
      expect((await group())!.get('t')!.map(({ offsets }) => offsets.length)).to.deep.equal([0, 3])
      expect(fixture.count('deleted_windows')).to.equal(1)
    })

    it('leaves owners, and the topic with them', async () => {
      commit()
      fixture.peer.tell(owner)
      tombstone(0)
      expect((await group())!.get('t')![0]).to.deep.include({ offsets: [], owner: 'o', currentLag: 0 })
    })

    it('takes a topic without windows and owners, and a group without topics', async () => {
      commit(2)
      commit(3)
      tombstone(0)
      expect(await topics()).to.deep.equal(['u'])
      tombstone(0, 3)
      expect(await groups()).to.deep.equal([])
      expect(fixture.count('deleted_groups')).to.equal(1)
    })

    it('of something unknown changes nothing; of a partition that is not there it is counted', async () => {
      tombstone(0)
      expect(await groups()).to.deep.equal([])
      commit()
      tombstone(1)
      tombstone(9)
      expect(await topics()).to.deep.equal(['t'])
      expect(fixture.count('refused_bad_partition')).to.equal(1)
      expect(fixture.count('deleted_windows')).to.equal(0)
    })

    it('and a new commit in one batch leave the new commit alone', async () => {
      commit()
      fixture.peer.batch([deleteWindowRecord(2, 0), commitRecord(2, 0, 5, 70, baseMs)])
      const offsets = (await group())!.get('t')![0]!.offsets
      expect(offsets.filter(Boolean)).to.have.length(1)
      expect(offsets.at(-1)).to.include({ offset: 70, lag: 30 })
    })
  })
})
