import type { ConsumerOffset, ConsumerPartition } from '../../shared/protocol/consumer.ts'

interface ModelCommit {
  offset: number
  order: number
  timestampMs: number
  observedTimestampMs: number
  lag: number | null
}

interface ModelEntry {
  window: (ModelCommit | null)[] | null
  owner: string
  clientId: string
}

interface ModelGroup {
  topics: Map<string, ModelEntry[]>
  lastCommit: number
  created: number
}

/**
 * Spec 02 once more, slow and plain: windows are arrays in reading order, empty slots first, the clock is a field. Written from
 * the text of the specification (with the decisions of spec 09), not from the storage actor, to be compared with it. One cluster.
 */
export class StorageModel {
  nowSeconds: number
  readonly topics = new Map<string, (number | null)[][]>()
  readonly groups = new Map<string, ModelGroup>()
  readonly #intervals: number
  readonly #expireGroup: number
  readonly #minDistance: number

  constructor(nowSeconds: number, intervals: number, expireGroup: number, minDistance: number) {
    this.nowSeconds = nowSeconds
    this.#intervals = intervals
    this.#expireGroup = expireGroup
    this.#minDistance = minDistance
  }

  /** 6.1, B2 */
  setBrokerOffset(topic: string, partition: number, count: number, offset: number): void {
    const held = this.topics.get(topic)?.length ?? 0
    if (partition < 0 || partition >= Math.max(held, count)) return
    const rings = this.topics.get(topic) ?? []
    this.topics.set(topic, rings)
    while (rings.length < count) rings.push(new Array(this.#intervals).fill(null))
    rings[partition]!.shift()
    rings[partition]!.push(offset)
  }

  /** 6.3 */
  setConsumerOffset(
    group: string,
    topic: string,
    partition: number,
    offset: number,
    order: number,
    timestampMs: number
  ): void {
    if (timestampMs < this.#expiredBefore()) return
    const newest = this.#lookup(topic, partition)
    if (newest === null) return
    const state = this.#ensureGroup(group)
    const entry = this.#ensureEntry(state, topic, partition)
    entry.window ??= this.#emptyWindow()
    const { window } = entry
    const place = findPlace(window, order)
    if (place === null) return
    const isAppend = place.kind === 'append'
    const lag = isAppend ? Math.max(0, newest - offset) : null
    if (isAppend) state.lastCommit = Math.max(state.lastCommit, timestampMs)
    const commit = { offset, order, timestampMs, observedTimestampMs: this.nowSeconds * 1000, lag }
    const before = place.before
    if (before && before.order < order && timestampMs - before.timestampMs < this.#minDistance * 1000) {
      window[window.indexOf(before)] = { ...commit, timestampMs: before.timestampMs }
    } else if (place.kind === 'replace') {
      window[place.at] = commit
    } else {
      window.splice(place.at, 0, commit)
      window.shift() // an empty slot, or the oldest commit
    }
  }

  /** 6.5 */
  setOwner(group: string, topic: string, partition: number, owner: string, clientId: string): void {
    const state = this.#ensureGroup(group)
    if (this.#lookup(topic, partition) === null) return
    const entry = this.#ensureEntry(state, topic, partition)
    entry.window ??= this.#emptyWindow()
    entry.owner = owner
    entry.clientId = clientId
  }

  /** 6.6 */
  clearOwners(group: string): void {
    for (const entries of this.groups.get(group)?.topics.values() ?? []) {
      for (const entry of entries) {
        entry.owner = ''
        entry.clientId = ''
      }
    }
  }

  /** 6.7, B11 */
  deleteTopic(topic: string): void {
    for (const [name, group] of this.groups) {
      if (group.topics.delete(topic) && group.topics.size === 0) this.groups.delete(name)
    }
    this.topics.delete(topic)
  }

  /** 6.8 */
  deleteGroup(name: string, topic: string): void {
    const group = this.groups.get(name)
    if (!group) return
    if (topic === '') this.groups.delete(name)
    else if (group.topics.delete(topic) && group.topics.size === 0) this.groups.delete(name)
  }

  /** E7 */
  deleteWindow(name: string, topic: string, partition: number): void {
    const group = this.groups.get(name)
    const entries = group?.topics.get(topic)
    const entry = entries?.[partition]
    if (!group || !entries || !entry?.window) return
    entry.window = null
    if (entries.some(({ window, owner, clientId }) => window || owner || clientId)) return
    group.topics.delete(topic)
    if (group.topics.size === 0) this.groups.delete(name)
  }

  /** 6.9, B3 */
  fetchTopic(topic: string): number[] | null {
    return this.topics.get(topic)?.map(ring => ring.at(-1) ?? -1) ?? null
  }

  fetchConsumersForTopic(topic: string): string[] {
    return [...this.groups].filter(([, group]) => group.topics.has(topic)).map(([name]) => name)
  }

  /** 6.10, B1, B7 */
  fetchConsumer(name: string): Map<string, ConsumerPartition[]> | null {
    const group = this.groups.get(name)
    if (!group) return null
    if (this.#expiredBefore() > group.lastCommit) {
      if (group.lastCommit > 0 || this.#expiredBefore() > group.created) this.groups.delete(name)
      return null
    }
    return new Map(
      [...group.topics].map(([topic, entries]) => [topic, entries.map((entry, p) => this.#copy(topic, entry, p))])
    )
  }

  #copy(topic: string, entry: ModelEntry, partition: number): ConsumerPartition {
    const offsets: (ConsumerOffset | null)[] = entry.window?.map(commit => commit && { ...commit }) ?? []
    const brokerOffsets = (this.topics.get(topic)?.[partition] ?? []).filter(offset => offset !== null)
    const last = offsets.at(-1)
    const newest = brokerOffsets.at(-1)
    const currentLag = last && newest !== undefined ? Math.max(0, newest - last.offset) : 0
    return { offsets, brokerOffsets, owner: entry.owner, clientId: entry.clientId, currentLag }
  }

  #expiredBefore(): number {
    return (this.nowSeconds - this.#expireGroup) * 1000
  }

  /** 6.2 */
  #lookup(topic: string, partition: number): number | null {
    return this.topics.get(topic)?.[partition]?.at(-1) ?? null
  }

  #ensureGroup(name: string): ModelGroup {
    const group = this.groups.get(name) ?? { topics: new Map(), lastCommit: 0, created: this.nowSeconds * 1000 }
    this.groups.set(name, group)
    return group
  }

  #ensureEntry(group: ModelGroup, topic: string, partition: number): ModelEntry {
    const entries = group.topics.get(topic) ?? []
    group.topics.set(topic, entries)
    if (partition >= entries.length) {
      while (entries.length < this.topics.get(topic)!.length) entries.push({ window: null, owner: '', clientId: '' })
    }
    return entries[partition]!
  }

  #emptyWindow(): null[] {
    return new Array(this.#intervals).fill(null)
  }
}

/** 6.3.1: where the commit goes (an index in reading order), and the slot before it for the merge rule. null = drop. */
function findPlace(
  window: readonly (ModelCommit | null)[],
  order: number
): { kind: 'append' | 'insert' | 'replace'; at: number; before: ModelCommit | null } | null {
  const commits = window.filter(commit => commit !== null)
  const empty = window.length - commits.length
  const newest = commits.at(-1) ?? null
  if (!newest || order > newest.order) return { kind: 'append', at: window.length, before: newest }
  const full = empty === 0
  if (full && order <= commits[0]!.order) return null
  if (commits.some(commit => commit.order === order)) return null
  if (order < commits[0]!.order) return { kind: 'insert', at: empty, before: null }
  if (full && order < commits[1]!.order) return { kind: 'replace', at: 0, before: null }
  const after = commits.findIndex(commit => commit.order > order)
  return { kind: 'insert', at: empty + after, before: commits[after - 1]! }
}
