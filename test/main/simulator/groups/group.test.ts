import { expect } from 'chai'
import { KafkaError } from '../../../../main/simulator/error-codes.ts'
import { Group } from '../../../../main/simulator/groups/group.ts'
import type { JoinRequest } from '../../../../main/simulator/groups/group-member.ts'
import { waitFor } from '../../../support/wait-for.ts'

const longMs = 60_000

function request(memberId: string, change: Partial<JoinRequest> = {}): JoinRequest {
  return {
    memberId,
    instanceId: null,
    clientId: 'client',
    clientHost: '/127.0.0.1',
    sessionTimeoutMs: longMs,
    rebalanceTimeoutMs: longMs,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('t') }],
    mustReturnWithId: false,
    ...change
  }
}

describe('simulator: group', () => {
  let group: Group
  let changes: string[]
  beforeEach(() => {
    changes = []
    group = new Group('g', 0, ({ state, members }) => changes.push(`${state} ${members.size}`))
  })
  afterEach(() => group.stop())

  /** Joins alone and takes the assignment 'a': a stable group. */
  async function stableAlone(change: Partial<JoinRequest> = {}): Promise<string> {
    const { memberId, generation } = await group.join(request('', change))
    await group.sync(memberId, generation, new Map([[memberId, Buffer.from('a')]]))
    return memberId
  }

  it('sends a new member back once with its id when the version asks for that', async () => {
    const sent = await group.join(request('', { mustReturnWithId: true }))
    expect(sent.error).to.equal(KafkaError.memberIdRequired)
    const joined = await group.join(request(sent.memberId, { mustReturnWithId: true }))
    expect([joined.error, joined.leader, joined.generation]).to.deep.equal([0, sent.memberId, 1])
    expect((await group.join(request('made up'))).error).to.equal(KafkaError.unknownMemberId)
  })

  it('makes one member the leader, gives it all subscriptions, and hands its assignments out', async () => {
    const [one, two] = await Promise.all([group.join(request('')), group.join(request(''))])
    expect(one.leader).to.equal(two.leader)
    const [leader, follower] = one.leader === one.memberId ? [one, two] : [two, one]
    expect(leader.members.map(({ id }) => id)).to.have.members([one.memberId, two.memberId])
    expect(follower.members).to.deep.equal([])

    const waiting = group.sync(follower.memberId, 1, new Map())
    const assignments = new Map([
      [leader.memberId, Buffer.from('L')],
      [follower.memberId, Buffer.from('F')]
    ])
    expect((await group.sync(leader.memberId, 1, assignments)).assignment.toString()).to.equal('L')
    expect((await waiting).assignment.toString()).to.equal('F')
    expect(changes).to.deep.equal(['Stable 2'])
  })

  it('tells members of a rebalance by their heartbeats, and takes those who come again', async () => {
    const first = await stableAlone()
    const second = group.join(request(''))
    expect(group.heartbeat(first, 1)).to.equal(KafkaError.rebalanceInProgress)
    const again = await group.join(request(first))
    expect([again.generation, again.leader, again.members.length]).to.deep.equal([2, first, 2])
    expect((await second).generation).to.equal(2)
    expect(group.heartbeat(first, 1)).to.equal(KafkaError.illegalGeneration)
    expect(group.heartbeat(first, 2)).to.equal(KafkaError.none)
  })

  it('goes on without a member that does not come again in time', async () => {
    const silent = await stableAlone({ rebalanceTimeoutMs: 20 })
    const joined = await group.join(request('', { rebalanceTimeoutMs: 20 }))
    expect([joined.error, joined.generation, joined.leader]).to.deep.equal([0, 2, joined.memberId])
    expect(group.heartbeat(silent, 2)).to.equal(KafkaError.unknownMemberId)
  })

  it('drops a member whose session ends, and is empty then', async () => {
    await stableAlone({ sessionTimeoutMs: 20 })
    await waitFor(() => group.state === 'Empty', 'the end of the session')
    expect(changes).to.deep.equal(['Stable 1', 'Empty 0'])
  })

  it('rebalances when one leaves, and is empty when the last does', async () => {
    const first = await stableAlone()
    const second = group.join(request(''))
    const { generation } = await group.join(request(first))
    expect(group.leave(first)).to.equal(KafkaError.none)
    expect(group.leave(first)).to.equal(KafkaError.unknownMemberId)
    const { memberId } = await second
    expect(group.heartbeat(memberId, generation)).to.equal(KafkaError.rebalanceInProgress)
    const left = await group.join(request(memberId))
    expect(left.leader).to.equal(memberId)
    group.leave(memberId)
    expect(group.state).to.equal('Empty')
  })

  it('takes commits of members in their generation, and of anyone while it is empty', async () => {
    expect(group.commitError('', -1)).to.equal(KafkaError.none)
    const member = await stableAlone()
    expect(group.commitError('', -1)).to.equal(KafkaError.unknownMemberId)
    expect(group.commitError(member, 0)).to.equal(KafkaError.illegalGeneration)
    expect(group.commitError(member, 1)).to.equal(KafkaError.none)
  })
})
