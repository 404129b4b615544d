import { expect } from 'chai'
import { Feed, type FeedOptions, feedClientsMax } from '../../../main/feed/feed.ts'
import type { FeedClient } from '../../../main/feed/feed-client.ts'
import type { PageResult, TaskRequest } from '../../../shared/actor/evaluator-tasks.ts'
import { Counters, createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import { createLogger, createLogLevelWord, type LogRecord } from '../../../shared/log.ts'
import { waitFor } from '../../support/wait-for.ts'

const tickMs = 10

describe('feed', () => {
  let asked: TaskRequest[]
  let logged: LogRecord[]
  let page: (task: TaskRequest) => Promise<PageResult>
  let feed: Feed
  const block = createCounterBlock()
  const count = (name: string) => sumCounters([block])[name as 'feed_clients']

  function start(changes: Partial<FeedOptions> = {}): void {
    asked = []
    logged = []
    new Float64Array(block).fill(0)
    page = answer
    feed = new Feed({
      version: '1.2.3',
      clusters: ['one', 'two'],
      intervals: 10,
      threads: 1,
      logger: createLogger(createLogLevelWord('info'), record => logged.push(record)),
      counters: new Counters(block),
      page: task => {
        asked.push(task)
        return page(task)
      },
      conditions: () => [{ name: 'one', up: true, ready: true, error: null }],
      health: () => ({ ready: true }),
      tickMs,
      ...changes
    })
  }
  afterEach(() => feed.stop())

  async function answer(task: TaskRequest): Promise<PageResult> {
    return task.page === 'topic-count' ? { kind: 'count', count: 1 } : { kind: 'lists', lists: [] }
  }

  /** Takes what a client is sent, until its stream ends. */
  function listen(client: FeedClient): { text: string; ended: boolean } {
    const heard = { text: '', ended: false }
    void (async () => {
      for await (const chunk of client.chunks) heard.text += Buffer.from(chunk).toString()
      heard.ended = true
      client.close()
    })()
    return heard
  }
  const events = (text: string, name: string) => text.split(`event: ${name}\n`).length - 1

  it('greets, then tells how each cluster is and the program itself, again and again', async () => {
    start()
    const heard = listen(feed.open())
    await waitFor(() => events(heard.text, 'health') >= 6, 'health')
    const [retry, hello] = heard.text.split('\n\n')
    expect(retry).to.equal('retry: 2000')
    const { startedMs, nowMs, ...rest } = JSON.parse(hello!.replace('event: hello\ndata: ', ''))
    expect(rest).to.deep.equal({
      version: '1.2.3',
      clusters: ['one', 'two'],
      intervals: 10,
      refreshSeconds: tickMs / 1000
    })
    expect(nowMs).to.be.at.least(startedMs)
    expect(events(heard.text, 'hello')).to.equal(1)
    expect(events(heard.text, 'cluster'), 'what does not change is not repeated').to.equal(2)
    expect(heard.text).to.include('event: cluster\ndata: {"name":"two","up":false,"ready":false,"error":null,')
    expect(heard.text.split('\n\n').filter(part => part === ':')).to.have.length(2)
  })

  it('does nothing before somebody listens, nor once nobody does any more', async () => {
    let healths = 0
    start({ health: () => ({ count: ++healths }) })
    await new Promise(resolve => setTimeout(resolve, 3 * tickMs))
    expect([asked.length, healths]).to.deep.equal([0, 0])
    const client = feed.open()
    const heard = listen(client)
    await waitFor(() => events(heard.text, 'cluster') === 2, 'clusters')
    client.end()
    await waitFor(() => feed.clients === 0, 'leaving')
    const before = [asked.length, healths]
    await new Promise(resolve => setTimeout(resolve, 3 * tickMs))
    expect([asked.length, healths]).to.deep.equal(before)
  })

  it('looks once for all who listen, and gives them the same bytes', async () => {
    start()
    const heard = Array.from({ length: 20 }, () => listen(feed.open()))
    await waitFor(() => heard.every(({ text }) => events(text, 'health') >= 3), 'health')
    const looks = asked.filter(task => task.page === 'metrics-groups' && task.cluster === 'one').length
    expect(looks).to.be.at.most(Math.max(...heard.map(({ text }) => events(text, 'health'))) + 1)
    expect(new Set(heard.map(({ text }) => text.slice(text.indexOf('event: health'), 400))).size).to.equal(1)
    expect(count('feed_clients')).to.equal(20)
  })

  it('tells who comes later how the clusters are, and to ask for their groups', async () => {
    start()
    const early = listen(feed.open())
    await waitFor(() => events(early.text, 'cluster') === 2, 'clusters')
    const late = listen(feed.open())
    await waitFor(() => events(late.text, 'hello') === 1, 'the greeting')
    expect(events(late.text, 'cluster')).to.equal(2)
    expect(late.text.split('"more":true').length - 1).to.equal(2)
  })

  it('refuses more clients than it may have, and takes others when some have left', () => {
    start()
    const clients = Array.from({ length: feedClientsMax }, () => feed.open())
    expect(() => feed.open())
      .to.throw()
      .with.property('code', 'QUEUE_FULL')
    expect(count('feed_clients_refused')).to.equal(1)
    clients[0]!.close()
    feed.open()
    expect(feed.clients).to.equal(feedClientsMax)
  })

  it('lets go who does not read', async () => {
    start({ unreadMsMax: 50 })
    const client = feed.open()
    let cut = false
    client.begin({
      cut: () => {
        cut = true
      },
      onGone: () => undefined
    })
    const chunks = client.chunks[Symbol.asyncIterator]()
    await chunks.next() // and never again
    const reading = listen(feed.open())
    await waitFor(() => cut, 'the cut')
    const before = events(reading.text, 'health')
    await waitFor(() => events(reading.text, 'health') > before + 1, 'health for the other one')
    expect(count('feed_clients_let_go'), 'once, though its socket is slow to close').to.equal(1)
    client.close()
    expect(feed.clients).to.equal(1)
  })

  it('counts and says when a look fails, goes on telling its health, and looks again', async () => {
    start()
    page = async () => ({ kind: 'error', code: 'STORAGE_UNAVAILABLE', message: 'away' })
    const heard = listen(feed.open())
    await waitFor(() => count('feed_passes_failed') >= 2 && events(heard.text, 'health') >= 3, 'failures')
    expect(logged[0]).to.include({ level: 'warn', message: 'could not look for changes' })
    expect(events(heard.text, 'cluster')).to.equal(0)
    page = answer
    await waitFor(() => events(heard.text, 'cluster') === 2, 'clusters')
  })

  it('does not begin a look while one is under way, and rests after a long one', async () => {
    start()
    let open = 0
    let most = 0
    page = async task => {
      most = Math.max(most, ++open)
      await new Promise(resolve => setTimeout(resolve, 4 * tickMs))
      open--
      return answer(task)
    }
    const heard = listen(feed.open())
    await waitFor(() => events(heard.text, 'health') >= 25, 'health')
    expect(most).to.equal(1)
    expect(asked.filter(({ page }) => page === 'topic-count').length).to.be.at.most(4)
  })

  it('ends all streams when it stops, and takes no more', async () => {
    start()
    const heard = [listen(feed.open()), listen(feed.open())]
    await waitFor(() => heard.every(({ text }) => text !== ''), 'greetings')
    feed.stop()
    await waitFor(() => heard.every(({ ended }) => ended), 'the ends')
    expect(() => feed.open())
      .to.throw()
      .with.property('code', 'QUEUE_FULL')
    expect(feed.clients).to.equal(0)
  })
})
