import { expect } from 'chai'
import { deleteUnlisted } from '../../../main/kafka/unlisted-groups.ts'
import { Counters, createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import { BurrowError } from '../../../shared/errors.ts'
import type { StorageCommand } from '../../../shared/protocol/storage.ts'
import { StorageRequestConstant } from '../../../shared/protocol/storage.ts'
import { silentLogger } from '../../support/kafka-thread-fixture.ts'

describe('main/kafka: groups that Kafka no longer lists', () => {
  function deleted(groups: readonly string[], room = Infinity) {
    const told: StorageCommand[] = []
    const block = createCounterBlock()
    const storage = {
      tell(command: StorageCommand) {
        if (told.length >= room) throw new BurrowError('QUEUE_FULL', 'full')
        told.push(command)
      }
    }
    const isOwn = (cluster: string, group: string) => cluster === 'c' && group.startsWith('own')
    deleteUnlisted(
      { kind: 'unlisted-groups', cluster: 'c', groups },
      { storage, isOwn, counters: new Counters(block), logger: silentLogger }
    )
    return { told, reaped: sumCounters([block]).reaped_groups }
  }

  it('are deleted and counted, but for those that never came from Kafka', () => {
    expect(deleted(['a', 'own-1', 'b'])).to.deep.equal({
      told: ['a', 'b'].map(group => ({ type: StorageRequestConstant.SetDeleteGroup, cluster: 'c', group })),
      reaped: 2
    })
  })

  it('wait for the next round when storage takes no more', () => {
    const { told, reaped } = deleted(['a', 'b', 'c'], 1)
    expect([told.length, reaped]).to.deep.equal([1, 1])
  })
})
