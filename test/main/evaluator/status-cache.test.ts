import { expect } from 'chai'
import { StatusCache } from '../../../main/evaluator/status-cache.ts'
import type { PageResult, StatusPage } from '../../../shared/actor/evaluator-tasks.ts'
import { notFoundStatus } from '../../../shared/rules/evaluate.ts'
import { packVerdict } from '../../../shared/verdict.ts'

describe('status cache', () => {
  let nowMs = 0
  let evaluations: number
  const clock = { nowMs: () => nowMs }
  const evaluate = async (): Promise<PageResult> => bytes(`${++evaluations}`)
  beforeEach(() => {
    nowMs = 1_000_000
    evaluations = 0
  })

  it('reuses a result for so many seconds after it was finished, to the last millisecond', async () => {
    const cache = new StatusCache({ expireSeconds: 10, clock })
    const first = await cache.get(page('c', 'g'), async () => {
      nowMs += 500 // evaluating takes time
      return evaluate()
    })
    nowMs += 10_000
    expect(await cache.get(page('c', 'g'), evaluate)).to.equal(first)
    nowMs += 1
    expect(textOf(await cache.get(page('c', 'g'), evaluate))).to.equal('2')
    expect(cache.stats).to.include({ hits: 1, misses: 2, entries: 1 })
  })

  it('keeps nothing when told 0 seconds, and evaluates for each who asks', async () => {
    const cache = new StatusCache({ expireSeconds: 0, clock })
    await Promise.all([cache.get(page('c', 'g'), evaluate), cache.get(page('c', 'g'), evaluate)])
    expect(evaluations).to.equal(2)
    expect(cache.stats).to.include({ entries: 0 })
  })

  it('evaluates once for all who ask at the same time', async () => {
    const cache = new StatusCache({ expireSeconds: 10, clock })
    const results = await Promise.all([1, 2, 3].map(() => cache.get(page('c', 'g'), evaluate)))
    expect(results.map(textOf)).to.deep.equal(['1', '1', '1'])
    expect(cache.stats).to.include({ misses: 1, shared: 2, running: 0 })
  })

  it('tells names, kinds and showAll apart', async () => {
    const cache = new StatusCache({ expireSeconds: 10, clock })
    const requests = [
      page('a b', 'c'),
      page('a', 'b c'),
      page('a', 'b c', true),
      { ...page('a', 'b c'), page: 'evaluate' } as const
    ]
    for (const request of requests) await cache.get(request, evaluate)
    expect(evaluations).to.equal(4)
  })

  it('keeps not-found verdicts, but no failures, thrown or returned', async () => {
    const cache = new StatusCache({ expireSeconds: 10, clock })
    const missing: PageResult = { kind: 'verdict', verdict: packVerdict(notFoundStatus('c', 'none')) }
    const asked = { ...page('c', 'none'), page: 'evaluate' } as const
    await cache.get(asked, async () => missing)
    expect(await cache.get(asked, evaluate)).to.equal(missing)

    const failed: PageResult = { kind: 'error', code: 'STORAGE_UNAVAILABLE', message: '' }
    expect(await cache.get(page('c', 'g'), async () => failed)).to.equal(failed)
    const thrown = cache.get(page('c', 'g'), () => Promise.reject(new Error('late')))
    expect(await thrown.catch(error => error.message)).to.equal('late')
    expect(textOf(await cache.get(page('c', 'g'), evaluate))).to.equal('1')
  })

  it('is bounded by entries and by bytes: random names do not fill the memory (C9)', async () => {
    const cache = new StatusCache({ expireSeconds: 10, clock, entriesMax: 100, bytesMax: 20_000 })
    for (let i = 0; i < 500; i++) await cache.get(page('c', `${i}`), evaluate)
    expect(cache.stats.entries).to.be.within(1, 100)
    expect(cache.stats.bytes).to.be.within(1, 20_000)
    expect(cache.stats.evictions).to.equal(500 - cache.stats.entries!)
    const big = async (): Promise<PageResult> => bytes('x'.repeat(30_000))
    await cache.get(page('c', 'big'), big)
    expect(cache.stats.bytes).to.be.within(1, 20_000)
  })
})

function page(cluster: string, group: string, showAll = false): StatusPage {
  return { page: 'status', cluster, group, showAll }
}

function bytes(text: string): PageResult {
  return { kind: 'bytes', body: new TextEncoder().encode(text), status: 1 }
}

function textOf(result: PageResult): string {
  return result.kind === 'bytes' ? Buffer.from(result.body).toString() : result.kind
}
