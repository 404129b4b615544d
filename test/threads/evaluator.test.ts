import { expect } from 'chai'
import type { PageRequest, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { shardOf } from '../../shared/actor/shard.ts'
import { statusToJson } from '../../shared/json/write-consumer.ts'
import { StatusConstant, statusToText } from '../../shared/protocol/status.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { commit, endOffset } from '../support/evaluator-fixture.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { type EvaluatorVector, evaluatorVectors } from '../support/evaluator-vectors.ts'
import { waitFor } from '../support/wait-for.ts'

const intervals = 15

describe('evaluator pool and storage threads', () => {
  let threads: EvaluatorThreads
  afterEach(() => threads.stop())

  it('gives the verdicts of the specification on what was committed', async () => {
    threads = await new EvaluatorThreads({ intervals, expireGroupSeconds: 10 ** 10, nowMs: 1000 }).start()
    const rows = evaluatorVectors.filter(canBeCommitted)
    expect(rows).to.have.length(40)
    for (const row of rows) {
      await store(threads, row)
      threads.setTime(row.nowSeconds * 1000)
      const status = await threads.evaluator.ask({ cluster: 'c', group: row.id, showAll: true })
      expect(statusToText(status.partitions[0]!.status), row.id).to.equal(row.status)
      expect(status.totalLag, row.id).to.equal(row.currentLag)
      const page = { page: 'status', cluster: 'c', group: row.id, showAll: true } as const
      expect(textOf(await threads.evaluator.page(page)), row.id).to.equal(statusToJson(status))
    }
  })

  it('answers or refuses every question while a thread dies, and goes on after', async () => {
    threads = await new EvaluatorThreads().start()
    await storeGroups(threads, 40)
    const { evaluator } = threads
    const asked: Promise<PageResult>[] = []
    for (let round = 0; round < 30; round++) {
      for (let group = 0; group < 40; group++) asked.push(evaluator.page(pageOf(group)))
      await new Promise(resolve => setImmediate(resolve))
      if (round === 5 || round === 20) await killOne(threads)
    }
    const results = await Promise.all(asked)
    const kinds = new Set(results.map(result => (result.kind === 'error' ? result.code : result.kind)))
    expect([...kinds].filter(kind => kind !== 'bytes' && kind !== 'EVALUATOR_UNAVAILABLE')).to.deep.equal([])
    expect(results.filter(({ kind }) => kind === 'bytes').length).to.be.greaterThan(results.length / 2)
    await waitFor(() => evaluator.stats().deaths === 2, 'both deaths to be noticed')
    const after = await Promise.all(Array.from({ length: 40 }, (_, group) => evaluator.page(pageOf(group))))
    expect(after.every(result => result.kind === 'bytes' && result.status === StatusConstant.Error)).to.equal(true)
    expect(evaluator.stats()).to.include({ threads: 2, deaths: 2 })
  })

  it('gives a seat back: as many names count as there are threads, however many have died', async () => {
    threads = await new EvaluatorThreads().start()
    await storeGroups(threads, 40)
    const { evaluator } = threads
    for (let death = 1; death <= 8; death++) {
      await killOne(threads)
      await waitFor(() => evaluator.stats().deaths === death, 'the death to be noticed')
      await Promise.all(Array.from({ length: 40 }, (_, group) => evaluator.page(pageOf(group))))
    }
    expect(threads.threadsThatCounted('evaluations').length).to.be.within(1, 4)
    expect(threads.count('evaluations')).to.be.at.least(320)
  })

  it('refuses at once while a storage shard is down, dials its successor, and shows what that one holds', async () => {
    threads = await new EvaluatorThreads().start()
    await storeGroups(threads, 40)
    const { evaluator, storage } = threads
    const lost = Array.from({ length: 40 }, (_, group) => group).filter(group => shardOf('c', `g${group}`, 2) === 1)
    const kept = Array.from({ length: 40 }, (_, group) => group).filter(group => shardOf('c', `g${group}`, 2) === 0)
    expect(lost.length * kept.length).to.be.greaterThan(0)
    expect(await statusOf(threads, lost[0]!)).to.equal(StatusConstant.Error)

    await storage.kill(1)
    const down = await evaluator.page(pageOf(lost[0]!))
    if (down.kind === 'error') expect(down.code).to.equal('STORAGE_UNAVAILABLE')
    expect(await statusOf(threads, kept[0]!)).to.equal(StatusConstant.Error)
    await waitFor(async () => (await statusOf(threads, lost[0]!)) === StatusConstant.NotFound, 'the empty successor')

    await storeGroups(threads, 40)
    for (const group of [...lost, ...kept]) {
      expect(await statusOf(threads, group), `g${group}`).to.equal(StatusConstant.Error)
    }
    const list = await evaluator.page({ page: 'consumers', cluster: 'c' })
    expect(JSON.parse(textOf(list))).to.have.length(40)
  })

  it('keeps a verdict for as long as it is told, and forgets it then', async () => {
    threads = await new EvaluatorThreads({ expireCacheSeconds: 10, nowMs: 1_700_000_000_000 }).start()
    const before = await statusOf(threads, 0)
    await storeGroups(threads, 1)
    expect([before, await statusOf(threads, 0)]).to.deep.equal([StatusConstant.NotFound, StatusConstant.NotFound])
    threads.setTime(1_700_000_010_001)
    expect(await statusOf(threads, 0)).to.equal(StatusConstant.Error)
    expect(threads.count('evaluations')).to.equal(1)
  })

  it('forwards what its threads log', async () => {
    threads = await new EvaluatorThreads({ shards: 1, threads: 1 }).start()
    await threads.storage.kill(0)
    await waitFor(
      () => threads.logged.find(({ message }) => message === 'storage shard dialled again'),
      'the line of the thread'
    )
  })
})

/**
 * What storage can come to hold: allowed lag is one for all, the newest commit always has a lag, a commit with an older time would
 * be merged, and current lag follows from the newest end offset.
 */
function canBeCommitted({ window, brokerOffsets, allowedLag, currentLag }: EvaluatorVector): boolean {
  const [offset, , lag] = window.at(-1)!
  const newest = brokerOffsets.at(-1)
  const inOrder = window.every(([, time], index) => index === 0 || time >= window[index - 1]![1])
  const safe = window.every(commitOf => Number.isSafeInteger(commitOf[0]))
  const lagFollows = newest !== undefined && Math.max(0, newest - offset) === currentLag
  return allowedLag === 0 && lag !== null && inOrder && safe && lagFollows
}

/** Known lags come in order, each after an end offset that gives its lag; unknown lags come late, in between. */
async function store(threads: EvaluatorThreads, row: EvaluatorVector): Promise<void> {
  const { id, window, brokerOffsets } = row
  const { ref } = threads.storage
  for (const [order, [offset, time, lag]] of window.entries()) {
    if (lag === null) continue
    ref.tell(endOffset(id, 0, 1, offset + lag))
    ref.tell(commit(id, id, 0, order, offset, time))
  }
  for (const [order, [offset, time, lag]] of window.entries()) {
    if (lag === null) ref.tell(commit(id, id, 0, order, offset, time))
  }
  // Only the row's end offsets are left in the circle: the first again and again, which changes nothing in the rules.
  const ends = [...Array<number>(intervals - brokerOffsets.length).fill(brokerOffsets[0]!), ...brokerOffsets]
  for (const end of ends) ref.tell(endOffset(id, 0, 1, end))
  const expected = window.map(([offset, timestampMs, lag]) => ({ offset, timestampMs, lag }))
  await waitFor(async () => {
    const topics = await ref.ask({ type: Code.FetchConsumer, cluster: 'c', group: id })
    const partition = topics?.get(id)?.[0]
    if (!partition) return false
    const held = partition.offsets.filter(place => place !== null)
    expect(held.map(({ offset, timestampMs, lag }) => ({ offset, timestampMs, lag }))).to.deep.equal(expected)
    expect(partition.brokerOffsets).to.deep.equal(ends)
    return true
  }, `row ${id} to be stored`)
}

/** Groups g0, g1 … that have stopped 5 behind, in one partition of topic t. */
async function storeGroups({ storage: { ref }, clock }: EvaluatorThreads, count: number): Promise<void> {
  ref.tell(endOffset('t', 0, 1, 105))
  for (let group = 0; group < count; group++) {
    ref.tell(commit(`g${group}`, 't', 0, 1, 100, clock.nowMs() - 1_000_000))
  }
  await waitFor(async () => {
    const names = await ref.ask({ type: Code.FetchConsumersForTopic, cluster: 'c', topic: 't' })
    return names!.length === count
  }, 'the groups to be stored')
}

/** Not one that is just booting: the pool would take that for a program that cannot boot, and replace threads only on demand. */
async function killOne({ evaluator }: EvaluatorThreads): Promise<void> {
  await waitFor(() => {
    const { created, deaths, dials } = evaluator.stats()
    return created === dials && Number(created) === 2 + Number(deaths)
  }, 'both threads to be up')
  await evaluator.kill()
}

async function statusOf(threads: EvaluatorThreads, group: number): Promise<number | string> {
  const result = await threads.evaluator.page(pageOf(group))
  return result.kind === 'bytes' ? result.status : result.kind
}

function pageOf(group: number): PageRequest {
  return { page: 'status', cluster: 'c', group: `g${group}`, showAll: false }
}

function textOf(result: PageResult): string {
  return result.kind === 'bytes' ? Buffer.from(result.body).toString() : result.kind
}
