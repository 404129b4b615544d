import { expect } from 'chai'
import { FeedClient, waitingBytesMax } from '../../../main/feed/feed-client.ts'

describe('client of the feed', () => {
  let starts: number
  let gone: number
  let cuts: number
  let client: FeedClient
  let chunks: AsyncIterator<Uint8Array>
  beforeEach(() => {
    starts = gone = cuts = 0
    client = new FeedClient({
      start: () => Buffer.from(`start ${++starts}`),
      onGone: () => gone++
    })
    client.begin({ cut: () => cuts++, onGone: () => undefined })
    chunks = client.chunks[Symbol.asyncIterator]()
  })

  const next = async () => {
    const { done, value } = await chunks.next()
    return done ? null : Buffer.from(value).toString()
  }
  const push = (text: string) => client.push(Buffer.from(text))

  it('gets the start, then the events in their order, each in the bytes that all get', async () => {
    expect(await next()).to.equal('start 1')
    const shared = Buffer.from('one')
    client.push(shared)
    push('two')
    expect((await chunks.next()).value).to.equal(shared)
    expect(await next()).to.equal('two')
    expect(starts).to.equal(1)
  })

  it('is not told of what was before its start', async () => {
    push('before')
    expect(await next()).to.equal('start 1')
    push('after')
    expect(await next()).to.equal('after')
  })

  it('waits until it is flushed, and says what that will put on its socket', async () => {
    await next()
    const waiting = next()
    expect(client.flushBytes).to.equal(0)
    push('12345')
    expect(client.flushBytes).to.equal(5)
    client.flush()
    expect(client.flushBytes).to.equal(0)
    expect(await waiting).to.equal('12345')
  })

  it('that is behind loses what waits, is told nothing more, and begins anew when it reads again', async () => {
    await next()
    const half = Buffer.alloc(waitingBytesMax / 2)
    expect(client.push(half)).to.equal(true)
    expect(client.push(half)).to.equal(true)
    expect(push('x'), 'one byte too much').to.equal(false)
    expect(push('not for it'), 'counted once').to.equal(true)
    expect(await next()).to.equal('start 2')
    push('again')
    expect(await next()).to.equal('again')
  })

  it('has been without reading since it was given a chunk, until it asks for the next one', async () => {
    expect(client.unreadMs(performance.now() + 1000)).to.equal(0)
    await next()
    expect(client.unreadMs(performance.now() + 1000)).to.be.at.least(1000)
    const waiting = next()
    expect(client.unreadMs(performance.now() + 1000)).to.equal(0)
    client.end()
    expect(await waiting).to.equal(null)
  })

  it('that is cut gets no more, and leaves once whoever sends has closed', async () => {
    await next()
    const waiting = next()
    client.cut()
    expect(cuts).to.equal(1)
    expect(await waiting).to.equal(null)
    push('late')
    expect(await next()).to.equal(null)
    expect(gone).to.equal(0)
    client.close()
    expect(gone).to.equal(1)
  })
})
