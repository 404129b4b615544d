import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { fetchDirectories } from '../../shared/actor/storage-messages.ts'
import type { ConsumerTopics } from '../../shared/protocol/consumer.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { groupWordsF64 } from '../../shared/ring/ring-layout.ts'
import { fixturesDir } from './paths.ts'
import { baseMs } from './storage-fixture.ts'
import { commitRecord, endOffsetRecord, type StoragePeer } from './storage-peer.ts'

/** The storage part of vectors.json; windows are [order, offset, ts, lag], times relative to a base. */
interface Op {
  readonly op: 'broker' | 'commit' | 'owner'
  readonly partition: number
  readonly partitionCount?: number
  readonly order?: number
  readonly offset: number
  readonly ts: number
  readonly owner?: string
  readonly clientId?: string
  readonly expect: Expected | null
}

interface Expected {
  readonly lastCommit: number
  readonly partitions: readonly {
    readonly brokerOffsets: readonly number[]
    readonly clientId: string
    readonly owner: string
    readonly currentLag: number
    readonly window: readonly (readonly [number, number, number, number | null] | null)[]
  }[]
}

export interface StorageVector {
  readonly name: string
  readonly intervals: number
  readonly minDistance: number
  readonly ops: readonly Op[]
}

export const storageVectors: readonly StorageVector[] = JSON.parse(
  readFileSync(join(fixturesDir, 'vectors.json'), 'utf8')
).storage

/** Ways in: as commands, or as packed batches with owners as commands. */
export type WayIn = 'commands' | 'batches'

/** Plays a row and compares the state after every step. The clock must stand at `baseMs`. */
export async function playVector(vector: StorageVector, peer: StoragePeer, way: WayIn): Promise<void> {
  peer.names([
    { group: null, topic: 't' },
    { group: 'g', topic: 't' }
  ])
  for (const [step, op] of vector.ops.entries()) {
    apply(op, peer, way)
    const topics = await peer.ask({ type: Code.FetchConsumer, cluster: 'c', group: 'g' })
    const state = topics && { lastCommit: await lastCommit(peer), partitions: relative(topics) }
    expect(state, `${vector.name} step ${step}`).to.deep.equal(op.expect)
  }
}

function apply(op: Op, peer: StoragePeer, way: WayIn): void {
  const { partition, offset, partitionCount = 0, order = 0, owner = '', clientId = '' } = op
  const timestampMs = baseMs + op.ts
  const where = { cluster: 'c', topic: 't', partition }
  if (op.op === 'owner') {
    peer.tell({ type: Code.SetConsumerOwner, ...where, group: 'g', owner, clientId })
  } else if (way === 'batches') {
    const isCommit = op.op === 'commit'
    const commit = commitRecord(1, partition, order, offset, timestampMs)
    peer.batch([isCommit ? commit : endOffsetRecord(0, partition, partitionCount, offset)])
  } else if (op.op === 'broker') {
    peer.tell({ type: Code.SetBrokerOffset, ...where, topicPartitionCount: partitionCount, offset, timestampMs })
  } else {
    peer.tell({ type: Code.SetConsumerOffset, ...where, group: 'g', offset, order, timestampMs })
  }
}

/** As a reader on another thread gets it: by way of the directory and the group's words. */
async function lastCommit(peer: StoragePeer): Promise<number> {
  const [directory] = (await peer.ask({ type: fetchDirectories, cluster: 'c', groups: ['g'] }))!
  const { slab, at } = directory!.words
  return peer.slabs.get(slab).f64[at / 8 + groupWordsF64.lastCommitMs]! - baseMs
}

function relative(topics: ConsumerTopics): Expected['partitions'] {
  expect([...topics.keys()]).to.deep.equal(['t'])
  return topics.get('t')!.map(({ offsets, brokerOffsets, owner, clientId, currentLag }) => ({
    brokerOffsets,
    clientId,
    owner,
    currentLag,
    window: offsets.map(
      commit => commit && ([commit.order, commit.offset, commit.timestampMs - baseMs, commit.lag] as const)
    )
  }))
}
