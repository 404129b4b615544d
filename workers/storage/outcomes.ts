import type { Counters } from '../../shared/counters.ts'

/** Counter indexes of what becomes of a record, looked up once. */
export class Outcomes {
  readonly stored: number
  readonly merged: number
  readonly storedEndOffset: number
  readonly tooOld: number
  readonly tooOldForWindow: number
  readonly duplicate: number
  readonly noEndOffset: number
  readonly unknownCluster: number
  readonly filtered: number
  readonly badPartition: number
  readonly #values: Float64Array

  constructor(counters: Counters) {
    this.#values = counters.values
    this.stored = counters.at('stored_commits')
    this.merged = counters.at('merged_commits')
    this.storedEndOffset = counters.at('stored_end_offsets')
    this.tooOld = counters.at('refused_too_old')
    this.tooOldForWindow = counters.at('refused_too_old_for_window')
    this.duplicate = counters.at('refused_duplicate')
    this.noEndOffset = counters.at('refused_no_end_offset')
    this.unknownCluster = counters.at('refused_unknown_cluster')
    this.filtered = counters.at('refused_storage_filtered')
    this.badPartition = counters.at('refused_bad_partition')
  }

  add(index: number): void {
    this.#values[index]!++
  }
}
