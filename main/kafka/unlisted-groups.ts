import type { UnlistedGroups } from '../../shared/actor/thread-messages.ts'
import type { Counters } from '../../shared/counters.ts'
import type { Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import { StorageRequestConstant } from '../../shared/protocol/storage.ts'

export interface UnlistedGroupsOptions {
  readonly storage: Pick<StorageRef, 'tell'>
  readonly counters: Counters
  readonly logger: Logger
  /** Did the group come from somewhere else than Kafka's coordinators? Then Kafka never lists it (spec 09, E9). */
  isOwn(cluster: string, group: string): boolean
}

/**
 * What follows when a kafka thread says which groups Kafka no longer lists: they are deleted from storage (spec 06 section 1.4).
 * Main thread, since only main knows all who put groups there. Storage counts what it deletes.
 */
export function deleteUnlisted({ cluster, groups }: UnlistedGroups, options: UnlistedGroupsOptions): void {
  const { storage, counters, logger, isOwn } = options
  for (const group of groups) {
    if (isOwn(cluster, group)) continue
    try {
      storage.tell({ type: StorageRequestConstant.SetDeleteGroup, cluster, group })
    } catch (error) {
      logger.warn('storage takes no more, the other groups wait for the next round', { cluster, error })
      return
    }
    counters.add('reaped_groups')
    logger.info('Kafka no longer lists the group, removed', { cluster, group })
  }
}
