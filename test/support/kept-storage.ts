import type { StorageRef } from '../../shared/protocol/application-context.ts'
import {
  StorageRequestConstant as Code,
  type SetConsumerOffset,
  type StorageCommand,
  type StorageQuery,
  type StorageReply
} from '../../shared/protocol/storage.ts'

/** Keeps what it is told, and knows the end offsets that a test gives it. */
export class KeptStorage implements StorageRef {
  readonly told: StorageCommand[] = []
  readonly endsByTopic = new Map<string, readonly number[]>()
  asks = 0
  isFull = false

  tell(command: StorageCommand): void {
    if (this.isFull) throw new Error('full')
    this.told.push(command)
  }

  async ask<Q extends StorageQuery>(query: Q): Promise<StorageReply<Q>> {
    this.asks++
    if (query.type === Code.FetchTopics) return [...this.endsByTopic.keys()] as unknown as StorageReply<Q>
    if (query.type === Code.FetchTopic) return (this.endsByTopic.get(query.topic) ?? null) as StorageReply<Q>
    throw new Error(`not asked here: ${query.type}`)
  }

  get commits(): SetConsumerOffset[] {
    return this.told.filter(command => command.type === Code.SetConsumerOffset)
  }

  /** `group/topic/partition=offset` of the commits, as they came. */
  get commitTexts(): string[] {
    return this.commits.map(({ group, topic, partition, offset }) => `${group}/${topic}/${partition}=${offset}`)
  }
}
