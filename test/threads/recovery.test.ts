import { expect } from 'chai'
import { type Load, loadGroupName, startLoad } from '../../main/simulator/load.ts'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { type AppUnderTest, clusterToml, startAppUnderTest } from '../support/app-under-test.ts'
import { waitFor } from '../support/wait-for.ts'

const groups = 40
const partitionsPerGroup = 25

/** min-distance makes storage forget orders, so a commit that is applied twice, or not at all, shows in the window. */
const storageToml = (threads: string) => `
[threads]
${threads}
[storage.default]
class-name = "inmemory"
intervals = 6
min-distance = 1
[evaluator.default]
class-name = "caching"
expire-cache = 0
`
type Windows = Record<string, { offset: number; timestamp: number }[][]>

describe('threads that die under load', function () {
  this.timeout(120_000)
  let simulator: Simulator
  let load: Load
  const running: AppUnderTest[] = []

  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 2, offsetsPartitions: 8 })
    load = startLoad(simulator.cluster, { groups, partitionsPerGroup, batchSize: 10, commitsPerSecond: 20_000 })
  })

  afterEach(async () => {
    load.stop()
    for (const { app } of running.splice(0)) await app.stop()
    await simulator.stop()
  })

  async function start(threads: string): Promise<AppUnderTest> {
    const app = await startAppUnderTest(storageToml(threads) + clusterToml('c', simulator.servers))
    running.push(app)
    await waitFor(() => app.isReady(), 'the program to be ready', 30_000)
    return app
  }

  async function windowsOf(app: AppUnderTest): Promise<Windows> {
    const windows: Windows = {}
    for (let index = 0; index < groups; index++) {
      const group = loadGroupName(index)
      const detail = (await app.get(`/v3/kafka/c/consumer/${group}`)) as {
        topics?: Record<string, { offsets: ({ offset: number; timestamp: number } | null)[] }[]>
      }
      windows[group] = (detail.topics?.load ?? []).map(({ offsets }) =>
        offsets.flatMap(commit => (commit ? [{ offset: commit.offset, timestamp: commit.timestamp }] : []))
      )
    }
    return windows
  }

  /** Ends the load and holds the windows against those of a program that was started afterwards and left alone. */
  async function expectWindowsOfAnUndisturbedRun(app: AppUnderTest): Promise<void> {
    load.stop()
    const undisturbed = await windowsOf(await start('kafka = 1'))
    expect(Object.values(undisturbed).every(partitions => partitions.length === partitionsPerGroup)).to.equal(true)
    await waitFor(
      async () => {
        expect(await windowsOf(app)).to.deep.equal(undisturbed)
        return true
      },
      'the windows of an undisturbed run',
      30_000
    )
  }

  const progress = async (app: AppUnderTest, commits: number): Promise<void> => {
    const before = load.commits()
    await waitFor(() => load.commits() >= before + commits, 'more commits', 30_000)
    expect(app.logged.filter(({ level }) => level === 'fatal')).to.deep.equal([])
  }

  it('a kafka thread: no commit is lost or invented', async () => {
    const app = await start('kafka = 2\nstorage = 2')
    for (const thread of [0, 1, 0]) {
      await progress(app, 15_000)
      await app.app.drills.killKafka(thread)
    }
    await progress(app, 15_000)
    await expectWindowsOfAnUndisturbedRun(app)
  })

  it('a storage thread: not ready until it is filled again, then nothing is missing', async () => {
    const app = await start('kafka = 2\nstorage = 2')
    for (const shard of [0, 1]) {
      await progress(app, 20_000)
      await app.app.drills.killStorage(shard)
      expect(await app.isReady()).to.equal(false)
      await waitFor(() => app.isReady(), 'the shard to be filled again', 30_000)
    }
    await expectWindowsOfAnUndisturbedRun(app)
  })

  it('an evaluator thread: requests go on being answered', async () => {
    const app = await start('evaluator = 2')
    await progress(app, 10_000)
    const asked = Array.from({ length: 50 }, (_, i) => app.get(`/v3/kafka/c/consumer/${loadGroupName(i % groups)}/lag`))
    await app.app.drills.killEvaluator()
    for (const answer of (await Promise.all(asked)) as { error: boolean }[]) expect(answer.error).to.equal(false)
    await expectWindowsOfAnUndisturbedRun(app)
  })

  it('a storage and a kafka thread at once', async () => {
    const app = await start('kafka = 2\nstorage = 2')
    await progress(app, 20_000)
    await Promise.all([app.app.drills.killStorage(1), app.app.drills.killKafka(0)])
    await progress(app, 10_000)
    await waitFor(() => app.isReady(), 'everything to be read again', 30_000)
    await expectWindowsOfAnUndisturbedRun(app)
  })

  it('a storage thread that keeps dying ends the program with a clear error', async () => {
    const app = await start('storage = 1')
    let gaveUp: Error | null = null
    void app.app.failed.then(error => {
      gaveUp = error
    })
    await waitFor(
      async () => {
        await app.app.drills.killStorage(0)
        return gaveUp
      },
      'the program to give up',
      60_000
    )
    expect(gaveUp).to.include({ code: 'THREAD_DIED' })
    expect((gaveUp as unknown as Error).message).to.equal('storage-0 died too often')
    expect(app.logged.filter(({ message }) => message.startsWith('thread died'))).to.have.lengthOf(6)
  })
})
