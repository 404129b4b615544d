import { knownEnds, needKafka, startReady, suiteBoundMs } from '../kafka/suite.ts'
import { windowOffsets } from '../support/burrow-api.ts'
import { ours, Program } from '../support/program.ts'
import { type AllowedDifference, ofTheMoment, quirksOfOrder } from './allowed-differences.ts'
import { writeByHand } from './backlog.ts'
import { backlog, endsByTopic } from './backlog-groups.ts'
import { intervals } from './burrow-toml.ts'
import { expectSame, type Pair } from './compare-answers.ts'
import { clusterQuestions } from './questions.ts'
import { both } from './side-by-side.ts'
import { olderBurrow, type Surroundings, surroundings } from './surroundings.ts'

const groups = ['ok-at-the-end', 'ok-behind', 'stopped', 'stalled', 'rewound', 'window-of-5', 'none']
/** The last of them in each partition that is written by hand. */
const last = ['last-3', 'last-4']

/** What 1.2.1 has not, or has otherwise, and 1.9.5 has as ours (spec 02, 03, 04). */
const since: readonly AllowedDifference[] = [
  {
    quirk: 'since 1.2.1',
    why: 'commits say when they were read',
    request: /\/consumer\//,
    place: /\/observedAt$/,
    check: (burrow, ours) => burrow === undefined && /^\d{10}000$/.test(ours?.raw ?? '')
  },
  {
    quirk: 'since 1.2.1',
    why: 'a group tells how far the offsets topic was read',
    request: /\/consumers?$/,
    place: /^body\/consumers\/"burrow-local"$/,
    check: (burrow, ours) => burrow === undefined && ours !== undefined
  }
]

const toml = (servers: readonly string[], zookeeper: string) => (address: string) =>
  `
[general]
pidfile = "burrow.pid"
[zookeeper]
servers = ["${zookeeper}"]
[client-profile.p]
client-id = "burrow"
kafka-version = "2.0.0"
[storage.default]
class-name = "inmemory"
intervals = ${intervals}
min-distance = 0
[evaluator.default]
class-name = "caching"
expire-cache = 1
[httpserver.default]
address = "${address}"
[cluster.local]
class-name = "kafka"
client-profile = "p"
servers = ${JSON.stringify(servers)}
offset-refresh = 1
topic-refresh = 1
[consumer.local]
class-name = "kafka"
cluster = "local"
client-profile = "p"
servers = ${JSON.stringify(servers)}
start-latest = false
`

/** Debian's Burrow, for where the one that the contract describes is not at hand. */
describe('side by side with Burrow 1.2.1 on Kafka 3.9.1', function () {
  this.timeout(suiteBoundMs)
  let around: Surroundings | undefined
  let programs: readonly [Program, Program] | undefined

  before(async function () {
    const burrow = olderBurrow()
    if (!burrow) this.skip()
    await needKafka(this, '3.9.1')
    around = await surroundings(burrow, '3.9.1', true)
    const server = around.kafka.servers[0]!
    const wanted = new Set([...groups, ...last])
    await writeByHand(
      server,
      backlog(Date.now()).filter(({ group }) => wanted.has(group) || group.startsWith('denied-'))
    )
    const file = toml(around.kafka.servers, around.zookeeper!.server)
    // It has no /burrow/admin/ready.
    programs = [await Program.start(around.burrow, file), await startReady(ours, file)]
    for (const [topic, ends] of Object.entries(endsByTopic)) await knownEnds(programs, topic, ends)
    for (const group of last) {
      await both(
        { programs },
        group,
        async each => (await windowOffsets(each, 'local', group, 'orders', 0))?.length === 6
      )
    }
  })
  after(async () => {
    await Promise.all((programs ?? []).map(program => program.kill()))
    await around?.end()
  })

  it('says the same of a backlog', async () => {
    const pair: Pair = { burrow: programs![0].address, ours: programs![1].address }
    const questions = clusterQuestions('local', [...Object.keys(endsByTopic), 'none'], [...groups, ...last])
    await expectSame(pair, questions, [...ofTheMoment, ...quirksOfOrder, ...since])
  })
})
