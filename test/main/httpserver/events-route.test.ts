import { connect } from 'node:net'
import { expect } from 'chai'
import { Feed, type FeedOptions, feedClientsMax } from '../../../main/feed/feed.ts'
import type { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import { Counters, createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import { EventStream } from '../../support/event-stream.ts'
import { rawRequest } from '../../support/raw-http.ts'
import { waitFor } from '../../support/wait-for.ts'
import { corsOrigin, fakeBackend, fakeSources, startedServer } from './fake-sources.ts'

describe('/v3/events over HTTP', () => {
  const block = createCounterBlock()
  let feed: Feed
  let server: HttpCoordinator
  let address: string

  async function start(changes: Partial<FeedOptions> = {}, timeoutSeconds = 300): Promise<void> {
    new Float64Array(block).fill(0)
    const backend = fakeBackend()
    const { logger } = fakeSources(backend)
    feed = new Feed({
      version: '1',
      clusters: ['c'],
      intervals: 10,
      threads: 1,
      logger,
      counters: new Counters(block),
      page: async task => (task.page === 'topic-count' ? { kind: 'count', count: 0 } : { kind: 'lists', lists: [] }),
      conditions: () => [],
      health: () => ({ ready: true }),
      tickMs: 20,
      ...changes
    })
    const listeners = [{ name: 'l', address: '127.0.0.1:0', timeoutSeconds }]
    const started = await startedServer(backend, { feed, listeners })
    server = started.server
    address = started.address
  }
  afterEach(() => server.stop())

  it('is a stream of events that no proxy keeps or gathers', async () => {
    await start()
    const stream = await EventStream.open(address)
    expect(stream.status).to.equal(200)
    expect(stream.headers).to.include({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'access-control-allow-origin': corsOrigin
    })
    await stream.wait('health')
    expect((await stream.wait('hello')).clusters).to.deep.equal(['c'])
    expect(stream.events[0]!.name).to.equal('hello')
  })

  it('lasts longer than the listener lets idle connections', async () => {
    await start({ tickMs: 1200 }, 1)
    const stream = await EventStream.open(address)
    await stream.wait('health')
    await waitFor(() => stream.of('health').length >= 2, 'further health', 10_000)
    expect(stream.ended).to.equal(false)
  })

  it('knows at once who leaves', async () => {
    await start({ tickMs: 60_000 })
    const stream = await EventStream.open(address)
    await stream.wait('hello')
    expect(feed.clients).to.equal(1)
    stream.close()
    await waitFor(() => feed.clients === 0, 'leaving')
    expect((await rawRequest(address, 'HEAD', '/v3/events', [])).status).to.equal(200)
    expect(feed.clients).to.equal(0)
  })

  it('is 503 for one client too many', async () => {
    await start()
    const streams = await Promise.all(Array.from({ length: feedClientsMax }, () => EventStream.open(address)))
    const { status, body } = await rawRequest(address, 'GET', '/v3/events', [])
    expect(status).to.equal(503)
    expect(body).to.include('QUEUE_FULL')
    streams[0]!.close()
    await waitFor(() => feed.clients < feedClientsMax, 'a place')
    const stream = await EventStream.open(address)
    await stream.wait('hello')
    for (const each of [...streams, stream]) each.close()
  })

  it('ends at once when the server stops, and whoever comes again is greeted by the next', async () => {
    await start()
    const streams = await Promise.all([EventStream.open(address), EventStream.open(address)])
    for (const stream of streams) await stream.wait('health')
    await server.stop()
    for (const stream of streams) await stream.end(500)
    await start()
    const again = await EventStream.open(address)
    expect((await again.wait('hello')).startedMs).to.be.a('number')
  })

  it('lets go a client that does not read, which has cost a bounded amount', async () => {
    const text = 'x'.repeat(200_000)
    await start({ health: () => ({ text }), tickMs: 5, unreadMsMax: 300 })
    const reading = await EventStream.open(address)
    const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1')
    let closed = false
    socket.on('error', () => undefined)
    socket.on('close', () => {
      closed = true
    })
    socket.write('GET /v3/events HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.pause()
    await waitFor(() => sumCounters([block]).feed_clients_let_go === 1, 'letting go', 15_000)
    const counts = sumCounters([block])
    expect(counts.feed_clients_behind).to.equal(1)
    await waitFor(() => feed.clients === 1, 'its place')
    socket.resume()
    await waitFor(() => closed, 'the end of its connection')
    const seen = reading.of('health').length
    await waitFor(() => reading.of('health').length > seen + 3, 'events for the one that reads')
    expect(reading.ended).to.equal(false)
    expect(reading.of('hello')).to.have.length(1)
  })

  it('begins anew for a client that was behind and reads again', async () => {
    const text = 'x'.repeat(200_000)
    await start({ health: () => ({ text }), tickMs: 5 })
    const stream = await EventStream.open(address)
    await stream.wait('health')
    stream.pause()
    await waitFor(() => sumCounters([block]).feed_clients_behind === 1, 'being behind', 15_000)
    stream.resume()
    await waitFor(() => stream.of('hello').length === 2, 'another greeting')
    const from = stream.events.length
    await stream.wait('health', () => true, from)
    expect(stream.of('groups').at(-1)).to.deep.equal({ cluster: 'c', rows: [], gone: [], more: true })
  })
})
