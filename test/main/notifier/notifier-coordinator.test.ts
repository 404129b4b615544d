import { expect } from 'chai'
import type { Lease } from '../../../main/notifier/leadership.ts'
import { evaluationsInFlightMax, settleMsMax, tickMs } from '../../../main/notifier/limits.ts'
import { NotifierCoordinator } from '../../../main/notifier/notifier-coordinator.ts'
import { BurrowError } from '../../../shared/errors.ts'
import type { NullNotifierSettings } from '../../../shared/notifier-settings.ts'
import type { StorageRef } from '../../../shared/protocol/application-context.ts'
import type { ConsumerGroupStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { packVerdict } from '../../../shared/verdict.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FakeNotifier, groupStatus, HandClock, kept, settled, startMs } from './fake-parts.ts'

const { NotFound, OK, Warning, Error: Err } = StatusConstant

/** The coordinator over a world that the test writes; its clock moves only in `pass`. */
class World {
  readonly clock = new HandClock()
  readonly kit = kept()
  readonly notifiers: readonly FakeNotifier[]
  readonly coordinator: NotifierCoordinator
  groupsByCluster: Record<string, string[]> = { local: ['g1'] }
  statusByGroup: Record<string, StatusConstant> = {}
  readonly asked: string[] = []
  evaluate: (group: string) => Promise<ConsumerGroupStatus> = async group =>
    groupStatus(this.statusByGroup[group] ?? OK, { group })
  storageDown = false
  random = () => 0
  ready = true
  lost: () => void = () => undefined
  #ids = 0

  constructor(...modules: Partial<NullNotifierSettings>[]) {
    this.notifiers = modules.map(changes => new FakeNotifier(changes))
    const { logger, counterBlock } = this.kit
    this.coordinator = new NotifierCoordinator({
      notifiers: this.notifiers.map(({ settings }) => settings),
      storage: this.#storage(),
      evaluator: {
        verdict: async ({ group, showAll }) => {
          expect(showAll).to.equal(false)
          this.asked.push(group)
          return packVerdict(await this.evaluate(group))
        }
      },
      leadership: { acquire: async () => this.#lease() },
      clock: this.clock,
      logger,
      counters: counterBlock,
      isReady: () => this.ready,
      random: () => this.random(),
      newId: () => `incident-${++this.#ids}`,
      drainMs: 50,
      create: settings => this.notifiers.find(notifier => notifier.settings === settings)!
    })
  }

  get only(): FakeNotifier {
    return this.notifiers[0]!
  }

  async start(): Promise<void> {
    running.push(this)
    this.coordinator.configure()
    await this.coordinator.start()
    await settled()
  }

  /** In steps of a second, each with one tick. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      this.clock.ms += Math.min(1000, left)
      this.coordinator.tick()
      await settled()
      await settled()
    }
  }

  /** One status for g1 for one round of evaluations, 60 s. */
  async round(status: StatusConstant): Promise<void> {
    this.statusByGroup.g1 = status
    await this.pass(60_001)
  }

  #storage(): StorageRef {
    const ask = async (query: { type: number; cluster?: string }) => {
      if (this.storageDown) throw new BurrowError('STORAGE_UNAVAILABLE', 'down')
      if (query.type === Code.FetchClusters) return Object.keys(this.groupsByCluster)
      expect(query.type).to.equal(Code.FetchConsumers)
      return this.groupsByCluster[query.cluster!] ?? null
    }
    return { tell: () => undefined, ask: ask as StorageRef['ask'] }
  }

  #lease(): Lease {
    const lost = new Promise<void>(resolve => {
      this.lost = resolve
    })
    return { held: true, lost, release: async () => undefined }
  }
}

const running: World[] = []

async function started(...modules: Partial<NullNotifierSettings>[]): Promise<World> {
  const world = new World(...modules)
  await world.start()
  return world
}

describe('main/notifier/notifier-coordinator', () => {
  afterEach(async () => {
    for (const world of running.splice(0)) await world.coordinator.stop()
  })

  it('refuses a configuration that cannot work', () => {
    expect(() => new World().coordinator.configure()).to.throw(BurrowError, 'no notifier is configured')
    expect(() => new World({ groupAllowlist: '(' }).coordinator.configure()).to.throw(
      'Failed to compile group allowlist'
    )
  })

  it('sends an open message with incident, start and result, and a close at the end', async () => {
    const world = await started({ sendClose: true, extras: { app: 'x' } })
    await world.pass(1001)
    expect(world.only.sent).to.deep.equal([])
    world.statusByGroup.g1 = Warning
    await world.pass(60_001)
    const [open] = world.only.sent
    expect(open).to.deep.include({ kind: 'open' })
    expect(open!.data).to.deep.include({ cluster: 'local', group: 'g1', id: 'incident-1', extras: { app: 'x' } })
    expect(open!.data.result.head.status).to.equal(Warning)
    expect(open!.data.startMs).to.equal(open!.timeMs)
    expect(open!.timeMs).to.be.within(startMs + 60_000, world.clock.ms)
    await world.round(OK)
    expect(world.only.said).to.deep.equal(['open g1', 'close g1'])
    expect(world.only.sent[1]!.data).to.deep.include({ id: 'incident-1', startMs: open!.data.startMs })
    await world.round(Warning)
    expect(world.only.sent[2]!.data.id).to.equal('incident-2')
  })

  const stories: [string, Partial<NullNotifierSettings>, StatusConstant[], (string | null)[]][] = [
    ['send-once, send-close', { sendOnce: true, sendClose: true }, [2, 2, 1, 2], ['open', null, 'close', 'open']],
    ['send-once without send-close', { sendOnce: true }, [2, 1, 2], ['open', null, 'open']], // F3: was nothing for ever
    [
      'send-interval 600: the next incident is not mute',
      { sendIntervalSeconds: 600 },
      [2, 1, 3],
      ['open', null, 'open']
    ], // F6
    ['send-interval 600: WARN to ERR waits', { sendIntervalSeconds: 600 }, [2, 3, 3], ['open', null, null]],
    ['a reminder in each round by default', {}, [2, 2, 2], ['open', 'open', 'open']],
    ['threshold 3', { threshold: 3, sendClose: true }, [2, 3, 2, 1], [null, 'open', null, 'close']],
    ['no close without an open', { threshold: 3, sendClose: true }, [2, 2, 1], [null, null, null]], // F4
    ['threshold 1 opens nothing for OK', { threshold: 1 }, [1, 1, 2], [null, null, 'open']], // F5
    ['NOTFOUND ends the incident', { sendClose: true }, [2, 0, 0, 2], ['open', 'close', null, 'open']] // F12
  ]
  for (const [what, settings, statuses, expected] of stories) {
    it(`tells the story: ${what}`, async () => {
      const world = await started(settings)
      const said: (string | null)[] = []
      for (const status of statuses) {
        const before = world.only.sent.length
        await world.round(status)
        expect(world.only.sent.length - before).to.be.at.most(1)
        said.push(world.only.sent[before]?.kind ?? null)
      }
      expect(said).to.deep.equal(expected)
    })
  }

  it('reminds at 60 s when it evaluates every 30 s, however long the answers take', async () => {
    const world = await started({ intervalSeconds: 30, sendIntervalSeconds: 60 })
    world.statusByGroup.g1 = Warning
    const answers: (() => void)[] = []
    world.evaluate = group => new Promise(resolve => answers.push(() => resolve(groupStatus(Warning, { group }))))
    const sentAt: number[] = []
    for (let second = 0; second < 130; second++) {
      await world.pass(1001)
      if (second % 30 === 7) for (const answer of answers.splice(0)) answer()
      await settled()
      while (sentAt.length < world.only.sent.length) sentAt.push(second)
    }
    expect(sentAt.length).to.equal(3)
    expect(sentAt[1]! - sentAt[0]!).to.be.within(60, 62)
  })

  it('takes the smallest interval of all modules as its rhythm', async () => {
    const world = await started({ name: 'slow', intervalSeconds: 600 }, { name: 'fast', intervalSeconds: 10 })
    await world.pass(1001)
    world.asked.length = 0
    await world.pass(100_000)
    expect(world.asked.length).to.be.within(9, 10)
  })

  it('spreads the first evaluations over one interval', async () => {
    const world = new World({})
    const groups = Array.from({ length: 60 }, (_, index) => `g${index}`)
    world.groupsByCluster = { local: groups }
    let drawn = 0
    world.random = () => drawn++ / groups.length
    await world.start()
    await world.pass(1000)
    const askedInSecond: number[] = []
    for (let second = 0; second < 120; second++) {
      const before = world.asked.length
      await world.pass(1000)
      askedInSecond.push(world.asked.length - before)
    }
    expect(Math.max(...askedInSecond)).to.be.at.most(2)
    expect(world.asked.slice(0, 60)).to.deep.equal(groups)
  })

  it('leaves out the groups that the lists leave out, by module, and asks nothing about those that nobody watches', async () => {
    const world = await started({ name: 'a', groupAllowlist: '^pay' }, { name: 'b', groupDenylist: 'test|skip' })
    world.groupsByCluster = { local: ['pay', 'pay-test', 'other', 'skip'] }
    world.statusByGroup = { pay: Warning, 'pay-test': Warning, other: Warning, skip: Warning }
    await world.pass(61_000)
    const [a, b] = world.notifiers
    expect(new Set(a!.said)).to.deep.equal(new Set(['open pay', 'open pay-test']))
    expect(new Set(b!.said)).to.deep.equal(new Set(['open pay', 'open other']))
    expect(world.asked).not.to.include('skip')
  })

  it('closes the incident of a group that vanishes, and of a cluster that does', async () => {
    const world = await started({ sendClose: true })
    world.groupsByCluster = { local: ['g1', 'g2'] }
    world.statusByGroup = { g1: Err, g2: Err }
    await world.pass(62_000)
    world.only.sent.length = 0
    world.groupsByCluster = { local: ['g2'] }
    await world.pass(61_000)
    expect(world.only.said.filter(said => said.startsWith('close'))).to.deep.equal(['close g1'])
    world.groupsByCluster = {}
    await world.pass(61_000)
    const closes = world.only.sent.filter(({ kind }) => kind === 'close')
    expect(closes.map(({ data }) => data.group)).to.deep.equal(['g1', 'g2'])
    world.asked.length = 0
    await world.pass(121_000)
    expect(world.asked).to.deep.equal([])
    expect(closes[1]!.data.result.head).to.deep.include({ status: NotFound, partitions: [] })
    expect(world.coordinator.stats()).to.deep.include({ groups: 0 })
  })

  it('keeps its groups while storage does not answer', async () => {
    const world = await started({ sendClose: true })
    await world.round(Warning)
    world.storageDown = true
    await world.round(Warning)
    expect(world.only.said).to.deep.equal(['open g1', 'open g1'])
    expect(world.kit.counts().notifier_refreshes_failed).to.be.greaterThan(0)
  })

  it('goes on when an evaluation fails', async () => {
    const world = await started({})
    const { evaluate } = world
    world.evaluate = () => Promise.reject(new BurrowError('EVALUATOR_UNAVAILABLE', 'late'))
    await world.round(Warning)
    expect(world.kit.counts().notifier_evaluations_failed).to.equal(1)
    world.evaluate = evaluate
    await world.round(Warning)
    expect(world.only.said).to.deep.equal(['open g1'])
  })

  it('holds verdicts back while storage is filled, but not for ever', async () => {
    const world = await started({ sendClose: true })
    await world.round(Warning)
    expect(world.only.said).to.deep.equal(['open g1'])
    world.ready = false
    world.groupsByCluster = { local: [] }
    const asked = world.asked.length
    await world.round(NotFound)
    await world.round(NotFound)
    expect(world.asked.length).to.equal(asked)
    expect(world.only.said).to.deep.equal(['open g1'])
    world.groupsByCluster = { local: ['g1'] }
    world.ready = true
    await world.round(Warning)
    expect(world.only.said).to.deep.equal(['open g1', 'open g1'])
    expect(world.only.sent[1]!.data.id).to.equal('incident-1')
    world.ready = false
    await world.pass(settleMsMax + 62_000)
    expect(world.only.said.length).to.be.greaterThan(2)
  })

  it('believes no NOTFOUND of a shard that was lost while it was asked', async () => {
    const world = await started({ sendClose: true })
    await world.round(Warning)
    const { evaluate } = world
    world.evaluate = async group => {
      world.ready = false
      return evaluate(group)
    }
    await world.round(NotFound)
    expect(world.only.said).to.deep.equal(['open g1'])
    world.ready = true
    world.evaluate = evaluate
    await world.round(NotFound)
    expect(world.only.said).to.deep.equal(['open g1', 'close g1'])
  })

  it('evaluates only while it leads, and goes on with its incident when it leads again', async () => {
    const world = await started({ sendClose: true })
    await world.round(Warning)
    world.lost()
    await settled()
    world.asked.length = 0
    const before = world.coordinator.stats().leading
    expect(before).to.equal(false)
    world.groupsByCluster = { local: ['g1', 'g2'] }
    await world.round(Warning)
    expect(world.asked).to.deep.equal([])
    world.groupsByCluster = { local: ['g1'] }
    // The lock is acquired again after a pause of real time.
    await waitFor(() => world.coordinator.stats().leading, 'leadership')
    await world.round(OK)
    expect(world.only.said.at(-1)).to.equal('close g1')
    expect(world.only.sent.at(-1)!.data.id).to.equal('incident-1')
  })

  it('asks only so many at once, and the others as soon as there is room', async () => {
    const world = new World({})
    const groups = Array.from({ length: evaluationsInFlightMax * 2 + 5 }, (_, index) => `g${index}`)
    world.groupsByCluster = { local: groups }
    const answers: (() => void)[] = []
    world.evaluate = group => new Promise(resolve => answers.push(() => resolve(groupStatus(OK, { group }))))
    await world.start()
    await world.pass(1000)
    await world.pass(1000)
    expect(world.asked.length).to.equal(evaluationsInFlightMax)
    for (const answer of answers.splice(0)) answer()
    await settled()
    expect(world.asked.length).to.equal(2 * evaluationsInFlightMax)
    for (const answer of answers.splice(0)) answer()
    await settled()
    expect(new Set(world.asked).size).to.equal(groups.length)
  })

  it('delays nobody by a module that hangs', async () => {
    const world = await started({ name: 'hangs' }, { name: 'works' })
    let release: () => void = () => undefined
    world.notifiers[0]!.answer = () =>
      new Promise(resolve => {
        release = () => resolve({ ok: true, note: '' })
      })
    await world.round(Warning)
    await world.round(Warning)
    await world.round(Warning)
    expect(world.notifiers[0]!.said).to.deep.equal(['open g1'])
    expect(world.notifiers[1]!.said).to.deep.equal(['open g1', 'open g1', 'open g1'])
    expect(world.coordinator.stats().queued).to.deep.equal({ hangs: 2, works: 0 })
    release()
  })

  it('opens anew in the next round what failed for good, send-once or not', async () => {
    const world = await started({ sendOnce: true, sendClose: true })
    world.only.answer = async () => ({ ok: false, retry: false, reason: 'answer 400' })
    await world.round(Warning)
    world.only.answer = async () => ({ ok: true, note: '' })
    await world.round(Warning)
    await world.round(Warning)
    expect(world.only.said).to.deep.equal(['open g1', 'open g1'])
    await world.round(OK)
    expect(world.only.said.at(-1)).to.equal('close g1')
  })

  it('looks at the clock by itself', async () => {
    const world = await started({})
    world.clock.ms += 120_000
    world.statusByGroup.g1 = Warning
    await waitFor(() => {
      world.clock.ms += tickMs
      return world.only.sent.length > 0
    }, 'a notification without a tick by hand')
  })

  it('stops at once although a message hangs', async () => {
    const world = await started({})
    world.only.answer = () => new Promise(() => undefined)
    await world.round(Warning)
    await world.coordinator.stop()
    expect(world.kit.logged.at(-1)!.message).to.equal('did not wait for the last notifications')
    running.length = 0
  })
})
