import { windowOffsets } from '../support/burrow-api.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'
import { special } from './backlog-groups.ts'
import { zookeeperPath } from './burrow-toml.ts'
import { both, type SideBySide, sameOf } from './side-by-side.ts'

const offsets = (group: string, topic: string, partition: number) =>
  `${zookeeperPath}/consumers/${group}/offsets/${topic}/${partition}`
const owners = (group: string, topic: string, partition: number) =>
  `${zookeeperPath}/consumers/${group}/owners/${topic}/${partition}`

export const zookeeperGroups = [
  'zk-ok',
  'zk-behind',
  'zk "odd" <ü>',
  'zk-owned',
  'zk-no-number',
  special.zookeeperUnknownTopic
]

/** What old consumers left behind before the programs start. */
export async function zookeeperBacklog(server: string): Promise<void> {
  const tool = await ZookeeperTool.connect(server)
  await tool.put(offsets('zk-ok', 'orders', 0), '1000')
  for (const partition of [0, 1, 2]) await tool.put(offsets('zk-behind', 'orders', partition), `${100 * partition}`)
  await tool.put(offsets('zk "odd" <ü>', 'audit.log', 0), '7')
  await tool.put(owners('zk-owned', 'orders', 0), 'host-1_<owner>-0')
  await tool.put(offsets('zk-owned', 'orders', 0), '400')
  await tool.put(offsets('zk-no-number', 'orders', 0), 'many')
  await tool.put(offsets(special.zookeeperUnknownTopic, 'no-such-topic', 0), '1')
  await tool.close()
}

/** New offsets, groups and topics in ZooKeeper. */
export async function driveZookeeper(side: SideBySide, server: string): Promise<void> {
  const tool = await ZookeeperTool.connect(server)
  for (const round of [1, 2, 3]) {
    await tool.put(offsets('zk-behind', 'orders', 0), `${round}`)
    await tool.put(offsets('zk-owned', 'orders', 0), `${400 - round}`)
    await tool.put(offsets('zk-late', 'audit.log', 0), `${round}`)
    for (const [group, topic, offset] of [
      ['zk-behind', 'orders', round],
      ['zk-owned', 'orders', 400 - round],
      ['zk-late', 'audit.log', round]
    ] as const) {
      const seen = async (program: SideBySide['programs'][number]) =>
        (await windowOffsets(program, 'old', group, topic, 0))?.at(-1) === offset
      await both(side, `round ${round} of ${group}`, seen)
    }
    await sameOf(side, [...zookeeperGroups, 'zk-late'])
  }
  await tool.close()
}
