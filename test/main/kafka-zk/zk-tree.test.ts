import { expect } from 'chai'
import type { Read } from '../../../main/kafka-zk/zk-reader.ts'
import { ZkTree } from '../../../main/kafka-zk/zk-tree.ts'
import { unavailable } from '../../../main/zookeeper/zookeeper-errors.ts'
import { Counters, createCounterBlock } from '../../../shared/counters.ts'
import { compileGroupFilter } from '../../../shared/rules/group-filter.ts'
import { waitFor } from '../../support/wait-for.ts'
import { keptLog } from '../../support/zookeeper-clients.ts'

const groups = ['a', 'b', 'c']
const unchanged = new Promise<never>(() => undefined)
const read = <T>(value: T): Read<T> => ({ value, changed: unchanged })

describe('main/kafka-zk: tree', () => {
  it('is not built when the connection ends while it is read, however little is left to read then', async () => {
    let readsLeft = 6
    let refused = 0
    const answer = async <T>(value: T): Promise<Read<T>> => {
      if (readsLeft-- > 0) return read(value)
      refused++
      throw unavailable('connection to ZooKeeper lost')
    }
    const commits: string[] = []
    let built = 0
    const tree = new ZkTree({
      reader: {
        groups: () => answer(groups),
        topics: () => answer(['t']),
        partitions: async () => ({ ...(await answer([0])), strange: 0 }),
        commit: () => answer({ text: { offset: 7 }, order: 1, timestampMs: 1, owner: '' })
      },
      filter: compileGroupFilter('', ''),
      counters: new Counters(createCounterBlock()),
      logger: keptLog().logger,
      onCommit: node => commits.push(node.topic.group.name),
      onTopicGone: () => undefined,
      onGroupGone: () => undefined,
      onPartitionGone: () => undefined,
      onBuilt: () => built++
    })
    // The root, three groups and two topics are read; then the connection ends before the third.
    tree.rebuild(1)
    await waitFor(() => refused === 3, 'the topic and two partitions to be refused')
    await new Promise(resolve => setImmediate(resolve))
    expect([tree.isBuilt, built, commits]).to.deep.equal([false, 0, []])
    readsLeft = Number.POSITIVE_INFINITY
    tree.rebuild(2)
    await waitFor(() => tree.isBuilt, 'the tree of the next connection')
    expect([built, commits.toSorted()]).to.deep.equal([1, groups])
    tree.stop()
  })
})
