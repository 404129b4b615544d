import { createHash } from 'node:crypto'
import { get, type IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { expect } from 'chai'
import { scrapesMax } from '../../main/metrics/scraper.ts'
import { MetricsParser } from '../support/metrics-parser.ts'
import { MetricsServer } from '../support/metrics-server.ts'
import { waitFor } from '../support/wait-for.ts'

const mebibyte = 2 ** 20

describe('metrics of a million series', function () {
  this.timeout(60_000)
  const groups = 10_000
  const partitions = 33
  const topics = 100
  /** Two of a group, three of a partition, one of a topic's. */
  const series = groups * 2 + groups * partitions * 3 + topics * partitions
  let server: MetricsServer
  before(async () => {
    server = await new MetricsServer({ shards: 2, threads: 2, intervals: 1 }).start()
    await server.fill(groups, topics, partitions, 1)
  })
  after(() => server.stop())

  it('is whole and in order, each group judged once', async () => {
    const before = server.threads.count('evaluations')
    const parser = new MetricsParser()
    for await (const chunk of await request(server)) parser.feed(chunk as Buffer)
    parser.finish()
    expect(server.threads.count('evaluations') - before).to.equal(groups)
    const counts = Object.fromEntries(parser.countByFamily)
    expect(counts).to.deep.include({
      burrow_kafka_consumer_current_offset: groups * partitions,
      burrow_kafka_consumer_lag_total: groups,
      burrow_kafka_consumer_partition_lag: groups * partitions,
      burrow_kafka_consumer_status: groups,
      burrow_kafka_topic_partition_offset: topics * partitions,
      burrow_kafka_topic_partition_status: groups * partitions
    })
    expect([...parser.countByFamily.values()].reduce((sum, count) => sum + count)).to.be.within(series, series + 10)
    const lagOfGroup = (partitions * (partitions - 1)) / 2
    const sums = Object.fromEntries(parser.sumByFamily)
    expect(sums.burrow_kafka_consumer_lag_total).to.equal(groups * lagOfGroup)
    expect(sums.burrow_kafka_consumer_partition_lag).to.equal(groups * lagOfGroup)
    expect(sums.burrow_kafka_consumer_current_offset).to.equal(groups * partitions * 4_000_010)
    expect(sums.burrow_kafka_topic_partition_offset).to.equal(topics * (partitions * 4_000_010 + lagOfGroup))
  })

  it('is the same for everyone who asks at once', async () => {
    const hashes = await Promise.all(Array.from({ length: scrapesMax }, () => hashOf(server, false)))
    expect(new Set(hashes.map(({ hash }) => hash)).size).to.equal(1)
    expect(server.scraper.open).to.equal(0)
  })

  it('is the same compressed, in few bytes', async () => {
    const [plain, gzip] = [await hashOf(server, false), await hashOf(server, true)]
    expect(gzip.hash).to.equal(plain.hash)
    expect(gzip.bytes).to.be.lessThan(plain.bytes / 10)
  })

  it('takes no more memory, however often', async () => {
    const sizes: number[] = []
    for (let page = 0; page < 4; page++) {
      await hashOf(server, page % 2 === 1)
      sizes.push(process.memoryUsage.rss())
    }
    expect(sizes.at(-1)! - sizes[0]!).to.be.lessThan(60 * mebibyte)
  })

  it('is no longer made for a client that has left', async () => {
    server.asked.length = 0
    const response = await request(server)
    let bytes = 0
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length
      if (bytes > 4 * mebibyte) break // destroys the connection
    }
    await waitFor(() => server.scraper.open === 0, 'the page to be given up')
    const asked = server.asked.length
    expect(server.asked.filter(page => page === 'metrics-part').length).to.be.lessThan(200)
    expect(server.scraper.counts.aborted).to.equal(1)
    await hashOf(server, true)
    expect(server.asked.length).to.be.greaterThan(asked * 2)
  })

  it('is whole or visibly broken when a thread dies meanwhile, and whole after', async () => {
    const { hash } = await hashOf(server, false)
    let killed = false
    const during = await hashOf(server, false, () => {
      if (!killed) void server.threads.evaluator.kill()
      killed = true
    }).then(
      page => page.hash,
      () => 'broken'
    )
    expect(during).to.be.oneOf([hash, 'broken'])
    await waitFor(() => server.threads.evaluator.stats().deaths === 1, 'the death to be noticed')
    expect((await hashOf(server, false)).hash).to.equal(hash)
  })
})

describe('metrics beyond the budget', () => {
  it('show groups only, and say what is missing', async () => {
    const server = await new MetricsServer({
      shards: 1,
      threads: 1,
      intervals: 1,
      metrics: { maxSeries: 5000 }
    }).start()
    try {
      await server.fill(1000, 10, 20, 1)
      const parser = new MetricsParser()
      for await (const chunk of await request(server)) parser.feed(chunk as Buffer)
      expect(parser.countByFamily.has('burrow_kafka_consumer_partition_lag')).to.equal(false)
      expect(parser.countByFamily.get('burrow_kafka_consumer_lag_total')).to.equal(1000)
      expect(parser.sumByFamily.get('burrow_kafka_consumer_lag_total')).to.equal(1000 * 190)
      expect(parser.sumByFamily.get('burrow_metrics_series_over_budget')).to.equal(1000 * 20 * 3)
    } finally {
      await server.stop()
    }
  })
})

function request({ address }: MetricsServer, gzip = false): Promise<IncomingMessage> {
  const headers = gzip ? { 'Accept-Encoding': 'gzip' } : {}
  return new Promise((resolve, reject) => {
    get(`http://${address}/metrics`, { headers, agent: false }, resolve).on('error', reject)
  })
}

/** Of the lines about groups and topics; those about the process differ from page to page. */
async function hashOf(server: MetricsServer, gzip: boolean, onChunk: () => void = () => undefined) {
  const response = await request(server, gzip)
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  response.pause()
  const text = gzip ? response.pipe(createGunzip()) : response
  const hash = createHash('sha1')
  // Compares everything up to the last family of Burrow's, which no other follows but the process's.
  let tail = Buffer.alloc(0)
  for await (const chunk of text) {
    onChunk()
    const joined = Buffer.concat([tail, chunk as Buffer])
    const keep = Math.max(0, joined.length - 2048)
    hash.update(joined.subarray(0, keep))
    tail = Buffer.from(joined.subarray(keep))
  }
  const end = tail.lastIndexOf('burrow_kafka_topic_partition_status{')
  if (end < 0 || tail.at(-1) !== 10) throw new Error('the page is not whole')
  hash.update(tail.subarray(0, tail.indexOf('\n', end)))
  return { hash: hash.digest('hex'), bytes }
}
