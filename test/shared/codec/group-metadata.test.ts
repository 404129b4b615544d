import { expect } from 'chai'
import { decodeMemberSubscription } from '../../../shared/codec/consumer-protocol.ts'
import {
  decodeGroupMetadata,
  decodeGroupMetadataKey,
  decodeMemberAssignment
} from '../../../shared/codec/group-metadata.ts'
import {
  encodeGroupMetadataKey,
  encodeGroupMetadataValue,
  encodeMemberAssignment
} from '../../../shared/codec/group-metadata-writer.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const decode = (bytes: Uint8Array) => decodeGroupMetadata(bytes, 0, bytes.length)

const v1 = hex(
  '00010008636f6e73756d657200000001000c7465737470726f746f636f6c000a746573746c656164657200000001000c746573746d656d6265726964000c74657374636c69656e746964000e74657374636c69656e74686f73740000000400000008000000000000001a0000000000010006746f70696331000000010000000b00000000'
)
const v2 = hex(
  '00020008636f6e73756d657200000003000572616e6765002c744c65616465722d61343264326261612d626661612d346239362d396561322d646565356634326232616232000001695f1c4a4a00000001002c744c65616465722d61343264326261612d626661612d346239362d396561322d6465653566343262326162320007744d656d626572000b2f3137322e31382e302e31000075300000753000000015000000000001000974657374746f706963000000000000003d000000000001000974657374746f7069630000000900000000000000010000000200000003000000040000000500000006000000070000000800000000'
)
const v3 = hex(
  '00030008636f6e73756d6572000000010012526f756e64526f62696e41737369676e6572002c744c65616465722d61343264326261612d626661612d346239362d396561322d6465653566343262326162320000016cdf35076b0000000100066d656d626572ffff0006636c69656e74000d2f31302e31302e31302e313030ffffffff00007530000000120001000000010006746f70696331000000000000001a0001000000010006746f70696331000000010000000000000000'
)

describe('group metadata', () => {
  it('v1 of spec 06', () => {
    const decoded = decode(v1)
    if (!decoded.ok) throw new Error(decoded.field)
    const { members, ...group } = decoded.value
    expect(group).to.deep.equal({
      version: 1,
      protocolType: 'consumer',
      generation: 1,
      protocol: 'testprotocol',
      leader: 'testleader',
      currentStateTimestampMs: -1
    })
    expect(members).to.have.length(1)
    const { subscription, assignment, ...member } = members[0]!
    expect([subscription.length, assignment.length]).to.deep.equal([0, 26])
    expect(member).to.deep.equal({
      memberId: 'testmemberid',
      groupInstanceId: undefined,
      clientId: 'testclientid',
      clientHost: 'testclienthost',
      rebalanceTimeoutMs: 4,
      sessionTimeoutMs: 8,
      assignedPartitions: [{ topic: 'topic1', partitions: [11] }]
    })
  })

  it('v2 of spec 06', () => {
    const decoded = decode(v2)
    if (!decoded.ok) throw new Error(decoded.field)
    const { generation, protocol, currentStateTimestampMs, members } = decoded.value
    expect([generation, protocol, currentStateTimestampMs]).to.deep.equal([3, 'range', 1552078883402])
    expect(members[0]!.clientHost).to.equal('/172.18.0.1')
    expect(members[0]!.clientId).to.equal('tMember')
    expect(members[0]!.assignedPartitions).to.deep.equal([
      { topic: 'testtopic', partitions: [0, 1, 2, 3, 4, 5, 6, 7, 8] }
    ])
  })

  it('v3 of spec 06', () => {
    const decoded = decode(v3)
    if (!decoded.ok) throw new Error(decoded.field)
    const { generation, currentStateTimestampMs, members } = decoded.value
    expect([generation, currentStateTimestampMs]).to.deep.equal([1, 1567112890219])
    const { memberId, groupInstanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs } = members[0]!
    expect([memberId, groupInstanceId, clientId, clientHost]).to.deep.equal(['member', null, 'client', '/10.10.10.100'])
    expect([rebalanceTimeoutMs, sessionTimeoutMs]).to.deep.equal([-1, 30000])
    expect(members[0]!.assignedPartitions).to.deep.equal([{ topic: 'topic1', partitions: [0] }])
  })

  it('v4, in the flexible form, which Burrow rejects (spec 09 E3)', () => {
    const text = (value: string) => Buffer.concat([Buffer.from([value.length + 1]), Buffer.from(value)])
    const assignment = hex('0001 00000001 0006 746f70696331 00000001 00000003 00000000')
    const member = [text('m'), hex('00'), text('c'), text('/1.2.3.4'), hex('000493e0 0000afc8 01')]
    const bytes = [
      hex('0004'),
      text('consumer'),
      hex('00000007'),
      text('range'),
      text('m'),
      hex('0000016cdf35076b 02'),
      ...member,
      Buffer.from([assignment.length + 1]),
      assignment,
      hex('00 01 09 01 ff')
    ]
    const decoded = decode(Buffer.concat(bytes))
    if (!decoded.ok) throw new Error(decoded.field)
    const { generation, protocol, currentStateTimestampMs, members } = decoded.value
    expect([generation, protocol, currentStateTimestampMs]).to.deep.equal([7, 'range', 1567112890219])
    const { groupInstanceId, clientHost, rebalanceTimeoutMs, assignedPartitions } = members[0]!
    expect([members.length, groupInstanceId, clientHost, rebalanceTimeoutMs]).to.deep.equal([
      1,
      null,
      '/1.2.3.4',
      300_000
    ])
    expect(assignedPartitions).to.deep.equal([{ topic: 'topic1', partitions: [3] }])
  })

  it('a protocol type that is not `consumer` keeps its assignment to itself', () => {
    const other = Buffer.from(v1)
    other.write('badproto', 4)
    const decoded = decode(other)
    if (!decoded.ok) throw new Error(decoded.field)
    expect(decoded.value.protocolType).to.equal('badproto')
    expect(decoded.value.members[0]!.assignment).to.have.length(26)
    expect(decoded.value.members[0]!.assignedPartitions).to.deep.equal([])
  })

  const headers: [string, string][] = [
    ['', 'value version'],
    ['0005', 'value version'],
    ['ffff', 'value version'],
    ['0000 0008 7465737474', 'protocol_type'],
    ['0000 0001 61 0000', 'generation'],
    ['0000 0001 61 00000001 000c 7465737470', 'protocol'],
    ['0000 0001 61 00000001 0001 62 000a 74657374', 'leader'],
    ['0002 0001 61 00000001 0001 62 0001 63 00000000', 'current_state_timestamp'],
    ['0000 0001 61 00000001 0001 62 0001 63 0000', 'member_count'],
    ['0000 0001 61 00000001 0001 62 0001 63 ffffffff', 'member_count']
  ]
  for (const [bytes, field] of headers) {
    it(`header ${bytes || 'of no bytes'} stops at ${field}`, () => {
      expect(decode(hex(bytes))).to.deep.equal({ ok: false, field, partial: null })
    })
  }

  it('a huge count of members ends where the bytes do', () => {
    const decoded = decode(hex('0000 0001 61 00000001 0001 62 0001 63 7fffffff'))
    expect(decoded.ok ? 'ok' : decoded.field).to.equal('member_id')
  })

  // member: id m, client c, host h, timeouts, no subscription, then the assignment
  const start = '0001 0008 636f6e73756d6572 00000001 ffff ffff 00000001'
  const padding = '00'.repeat(20)
  const members: [string, string][] = [
    [`000c ${'74'.repeat(13 - 1 - 4)}`, 'member_id'],
    ['0001 6d 000c 74657374636c6965', 'client_id'],
    ['0001 6d 0001 63 000e 74657374636c', 'client_host'],
    ['0001 6d 0001 63 0006 686f73747878 0000', 'rebalance_timeout'],
    ['0001 6d 0001 63 0002 6868 00000004 00', 'session_timeout'],
    ['0001 6d 0001 63 0001 68 00000004 00000008 0000', 'subscription_bytes'],
    ['0001 6d 0001 63 0001 68 00000004 00000008 fffffffe 0000', 'subscription_bytes'],
    ['0001 6d 0001 63 0001 68 00000004 00000008 00000000 000000', 'assignment_bytes'],
    [
      `0001 6d 0001 63 0001 68 00000004 00000008 00000000 00000006 ffff 00000000 ${padding}`,
      'consumer_protocol_version'
    ],
    [
      `0001 6d 0001 63 0001 68 00000004 00000008 00000000 0000000c 0000 00000001 0009 74657374 ${padding}`,
      'assignment'
    ],
    [`0001 6d 0001 63 0001 68 00000004 00000008 00000000 00000006 0000 ffffffff ${padding}`, 'assignment'],
    [`0001 6d 0001 63 0001 68 00000004 00000008 00000000 00000006 0000 7fffffff ${padding}`, 'assignment']
  ]
  for (const [bytes, field] of members) {
    it(`member ${bytes} stops at ${field}`, () => {
      const decoded = decode(hex(start + bytes))
      expect(decoded.ok ? 'ok' : decoded.field).to.equal(field)
    })
  }

  it('members before the bad one are told', () => {
    const member = (memberId: string) => ({
      memberId,
      clientId: 'c',
      clientHost: '/h',
      assignedPartitions: [{ topic: 't', partitions: [1, 2] }]
    })
    const group = {
      protocolType: 'consumer',
      generation: 4,
      protocol: 'range',
      leader: 'a',
      currentStateTimestampMs: 5
    }
    const whole = encodeGroupMetadataValue({ ...group, members: [member('a'), member('b'), member('c')] })
    const decoded = decode(whole.subarray(0, whole.length - 3))
    if (decoded.ok) throw new Error('decoded a cut record')
    expect(decoded.field).to.equal('assignment_bytes')
    expect(decoded.partial!.members.map(one => one.memberId)).to.deep.equal(['a', 'b'])
    expect(decoded.partial!.generation).to.equal(4)
  })

  it('cut at any length, it names a field and never throws', () => {
    for (const bytes of [v1, v2, v3]) {
      for (let length = 0; length < bytes.length; length++) {
        const decoded = decodeGroupMetadata(bytes, 0, length)
        expect(decoded.ok, `${length}`).to.equal(false)
        if (!decoded.ok) expect(decoded.field).to.match(/^[a-z_ ]+$/)
      }
    }
  })

  it('reads what the writer writes', () => {
    const bytes = encodeGroupMetadataValue({
      protocolType: 'consumer',
      generation: 7,
      protocol: null,
      leader: null,
      currentStateTimestampMs: -1,
      members: [{ memberId: 'm', groupInstanceId: 'static', clientId: 'c', clientHost: '/1.2.3.4', topics: ['t', 'ü'] }]
    })
    const decoded = decode(bytes)
    if (!decoded.ok) throw new Error(decoded.field)
    expect(decoded.value.members[0]!.groupInstanceId).to.equal('static')
    const subscription = decodeMemberSubscription(decoded.value.members[0]!.subscription)
    expect(subscription).to.deep.equal({ ok: true, value: { topics: ['t', 'ü'], userData: null } })
    const key = encodeGroupMetadataKey('grüppe')
    expect(decodeGroupMetadataKey(key, 0, key.length)).to.deep.equal({ ok: true, value: 'grüppe' })
    expect(decodeGroupMetadataKey(key, 0, 5)).to.deep.equal({ ok: false, field: 'group' })
  })
})

describe('member assignment', () => {
  const whole = encodeMemberAssignment([
    { topic: 'a', partitions: [0, 5] },
    { topic: 'b', partitions: [] }
  ])

  it('decodes, with no bytes meaning nothing', () => {
    expect(decodeMemberAssignment(whole)).to.deep.equal({
      ok: true,
      value: {
        assignedPartitions: [
          { topic: 'a', partitions: [0, 5] },
          { topic: 'b', partitions: [] }
        ],
        userData: null
      }
    })
    for (const none of [null, new Uint8Array(0)]) {
      expect(decodeMemberAssignment(none)).to.deep.equal({
        ok: true,
        value: { assignedPartitions: [], userData: null }
      })
    }
  })

  const cuts: [string, string][] = [
    ['00', 'consumer_protocol_version'],
    ['8000', 'consumer_protocol_version'],
    ['0000 0000', 'assignment_topic_count'],
    ['0000 ffffffff', 'assignment_topic_count'],
    ['0000 00000002 000461', 'topic_name'],
    ['0000 7fffffff', 'topic_name'],
    ['0000 00000001 0009 74657374', 'topic_name'],
    ['0000 00000001 0002 6161 0000', 'assignment_partition_count'],
    ['0000 00000001 0001 61 80000000', 'assignment_partition_count'],
    ['0000 00000001 0001 61 7fffffff 00000001 0000', 'assignment_partition_id'],
    ['0000 00000001 0001 61 00000000', 'user_bytes'],
    ['0000 00000000 00000005 00', 'user_bytes']
  ]
  for (const [bytes, field] of cuts) {
    it(`${bytes} stops at ${field}`, () => {
      expect(decodeMemberAssignment(hex(bytes))).to.deep.equal({ ok: false, field })
    })
  }
})
