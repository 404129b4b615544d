import { expect } from 'chai'
import { Counters, createCounterBlock } from '../../../shared/counters.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { listGroupsApi } from '../../../shared/kafka-api/list-groups.ts'
import { WireWriter } from '../../../shared/kafka-api/wire-writer.ts'
import { GroupsReaper } from '../../../workers/kafka/groups-reaper.ts'

const leaders = Int32Array.of(7)
const offsetsTopic = {
  errorCode: 0,
  name: '__consumer_offsets',
  id: null,
  internal: true,
  leaders,
  leaderEpochs: leaders
}
/** An answer to ListGroups of version 0: no error, one group. */
const listOfOne = new WireWriter().int16(0).count(1, false).string('listed', false).string('consumer', false).finish()

describe('workers/kafka: groups reaper', () => {
  it('goes by the lists alone where brokers are too old to tell rights (before 2.3)', async () => {
    const said: (readonly string[])[] = []
    const reaper = new GroupsReaper({
      cluster: 'c',
      client: {
        metadata: async () => ({
          brokers: [{ nodeId: 7, host: 'old', port: 9092 }],
          clusterId: null,
          controllerId: 7,
          topics: [offsetsTopic],
          clusterOperations: null
        }),
        send: async (_, api) => {
          if (api.key === listGroupsApi.key) return { bytes: listOfOne, version: 0 }
          throw new BurrowError('UNSUPPORTED', 'Metadata: the broker speaks versions 0 to 7, we speak 8 to 10')
        },
        distrust: () => undefined
      },
      sender: { groups: async () => [['listed'], ['gone']] },
      counters: new Counters(createCounterBlock()),
      post: ({ groups }) => said.push(groups)
    })
    await reaper.round()
    expect(said).to.deep.equal([['gone']])
  })
})
