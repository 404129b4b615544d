import { BurrowError } from '../../../shared/errors.ts'
import type { ConsumerGroupStatus, ConsumerOffset, PartitionStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant, statusToText } from '../../../shared/protocol/status.ts'

const statuses: readonly StatusConstant[] = Object.values(StatusConstant)

/** `ERR` to 3 and so on, any case; null for a word that is none. */
export function statusFromText(text: string): StatusConstant | null {
  return statuses.find(status => statusToText(status) === text.toUpperCase()) ?? null
}

/** The `status` of an answer of /status (spec 01 section 5), ours or Burrow's. Throws BurrowError PROTOCOL_DECODE. */
export function statusFromJson(value: unknown): ConsumerGroupStatus {
  const read = new Fields(value, 'status')
  return {
    cluster: read.text('cluster'),
    group: read.text('group'),
    status: read.status('status'),
    complete: read.number('complete'),
    partitions: read.list('partitions').map((each, index) => partitionFrom(each, `partitions[${index}]`)),
    totalPartitions: read.number('partition_count'),
    maxlag: read.value('maxlag') === null ? null : partitionFrom(read.value('maxlag'), 'maxlag'),
    totalLag: read.number('totallag')
  }
}

function partitionFrom(value: unknown, where: string): PartitionStatus {
  const read = new Fields(value, where)
  return {
    topic: read.text('topic'),
    partition: read.number('partition'),
    owner: read.text('owner'),
    clientId: read.text('client_id'),
    status: read.status('status'),
    start: commitFrom(read.value('start'), `${where}.start`),
    end: commitFrom(read.value('end'), `${where}.end`),
    currentLag: read.number('current_lag'),
    complete: read.number('complete')
  }
}

/** `order` is not in the JSON, nor in what templates see. */
function commitFrom(value: unknown, where: string): ConsumerOffset | null {
  if (value === null) return null
  const read = new Fields(value, where)
  return {
    offset: read.number('offset'),
    order: 0,
    timestampMs: read.number('timestamp'),
    observedTimestampMs: read.number('observedAt'),
    lag: read.value('lag') === null ? null : read.number('lag')
  }
}

class Fields {
  readonly #fields: ReadonlyMap<string, unknown>
  readonly #where: string

  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notBurrows(where)
    this.#fields = new Map(Object.entries(value))
    this.#where = where
  }

  value(name: string): unknown {
    if (!this.#fields.has(name)) throw notBurrows(`${this.#where}.${name}`)
    return this.#fields.get(name)
  }

  text(name: string): string {
    const value = this.value(name)
    if (typeof value !== 'string') throw notBurrows(`${this.#where}.${name}`)
    return value
  }

  number(name: string): number {
    const value = this.value(name)
    if (typeof value !== 'number') throw notBurrows(`${this.#where}.${name}`)
    return value
  }

  status(name: string): StatusConstant {
    const status = statusFromText(this.text(name))
    if (status === null) throw notBurrows(`${this.#where}.${name}`)
    return status
  }

  list(name: string): readonly unknown[] {
    const value = this.value(name)
    if (!Array.isArray(value)) throw notBurrows(`${this.#where}.${name}`)
    return value
  }
}

function notBurrows(where: string): BurrowError {
  return new BurrowError('PROTOCOL_DECODE', `the answer is not Burrow's: ${where} is missing or of another kind`)
}
