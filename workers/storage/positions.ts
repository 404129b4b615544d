import { appliedToIndex, offsetsPartitionsMax, resumeFromIndex } from '../../shared/actor/position-table.ts'
import type { Positions } from '../../shared/actor/storage-messages.ts'

/** Writes this shard's rows of the position tables (position-table.ts). Storage thread only, after a batch was applied. */
export class PositionWriter {
  readonly #shard: number
  readonly #tableByConsumer: readonly Float64Array[]

  constructor(shard: number, tables: readonly SharedArrayBuffer[]) {
    this.#shard = shard
    this.#tableByConsumer = tables.map(table => new Float64Array(table))
  }

  write({ consumer, partitions, appliedTo, resumeFrom }: Positions): void {
    const table = this.#tableByConsumer[consumer]
    if (!table) throw new RangeError(`positions of consumer ${consumer}, which has no table`)
    for (const [index, partition] of partitions.entries()) {
      const applied = appliedTo[index]
      const resume = resumeFrom[index]
      if (applied === undefined || resume === undefined)
        throw new RangeError('positions with lists of different lengths')
      if (partition < 0 || partition >= offsetsPartitionsMax) throw new RangeError(`no offsets partition: ${partition}`)
      table[resumeFromIndex(this.#shard, partition)] = resume
      table[appliedToIndex(this.#shard, partition)] = applied
    }
  }
}
