import { expect } from 'chai'
import { ClusterState, offsetsTopic } from '../../../main/simulator/cluster-state.ts'
import { KafkaError } from '../../../main/simulator/error-codes.ts'
import { decodeGroupMetadata } from '../../../shared/codec/group-metadata.ts'
import { OffsetCommitReader } from '../../../shared/codec/offset-commit.ts'
import { type RecordSink, walkRecordBatches } from '../../../shared/codec/record-batch.ts'

function cluster(brokers = 3, offsetsPartitions = 50): ClusterState {
  const state = new ClusterState({ name: 'test', offsetsPartitions })
  for (let id = 1; id <= brokers; id++) state.brokers.push({ id, host: '127.0.0.1', port: id, live: true })
  state.createTopic(offsetsTopic, offsetsPartitions)
  return state
}

/** The records of an offsets partition as short texts, 'group topic/partition offset time' or what else they are. */
function told(state: ClusterState, partition: number): string[] {
  const texts: string[] = []
  const reader = new OffsetCommitReader()
  const sink: RecordSink = {
    beginBatch: ({ count }) => texts.push(`batch of ${count}`),
    record: (bytes, view, _offset, _timestampMs, keyAt, keyLength, valueAt, valueLength) => {
      const text = (at: number, length: number) => Buffer.from(bytes.subarray(at, at + length)).toString()
      expect(reader.readKey(bytes, view, keyAt, keyLength)).to.equal('')
      if (reader.keyType === 2) {
        const group = text(keyAt + 4, keyLength - 4)
        const decoded = valueLength < 0 ? undefined : decodeGroupMetadata(bytes, valueAt, valueLength)
        texts.push(`${group} ${decoded?.ok ? `${decoded.value.members.length} members` : 'gone'}`)
        return
      }
      const key = `${text(reader.groupAt, reader.groupLength)} ${text(reader.topicAt, reader.topicLength)}/${reader.partition}`
      if (valueLength < 0) {
        texts.push(`${key} gone`)
        return
      }
      expect(reader.readValue(bytes, view, valueAt, valueLength)).to.equal('')
      texts.push(`${key} ${reader.offset} @${reader.timestampMs}`)
    },
    marker: (_batch, _offset, type) => texts.push(type),
    endBatch: () => {},
    refused: reason => expect.fail(`refused: ${reason}`)
  }
  walkRecordBatches(state.partition(offsetsTopic, partition).log.read(0, 1 << 30, true), 0, sink)
  return texts
}

describe('simulator: cluster state', () => {
  it('places a group as Kafka does, by the hash of a Java string', () => {
    const state = cluster()
    // Values of "...".hashCode() as Java's documentation of String defines it: s[0]*31^(n-1) + ... + s[n-1], 32 bits.
    expect(state.offsetsPartitionOf('')).to.equal(0)
    expect(state.offsetsPartitionOf('a')).to.equal(97 % 50)
    expect(state.offsetsPartitionOf('ab')).to.equal((97 * 31 + 98) % 50)
    // 'polygenelubricants' is known for its hash of -2^31, whose sign bit cut off is 0.
    expect(state.offsetsPartitionOf('polygenelubricants')).to.equal(0)
  })

  it('spreads leaders, moves them with a new epoch, and says why a broker may not serve', () => {
    const state = cluster()
    state.createTopic('t', 4)
    expect(state.topic('t')!.partitions.map(each => each.leader)).to.deep.equal([1, 2, 3, 1])
    expect(state.leaderError('t', 1, 2)).to.equal(KafkaError.none)
    expect(state.leaderError('t', 1, 1)).to.equal(KafkaError.notLeaderOrFollower)
    expect(state.leaderError('t', 9, 1)).to.equal(KafkaError.unknownTopicOrPartition)
    state.moveLeader('t', 1, 1)
    expect(state.leaderError('t', 1, 1, 0)).to.equal(KafkaError.fencedLeaderEpoch)
    expect(state.leaderError('t', 1, 1, 1)).to.equal(KafkaError.none)
    expect(state.leaderError('t', 1, 1, 2)).to.equal(KafkaError.unknownLeaderEpoch)
  })

  it('writes commits of one group as one batch that the codec reads', () => {
    const state = cluster(1, 1)
    state.createTopic('t', 2)
    const versions = [0, 1, 3, 4] as const
    state.commitMany(
      versions.map(version => ({ group: 'g', topic: 't', partition: 1, offset: version, timestampMs: 7, version }))
    )
    expect(told(state, 0)).to.deep.equal(['batch of 4', 'g t/1 0 @7', 'g t/1 1 @7', 'g t/1 3 @7', 'g t/1 4 @7'])
    expect(state.groups.find('g')?.offsetsByTopic.get('t')?.get(1)?.offset).to.equal(4)
  })

  it('writes compressed batches too', () => {
    const state = cluster(1, 1)
    for (const codec of [1, 2, 3]) {
      state.commitMany([{ group: 'g', topic: 't', partition: codec, offset: 5, timestampMs: 7 }], { codec })
    }
    expect(told(state, 0).filter(text => text.startsWith('g'))).to.deep.equal([1, 2, 3].map(p => `g t/${p} 5 @7`))
  })

  it('ends transactions with markers', () => {
    const state = cluster(1, 1)
    const transaction = state.beginTransaction()
    transaction.commit('g', 't', 0, 5, { timestampMs: 7 })
    expect(state.partition(offsetsTopic, 0).log.lastStableOffset).to.equal(0)
    transaction.end('COMMIT')
    expect(told(state, 0)).to.deep.equal(['batch of 1', 'g t/0 5 @7', 'batch of 1', 'COMMIT'])
    expect(state.partition(offsetsTopic, 0).log.lastStableOffset).to.equal(2)
  })

  it('writes members, and tombstones of topics and groups that go', () => {
    const state = cluster(1, 1)
    const first = state.createTopic('t', 1)
    state.commit('g', 't', 0, 5, { timestampMs: 7 })
    state.commit('g', 'u', 3, 6, { timestampMs: 7 })
    const member = { id: 'm', clientId: 'c', clientHost: '/10.0.0.1', assignment: [{ topic: 't', partitions: [0] }] }
    state.groupMetadata('g', { members: [member] })
    state.deleteTopic('t')
    expect(state.deleteGroup('g')).to.equal(true)
    expect(state.deleteGroup('g')).to.equal(false)
    expect(told(state, 0).filter(text => text.startsWith('g'))).to.deep.equal([
      'g t/0 5 @7',
      'g u/3 6 @7',
      'g 1 members',
      'g t/0 gone',
      'g u/3 gone',
      'g gone'
    ])
    expect(state.createTopic('t', 1).id).to.not.equal(first.id)
  })
})
