import { expect } from 'chai'
import { Scraper, scrapesMax } from '../../../main/metrics/scraper.ts'
import type { MetricsRequest, PageResult } from '../../../shared/actor/evaluator-tasks.ts'
import { createLogger, createLogLevelWord, type LogRecord } from '../../../shared/log.ts'
import { noOwnFigures } from '../../support/metrics-server.ts'

const request = { gzip: false, isGone: () => false }

describe('pages of metrics under way', () => {
  let answer: (step: MetricsRequest) => Promise<PageResult>
  let asked: string[]
  const logged: LogRecord[] = []
  const scraper = (deadlineMs?: number) =>
    new Scraper({
      settings: { set: 'burrow', maxSeries: 100 },
      clusters: ['d', 'c'],
      threads: 1,
      logger: createLogger(createLogLevelWord('info'), record => logged.push(record)),
      page: step => {
        asked.push(step.page)
        return answer(step)
      },
      own: () => noOwnFigures,
      ...(deadlineMs === undefined ? {} : { deadlineMs })
    })
  beforeEach(() => {
    asked = []
    answer = async step => emptyAnswer(step)
  })

  it('are so many at once; the next is refused, until one is closed', async () => {
    const pages = scraper()
    const open = await Promise.all(Array.from({ length: scrapesMax }, () => pages.begin(request)))
    expect(await codeOf(pages.begin(request))).to.equal('QUEUE_FULL')
    open[0]!.close(false)
    open[1]!.close(true)
    const another = await pages.begin(request)
    expect(pages.open).to.equal(scrapesMax - 1)
    expect(pages.counts).to.deep.equal({ scrapes: scrapesMax + 1, refused: 1, aborted: 1, failed: 0 })
    for (const scrape of [another!, ...open.slice(2)]) scrape!.close(true)
    expect(pages.open).to.equal(0)
  })

  it('fail as a whole before the first byte when storage is away', async () => {
    const pages = scraper()
    answer = async step =>
      step.page === 'metrics-groups'
        ? { kind: 'error', code: 'STORAGE_UNAVAILABLE', message: 'away' }
        : emptyAnswer(step)
    expect(await codeOf(pages.begin(request))).to.equal('STORAGE_UNAVAILABLE')
    expect(pages.counts).to.include({ failed: 1, aborted: 0 })
    expect(pages.open).to.equal(0)
  })

  it('are broken off when a part fails, and the log says so', async () => {
    const pages = scraper()
    const scrape = await pages.begin(request)
    answer = async () => ({ kind: 'error', code: 'EVALUATOR_UNAVAILABLE', message: 'died' })
    expect(await codeOf(drain(scrape!.chunks))).to.equal('EVALUATOR_UNAVAILABLE')
    scrape!.close(false)
    expect(pages.counts).to.include({ failed: 1, aborted: 1 })
    expect(logged.at(-1)).to.include({ message: 'a page of metrics was broken off' })
  })

  it('are given up when the client has left', async () => {
    const pages = scraper()
    let isGone = false
    answer = async step => {
      isGone = true
      return emptyAnswer(step)
    }
    expect(await pages.begin({ gzip: false, isGone: () => isGone })).to.equal(null)
    expect(asked).to.have.length(1)
    expect(pages.counts).to.include({ aborted: 1, failed: 0 })
    expect(pages.open).to.equal(0)
  })

  it('are given up when they take too long', async () => {
    const pages = scraper(-1)
    expect(await codeOf(pages.begin(request))).to.equal('DEADLINE_EXCEEDED')
    expect(asked).to.deep.equal([])
  })

  it('ask for clusters in their order, and leave out one that storage does not know', async () => {
    const clusters: string[] = []
    answer = async step => {
      if ('cluster' in step) clusters.push(step.cluster)
      return step.page === 'metrics-part' ? emptyAnswer(step) : { kind: 'not-found' }
    }
    const scrape = await scraper().begin(request)
    expect(clusters).to.deep.equal(['c', 'd', 'c', 'd'])
    await drain(scrape!.chunks)
    scrape!.close(true)
  })
})

function emptyAnswer(step: MetricsRequest): PageResult {
  if (step.page === 'metrics-part') return { kind: 'part', body: step.head, textBytes: 0, crc: 0 }
  if (step.page === 'metrics-groups') return { kind: 'lists', lists: [] }
  return { kind: 'figures', blocks: [], groups: 0, partitions: 0, fullPartitions: 0, next: null }
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

function codeOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'resolved',
    (error: { code: string }) => error.code
  )
}
