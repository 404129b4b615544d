import type { Counters } from '../../shared/counters.ts'
import type { GroupFilter } from '../../shared/rules/group-filter.ts'
import type { KnownTopicTable } from './known-topics.ts'
import type { RareLog } from './rare-log.ts'
import type { ReaderOutlet } from './reader-outlet.ts'
import type { StorageSender } from './storage-sender.ts'

/** What those who read the records of groups need. */
export interface GroupRecordsOptions {
  readonly cluster: string
  readonly filter: GroupFilter
  readonly topics: KnownTopicTable
  readonly outlet: ReaderOutlet
  readonly sender: StorageSender
  readonly counters: Counters
  readonly rareLog: RareLog
}

/** A record that is no offset commit. Places are indexes in `bytes`, lengths -1 = null. */
export interface GroupRecord {
  readonly type: number
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly offset: number
  readonly timestampMs: number
  readonly keyAt: number
  readonly keyLength: number
  readonly valueAt: number
  readonly valueLength: number
}
