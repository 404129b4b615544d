import { isNewerKeyType, keyTypeName } from '../../shared/codec/newer-records.ts'
import { type CounterName, type Counters, counterNames } from '../../shared/counters.ts'
import type { RareLog } from './rare-log.ts'

const classicTypes = 3

/**
 * Counts records by the type of their key, so that those that are recognised but not used show up too (spec 09 E3): share groups,
 * targets of assignments and the like. Kafka threads; one per reader.
 */
export class RecordCounts {
  readonly #values: Float64Array
  /** Index of the counter by type. */
  readonly #at: readonly number[]
  readonly #atUnknown: number
  readonly #rareLog: RareLog

  constructor(counters: Counters, rareLog: RareLog) {
    this.#values = counters.values
    this.#at = recordCounterNames().map(name => counters.at(name))
    this.#atUnknown = counters.at('records_unknown_type')
    this.#rareLog = rareLog
  }

  /** `type` is 0 or above. */
  add(type: number, partition: number, offset: number): void {
    const at = this.#at[type]
    if (at !== undefined) {
      this.#values[at]!++
      return
    }
    this.#values[this.#atUnknown]!++
    this.#rareLog.warn('a record type is newer than we are', { type, partition, offset })
  }
}

/** By type, as far as types are known. Throws for a type of the codec that has no counter. */
export function recordCounterNames(): CounterName[] {
  const names: CounterName[] = []
  for (let type = 0; type < classicTypes || isNewerKeyType(type); type++) {
    const name = `records_${keyTypeName(type).replaceAll(' ', '_')}`
    const known = counterNames.find(each => each === name)
    if (!known) throw new RangeError(`no counter ${name}`)
    names.push(known)
  }
  return names
}
