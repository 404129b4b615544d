import type { HoldBudget } from './transactions.ts'

/** Records about members, and partitions assigned in them, that one kafka thread remembers for one consumer module. */
export const membershipMax = 2_000_000

/** Partitions of a topic, which KIP-848 names by id: 32 hex digits. */
export interface AssignedById {
  readonly topicId: string
  readonly partitions: readonly number[]
}

/** What one record says of a member, and where that record is. */
interface Joined {
  readonly offset: number
  readonly clientId: string
  readonly clientHost: string
}
interface Assigned {
  readonly offset: number
  readonly topics: readonly AssignedById[]
}
interface Member {
  joined: Joined | null
  assigned: Assigned | null
}

/**
 * Who is in the KIP-848 groups of one offsets partition and what they have: each member has a record that says who it is, written
 * when it joins, and one that says what it has. Kafka threads; one owner, the OffsetsPartition.
 *
 * Neither record is ever written again while nothing changes, so reading must begin again at the oldest one that holds.
 */
export class GroupMembers {
  /** Groups whose owners changed since they were told last, with the offset of the first change; in the order of these. */
  readonly changed = new Map<string, number>()
  readonly #membersByGroup = new Map<string, Map<string, Member>>()
  /** What holds, in the order of offsets: a set keeps the order in which things were put in, and the log is read in order. */
  readonly #facts = new Set<Joined | Assigned>()
  readonly #budget: HoldBudget

  constructor(budget: HoldBudget) {
    this.#budget = budget
  }

  /** Reading must begin here again to know all members, and all changes not yet told. Infinity: anywhere. */
  get oldestOffset(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const { offset } of this.#facts) {
      oldest = offset
      break
    }
    for (const offset of this.changed.values()) return Math.min(oldest, offset)
    return oldest
  }

  /** False: there is no room to remember it; the caller counts it. */
  joined(group: string, memberId: string, offset: number, clientId: string, clientHost: string): boolean {
    const member = this.#memberOf(group, memberId)
    const before = member.joined
    if (before?.clientId !== clientId || before.clientHost !== clientHost) this.#noteChange(group, offset)
    member.joined = this.#replace(before, { offset, clientId, clientHost })
    this.#forgetIfNothing(group, memberId, member)
    return member.joined !== null
  }

  /** What it has from now on, and nothing else. False as for `joined`. */
  assigned(group: string, memberId: string, offset: number, topics: readonly AssignedById[]): boolean {
    const member = this.#memberOf(group, memberId)
    const before = member.assigned
    if (!isSame(before?.topics ?? [], topics)) this.#noteChange(group, offset)
    member.assigned = this.#replace(before, { offset, topics })
    this.#forgetIfNothing(group, memberId, member)
    return member.assigned !== null
  }

  left(group: string, memberId: string, offset: number): void {
    const member = this.#membersByGroup.get(group)?.get(memberId)
    if (!member) return
    this.#drop(member)
    this.#forgetMember(group, memberId)
    this.#noteChange(group, offset)
  }

  /** Every member that is known by both records. */
  *owners(group: string): Iterable<{ readonly joined: Joined; readonly topics: readonly AssignedById[] }> {
    for (const { joined, assigned } of this.#membersByGroup.get(group)?.values() ?? []) {
      if (joined && assigned) yield { joined, topics: assigned.topics }
    }
  }

  /** The group is none of this kind any more: whatever owners it has are not ours to tell. */
  forget(group: string): void {
    for (const member of this.#membersByGroup.get(group)?.values() ?? []) this.#drop(member)
    this.#membersByGroup.delete(group)
    this.changed.delete(group)
  }

  /** They will be read again. */
  clear(): void {
    for (const group of [...this.#membersByGroup.keys()]) this.forget(group)
    this.changed.clear()
  }

  #memberOf(group: string, memberId: string): Member {
    let members = this.#membersByGroup.get(group)
    if (!members) {
      members = new Map()
      this.#membersByGroup.set(group, members)
    }
    let member = members.get(memberId)
    if (!member) {
      member = { joined: null, assigned: null }
      members.set(memberId, member)
    }
    return member
  }

  /** There was no room for it. */
  #forgetIfNothing(group: string, memberId: string, { joined, assigned }: Member): void {
    if (!joined && !assigned) this.#forgetMember(group, memberId)
  }

  #forgetMember(group: string, memberId: string): void {
    const members = this.#membersByGroup.get(group)
    members?.delete(memberId)
    if (members?.size === 0) this.#membersByGroup.delete(group)
  }

  #noteChange(group: string, offset: number): void {
    if (!this.changed.has(group)) this.changed.set(group, offset)
  }

  /** Null: no room. The old one does not hold any more in any case. */
  #replace<T extends Joined | Assigned>(before: T | null, after: T): T | null {
    this.#remove(before)
    const weight = weightOf(after)
    if (this.#budget.held + weight > this.#budget.max) return null
    this.#budget.held += weight
    this.#facts.add(after)
    return after
  }

  #drop(member: Member): void {
    this.#remove(member.joined)
    this.#remove(member.assigned)
  }

  #remove(fact: Joined | Assigned | null): void {
    if (!fact) return
    this.#facts.delete(fact)
    this.#budget.held -= weightOf(fact)
  }
}

function weightOf(fact: Joined | Assigned): number {
  if (!('topics' in fact)) return 1
  return fact.topics.reduce((sum, { partitions }) => sum + partitions.length, 1)
}

/** The order counts: one that differs by it alone is told once more, which does no harm. */
function isSame(a: readonly AssignedById[], b: readonly AssignedById[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ topicId, partitions }, index) => {
      const other = b[index]!
      return (
        topicId === other.topicId &&
        partitions.length === other.partitions.length &&
        partitions.every((partition, at) => partition === other.partitions[at])
      )
    })
  )
}
