import { expect } from 'chai'
import { fetchDirectories, type GroupDirectory } from '../../shared/actor/storage-messages.ts'
import { messageOf } from '../../shared/errors.ts'
import type { ConsumerOffset, ConsumerPartition, ConsumerTopics } from '../../shared/protocol/consumer.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { Random } from './random.ts'
import { baseMs, StorageFixture } from './storage-fixture.ts'
import { StorageModel } from './storage-model.ts'
import { commitRecord, deleteWindowRecord, endOffsetRecord } from './storage-peer.ts'
import { checkSummary } from './summary-oracle.ts'

const topics = ['t0', 't1'] as const
const groups = ['g0', 'g1', 'g2'] as const
const expireGroupSeconds = 1000
const allowedLag = 3

/**
 * Random steps on the storage actor and on the model of spec 02. After each step the group concerned must be the same in both and
 * its summaries those of its windows; every so often everything is compared. Small numbers everywhere, so that full
 * windows, duplicates, merges, growth, expiry and deletion keep meeting each other.
 */
export async function storageRandomWalk(seed: number, steps: number): Promise<void> {
  const random = new Random(seed)
  const intervals = 1 + random.below(6)
  const minDistanceSeconds = random.below(3)
  const fixture = new StorageFixture({ intervals, minDistanceSeconds, expireGroupSeconds, allowedLag })
  const model = new StorageModel(baseMs / 1000, intervals, expireGroupSeconds, minDistanceSeconds)
  const { peer } = fixture
  peer.names([
    ...topics.map(topic => ({ group: null, topic })),
    ...groups.flatMap(group => topics.map(topic => ({ group, topic })))
  ])
  for (let step = 0; step < steps; step++) {
    const topic = random.below(topics.length)
    const group = random.below(groups.length)
    try {
      takeStep(random, fixture, model, group, topic)
      await compareGroup(fixture, model, groups[group]!, intervals)
      if (step % 64 === 0) await compareLists(fixture, model)
    } catch (error) {
      throw new Error(`seed ${seed} step ${step}: ${messageOf(error)}`, { cause: error })
    }
  }
}

function takeStep(random: Random, fixture: StorageFixture, model: StorageModel, g: number, t: number): void {
  const { peer } = fixture
  const group = groups[g]!
  const topic = topics[t]!
  const key = topics.length + g * topics.length + t
  const partition = random.below(4)
  const kind = random.below(1000)
  if (kind < 700) {
    const offset = 90 + random.below(20)
    const order = random.below(40) + (fixture.clock.nowMs() - baseMs) / 1000
    const timestampMs = fixture.clock.nowMs() + random.below(8000) - 4000
    model.setConsumerOffset(group, topic, partition, offset, order, timestampMs)
    peer.batch([commitRecord(key, partition, order, offset, timestampMs)])
  } else if (kind < 850) {
    const count = 1 + random.below(random.chance(20) ? 6 : 3)
    const offset = 95 + random.below(20)
    model.setBrokerOffset(topic, partition, count, offset)
    peer.batch([endOffsetRecord(t, partition, count, offset)])
  } else if (kind < 900) {
    const owner = random.chance(3) ? '' : `/10.0.0.${random.below(4)}`
    const clientId = random.chance(3) ? '' : 'client'
    model.setOwner(group, topic, partition, owner, clientId)
    peer.tell({ type: Code.SetConsumerOwner, cluster: 'c', group, topic, partition, owner, clientId })
  } else if (kind < 960) {
    model.deleteWindow(group, topic, partition)
    peer.batch([deleteWindowRecord(key, partition)])
  } else if (kind < 975) {
    const ms = random.chance(10) ? 900_000 : random.below(3000)
    fixture.advance(ms)
    model.nowSeconds = Math.floor(fixture.clock.nowMs() / 1000)
  } else if (kind < 985) {
    model.clearOwners(group)
    peer.tell({ type: Code.ClearConsumerOwners, cluster: 'c', group })
  } else if (kind < 994) {
    const only = random.chance(2) ? topic : ''
    model.deleteGroup(group, only)
    peer.tell({ type: Code.SetDeleteGroup, cluster: 'c', group, ...(only && { topic: only }) })
  } else {
    model.deleteTopic(topic)
    peer.tell({ type: Code.SetDeleteTopic, cluster: 'c', topic })
  }
}

async function compareGroup(
  fixture: StorageFixture,
  model: StorageModel,
  group: string,
  intervals: number
): Promise<void> {
  const [found, directories] = await Promise.all([
    fixture.peer.ask({ type: Code.FetchConsumer, cluster: 'c', group }),
    fixture.peer.ask({ type: fetchDirectories, cluster: 'c', groups: [group] })
  ])
  const directory = directories?.[0] ?? null
  const wanted = model.fetchConsumer(group)
  if (!same(found, wanted)) expect(found, group).to.deep.equal(wanted)
  if ((directory === null) !== (wanted === null)) throw new Error(`directory of ${group} and group differ`)
  if (directory) checkDirectory(fixture, directory, found!, intervals)
}

function checkDirectory(
  { peer }: StorageFixture,
  directory: GroupDirectory,
  found: ConsumerTopics,
  intervals: number
): void {
  if (directory.topics.length !== found.size) throw new Error(`${directory.topics.length} topics, not ${found.size}`)
  for (const { topic, windows, owners, clientIds } of directory.topics) {
    const partitions = found.get(topic)!.length
    const noNames = new Array(partitions).fill('')
    const named = [owners ?? noNames, clientIds ?? noNames]
    const wanted = [found.get(topic)!.map(({ owner }) => owner), found.get(topic)!.map(({ clientId }) => clientId)]
    if (JSON.stringify(named) !== JSON.stringify(wanted)) expect(named).to.deep.equal(wanted)
    if (windows.partitions !== partitions)
      throw new Error(`${topic} has ${partitions} partitions, not ${windows.partitions}`)
    for (let partition = 0; partition < partitions; partition++) {
      checkSummary(peer.slabs.get(windows.slab), windows, partition, intervals, allowedLag)
    }
  }
}

async function compareLists({ peer }: StorageFixture, model: StorageModel): Promise<void> {
  const consumers = await peer.ask({ type: Code.FetchConsumers, cluster: 'c' })
  expect([...consumers!].sort()).to.deep.equal([...model.groups.keys()].sort())
  const names = await peer.ask({ type: Code.FetchTopics, cluster: 'c' })
  expect([...names!].sort()).to.deep.equal([...model.topics.keys()].sort())
  for (const topic of topics) {
    expect(await peer.ask({ type: Code.FetchTopic, cluster: 'c', topic })).to.deep.equal(model.fetchTopic(topic))
    const consuming = await peer.ask({ type: Code.FetchConsumersForTopic, cluster: 'c', topic })
    expect([...consuming!].sort()).to.deep.equal(model.fetchConsumersForTopic(topic).sort())
  }
}

/** Quicker than deep equality by a library; the order of topics does not matter. */
function same(a: ConsumerTopics | null, b: ConsumerTopics | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.size === b.size && [...a].every(([topic, partitions]) => sameList(partitions, b.get(topic) ?? [], samePartition))
  )
}

function samePartition(a: ConsumerPartition, b: ConsumerPartition): boolean {
  return (
    a.currentLag === b.currentLag &&
    a.owner === b.owner &&
    a.clientId === b.clientId &&
    sameList(a.brokerOffsets, b.brokerOffsets, (x, y) => x === y) &&
    sameList(a.offsets, b.offsets, sameCommit)
  )
}

function sameCommit(a: ConsumerOffset | null, b: ConsumerOffset | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.offset === b.offset &&
    a.order === b.order &&
    a.timestampMs === b.timestampMs &&
    a.observedTimestampMs === b.observedTimestampMs &&
    a.lag === b.lag
  )
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, i) => same(item, b[i]!))
}
