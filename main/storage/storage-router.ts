import type { StoragePort } from '../../shared/actor/actor-ref.ts'
import { shardOf } from '../../shared/actor/shard.ts'
import { BurrowError, unreachable } from '../../shared/errors.ts'
import type { StorageRef } from '../../shared/protocol/application-context.ts'
import {
  StorageRequestConstant as Code,
  type StorageCommand,
  type StorageQuery,
  type StorageReply
} from '../../shared/protocol/storage.ts'

/**
 * The whole storage actor as one: sends each request to the shard that owns the group, or to all of them, and joins the
 * answers. Main thread. `ports` holds null for a shard that is being replaced.
 */
export class StorageRouter implements StorageRef {
  readonly #ports: readonly (StoragePort | null)[]

  /** `ports` is the coordinator's live list, by shard. */
  constructor(ports: readonly (StoragePort | null)[]) {
    this.#ports = ports
  }

  /** A command for a shard that is down is lost with what the shard held: its successor begins empty. */
  tell(command: StorageCommand): void {
    if (command.type === Code.SetBrokerOffset || command.type === Code.SetDeleteTopic) {
      for (const port of this.#ports) tellIfUp(port, command)
    } else {
      tellIfUp(this.#ports[this.#shardOf(command.cluster, command.group)], command)
    }
  }

  async ask<Q extends StorageQuery>(query: Q): Promise<StorageReply<Q>> {
    return (await this.#route(query)) as StorageReply<Q>
  }

  #route(query: StorageQuery): Promise<unknown> {
    switch (query.type) {
      case Code.FetchClusters:
      case Code.FetchTopics:
      case Code.FetchTopic:
        return this.#port(0).ask(query) // every shard knows all clusters, topics and end offsets
      case Code.FetchConsumer:
        return this.#port(this.#shardOf(query.cluster, query.group)).ask(query)
      case Code.FetchConsumers:
      case Code.FetchConsumersForTopic:
        return this.#union(query)
      default:
        return unreachable(query)
    }
  }

  async #union(query: StorageQuery): Promise<readonly string[] | null> {
    const answers = await Promise.all(this.#ports.map((_, shard) => this.#port(shard).ask(query)))
    if (answers.some(answer => answer === null)) return null
    return answers.flatMap(answer => answer as readonly string[])
  }

  #shardOf(cluster: string, group: string): number {
    return shardOf(cluster, group, this.#ports.length)
  }

  #port(shard: number): StoragePort {
    const port = this.#ports[shard]
    if (!port) throw new BurrowError('STORAGE_UNAVAILABLE', `storage shard ${shard} is being replaced`)
    return port
  }
}

function tellIfUp(port: StoragePort | null | undefined, command: StorageCommand): void {
  if (port && !port.isClosed) port.tell([command])
}
