import type { LosableLock } from '../zookeeper/lock.ts'
import type { Leadership } from './leadership.ts'

/** Who holds the lock `<root-path>/notifier` leads (spec 08 section 4). `newLock` gives a new one each time: a lock is taken once. */
export function zookeeperLeadership(newLock: () => LosableLock): Leadership {
  return {
    acquire: async () => {
      const lock = newLock()
      await lock.lock()
      return {
        get held() {
          return lock.held
        },
        lost: lock.lost.then(() => undefined),
        release: () => lock.unlock()
      }
    }
  }
}
