import { expect } from 'chai'
import { ClusterState, offsetsTopic } from '../../../main/simulator/cluster-state.ts'
import { buildBacklog, loadGroupName, loadTopic, startLoad } from '../../../main/simulator/load.ts'
import { waitFor } from '../../support/wait-for.ts'

function cluster(): ClusterState {
  const state = new ClusterState({ name: 'test', offsetsPartitions: 4 })
  state.brokers.push({ id: 1, host: '127.0.0.1', port: 1, live: true })
  state.createTopic(offsetsTopic, 4)
  return state
}
const storedRecords = (state: ClusterState) =>
  state.topic(offsetsTopic)!.partitions.reduce((sum, { log }) => sum + log.endOffset, 0)

describe('simulator: load', () => {
  it('builds the backlog that was asked for', () => {
    const state = cluster()
    const shape = { groups: 5, partitionsPerGroup: 7, batchSize: 3, commitsPerPartition: 2, startMs: 1_000_000 }
    expect(buildBacklog(state, shape)).to.equal(5 * 7 * 2)
    expect(storedRecords(state)).to.equal(70)
    expect(state.groups.all().map(({ name }) => name)).to.deep.equal([0, 1, 2, 3, 4].map(loadGroupName))
    expect(state.endOffset(loadTopic, 6)).to.be.greaterThan(200)
  })

  it('goes on by itself and keeps no more than it was told to', async () => {
    const state = cluster()
    const load = startLoad(state, {
      groups: 3,
      partitionsPerGroup: 10,
      batchSize: 10,
      commitsPerSecond: 200_000,
      retentionBytes: 40_000
    })
    await waitFor(() => load.commits() > 10_000, '10,000 commits')
    load.stop()
    expect(storedRecords(state)).to.equal(load.commits())
    const stored = state.topic(offsetsTopic)!.partitions.map(({ log }) => log.storedBytes)
    expect(Math.max(...stored)).to.be.within(10_000, 60_000)
  })
})
