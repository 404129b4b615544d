import { packedBytesMax } from '../../shared/actor/packed-batch.ts'
import type { Ask, Batch, Commands, FromStorage, ToStorage } from '../../shared/actor/storage-messages.ts'
import { unreachable } from '../../shared/errors.ts'
import {
  StorageRequestConstant as Code,
  type SetConsumerOffset,
  type StorageCommand
} from '../../shared/protocol/storage.ts'
import { applyBatch } from './batch.ts'
import { CommitStore } from './commits.ts'
import { ExpirySweep } from './expiry.ts'
import { deleteGroup } from './groups.ts'
import { Key, KeyTable } from './key-table.ts'
import { clearOwners, setOwner } from './owners.ts'
import { PositionWriter } from './positions.ts'
import { answer } from './queries.ts'
import { type StorageOptions, StorageState } from './storage-state.ts'
import { deleteTopic, setEndOffset } from './topics.ts'

export interface StorageActorOptions extends StorageOptions {
  readonly shard: number
  /** By consumer index. */
  readonly positionTables: readonly SharedArrayBuffer[]
}

/** One peer's mailbox: what it sends goes in here, in the order sent. */
export interface Mailbox {
  receive(message: ToStorage): void
  /** The peer is gone. */
  close(): void
}

/**
 * The storage actor of one shard: applies messages one by one, whoever they are from, and is the only writer of the rings.
 * Knows nothing of threads and ports, so that tests run it in place. Storage thread only.
 *
 * A message is applied whole before the next; when `receive` returns, readers can get at all of it. What no peer may send throws,
 * and ends the thread: its successor begins empty and is filled again.
 */
export class StorageActor {
  readonly #state: StorageState
  readonly #store: CommitStore
  readonly #sweep: ExpirySweep
  readonly #positions: PositionWriter
  readonly #commit = new Float64Array(3)
  #mailboxes = 0

  /** Throws BurrowError CONFIG_INVALID. */
  constructor(options: StorageActorOptions) {
    this.#state = new StorageState(options)
    this.#store = new CommitStore(this.#state)
    this.#sweep = new ExpirySweep(this.#state)
    this.#positions = new PositionWriter(options.shard, options.positionTables)
  }

  /** `post` gets the answers for this peer; slabs before the first reply that names them. */
  connect(post: (message: FromStorage) => void): Mailbox {
    const peer: Peer = { post, keys: new KeyTable(this.#state.clusterByName, this.#state.filter), slabsPosted: 0 }
    this.#mailboxes++
    return {
      receive: message => this.#receive(peer, message),
      close: () => {
        this.#mailboxes--
      }
    }
  }

  /** One turn of the sweep of expired groups; for a timer. */
  sweep(): void {
    this.#sweep.turn()
    this.#state.settle()
  }

  stats(): Readonly<Record<string, number>> {
    let groups = 0
    let topics = 0
    for (const cluster of this.#state.clusterByName.values()) {
      groups += cluster.groupByName.size
      topics += cluster.topicByName.size
    }
    return {
      groups,
      topics,
      connected: this.#mailboxes,
      slabs: this.#state.slabs.views.count,
      ...this.#state.runs.stats
    }
  }

  #receive(peer: Peer, message: ToStorage): void {
    switch (message.kind) {
      case 'names':
        peer.keys.name(message)
        break
      case 'batch':
        this.#batch(peer, message)
        break
      case 'commands':
        this.#commands(peer, message)
        break
      case 'ask':
        this.#ask(peer, message)
        break
      default:
        unreachable(message)
    }
  }

  #batch(peer: Peer, { sequence, records, count, positions }: Batch): void {
    if (records) applyBatch(this.#state, this.#store, peer.keys, records, count)
    this.#state.settle()
    if (positions) this.#positions.write(positions)
    if (records?.byteLength === packedBytesMax) peer.post({ kind: 'ack', sequence, spare: records })
    else peer.post({ kind: 'ack', sequence })
  }

  #commands(peer: Peer, { sequence, commands }: Commands): void {
    this.#store.setTime()
    for (const command of commands) this.#apply(command)
    this.#state.settle()
    peer.post({ kind: 'ack', sequence })
  }

  #ask(peer: Peer, { id, query }: Ask): void {
    const value = answer(this.#state, query)
    this.#state.settle()
    this.#postNewSlabs(peer)
    peer.post({ kind: 'reply', id, value })
  }

  #postNewSlabs(peer: Peer): void {
    const { views } = this.#state.slabs
    while (peer.slabsPosted < views.count) {
      const { id, buffer } = views.get(peer.slabsPosted++)
      peer.post({ kind: 'slab', id, buffer })
    }
  }

  #apply(command: StorageCommand): void {
    const state = this.#state
    const { outcomes } = state
    const cluster = state.clusterByName.get(command.cluster)
    if (!cluster) {
      outcomes.add(outcomes.unknownCluster)
      return
    }
    switch (command.type) {
      case Code.SetBrokerOffset: {
        const { topic, partition, topicPartitionCount, offset } = command
        setEndOffset(state, cluster, topic, null, partition, topicPartitionCount, offset)
        break
      }
      case Code.SetConsumerOffset:
        this.#storeOne(command)
        break
      case Code.SetConsumerOwner:
        setOwner(state, cluster, command)
        break
      case Code.SetDeleteTopic:
        deleteTopic(state, cluster, command.topic)
        break
      case Code.SetDeleteGroup:
        deleteGroup(state, cluster, command.group, command.topic)
        break
      case Code.ClearConsumerOwners:
        clearOwners(state, cluster, command.group)
        break
      default:
        unreachable(command)
    }
  }

  #storeOne({ cluster, group, topic, partition, offset, order, timestampMs }: SetConsumerOffset): void {
    const { clusterByName, filter } = this.#state
    this.#commit.set([offset, order, timestampMs])
    const key = new Key(clusterByName.get(cluster) ?? null, group, topic, filter.accept(group))
    this.#state.outcomes.add(this.#store.store(key, partition, this.#commit, 0))
  }
}

interface Peer {
  readonly post: (message: FromStorage) => void
  readonly keys: KeyTable
  slabsPosted: number
}
