import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { PackedType, packedF64, packedI32 } from '../../shared/actor/packed-batch.ts'
import { appliedToIndex, forgetShard, type PositionTable, resumeFromIndex } from '../../shared/actor/position-table.ts'
import type { ToStorage } from '../../shared/actor/storage-messages.ts'
import { type StorageCommand, StorageRequestConstant } from '../../shared/protocol/storage.ts'

export interface ModelCommit {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly order: number
  readonly timestampMs: number
}

/** Undefined where nothing was committed. */
export interface KeptPartition {
  offset?: number
  owner: string
  clientId: string
}

/**
 * A storage shard as kafka threads see it: applies each message at once and whole, then acknowledges it. It keeps all it was
 * told, in order. Dying forgets everything; main's part (rows to -1, epoch up) is `replace`.
 */
export class ModelShard {
  readonly shard: number
  epoch = 1
  commits: ModelCommit[] = []
  commands: StorageCommand[] = []
  /** Commits that came before an end offset of their partition: real storage would have lost them. */
  lost: ModelCommit[] = []
  deletedWindows: ModelCommit[] = []
  /** What is left of the groups after all that: by group, then `topic/partition`. */
  groups = new Map<string, Map<string, KeptPartition>>()
  /** Topics that were said to have been created again. */
  readonly restarts: string[] = []
  /** End offsets by topic and partition. */
  ends = new Map<string, Map<number, number>>()
  partitionCounts = new Map<string, number>()
  batches = 0
  biggestBatch = 0
  /** Most messages that came before one was acknowledged. */
  mostOpen = 0
  #tables: readonly PositionTable[]
  #ports = new Set<MessagePort>()
  #held: (() => void)[] = []
  /** True: nothing is applied or acknowledged until `release`. */
  isHolding = false

  constructor(shard: number, tables: readonly PositionTable[]) {
    this.shard = shard
    this.#tables = tables
  }

  /** A new port for a kafka thread. */
  dial(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const names = new Map<number, { cluster: string; group: string | null; topic: string }>()
    const { epoch } = this
    this.#ports.add(port1)
    port1.on('message', (message: ToStorage) => {
      const apply = () => {
        if (epoch !== this.epoch) return
        this.#apply(message, names)
        if (message.kind === 'batch' || message.kind === 'commands') {
          port1.postMessage({ kind: 'ack', sequence: message.sequence })
        }
        if (message.kind === 'ask') port1.postMessage({ kind: 'reply', id: message.id, value: [...this.groups.keys()] })
      }
      if (!this.isHolding) return apply()
      this.#held.push(apply)
      this.mostOpen = Math.max(this.mostOpen, this.#held.length)
    })
    return port2
  }

  release(): void {
    this.isHolding = false
    for (const apply of this.#held.splice(0)) apply()
  }

  /** Of what is held, only the first `count` messages arrived before their sender died. */
  releaseOnly(count: number): void {
    for (const apply of this.#held.splice(0).slice(0, count)) apply()
  }

  /** It dies: its memory is gone, its ports close. */
  kill(): void {
    this.epoch++
    this.#held = []
    this.isHolding = false
    for (const port of this.#ports) port.close()
    this.#ports.clear()
    this.commits = []
    this.commands = []
    this.lost = []
    this.deletedWindows = []
    this.groups.clear()
    this.ends.clear()
    this.partitionCounts.clear()
    for (const table of this.#tables) forgetShard(table, this.shard)
  }

  close(): void {
    for (const port of this.#ports) port.close()
  }

  #apply(message: ToStorage, names: Map<number, { cluster: string; group: string | null; topic: string }>): void {
    if (message.kind === 'names') {
      for (const [index, key] of message.keys.entries()) {
        names.set(key, {
          cluster: message.clusters[index]!,
          group: message.groups[index]!,
          topic: message.topics[index]!
        })
      }
    } else if (message.kind === 'batch') {
      this.batches++
      this.biggestBatch = Math.max(this.biggestBatch, message.count)
      if (message.records) this.#records(message.records, message.count, names)
      const { positions } = message
      if (!positions) return
      const view = new Float64Array(this.#tables[positions.consumer]!.buffer)
      for (const [index, partition] of positions.partitions.entries()) {
        view[resumeFromIndex(this.shard, partition)] = positions.resumeFrom[index]!
        view[appliedToIndex(this.shard, partition)] = positions.appliedTo[index]!
      }
    } else if (message.kind === 'commands') {
      for (const command of message.commands) this.#command(command)
    }
  }

  #records(
    records: ArrayBuffer,
    count: number,
    names: Map<number, { cluster: string; group: string | null; topic: string }>
  ): void {
    const i32 = new Int32Array(records)
    const f64 = new Float64Array(records)
    for (let record = 0; record < count; record++) {
      const i = record * packedI32.words
      const f = record * packedF64.words
      const type = i32[i + packedI32.type]!
      const partition = i32[i + packedI32.partition]!
      const name = names.get(i32[i + packedI32.key]!)
      if (!name) throw new Error('a key that was never named')
      const offset = f64[f + packedF64.offset]!
      if (type === PackedType.SetBrokerOffset) {
        if (name.group !== null) throw new Error('an end offset on the key of a group')
        const ends = this.ends.get(name.topic) ?? new Map<number, number>()
        this.ends.set(name.topic, ends.set(partition, offset))
        this.partitionCounts.set(name.topic, i32[i + packedI32.topicPartitionCount]!)
        continue
      }
      if (type === PackedType.RestartTopic) {
        this.restarts.push(name.topic)
        this.ends.delete(name.topic)
        this.partitionCounts.delete(name.topic)
        continue
      }
      if (name.group === null) throw new Error('a commit on the key of a topic')
      const order = f64[f + packedF64.order]!
      const timestampMs = f64[f + packedF64.timestampMs]!
      const commit = { group: name.group, topic: name.topic, partition, offset, order, timestampMs }
      if (type === PackedType.DeleteWindow) {
        this.deletedWindows.push(commit)
        this.groups.get(name.group)?.delete(`${name.topic}/${partition}`)
      } else if (this.ends.get(name.topic)?.has(partition)) {
        this.commits.push(commit)
        this.#kept(commit).offset = offset
      } else this.lost.push(commit)
    }
  }

  #command(command: StorageCommand): void {
    this.commands.push(command)
    switch (command.type) {
      case StorageRequestConstant.SetConsumerOwner: {
        const { owner, clientId } = command
        if (this.ends.get(command.topic)?.has(command.partition))
          Object.assign(this.#kept(command), { owner, clientId })
        return
      }
      case StorageRequestConstant.ClearConsumerOwners:
        for (const kept of this.groups.get(command.group)?.values() ?? [])
          Object.assign(kept, { owner: '', clientId: '' })
        return
      case StorageRequestConstant.SetDeleteGroup:
        this.groups.delete(command.group)
        return
      case StorageRequestConstant.SetDeleteTopic:
        this.ends.delete(command.topic)
        this.partitionCounts.delete(command.topic)
        for (const group of this.groups.values()) {
          for (const key of group.keys()) if (key.startsWith(`${command.topic}/`)) group.delete(key)
        }
    }
  }

  #kept({ group, topic, partition }: { group: string; topic: string; partition: number }): KeptPartition {
    const partitions = this.groups.get(group) ?? new Map<string, KeptPartition>()
    this.groups.set(group, partitions)
    const key = `${topic}/${partition}`
    const kept = partitions.get(key) ?? { owner: '', clientId: '' }
    partitions.set(key, kept)
    return kept
  }
}
