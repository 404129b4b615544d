import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { type AppUnderTest, startAppUnderTest } from '../support/app-under-test.ts'
import { waitFor } from '../support/wait-for.ts'

/** Patterns that take a backtracking engine longer than the universe has, each with a name that makes it do so. */
const hostile: readonly (readonly [pattern: string, name: string])[] = [
  ['^(a+)+$', `${'a'.repeat(200)}!`],
  ['^(a|aa)+$', `${'a'.repeat(200)}!`],
  ['^(a|a?)+$', `${'a'.repeat(200)}!`],
  ['(x+x+)+y', 'x'.repeat(200)],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(200)],
  ['(.*a){20}$', `${'a'.repeat(200)}!`],
  ['^(\\w+\\s?)*$', `${'word '.repeat(60)}!`],
  ['^((a{1,30}){1,30})$', `${'a'.repeat(200)}!`]
]

describe('simulator: patterns and names that would hang a backtracking engine', function () {
  this.timeout(120_000)
  let simulator: Simulator
  let program: AppUnderTest | null = null

  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 1, offsetsPartitions: 2 })
    simulator.cluster.createTopic('orders', 1)
    simulator.cluster.setEndOffset('orders', 0, 1_000)
  })
  afterEach(async () => {
    await program?.app.stop()
    program = null
    await simulator.stop()
  })

  const servers = () => JSON.stringify(simulator.servers)
  const start = async (toml: string) => {
    program = await startAppUnderTest(toml)
    await waitFor(() => program!.isReady(), 'the program to be ready', 20_000)
  }
  const groups = async (cluster: string) =>
    ((await program!.get(`/v3/kafka/${cluster}/consumer`)) as { consumers: string[] }).consumers

  it('in the lists of consumers: commits of other groups go on', async () => {
    const names = hostile.map(([, name]) => name)
    for (const name of names) simulator.cluster.commit(name, 'orders', 0, 1)
    simulator.cluster.commit('!patient', 'orders', 0, 1)
    // A cluster for each pattern, in a denylist or in an allowlist; no pattern matches its own name.
    const sections = hostile.map(([pattern], i) => {
      const list =
        i % 2 === 0
          ? `group-denylist = ${JSON.stringify(pattern)}`
          : `group-allowlist = ${JSON.stringify(`${pattern}|^!patient$`)}`
      return `[cluster.c${i}]\nclass-name = "kafka"\nservers = ${servers()}\noffset-refresh = 1\n[consumer.c${i}]\nclass-name = "kafka"\ncluster = "c${i}"\nservers = ${servers()}\n${list}`
    })
    await start(sections.join('\n'))
    for (let round = 2; round < 5; round++) {
      for (const name of names) simulator.cluster.commit(name, 'orders', 0, round)
      simulator.cluster.commit('!patient', 'orders', 0, round * 100)
      for (const i of hostile.keys()) {
        const at = async () => {
          const { topics } = (await program!.get(`/v3/kafka/c${i}/consumer/!patient`)) as {
            topics?: { orders: { offsets: ({ offset: number } | null)[] }[] }
          }
          return topics?.orders[0]?.offsets.at(-1)?.offset
        }
        await waitFor(
          async () => (await at()) === round * 100,
          `commit ${round} past pattern ${hostile[i]![0]}`,
          10_000
        )
      }
    }
    for (const [i, [pattern, name]] of hostile.entries()) {
      const isIn = (await groups(`c${i}`)).includes(name)
      expect(isIn, `${name} past ${pattern}`).to.equal(i % 2 === 0)
    }
  })

  it('in the lists of storage and of notifiers', async () => {
    for (const [, name] of hostile) simulator.cluster.commit(name, 'orders', 0, 1)
    simulator.cluster.commit('!patient', 'orders', 0, 1)
    const any = hostile.map(([pattern]) => `(${pattern})`).join('|')
    await start(`
      [storage.default]
      class-name = "inmemory"
      group-denylist = ${JSON.stringify(any)}
      [notifier.nobody]
      class-name = "null"
      interval = 1
      group-denylist = ${JSON.stringify(any)}
      [cluster.c]
      class-name = "kafka"
      servers = ${servers()}
      offset-refresh = 1
      [consumer.c]
      class-name = "kafka"
      cluster = "c"
      servers = ${servers()}`)
    await waitFor(async () => (await groups('c')).includes('!patient'), 'the other group')
    const evaluated = async () =>
      ((await program!.get('/burrow/admin/health')) as { counters: Record<string, number> }).counters
        .notifier_evaluations!
    const before = await evaluated()
    await waitFor(async () => (await evaluated()) > before + 1, 'the notifier to go on', 10_000)
  })
})
