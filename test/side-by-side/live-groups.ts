import { expect } from 'chai'
import { knownEnds } from '../kafka/suite.ts'
import { groupDetail, groupNames, groupStatus, windowOffsets } from '../support/burrow-api.ts'
import type { Program } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'
import { commitOf, coordinatedName, type GroupRecord, generationOf, groupTombstone, writeByHand } from './backlog.ts'
import { special } from './backlog-groups.ts'
import { expireGroupMs } from './burrow-toml.ts'
import { ownWindowsAtEnd } from './own-windows.ts'
import { both, expectStatuses, type SideBySide, sameAnswers, sameOf } from './side-by-side.ts'

const topic = 'live'
const firstEnd = 100
const endStep = 10
const rounds = 6
const memberBoundMs = 60_000
const hourMs = 3_600_000

/** What a group commits in each round, when the end offset is `end`; undefined: nothing. */
interface Behaviour {
  readonly status: string
  /** Committed an hour before the programs start: then the group does not count as silent while it is compared. */
  readonly lead?: number
  readonly commitAt: (round: number, end: number) => number | undefined
}

const behaviours: Readonly<Record<string, Behaviour>> = {
  [coordinatedName('live-ok')]: { status: 'OK', lead: 50, commitAt: (_, end) => end },
  [coordinatedName('live-catches-up')]: { status: 'OK', lead: 1, commitAt: (round, end) => end - 60 + 8 * round },
  [coordinatedName('live-warn')]: { status: 'WARN', lead: 5, commitAt: round => 6 + round },
  [coordinatedName('live-stall')]: { status: 'STALL', lead: 5, commitAt: () => 5 },
  [coordinatedName('live-rewind')]: { status: 'REWIND', lead: 60, commitAt: round => 50 - round },
  [coordinatedName('live-stop')]: { status: 'STOP', commitAt: round => (round < 2 ? 10 + round : undefined) }
}

/** The first commits of the groups that are driven live. */
export function leadCommits(nowMs: number): GroupRecord[] {
  return Object.entries(behaviours).flatMap(([group, { lead }]) =>
    lead === undefined ? [] : [commitOf({ group, topic, offset: lead, timestampMs: nowMs - hourMs })]
  )
}

/** Commits that the broker stamps, while the end offset moves; everything is compared after each round. */
export async function driveEveryStatus(side: SideBySide): Promise<void> {
  const { client, programs } = side
  const groups = Object.keys(behaviours)
  for (let round = 0; round < rounds; round++) {
    const end = firstEnd + (round + 1) * endStep
    await client.produce(topic, 0, endStep)
    for (const cluster of side.clusters) await knownEnds(programs, topic, [end], cluster)
    for (const [group, { commitAt }] of Object.entries(behaviours)) {
      const offset = commitAt(round, end)
      if (offset === undefined) continue
      await client.commitOffset(group, topic, 0, offset)
      for (const cluster of ['local', 'replay']) {
        await both(
          side,
          `round ${round} of ${group} in ${cluster}`,
          async program => (await windowOffsets(program, cluster, group, topic, 0))?.at(-1) === offset
        )
      }
    }
    const answers = await sameOf(side, groups, [topic])
    if (round < rounds - 1) continue
    expectStatuses(answers, ['OK', 'WARN', 'ERR'], ['OK', 'WARN', 'STALL', 'REWIND', 'STOP'])
  }
}

const group = coordinatedName('live-members')

/** A real consumer joins, reads, leaves; at last its group is deleted. */
export async function driveMembers(side: SideBySide): Promise<void> {
  const { client } = side
  const consumer = client.kafka.consumer({ groupId: group, sessionTimeout: 30_000 })
  await consumer.connect()
  await consumer.subscribe({ topic: 'shared', fromBeginning: true })
  let read = 0
  const eachMessage = async () => {
    read++
  }
  await consumer.run({ autoCommit: false, eachMessage })
  await waitFor(() => read >= 20, 'all records at the consumer', memberBoundMs)
  const committed = async () => {
    await consumer.commitOffsets([0, 1].map(partition => ({ topic: 'shared', partition, offset: '10' })))
    return true
  }
  await waitFor(committed, 'its commits', memberBoundMs)
  // Nobody asks before the commits are read: Burrow would forget the owners (spec 09, B7).
  await ownWindowsAtEnd(side, group)
  const owners = (wanted: string) =>
    both(side, `owners ${wanted}`, async program => {
      const partitions = (await groupDetail(program, 'local', group))?.shared
      return partitions?.length === 2 && partitions.every(({ owner }) => owner === wanted)
    })
  await owners('/127.0.0.1')
  await sameOf(side, [group], ['shared'])
  await consumer.disconnect()
  await owners('')
  await sameOf(side, [group], ['shared'])
  await (await client.admin()).deleteGroups([group])
  for (const cluster of ['local', 'replay']) {
    await both(side, 'no group', async program => !(await groupNames(program, cluster)).includes(group))
  }
  await sameOf(side, [group], ['shared'])
}

/** Groups without members, deleted in Kafka and over HTTP; tombstones. */
export async function deleteGroups(side: SideBySide): Promise<void> {
  const { client, kafka, programs } = side
  await client.commitOffset(special.simplyDeleted, 'orders', 0, 10)
  await both(side, 'the commit', async program => (await groupNames(program, 'local')).includes(special.simplyDeleted))
  await sameOf(side, [])
  await (await client.admin()).deleteGroups([special.simplyDeleted])
  await writeByHand(kafka.servers[0]!, [generationOf('owned', 2, []), groupTombstone('owned')])
  for (const program of programs) {
    await program.delete('/v3/kafka/local/consumer/stalled')
    await program.delete('/v3/kafka/local/consumer/every-status/topic/audit.log')
    await program.delete('/v3/kafka/local/consumer/rewound-at-last/topic/audit.log')
    await program.delete('/v3/kafka/local/consumer/rewound/topic/none')
  }
  // In Burrow a page of metrics that is made from statuses of before brings deleted series back, for good (spec 09, D8).
  for (const gone of ['owned', 'stalled', 'rewound-at-last']) {
    for (const cluster of gone === 'owned' ? ['local', 'replay'] : ['local']) {
      const isGone = async (program: Program) => (await groupStatus(program, cluster, gone)).status === 'NOTFOUND'
      await both(side, `no status of ${gone}`, isGone)
    }
  }
  await both(side, 'no status of the topic', async program => {
    return (await groupStatus(program, 'local', 'every-status')).partition_count === 4
  })
  await sameOf(side, [special.simplyDeleted, 'owned', 'stalled', 'every-status', 'rewound-at-last', 'rewound'])
}

/** Topics that come, grow and go. */
export async function changeTopics(side: SideBySide): Promise<void> {
  const { client, programs } = side
  const admin = await client.admin()
  await client.createTopic('late', 2)
  await client.produce('late', 1, 5)
  await admin.createPartitions({ topicPartitions: [{ topic: 'growing', count: 3 }] })
  for (const cluster of side.clusters) {
    await knownEnds(programs, 'late', [0, 5], cluster)
    await knownEnds(programs, 'growing', [20, 0, 0], cluster)
  }
  const late = coordinatedName('late-readers')
  await client.commitOffset(late, 'late', 1, 3)
  await client.commitOffset(late, 'growing', 0, 15)
  await client.produce('growing', 2, 4)
  for (const cluster of side.clusters) await knownEnds(programs, 'growing', [20, 0, 4], cluster)
  await client.commitOffset(late, 'growing', 2, 1)
  await both(
    side,
    'the last commit',
    async program => (await windowOffsets(program, 'local', late, 'growing', 2))?.at(-1) === 1
  )
  await sameOf(side, [late], ['late', 'growing'])
  await admin.deleteTopics({ topics: ['doomed'] })
  for (const cluster of side.clusters) await knownEnds(programs, 'doomed', [], cluster)
  // As with deleted groups: no page of metrics before the statuses are new (spec 09, D8).
  for (const cluster of ['local', 'replay']) {
    await both(side, 'no status of the topic', async program => {
      const counts = await Promise.all(
        [special.onlyDoomed, special.alsoDoomed].map(
          async group => (await groupStatus(program, cluster, group)).partition_count
        )
      )
      return counts[0] === 0 && counts[1] === 3
    })
  }
  await sameOf(side, [special.onlyDoomed, special.alsoDoomed], ['doomed'])
}

/** A group that grows too old while they look. */
export async function expire(side: SideBySide): Promise<void> {
  const timestampMs = Date.now() - expireGroupMs + 8000
  const old = special.expiring
  await writeByHand(
    side.kafka.servers[0]!,
    [1, 2].map(offset => commitOf({ group: old, topic: 'orders', offset, timestampMs: timestampMs + offset }))
  )
  await both(side, 'the old group', async program => (await groupDetail(program, 'local', old)) !== undefined)
  const answers = await sameOf(side, [old])
  expect(answers.get(`GET /v3/kafka/local/consumer/${old}`)?.raw).to.contain('HTTP/1.1 200 OK')
  await both(side, 'its end', async program => (await groupDetail(program, 'local', old)) === undefined)
  await sameAnswers(side, [{ request: `GET /v3/kafka/local/consumer/${old}/status` }])
  await sameOf(side, [old])
}
