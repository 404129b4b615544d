import { expect } from 'chai'
import fc from 'fast-check'
import { encodeOffsetCommitKey } from '../../../shared/codec/offset-commit-writer.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { BackOff } from '../../../workers/kafka/back-off.ts'
import { CommitInterner } from '../../../workers/kafka/commit-interner.ts'
import { answerBytesMax, FrameGuard } from '../../../workers/kafka/frame-guard.ts'
import { GroupMembers } from '../../../workers/kafka/group-members.ts'
import { KeyRun } from '../../../workers/kafka/key-run.ts'
import { answerGoodMs, KnownTopicTable, settleMs, Verdict, waitMaxMs } from '../../../workers/kafka/known-topics.ts'
import { RareLog, rareLogMs } from '../../../workers/kafka/rare-log.ts'
import { parseServer } from '../../../workers/kafka/server-address.ts'
import { SweptTopic } from '../../../workers/kafka/swept-topic.ts'
import { tellTopics } from '../../../workers/kafka/topic-news.ts'
import { OpenTransactions } from '../../../workers/kafka/transactions.ts'
import { silentLogger } from '../../support/kafka-thread-fixture.ts'

describe('workers/kafka: commit interner', () => {
  it('gives the same pair the same number and tells of each new one once, with its names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 })), { maxLength: 400 }),
        pairs => {
          const seen: string[] = []
          const interner = new CommitInterner((entry, group, topic) => {
            expect(entry).to.equal(seen.length)
            seen.push(JSON.stringify([Buffer.from(group).toString(), Buffer.from(topic).toString()]))
          })
          const numberByPair = new Map<string, number>()
          for (const [group, topic] of [...pairs, ...pairs]) {
            const key = encodeOffsetCommitKey(group, topic, 3)
            const view = new DataView(key.buffer, key.byteOffset, key.length)
            const entry = interner.entryOf(key, view, 2, key.length - 4)
            const pair = JSON.stringify([group, topic])
            expect(numberByPair.get(pair) ?? entry).to.equal(entry)
            numberByPair.set(pair, entry)
            expect(seen[entry]).to.equal(pair)
          }
          expect(seen.length).to.equal(numberByPair.size)
        }
      )
    )
  })

  it('keeps 20,000 pairs apart while it grows, and can say their bytes', () => {
    let added = 0
    const interner = new CommitInterner(() => added++)
    const keys = Array.from({ length: 20_000 }, (_, i) => encodeOffsetCommitKey(`group-${i % 200}`, `topic-${i}`, 0))
    const entry = (key: Uint8Array) =>
      interner.entryOf(key, new DataView(key.buffer, key.byteOffset), 2, key.length - 4)
    const first = keys.map(entry)
    expect(keys.map(entry)).to.deep.equal(first)
    expect(new Set(first).size).to.equal(20_000)
    expect(added).to.equal(20_000)
    expect(interner.bytesOf(first[777]!)).to.deep.equal(Uint8Array.from(keys[777]!.subarray(2, -4)))
  })
})

describe('workers/kafka: run of keys', () => {
  it('goes on for keys that differ in the partition alone, and says where it is', () => {
    const names = fc.constantFrom(
      '',
      'a',
      'ab',
      'abc',
      'abcdef',
      'abcdeg',
      'orders-payments-eu-1',
      'orders-payments-eu-2'
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(names, names, fc.integer()), { maxLength: 60 }), all => {
        const run = new KeyRun()
        const keys = all.map(([group, topic, partition]) => encodeOffsetCommitKey(group, topic, partition))
        const bytes = Buffer.concat(keys)
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        let at = 0
        for (const [index, [group, topic, partition]] of all.entries()) {
          const key = keys[index]!
          const isSame = index > 0 && all[index - 1]![0] === group && all[index - 1]![1] === topic
          const partitionAt = run.partitionAt(view, at, key.length)
          expect(partitionAt).to.equal(isSame ? at + key.length - 4 : -1)
          if (isSame) expect(view.getInt32(partitionAt)).to.equal(partition)
          else run.begin(view, at, key.length, key.length - 4, 1, index)
          at += key.length
        }
      })
    )
  })

  it('ends with the bytes that it lies in', () => {
    const key = encodeOffsetCommitKey('group', 'topic', 7)
    const view = () => new DataView(key.buffer, key.byteOffset, key.length)
    const run = new KeyRun()
    const first = view()
    run.begin(first, 0, key.length, key.length - 4, 1, 0)
    expect(run.partitionAt(first, 0, key.length)).to.equal(key.length - 4)
    expect(run.partitionAt(view(), 0, key.length)).to.equal(-1)
    run.end()
    expect(run.partitionAt(first, 0, key.length)).to.equal(-1)
  })
})

describe('workers/kafka: members of groups', () => {
  const has = (...partitions: number[]) => [{ topicId: 'ab', partitions }]
  const clients = (members: GroupMembers) => [...members.owners('g')].map(({ joined }) => joined.clientId)

  it('reading begins again at the oldest record that holds, or the oldest change not told', () => {
    const members = new GroupMembers({ held: 0, max: 100 })
    expect(members.oldestOffset).to.equal(Number.POSITIVE_INFINITY)
    members.joined('g', 'm', 10, 'one', '/h')
    members.assigned('g', 'm', 11, has(0))
    members.joined('g', 'n', 12, 'two', '/h')
    expect(clients(members)).to.deep.equal(['one'])
    expect(members.oldestOffset).to.equal(10)
    members.changed.delete('g')
    members.joined('g', 'm', 20, 'one', '/h') // says the same: nothing has changed
    members.assigned('g', 'm', 21, has(0))
    expect(members.changed.size).to.equal(0)
    expect(members.oldestOffset).to.equal(12)
    members.left('g', 'n', 22)
    expect([...members.changed]).to.deep.equal([['g', 22]])
    expect(members.oldestOffset).to.equal(20)
    members.left('g', 'm', 23)
    expect(members.oldestOffset).to.equal(22)
    members.changed.delete('g')
    expect(members.oldestOffset).to.equal(Number.POSITIVE_INFINITY)
  })

  it('remembers no more than it may, and has room again when somebody leaves', () => {
    const budget = { held: 0, max: 5 }
    const members = new GroupMembers(budget)
    expect(members.joined('g', 'm', 1, 'one', '/h')).to.equal(true)
    expect(members.assigned('g', 'm', 2, has(0, 1))).to.equal(true)
    expect(members.joined('g', 'n', 3, 'two', '/h')).to.equal(true)
    expect(members.assigned('g', 'n', 4, has(2))).to.equal(false)
    expect(members.assigned('g', 'm', 5, has(0, 1, 2))).to.equal(false)
    expect(clients(members)).to.deep.equal([])
    expect(members.assigned('g', 'm', 6, has(0, 1))).to.equal(true)
    expect(clients(members)).to.deep.equal(['one'])
    members.forget('g')
    expect(budget.held).to.equal(0)
    members.assigned('g', 'm', 7, has(0))
    members.clear()
    expect(budget.held).to.equal(0)
    expect(members.changed.size).to.equal(0)
  })
})

describe('workers/kafka: known topics', () => {
  const start = 1_000_000_000
  const news = (
    topic: string,
    count: number,
    missing: number[] | null = null,
    complete = false,
    id: string | null = null
  ) => ({
    kind: 'known-topics' as const,
    cluster: 'c',
    topics: [topic],
    topicIds: [id],
    partitionCounts: [count],
    missing: [missing],
    complete
  })

  function table(): KnownTopicTable {
    const topics = new KnownTopicTable()
    topics.learn(news('known', 2, null, true), start)
    return topics
  }

  it('knows the partitions that were said, and no others', () => {
    const topics = table()
    const known = topics.numberOf('known')
    expect([-1, 0, 1, 2].map(partition => topics.isKnown(known, partition))).to.deep.equal([false, true, true, false])
    topics.learn(news('known', 3, [0]), start)
    expect([0, 1, 2].map(partition => topics.isKnown(known, partition))).to.deep.equal([false, true, true])
    topics.forget()
    expect(topics.isKnown(known, 1)).to.equal(false)
    expect(topics.isListed).to.equal(false)
  })

  it('lets a new commit wait for the answer, asked once', () => {
    const topics = table()
    const fresh = topics.numberOf('fresh')
    expect(topics.verdict(fresh, 0, start, start)).to.equal(Verdict.wait)
    expect(topics.verdict(fresh, 0, start, start + 10)).to.equal(Verdict.wait)
    expect(topics.takeWanted()).to.deep.equal(['fresh'])
    topics.learn(news('fresh', 0), start + 20)
    expect(topics.verdict(fresh, 0, start, start + 30)).to.equal(Verdict.unknownTopic)
    const later = start + 20 + answerGoodMs
    expect(topics.verdict(fresh, 0, later, later)).to.equal(Verdict.wait)
    expect(topics.takeWanted()).to.deep.equal(['fresh'])
  })

  it('needs no answer for a commit from long before the listing: its topic was deleted', () => {
    const topics = table()
    expect(topics.verdict(topics.numberOf('old'), 0, start - settleMs - 1, start)).to.equal(Verdict.unknownTopic)
    expect(topics.takeWanted()).to.deep.equal([])
  })

  it('gives up when no answer comes, for this topic and all others, until one does', () => {
    const topics = table()
    const [a, b] = [topics.numberOf('a'), topics.numberOf('b')]
    expect(topics.verdict(a, 0, start, start)).to.equal(Verdict.wait)
    const late = start + waitMaxMs
    expect(topics.verdict(a, 0, late, late)).to.equal(Verdict.gaveUp)
    expect(topics.verdict(b, 0, late, late)).to.equal(Verdict.gaveUp)
    topics.learn(news('a', 1), late)
    expect(topics.isKnown(a, 0)).to.equal(true)
    topics.takeWanted()
    expect(topics.verdict(topics.numberOf('d'), 0, late, late)).to.equal(Verdict.wait)
  })

  it('finds topics by id, asks for one that is not known, and does not take a topic created again for the old one', () => {
    const topics = table()
    const [first, second] = ['1'.repeat(32), '2'.repeat(32)]
    const unknown = topics.numberOfId(first)
    expect(topics.verdict(unknown, 0, start, start)).to.equal(Verdict.wait)
    expect(topics.takeWanted()).to.deep.equal([`#id/${first}`])
    topics.learn(news('fresh', 2, null, false, first), start)
    expect(topics.numberOfId(first)).to.equal(topics.numberOf('fresh'))
    expect(topics.nameOf(topics.numberOfId(first))).to.equal('fresh')
    topics.learn(news('fresh', 3, null, false, second), start)
    expect(topics.numberOfId(second)).to.equal(topics.numberOf('fresh'))
    expect(topics.numberOfId(first)).to.equal(unknown)
    topics.learn(news('fresh', 0), start)
    expect(topics.isKnown(topics.numberOfId(second), 0)).to.equal(false)
    topics.learn(news(`#id/${second}`, 0), start)
    expect(topics.verdict(topics.numberOfId(second), 0, start, start)).to.equal(Verdict.wait)
    topics.takeWanted()
    topics.learn(news(`#id/${second}`, 0), start + 1)
    expect(topics.verdict(topics.numberOfId(second), 0, start, start + 1)).to.equal(Verdict.unknownTopic)
  })

  it('waits for a partition without leader, but only so long in one outage', () => {
    const topics = table()
    const known = topics.numberOf('known')
    topics.learn(news('known', 2, [1]), start)
    expect(topics.verdict(known, 1, start, start + waitMaxMs - 1)).to.equal(Verdict.wait)
    expect(topics.verdict(known, 1, start, start + waitMaxMs)).to.equal(Verdict.gaveUp)
    topics.learn(news('known', 2), start + waitMaxMs)
    topics.learn(news('known', 2, [1]), start + waitMaxMs)
    expect(topics.verdict(known, 1, start, start + waitMaxMs)).to.equal(Verdict.wait)
  })

  it('is told in messages of bounded size, the last one complete', () => {
    const topics = Array.from({ length: 4500 }, (_, i) => sweptTopic(`t${i}`, [1]))
    const messages: number[] = []
    let completes = 0
    tellTopics('c', topics, ['#listing/0/0/1'], true, message => {
      messages.push(message.topics.length)
      if (message.complete) completes++
      expect(message.complete).to.equal(message.topics.includes('#listing/0/0/1'))
    })
    expect(messages).to.deep.equal([2000, 2000, 501])
    expect(completes).to.equal(1)
  })
})

function sweptTopic(
  name: string,
  leaders: number[],
  id: string | null = null,
  epochs = leaders.map(() => -1)
): SweptTopic {
  return new SweptTopic(metadata(name, leaders, id, epochs))
}

function metadata(name: string, leaders: number[], id: string | null, epochs: number[]) {
  const arrays = { leaders: Int32Array.from(leaders), leaderEpochs: Int32Array.from(epochs) }
  return { errorCode: 0, name, id, internal: false, ...arrays }
}

describe('workers/kafka: swept topic', () => {
  it('is another topic when its id is another', () => {
    const topic = sweptTopic('t', [1], 'x')
    expect(topic.update(metadata('t', [1, 1], 'x', [-1, -1]))).to.equal(true)
    expect(topic.partitions).to.equal(2)
    expect(topic.update(metadata('t', [1], 'y', [-1]))).to.equal(false)
  })

  it('with an id, an end offset that goes back is no new topic', () => {
    const topic = sweptTopic('t', [1], 'x')
    topic.ends[0] = 10
    expect(topic.isRecreatedBy(0, 3)).to.equal(false)
  })

  it('without ids, a new topic shows by leader epochs or partitions that fell, and by its offsets', () => {
    const topic = sweptTopic('t', [1, 1], null, [5, 5])
    topic.ends.fill(10)
    expect(topic.isRecreatedBy(0, 3)).to.equal(false) // lost records, as after an unclean election
    topic.update(metadata('t', [1, 1], null, [0, 0]))
    expect(topic.isRecreatedBy(0, 10)).to.equal(false)
    expect(topic.isRecreatedBy(0, 3)).to.equal(true)
    const shrunk = sweptTopic('t', [1, 1], null, [5, 5])
    shrunk.ends.fill(10)
    expect(shrunk.update(metadata('t', [1], null, [5]))).to.equal(true)
    expect(shrunk.partitions).to.equal(2)
    expect(shrunk.isRecreatedBy(0, 3)).to.equal(true)
  })

  it('without ids and epochs, by its offsets alone', () => {
    const topic = sweptTopic('t', [1])
    topic.ends[0] = 10
    expect(topic.isRecreatedBy(0, 11)).to.equal(false)
    expect(topic.isRecreatedBy(0, 9)).to.equal(true)
  })
})

describe('workers/kafka: open transactions', () => {
  it('knows the oldest offset that is still open, and takes no more than its budget', () => {
    const budget = { held: 0, max: 3 }
    const transactions = new OpenTransactions(budget)
    expect(transactions.oldestOffset).to.equal(Number.POSITIVE_INFINITY)
    expect(transactions.hold(1, 10, 0, 0, 5, 0)).to.equal(true)
    expect(transactions.hold(2, 11, 0, 0, 5, 0)).to.equal(true)
    expect(transactions.hold(1, 12, 0, 0, 6, 0)).to.equal(true)
    expect(transactions.hold(2, 13, 0, 0, 5, 0)).to.equal(false)
    expect(transactions.held(1)!.count).to.equal(2)
    transactions.end(1)
    expect(transactions.oldestOffset).to.equal(11)
    expect(budget.held).to.equal(1)
    transactions.clear()
    expect(budget.held).to.equal(0)
  })
})

describe('workers/kafka: small parts', () => {
  it('back-off doubles between half and whole steps up to its bound, and begins again', () => {
    const backOff = new BackOff(800)
    const waits = Array.from({ length: 6 }, () => backOff.nextMs())
    for (const [i, most] of [100, 200, 400, 800, 800, 800].entries()) expect(waits[i]).to.be.within(most / 2, most)
    backOff.reset()
    expect(backOff.nextMs()).to.be.within(50, 100)
  })

  it('reads host:port, IPv6 in brackets too, and refuses the rest', () => {
    expect(parseServer('kafka-1.example:9092')).to.deep.equal({ host: 'kafka-1.example', port: 9092 })
    expect(parseServer('[2001:db8::1]:9093')).to.deep.equal({ host: '2001:db8::1', port: 9093 })
    for (const bad of ['', 'host', 'host:', ':1', 'host:0', 'host:70000', '::1:9092', 'a:b:1', '[::1]9092']) {
      expect(() => parseServer(bad), bad)
        .to.throw(BurrowError)
        .with.property('code', 'CONFIG_INVALID')
    }
  })

  it('says the same thing rarely, and how often it was left out', () => {
    const said: unknown[] = []
    let nowMs = 1
    const log = new RareLog(
      { ...silentLogger, warn: (text, fields) => said.push([text, fields]) },
      { nowMs: () => nowMs }
    )
    log.warn('x', { a: 1 })
    log.warn('x', { a: 2 })
    log.warn('y', {})
    nowMs += rareLogMs
    log.warn('x', { a: 3 })
    expect(said).to.deep.equal([
      ['x', { a: 1 }],
      ['y', {}],
      ['x', { a: 3, leftOut: 1 }]
    ])
  })

  it('follows the lengths of answers in any cut, and stops a length that cannot be', () => {
    const frame = (length: number) => {
      const bytes = Buffer.alloc(4 + Math.max(0, Math.min(length, 100)))
      bytes.writeInt32BE(length)
      return bytes
    }
    const stream = Buffer.concat([frame(4), frame(100), frame(5)])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), cuts => {
        const guard = new FrameGuard()
        for (let at = 0, i = 0; at < stream.length; at += cuts[i++ % cuts.length]!) {
          expect(guard.check(stream.subarray(at, at + cuts[i % cuts.length]!))).to.equal('')
        }
      }),
      { numRuns: 20 }
    )
    for (const bad of [-1, 0, 3, answerBytesMax + 1, -2_147_483_648]) {
      expect(new FrameGuard().check(frame(bad)), `${bad}`).to.contain(`${bad}`)
    }
  })
})
