import { expect } from 'chai'
import fc from 'fast-check'
import { createPositionTable, startAtIndex } from '../../../shared/actor/position-table.ts'
import { clockFromWord, createClockWord } from '../../../shared/clock.ts'
import { encodeRecordBatch, type RecordToWrite } from '../../../shared/codec/record-batch-writer.ts'
import { Counters, createCounterBlock } from '../../../shared/counters.ts'
import type { CommitDecoder } from '../../../workers/kafka/commit-decoder.ts'
import { CommitKeys } from '../../../workers/kafka/commit-keys.ts'
import { KeyNames } from '../../../workers/kafka/key-names.ts'
import { KnownTopicTable } from '../../../workers/kafka/known-topics.ts'
import { OffsetsPartition } from '../../../workers/kafka/offsets-partition.ts'
import { ReaderOutlet } from '../../../workers/kafka/reader-outlet.ts'
import { StorageSender } from '../../../workers/kafka/storage-sender.ts'
import { commitBatch, markerBatch, type TestCommit } from '../../support/commit-batches.ts'
import { assignmentRecord, memberRecord, testTopicId } from '../../support/member-records.ts'
import { ModelShard } from '../../support/model-shard.ts'
import { testDecoder } from './replayed-reader.ts'

/**
 * A reader without sockets: it walks a random log in random pieces, is thrown away at random moments, as are the shards, and topics
 * become known late. In the end each shard has each commit of its groups once, in the order in which they took effect.
 */
const shardCount = 2
const topics = ['a', 'b'] // b becomes known late
const partitions = 3
const nowMs = 1_000_000_000_000

interface LoggedBatch {
  readonly bytes: Uint8Array
  readonly base: number
  readonly next: number
}

type Piece =
  | { readonly kind: 'commits'; readonly groups: readonly number[]; readonly topic: number; readonly gap: number }
  | {
      readonly kind: 'transactional'
      readonly producer: number
      readonly groups: readonly number[]
      readonly topic: number
    }
  | { readonly kind: 'marker'; readonly producer: number; readonly isCommit: boolean }
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'member'
      readonly group: number
      readonly member: number
      readonly change: 'joins' | 'has' | 'leaves'
      readonly has: readonly string[]
    }

const groups = fc.array(fc.nat(7), { minLength: 1, maxLength: 6 })
const piece: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('commits' as const), groups, topic: fc.nat(1), gap: fc.nat(3) })
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('transactional' as const), producer: fc.nat(2), groups, topic: fc.nat(1) })
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('marker' as const), producer: fc.nat(2), isCommit: fc.boolean() })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('empty' as const) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('member' as const),
      group: fc.nat(1),
      member: fc.nat(partitions - 1),
      change: fc.constantFrom('joins' as const, 'has' as const, 'has' as const, 'leaves' as const),
      has: fc.shuffledSubarray(topics)
    })
  }
)
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('read' as const), batches: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deliver' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('crash-reader' as const), arrived: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash-shard' as const), shard: fc.nat(shardCount - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('learn-b' as const) }) }
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describe('workers/kafka: exactly once', () => {
  it('each shard gets each commit once, in order, whoever dies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 40 }), fc.array(step, { maxLength: 30 }), run),
      { numRuns: 200 }
    )
  })

  it('a transaction bigger than a batch comes whole, also when the reader dies in the middle of it', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => i % 8)
    const pieces: Piece[] = [
      { kind: 'transactional', producer: 1, groups: many, topic: 0 },
      { kind: 'marker', producer: 1, isCommit: true },
      { kind: 'commits', groups: [1, 2], topic: 0, gap: 0 }
    ]
    for (const arrived of [0, 1, 2, 3, 4, 5]) {
      await run(pieces, [
        { kind: 'read', batches: 1 },
        { kind: 'deliver' },
        { kind: 'read', batches: 1 },
        { kind: 'crash-reader', arrived },
        { kind: 'read', batches: 4 }
      ])
    }
  })
})

async function run(pieces: readonly Piece[], steps: readonly Step[]): Promise<void> {
  const { log, expected, members } = writeLog(pieces)
  const world = new World(log)
  try {
    for (const each of steps) await world.step(each)
    await world.finish()
    for (const shard of world.shards) {
      expect(shard.lost, 'commits before their end offset').to.deep.equal([])
      expect(shard.biggestBatch).to.be.at.most(4096)
    }
    const applied = world.shards.map(shard => shard.commits.filter(each => each.group.startsWith('g')))
    const groupsOf = applied.map(list => new Set(list.map(each => each.group)))
    for (const group of groupsOf[0]!) expect(groupsOf[1]!.has(group)).to.equal(false)
    for (const group of new Set(expected.map(each => each.group))) {
      const wanted = expected.filter(each => each.group === group).map(each => each.order)
      const got = applied.flat().filter(each => each.group === group)
      expect(
        got.map(each => each.order),
        group
      ).to.deep.equal(wanted)
      expect(got.every(each => each.offset === each.order * 10)).to.equal(true)
    }
    expect(applied.flat()).to.have.length(expected.length)
    for (const [group, owners] of expectedOwners(members)) {
      const kept = world.shards.flatMap(shard => [...(shard.groups.get(group) ?? [])])
      const owned = kept.filter(([, { owner }]) => owner !== '').map(([key, { clientId }]) => [key, clientId])
      expect(Object.fromEntries(owned), group).to.deep.equal(owners)
    }
  } finally {
    world.close()
  }
}

/** The log, and the commits in the order in which they take effect. */
function writeLog(pieces: readonly Piece[]): {
  log: LoggedBatch[]
  expected: { group: string; order: number }[]
  members: Map<string, ModelMember>
} {
  const log: LoggedBatch[] = []
  const members = new Map<string, ModelMember>()
  const expected: { group: string; order: number }[] = []
  const open = new Map<number, { group: string; order: number }[]>()
  let at = 5
  const append = (bytes: Uint8Array, count: number) => {
    log.push({ bytes, base: at, next: at + count })
    at += count
  }
  for (const each of pieces) {
    if (each.kind === 'commits') {
      at += each.gap // compaction left a hole
      const commits = each.groups.map((group, i) => testCommit(group, each.topic, at + i))
      expected.push(...commits.map((commit, i) => ({ group: commit.group, order: at + i })))
      append(commitBatch(commits, { baseOffset: at }), commits.length)
    } else if (each.kind === 'transactional') {
      const commits = each.groups.map((group, i) => testCommit(group, each.topic, at + i))
      const held = open.get(each.producer) ?? []
      held.push(...commits.map((commit, i) => ({ group: commit.group, order: at + i })))
      open.set(each.producer, held)
      append(
        commitBatch(commits, { baseOffset: at, isTransactional: true, producerId: each.producer, producerEpoch: 0 }),
        commits.length
      )
    } else if (each.kind === 'marker') {
      if (each.isCommit) expected.push(...(open.get(each.producer) ?? []))
      open.delete(each.producer)
      append(markerBatch(each.isCommit ? 'COMMIT' : 'ABORT', each.producer, at), 1)
    } else if (each.kind === 'member') {
      const records = memberPiece(members, each)
      append(encodeRecordBatch({ baseOffset: at, records }), records.length)
    } else {
      append(encodeRecordBatch({ baseOffset: at, records: [], lastOffset: at + 2 }), 3)
    }
  }
  return { log, expected, members }
}

interface ModelMember {
  readonly group: string
  readonly partition: number
  client: string
  has: readonly string[]
}

/** Member m has partition m of its topics. */
function memberPiece(
  members: Map<string, ModelMember>,
  { group, member, change, has }: Extract<Piece, { kind: 'member' }>
): RecordToWrite[] {
  const names = [`k${group}`, `m${member}`] as const
  const key = names.join('/')
  const known = members.get(key) ?? { group: names[0], partition: member, client: '', has: [] }
  if (change === 'leaves') {
    members.delete(key)
    return [assignmentRecord(...names, null), memberRecord(...names, null)]
  }
  members.set(key, known)
  if (change === 'joins') {
    known.client = `c${member}`
    return [memberRecord(...names, known.client, nowMs)]
  }
  known.has = has
  return [assignmentRecord(...names, Object.fromEntries(has.map(topic => [testTopicId(topic), [member]])), nowMs)]
}

/** Client ids by group and `topic/partition`. */
function expectedOwners(members: ReadonlyMap<string, ModelMember>): Map<string, Record<string, string>> {
  const byGroup = new Map<string, Record<string, string>>(['k0', 'k1'].map(group => [group, {}]))
  for (const { group, partition, client, has } of members.values()) {
    if (client !== '') for (const topic of has) byGroup.get(group)![`${topic}/${partition}`] = client
  }
  return byGroup
}

function testCommit(group: number, topic: number, order: number): TestCommit {
  return { group: `g${group}`, topic: topics[topic]!, offset: order * 10, timestampMs: nowMs }
}

class World {
  readonly #log: readonly LoggedBatch[]
  readonly #table = createPositionTable(shardCount)
  readonly shards = Array.from({ length: shardCount }, (_, shard) => new ModelShard(shard, [this.#table]))
  #isBKnown = false
  #reader!: Reader

  constructor(log: readonly LoggedBatch[]) {
    this.#log = log
    new Float64Array(this.#table.buffer)[startAtIndex(0)] = 5
    for (const shard of this.shards) shard.isHolding = true
    this.#tellShards()
  }

  async step(each: Step): Promise<void> {
    if (!this.#reader) await this.#newReader(0)
    if (each.kind === 'read') this.#reader.read(this.#log, each.batches)
    else if (each.kind === 'deliver') await this.#deliver(() => this.#reader.sender.settled())
    else if (each.kind === 'crash-reader') await this.#newReader(each.arrived)
    else if (each.kind === 'crash-shard') this.#crashShard(this.shards[each.shard]!)
    else this.#learnB()
  }

  async finish(): Promise<void> {
    if (!this.#reader) await this.#newReader(0)
    this.#learnB()
    const end = this.#log.at(-1)!.next
    for (let rounds = 0; this.#reader.p.position < end; rounds++) {
      if (rounds > 200) throw new Error(`stuck at ${this.#reader.p.position} of ${end}`)
      this.#reader.read(this.#log, 3)
    }
    await this.#deliver(() => this.#reader.sender.settled())
  }

  close(): void {
    this.#reader?.sender.close()
    for (const shard of this.shards) shard.close()
  }

  /** Of what the old reader has posted, the first `arrived` messages reach each shard. */
  async #newReader(arrived: number): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
    for (const shard of this.shards) shard.releaseOnly(arrived)
    this.#reader?.sender.close()
    const sender = new StorageSender(shardCount, new KeyNames(12))
    for (const shard of this.shards) sender.connect(shard.shard, shard.epoch, shard.dial())
    await this.#deliver(() => sender.drained())
    this.#reader = new Reader(sender, new Float64Array(this.#table.buffer), this.#isBKnown)
  }

  /** Shards hold what they get, but for this while. */
  async #deliver(until: () => Promise<void>): Promise<void> {
    for (const shard of this.shards) shard.release()
    await until()
    for (const shard of this.shards) shard.isHolding = true
  }

  #crashShard(shard: ModelShard): void {
    shard.kill()
    shard.isHolding = true
    this.#tellShards()
    this.#reader.sender.connect(shard.shard, shard.epoch, shard.dial())
    this.#reader.p.refill(shard.shard, 5)
  }

  #learnB(): void {
    this.#isBKnown = true
    this.#tellShards()
    this.#reader.learnB()
  }

  #tellShards(): void {
    for (const { ends } of this.shards) {
      const all = Array.from({ length: partitions }, (_, partition) => [partition, 1e9] as const)
      ends.set('a', new Map(all))
      if (this.#isBKnown) ends.set('b', new Map(all))
    }
  }
}

class Reader {
  readonly sender: StorageSender
  readonly p: OffsetsPartition
  readonly #topics = new KnownTopicTable()
  readonly #keys: CommitKeys
  readonly #outlet: ReaderOutlet
  readonly #decoder: CommitDecoder

  constructor(sender: StorageSender, table: Float64Array, isBKnown: boolean) {
    this.sender = sender
    const clock = clockFromWord(createClockWord(nowMs))
    const filter = { accept: () => true }
    this.#topics.learn(news(['a']), nowMs)
    if (isBKnown) this.learnB()
    this.#keys = new CommitKeys('c', sender.keys, shardCount, filter, this.#topics)
    this.#outlet = new ReaderOutlet(sender, 0)
    const counters = new Counters(createCounterBlock())
    const parts = { filter, topics: this.#topics, keys: this.#keys, outlet: this.#outlet, sender, counters, clock }
    this.#decoder = testDecoder(parts)
    this.p = new OffsetsPartition(0, shardCount, { held: 0, max: 100_000 }, { held: 0, max: 100_000 })
    this.p.restore(table)
  }

  learnB(): void {
    this.#topics.learn(news(['b']), nowMs)
  }

  /** As the fetch loop does. */
  read(log: readonly LoggedBatch[], batches: number): void {
    const { sender, p } = this
    if (sender.lanes.every(lane => lane.hasRoom)) sender.forgetKeysIfFull()
    this.#keys.forgetIfStale(() => p.transactions.all())
    const first = log.findIndex(batch => batch.next > p.position)
    if (first < 0) return
    const bytes = Buffer.concat(log.slice(first, first + batches).map(batch => batch.bytes))
    this.#decoder.walk(p, bytes)
    this.#outlet.flush()
  }
}

function news(names: readonly string[]) {
  return {
    kind: 'known-topics' as const,
    cluster: 'c',
    topics: names,
    topicIds: names.map(testTopicId),
    partitionCounts: names.map(() => partitions),
    missing: names.map(() => null),
    complete: false
  }
}
