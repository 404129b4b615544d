import { expect } from 'chai'
import type { Report } from '../../../main/notifier/decide.ts'
import { DeliveryQueue } from '../../../main/notifier/delivery-queue.ts'
import { attemptsMax, queuedMax, retryDelayMsMax, sendingMax } from '../../../main/notifier/limits.ts'
import type { Outcome } from '../../../main/notifier/notification.ts'
import { Counters } from '../../../shared/counters.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { FakeNotifier, groupStatus, kept, notificationOf, settled } from './fake-parts.ts'

const timeout: Outcome = { ok: false, retry: true, reason: 'timeout' }
const refusal: Outcome = { ok: false, retry: false, reason: 'answer 400' }

function fixture() {
  const notifier = new FakeNotifier()
  const kit = kept()
  const clock = { ms: 0 }
  const { logger, counterBlock } = kit
  const queue = new DeliveryQueue({ notifier, logger, counters: new Counters(counterBlock), nowMs: () => clock.ms })
  const put = (kind: 'open' | 'close', report: Report, group = 'g1', incident = 'id-1') => {
    if (kind === 'open') report.lastOpenMs = clock.ms
    const made = notificationOf(kind, groupStatus(StatusConstant.Warning, { group }))
    const notification = { ...made, data: { ...made.data, id: incident } }
    return queue.put({ key: group, notification, report, decidedMs: clock.ms })
  }
  const pass = async (ms: number) => {
    clock.ms += ms
    queue.tick()
    await settled()
  }
  return { ...kit, notifier, queue, put, pass, clock }
}

const fresh = (): Report => ({ lastOpenMs: null, delivered: false })

describe('main/notifier/delivery-queue', () => {
  it('delivers, and notes that it did', async () => {
    const { notifier, put, queue, counts } = fixture()
    const report = fresh()
    put('open', report)
    await settled()
    put('close', report)
    await settled()
    expect(notifier.said).to.deep.equal(['open g1', 'close g1'])
    expect(report.delivered).to.equal(true)
    expect(counts().notifications_sent).to.equal(2)
    expect(queue.queued).to.equal(0)
  })

  it('tries again after 1, 2, 4 ... seconds, then gives up and lets the next evaluation try', async () => {
    const { notifier, put, pass, queue, counts, logged } = fixture()
    notifier.answer = async () => timeout
    const report = fresh()
    put('open', report)
    await settled()
    const tries: number[] = []
    for (let second = 1; second <= 300; second++) {
      const before = notifier.sent.length
      await pass(1001)
      if (notifier.sent.length > before) tries.push(second)
    }
    expect(tries).to.deep.equal([1, 3, 7, 15, 31, 63, 123])
    expect(notifier.sent.length).to.equal(attemptsMax)
    expect(report).to.deep.equal({ lastOpenMs: null, delivered: false })
    expect(counts()).to.include({
      notifications_retried: attemptsMax - 1,
      notifications_failed: 1,
      notifications_sent: 0
    })
    expect(queue.queued).to.equal(0)
    expect(logged.at(-1)).to.deep.include({ level: 'error', message: 'failed to send' })
  })

  it('does not try again what was refused, nor what cannot be assembled', async () => {
    const { notifier, put, pass, counts, logged } = fixture()
    notifier.answer = async () => refusal
    put('open', fresh(), 'g1')
    await settled()
    notifier.answer = () => Promise.reject(new BurrowError('TEMPLATE_FAILED', 'template: x:1: no'))
    put('open', fresh(), 'g2')
    await settled()
    await pass(retryDelayMsMax * 2)
    expect(notifier.sent.length).to.equal(2)
    expect(counts()).to.include({ notifications_failed: 2, notifications_retried: 0 })
    expect(logged.at(-1)!.fields.response).to.equal('failed to assemble message: template: x:1: no')
  })

  it('tries again when the thread that renders was lost, late or busy', async () => {
    for (const code of ['THREAD_DIED', 'DEADLINE_EXCEEDED', 'QUEUE_FULL'] as const) {
      const { notifier, put, pass, counts } = fixture()
      notifier.answer = async () => {
        throw new BurrowError(code, 'not rendered')
      }
      put('open', fresh())
      await settled()
      notifier.answer = async () => ({ ok: true, note: '' })
      await pass(1001)
      expect(notifier.sent.length, code).to.equal(2)
      expect(counts()).to.include({ notifications_retried: 1, notifications_failed: 0, notifications_sent: 1 })
    }
  })

  it('waits as long as it is asked to, within its bound', async () => {
    const { notifier, put, pass } = fixture()
    notifier.answer = async () => ({ ...timeout, retryAfterMs: 10_000 })
    put('open', fresh())
    await settled()
    await pass(9000)
    expect(notifier.sent.length).to.equal(1)
    await pass(1001)
    expect(notifier.sent.length).to.equal(2)
    notifier.answer = async () => ({ ...timeout, retryAfterMs: 86_400_000 })
    await pass(10_001)
    expect(notifier.sent.length).to.equal(3)
    await pass(retryDelayMsMax + 1)
    expect(notifier.sent.length).to.equal(4)
  })

  it('keeps the order of a group, while other groups pass', async () => {
    const { notifier, put, pass } = fixture()
    const report = fresh()
    notifier.answer = async ({ data }) => (data.group === 'g1' ? timeout : { ok: true, note: '' })
    put('open', report, 'g1')
    put('close', report, 'g1')
    put('open', fresh(), 'g2')
    await settled()
    expect(notifier.said).to.deep.equal(['open g1', 'open g2'])
    notifier.answer = async () => ({ ok: true, note: '' })
    await pass(1001)
    await settled()
    expect(notifier.said).to.deep.equal(['open g1', 'open g2', 'open g1', 'close g1'])
  })

  it('sends no close when the open never arrived', async () => {
    const { notifier, put, counts } = fixture()
    notifier.answer = async () => refusal
    const report = fresh()
    put('open', report)
    put('close', report)
    await settled()
    expect(notifier.said).to.deep.equal(['open g1'])
    expect(counts()).to.include({ notifications_failed: 1, notifications_not_needed: 1 })
  })

  it('sends a close when an earlier open arrived and only the reminder failed', async () => {
    const { notifier, put } = fixture()
    const report = fresh()
    put('open', report)
    await settled()
    notifier.answer = async ({ kind }) => (kind === 'open' ? refusal : { ok: true, note: '' })
    put('open', report)
    await settled()
    put('close', report)
    await settled()
    expect(notifier.said).to.deep.equal(['open g1', 'open g1', 'close g1'])
  })

  it('puts a newer open of the same incident in the place of one that waits', async () => {
    const { notifier, put, pass, queue, counts, clock } = fixture()
    notifier.answer = async () => timeout
    const report = fresh()
    put('open', report)
    await settled()
    clock.ms += 500
    put('open', report)
    expect(queue.queued).to.equal(1)
    expect(counts().notifications_superseded).to.equal(1)
    put('open', fresh(), 'g1', 'id-2') // another incident is another message
    expect(queue.queued).to.equal(2)
    notifier.answer = async () => ({ ok: true, note: '' })
    await pass(1001)
    await settled()
    expect(notifier.sent.map(({ data }) => data.id)).to.deep.equal(['id-1', 'id-1', 'id-2'])
    expect(report.delivered).to.equal(true)
  })

  it('sends a few at once and refuses what is too many', async () => {
    const { notifier, put, queue, counts } = fixture()
    const release: (() => void)[] = []
    notifier.answer = () => new Promise(resolve => release.push(() => resolve({ ok: true, note: '' })))
    for (let index = 0; index < queuedMax; index++) expect(put('open', fresh(), `g${index}`)).to.equal(true)
    expect(put('open', fresh(), 'one more')).to.equal(false)
    await settled()
    expect(notifier.sent.length).to.equal(sendingMax)
    expect(queue.queued).to.equal(queuedMax)
    expect(counts().notifications_refused_queue_full).to.equal(1)
    for (const each of release.splice(0)) each()
    await settled()
    expect(notifier.sent.length).to.equal(2 * sendingMax)
    expect(put('open', fresh(), 'one more')).to.equal(true)
  })

  it('at the end waits for what is under way and counts the rest', async () => {
    const { notifier, put, queue, counts } = fixture()
    const release: (() => void)[] = []
    notifier.answer = () => new Promise(resolve => release.push(() => resolve({ ok: true, note: '' })))
    for (let index = 0; index < sendingMax + 3; index++) put('open', fresh(), `g${index}`)
    await settled()
    const stopping = queue.stop()
    for (const each of release) each()
    await stopping
    expect(notifier.sent.length).to.equal(sendingMax)
    expect(counts()).to.include({ notifications_sent: sendingMax, notifications_unsent_at_stop: 3 })
    expect(put('open', fresh())).to.equal(false)
  })
})
