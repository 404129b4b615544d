import { inspect } from 'node:util'
import { BurrowError } from '../../shared/errors.ts'
import type { EvaluatorRequest } from '../../shared/protocol/evaluator.ts'
import {
  StorageRequestConstant as Code,
  type StorageCommand,
  type StorageQuery
} from '../../shared/protocol/storage.ts'

/** Longest name of a cluster, group, topic, owner or client that is taken, in UTF-16 units: Kafka's own limit for groups. */
export const nameLengthMax = 32_767
/** Of one topic; Kafka clusters have no more altogether. */
export const partitionsMax = 1_000_000

/**
 * Requests of custom modules, checked where they enter and made anew of nothing but the fields that are known: inside, a request
 * that is wrong would end a storage thread. All throw BurrowError REQUEST_INVALID, which names the field.
 */
export function checkedCommand(command: unknown, clusters: readonly string[]): StorageCommand {
  const fields = new Fields(command)
  const cluster = fields.oneOf('cluster', clusters)
  switch (fields.value('type')) {
    case Code.SetBrokerOffset: {
      const topicPartitionCount = fields.integer('topicPartitionCount', 1, partitionsMax)
      return {
        type: Code.SetBrokerOffset,
        cluster,
        topic: fields.name('topic'),
        partition: fields.integer('partition', 0, topicPartitionCount - 1),
        topicPartitionCount,
        offset: fields.integer('offset'),
        timestampMs: fields.integer('timestampMs')
      }
    }
    case Code.SetConsumerOffset:
      return {
        type: Code.SetConsumerOffset,
        cluster,
        group: fields.name('group'),
        topic: fields.name('topic'),
        partition: fields.integer('partition', 0, partitionsMax - 1),
        offset: fields.integer('offset'),
        order: fields.integer('order'),
        timestampMs: fields.integer('timestampMs')
      }
    case Code.SetConsumerOwner:
      return {
        type: Code.SetConsumerOwner,
        cluster,
        group: fields.name('group'),
        topic: fields.name('topic'),
        partition: fields.integer('partition', 0, partitionsMax - 1),
        owner: fields.text('owner'),
        clientId: fields.text('clientId')
      }
    case Code.SetDeleteTopic:
      return { type: Code.SetDeleteTopic, cluster, topic: fields.name('topic') }
    case Code.SetDeleteGroup: {
      const group = fields.name('group')
      const deletion = { type: Code.SetDeleteGroup, cluster, group } as const
      return fields.value('topic') === undefined ? deletion : { ...deletion, topic: fields.name('topic') }
    }
    case Code.ClearConsumerOwners:
      return { type: Code.ClearConsumerOwners, cluster, group: fields.name('group') }
    default:
      return fields.refuse('type', 'is no command of storage')
  }
}

/** Any cluster may be asked for: one that is not there is answered with null. */
export function checkedQuery(query: unknown): StorageQuery {
  const fields = new Fields(query)
  const type = fields.value('type')
  switch (type) {
    case Code.FetchClusters:
      return { type }
    case Code.FetchConsumers:
    case Code.FetchTopics:
      return { type, cluster: fields.text('cluster') }
    case Code.FetchConsumer:
      return { type, cluster: fields.text('cluster'), group: fields.text('group') }
    case Code.FetchTopic:
    case Code.FetchConsumersForTopic:
      return { type, cluster: fields.text('cluster'), topic: fields.text('topic') }
    default:
      return fields.refuse('type', 'is no query of storage')
  }
}

export function checkedEvaluation(request: unknown): EvaluatorRequest {
  const fields = new Fields(request)
  return { cluster: fields.text('cluster'), group: fields.text('group'), showAll: fields.value('showAll') === true }
}

class Fields {
  readonly #of: object

  constructor(request: unknown) {
    if (typeof request !== 'object' || request === null) {
      throw new BurrowError('REQUEST_INVALID', 'a request must be an object')
    }
    this.#of = request
  }

  value(field: string): unknown {
    return Reflect.get(this.#of, field)
  }

  integer(field: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.value(field)
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number
    return this.refuse(field, `must be a whole number from ${min} to ${max}`)
  }

  text(field: string): string {
    const value = this.value(field)
    if (typeof value === 'string' && value.length <= nameLengthMax) return value
    return this.refuse(field, `must be text of at most ${nameLengthMax} characters`)
  }

  name(field: string): string {
    return this.text(field) || this.refuse(field, 'must not be empty')
  }

  oneOf(field: string, known: readonly string[]): string {
    const text = this.text(field)
    return known.includes(text) ? text : this.refuse(field, `must be one of ${known.join(', ')}`)
  }

  refuse(field: string, why: string): never {
    const shown = inspect(this.value(field), { depth: 1, customInspect: false }).slice(0, 80)
    throw new BurrowError('REQUEST_INVALID', `${field} ${why}, not ${shown}`, { field })
  }
}
