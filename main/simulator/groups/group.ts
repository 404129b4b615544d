import { KafkaError } from '../error-codes.ts'
import { GroupMember, type JoinRequest, type JoinResult, type SyncResult } from './group-member.ts'

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** A committed offset as OffsetFetch gives it back. */
export interface CommittedOffset {
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
}

/**
 * A classic consumer group: members, generation and the two-step rebalance of Kafka's group coordinator.
 *
 *   Empty -> PreparingRebalance -> CompletingRebalance -> Stable
 *              all members join      the leader's sync      a member comes, goes or changes: from the start
 *
 * A join is answered when all known members have joined or the rebalance timeout has passed (who has not joined is removed), a
 * sync when the leader's assignments are there. One thread; `onChange` tells of each new assignment or emptiness, so that a record is written.
 */
export class Group {
  readonly name: string
  state: GroupState = 'Empty'
  generation = 0
  protocolType = ''
  protocol: string | null = null
  leader: string | null = null
  readonly members = new Map<string, GroupMember>()
  readonly offsetsByTopic = new Map<string, Map<number, CommittedOffset>>()
  private readonly onChange: (group: Group) => void
  private readonly initialDelayMs: number
  private readonly promisedIds = new Set<string>()
  private rebalance: NodeJS.Timeout | undefined

  constructor(name: string, initialDelayMs: number, onChange: (group: Group) => void) {
    this.name = name
    this.initialDelayMs = initialDelayMs
    this.onChange = onChange
  }

  /** Resolves when the rebalance it causes or joins is over. */
  join(request: JoinRequest): Promise<JoinResult> {
    if (this.members.size > 0 && request.protocolType !== this.protocolType) {
      return this.refuseJoin(request, KafkaError.inconsistentGroupProtocol)
    }
    let member = this.members.get(request.memberId)
    if (!member) {
      if (request.memberId === '') {
        const memberId = `${request.clientId}-${crypto.randomUUID()}`
        if (request.mustReturnWithId) {
          if (this.promisedIds.size < promisedIdsMax) this.promisedIds.add(memberId)
          return this.refuseJoin({ ...request, memberId }, KafkaError.memberIdRequired)
        }
        member = new GroupMember(memberId, request)
      } else if (this.promisedIds.delete(request.memberId)) member = new GroupMember(request.memberId, request)
      else return this.refuseJoin(request, KafkaError.unknownMemberId)
      this.members.set(member.id, member)
      this.protocolType = request.protocolType
    } else if (this.state === 'Stable' && member.id !== this.leader && member.sameProtocols(request)) {
      return Promise.resolve(this.joinResult(member, KafkaError.none))
    }
    const answer = member.waitForJoin(request)
    if (this.state === 'PreparingRebalance') this.completeIfAllJoined()
    else this.startRebalance()
    return answer
  }

  sync(memberId: string, generation: number, assignments: ReadonlyMap<string, Buffer>): Promise<SyncResult> {
    const member = this.members.get(memberId)
    const error = this.memberError(member, generation)
    if (error !== KafkaError.none || !member) return Promise.resolve({ error, assignment: noBytes })
    if (this.state === 'PreparingRebalance') {
      return Promise.resolve({ error: KafkaError.rebalanceInProgress, assignment: noBytes })
    }
    if (this.state === 'Stable') return Promise.resolve({ error, assignment: member.assignment })
    const answer = member.waitForSync()
    if (memberId === this.leader) {
      for (const each of this.members.values()) each.assignment = assignments.get(each.id) ?? noBytes
      this.state = 'Stable'
      this.onChange(this)
      for (const each of this.members.values()) each.answerSync({ error, assignment: each.assignment })
      this.watchSessions()
    }
    return answer
  }

  heartbeat(memberId: string, generation: number): number {
    const member = this.members.get(memberId)
    const error = this.memberError(member, generation)
    if (error !== KafkaError.none || !member) return error
    this.watchSession(member)
    return this.state === 'PreparingRebalance' ? KafkaError.rebalanceInProgress : KafkaError.none
  }

  leave(memberId: string): number {
    const member = this.members.get(memberId)
    if (!member) return this.promisedIds.delete(memberId) ? KafkaError.none : KafkaError.unknownMemberId
    this.remove(member)
    return KafkaError.none
  }

  /** Whether this member may commit; a commit without generation (-1) is for groups that nobody has joined. */
  commitError(memberId: string, generation: number): number {
    if (generation < 0 && this.members.size === 0) return KafkaError.none
    const member = this.members.get(memberId)
    const error = this.memberError(member, generation)
    if (error === KafkaError.none && member) this.watchSession(member)
    return error
  }

  /** Members as a test or the demo wants them, without a client behind; they never time out. */
  describeAs(change: {
    protocolType: string
    protocol: string | null
    generation: number
    members: readonly GroupMember[]
  }): void {
    this.stop()
    this.protocolType = change.protocolType
    this.protocol = change.protocol
    this.generation = change.generation
    for (const member of change.members) this.members.set(member.id, member)
    this.leader = change.members[0]?.id ?? null
    this.state = change.members.length > 0 ? 'Stable' : 'Empty'
  }

  stop(): void {
    clearTimeout(this.rebalance)
    for (const member of this.members.values()) member.stopWatch()
    this.members.clear()
  }

  private startRebalance(): void {
    const fresh = this.state === 'Empty'
    this.state = 'PreparingRebalance'
    for (const member of this.members.values()) {
      member.answerSync({ error: KafkaError.rebalanceInProgress, assignment: noBytes })
    }
    clearTimeout(this.rebalance)
    if (fresh) this.rebalance = setTimeout(() => this.complete(), this.initialDelayMs)
    else {
      const timeoutMs = Math.max(0, ...[...this.members.values()].map(member => member.rebalanceTimeoutMs))
      this.rebalance = setTimeout(() => this.complete(), timeoutMs)
      this.completeIfAllJoined()
    }
  }

  private completeIfAllJoined(): void {
    const fresh = this.leader === null
    if (!fresh && [...this.members.values()].every(member => member.hasJoined)) this.complete()
  }

  private complete(): void {
    clearTimeout(this.rebalance)
    for (const member of [...this.members.values()]) {
      if (member.hasJoined) continue
      member.stopWatch()
      this.members.delete(member.id)
    }
    this.generation++
    if (this.members.size === 0) {
      this.becomeEmpty()
      return
    }
    const members = [...this.members.values()]
    if (!this.leader || !this.members.has(this.leader)) this.leader = members[0]!.id
    this.protocol = chooseProtocol(members)
    this.state = 'CompletingRebalance'
    for (const member of members) {
      member.answerJoin(this.joinResult(member, KafkaError.none))
      this.watchSession(member)
    }
  }

  private becomeEmpty(): void {
    this.state = 'Empty'
    this.leader = null
    this.protocol = null
    this.onChange(this)
  }

  private remove(member: GroupMember): void {
    member.stopWatch()
    this.members.delete(member.id)
    if (this.members.size === 0) {
      clearTimeout(this.rebalance)
      this.generation++
      this.becomeEmpty()
    } else if (this.state === 'PreparingRebalance') this.completeIfAllJoined()
    else this.startRebalance()
  }

  private memberError(member: GroupMember | undefined, generation: number): number {
    if (!member) return KafkaError.unknownMemberId
    return generation === this.generation ? KafkaError.none : KafkaError.illegalGeneration
  }

  private watchSessions(): void {
    for (const member of this.members.values()) this.watchSession(member)
  }
  private watchSession(member: GroupMember): void {
    member.watch(() => this.remove(member))
  }

  private joinResult(member: GroupMember, error: number): JoinResult {
    const all = member.id === this.leader ? [...this.members.values()] : []
    return {
      error,
      generation: this.generation,
      protocolType: this.protocolType,
      protocol: this.protocol,
      leader: this.leader ?? '',
      memberId: member.id,
      members: all.map(each => ({
        id: each.id,
        instanceId: each.instanceId,
        metadata: each.metadataFor(this.protocol ?? '')
      }))
    }
  }
  private refuseJoin(request: JoinRequest, error: number): Promise<JoinResult> {
    const { memberId } = request
    return Promise.resolve({
      error,
      generation: -1,
      protocolType: null,
      protocol: null,
      leader: '',
      memberId,
      members: []
    })
  }
}

const noBytes = Buffer.alloc(0)
/** Ids handed out by MEMBER_ID_REQUIRED whose owners never came back. */
const promisedIdsMax = 1000

/** The first protocol of the first member that all others have too. */
function chooseProtocol(members: readonly GroupMember[]): string {
  const common = members[0]!.protocols.find(({ name }) =>
    members.every(member => member.protocols.some(protocol => protocol.name === name))
  )
  return common?.name ?? ''
}
