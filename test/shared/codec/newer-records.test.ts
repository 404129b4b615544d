import { expect } from 'chai'
import { ByteWriter } from '../../../shared/codec/byte-writer.ts'
import {
  decodeNewerKey,
  decodeNewerValue,
  keyTypeName,
  type NewerKeyType
} from '../../../shared/codec/newer-records.ts'

const id = Uint8Array.from({ length: 16 }, (_, index) => index)
const idText = Buffer.from(id).toString('base64url')
const decode = (type: NewerKeyType, bytes: Uint8Array) => decodeNewerValue(type, bytes, 0, bytes.length)
const value = () => new ByteWriter().int16(0)

/** {id, name, [1, 2]} and its end. */
function topic(writer: ByteWriter): ByteWriter {
  return writer.raw(id).compactString('orders').unsignedVarint(3).int32(1).int32(2)
}

describe('records of newer groups', () => {
  it('every key type has a name, others are unknown', () => {
    const names = Array.from({ length: 25 }, (_, type) => keyTypeName(type))
    expect(new Set(names).size).to.equal(25)
    expect(names).not.to.include('unknown')
    for (const type of [-1, 25, 99, 32767]) expect(keyTypeName(type)).to.equal('unknown')
  })

  it('keys: group, and what else the type has', () => {
    const member = new ByteWriter().int16(5).string16('g').string16('m').finish()
    const decoded = decodeNewerKey(member, 0, member.length)
    expect(decoded).to.deep.equal({ kind: 'decoded', value: { keyType: 5, group: 'g', memberId: 'm' } })
    expect(decodeNewerKey(member, 0, 6)).to.deep.equal({ kind: 'broken', field: 'member_id' })
    expect(decodeNewerKey(member, 0, 4)).to.deep.equal({ kind: 'broken', field: 'group' })
    expect(decodeNewerKey(member, 0, 1)).to.deep.equal({ kind: 'broken', field: 'key version' })
    const regex = new ByteWriter().int16(16).string16('g').string16('a.*').finish()
    const found = decodeNewerKey(regex, 0, regex.length)
    expect(found).to.deep.equal({ kind: 'decoded', value: { keyType: 16, group: 'g', regularExpression: 'a.*' } })
  })

  it('unknown types and versions are an outcome of their own', () => {
    const key = new ByteWriter().int16(25).string16('g').finish()
    expect(decodeNewerKey(key, 0, key.length)).to.deep.equal({ kind: 'unknown', what: 'key type', number: 25 })
    const later = new ByteWriter().int16(1).int32(5).finish()
    expect(decode(3, later)).to.deep.equal({ kind: 'unknown', what: 'value version', number: 1 })
  })

  it('consumer group epoch: the tags of later versions, unknown ones skipped', () => {
    const bytes = value().int32(7).unsignedVarint(3)
    bytes
      .unsignedVarint(0)
      .unsignedVarint(8)
      .int64(2n ** 62n)
    bytes.unsignedVarint(1).unsignedVarint(8).int64(1_700_000_000_000)
    bytes.unsignedVarint(9).unsignedVarint(2).int16(-1)
    expect(decode(3, bytes.finish())).to.deep.equal({
      kind: 'decoded',
      value: { epoch: 7, metadataHash: '4611686018427387904', creationTimeMs: 1_700_000_000_000 }
    })
  })

  it('assignments with epochs, as later versions write them', () => {
    const bytes = value().int32(3).int32(2).int8(1)
    bytes.unsignedVarint(2).raw(id).unsignedVarint(2).int32(4)
    bytes.unsignedVarint(1).unsignedVarint(0).unsignedVarint(5).unsignedVarint(2).int32(6)
    bytes.unsignedVarint(0).unsignedVarint(0)
    expect(decode(8, bytes.finish())).to.deep.equal({
      kind: 'decoded',
      value: {
        memberEpoch: 3,
        previousMemberEpoch: 2,
        state: 1,
        assignedPartitions: [{ topicId: idText, partitions: [4], assignmentEpochs: [6] }],
        partitionsPendingRevocation: []
      }
    })
  })

  it('target assignment epoch with its time', () => {
    const bytes = value().int32(3).unsignedVarint(1).unsignedVarint(0).unsignedVarint(8).int64(5).finish()
    expect(decode(6, bytes)).to.deep.equal({ kind: 'decoded', value: { assignmentEpoch: 3, assignmentTimestamp: 5 } })
  })

  it('share group epoch with the hash of 4.1 and without it', () => {
    const before = value().int32(3).unsignedVarint(0).finish()
    expect(decode(11, before)).to.deep.equal({ kind: 'decoded', value: { epoch: 3 } })
    const since = value().int32(3).int64(9).unsignedVarint(0).finish()
    expect(decode(11, since)).to.deep.equal({ kind: 'decoded', value: { epoch: 3, metadataHash: 9 } })
  })

  it('share group topics in the layouts of 4.0, 4.1 and after 4.2', () => {
    const one = { topicId: idText, topicName: 'orders', partitions: [1, 2] }
    const list = (writer: ByteWriter) => topic(writer.unsignedVarint(2)).unsignedVarint(0)
    const v40 = list(value()).unsignedVarint(1).unsignedVarint(0).finish()
    const initialized = { initializedTopics: [one], deletingTopics: [] }
    expect(decode(15, v40)).to.deep.equal({ kind: 'decoded', value: initialized })
    expect(decode(9, v40)).to.deep.equal({ kind: 'decoded', value: initialized })
    const v41 = list(list(value())).unsignedVarint(1).unsignedVarint(0).finish()
    expect(decode(15, v41)).to.deep.equal({ kind: 'decoded', value: { ...initialized, initializingTopics: [one] } })
    const later = topic(value().unsignedVarint(2)).int64(5).unsignedVarint(0)
    later.unsignedVarint(1).unsignedVarint(1).unsignedVarint(0)
    expect(decode(15, later.finish())).to.deep.equal({
      kind: 'decoded',
      value: { initializingTopics: [{ ...one, createTimestamp: 5 }], initializedTopics: [], deletingTopics: [] }
    })
  })

  it('share group partition metadata of 4.0', () => {
    const bytes = value().unsignedVarint(2).raw(id).compactString('orders').int32(3)
    bytes.unsignedVarint(2).int32(1).unsignedVarint(2).compactString('rack').unsignedVarint(0)
    bytes.unsignedVarint(0).unsignedVarint(0)
    const topics = [
      { topicId: idText, topicName: 'orders', numPartitions: 3, partitionMetadata: [{ partition: 1, racks: ['rack'] }] }
    ]
    const whole = bytes.finish()
    expect(decode(9, whole)).to.deep.equal({ kind: 'decoded', value: { topics } })
    expect(decode(4, whole)).to.deep.equal({ kind: 'decoded', value: { topics } })
    expect(decode(18, whole)).to.deep.equal({ kind: 'decoded', value: { topics } })
  })

  it('streams group epoch of 4.1, without tags', () => {
    const bytes = value().int32(3).int64(4).unsignedVarint(0).finish()
    expect(decode(17, bytes)).to.deep.equal({ kind: 'decoded', value: { epoch: 3, metadataHash: 4 } })
  })

  it('streams member without an endpoint', () => {
    const bytes = value()
      .compactString(null)
      .compactString('r')
      .compactString('c')
      .compactString('/h')
      .int32(1)
      .int32(2)
    const whole = bytes.compactString('p').int8(-1).unsignedVarint(1).unsignedVarint(0).finish()
    const decoded = decode(19, whole)
    expect(decoded.kind === 'decoded' && decoded.value).to.include({ userEndpoint: null, rackId: 'r', processId: 'p' })
  })

  it('streams topology with copartitioned topics', () => {
    const bytes = value().int32(1).unsignedVarint(2).compactString('0')
    for (let list = 0; list < 5; list++) bytes.unsignedVarint(1)
    bytes.unsignedVarint(2).unsignedVarint(3).int16(0).int16(1).unsignedVarint(1).unsignedVarint(2).int16(4)
    const whole = bytes.unsignedVarint(0).unsignedVarint(0).unsignedVarint(0).finish()
    const decoded = decode(23, whole)
    expect(decoded.kind).to.equal('decoded')
    expect(JSON.stringify(decoded)).to.contain(
      '"copartitionGroups":[{"sourceTopics":[0,1],"sourceTopicRegex":[],"repartitionSourceTopics":[4]}]'
    )
  })

  it('streams topics by id', () => {
    const bytes = value().int32(2).unsignedVarint(2).compactString('0').unsignedVarint(2).raw(id)
    const whole = bytes.unsignedVarint(0).unsignedVarint(0).finish()
    const subtopologies = [{ subtopologyId: '0', topicIds: [idText] }]
    expect(decode(24, whole)).to.deep.equal({ kind: 'decoded', value: { assignmentEpoch: 2, subtopologies } })
  })

  it('huge counts end where the bytes do', () => {
    const bytes = value()
      .unsignedVarint(2 ** 32 - 1)
      .raw(id)
      .unsignedVarint(2 ** 32 - 1)
      .int32(1)
      .finish()
    expect(decode(7, bytes)).to.deep.equal({ kind: 'broken', field: 'topic_partitions' })
    const tags = value()
      .int32(1)
      .unsignedVarint(2 ** 32 - 1)
      .finish()
    expect(decode(6, tags)).to.deep.equal({ kind: 'broken', field: 'tagged_fields' })
  })
})
