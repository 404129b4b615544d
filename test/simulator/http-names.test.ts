import { expect } from 'chai'
import type { Simulator } from '../../main/simulator/simulator.ts'
import type { AppUnderTest } from '../support/app-under-test.ts'
import { hostileCluster, hostileGroups, hostileTopics, startHostileCluster } from '../support/hostile-names.ts'
import { MetricsParser, unescapeLabel } from '../support/metrics-parser.ts'
import { type RawAnswer, rawRequest } from '../support/raw-http.ts'
import { waitFor } from '../support/wait-for.ts'

const encode = encodeURIComponent
const cluster = `/v3/kafka/${encode(hostileCluster)}`
const groupPath = (group: string, more = '') => `${cluster}/consumer/${encode(group)}${more}`
const nothingHere = '{"error":true,"message":"invalid request type","result":{}}\n'

describe('names of all kinds over HTTP', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let app: AppUnderTest
  before(async () => {
    const started = await startHostileCluster()
    simulator = started.simulator
    app = started.app
    await waitFor(
      async () => ((await json('GET', `${cluster}/consumer`)).value as Names).consumers.length >= hostileGroups.length,
      'all groups'
    )
  })
  after(async () => {
    await app?.app.stop()
    await simulator?.stop()
  })

  it('are listed as they are', async () => {
    expect((await json('GET', '/v3/kafka')).value).to.have.deep.property('clusters', [hostileCluster, 'local'])
    const { consumers } = (await json('GET', `${cluster}/consumer`)).value as Names
    expect(consumers).to.include.members(hostileGroups)
    const { topics } = (await json('GET', `${cluster}/topic`)).value as { topics: string[] }
    expect(topics).to.include.members(hostileTopics)
  })

  it('lead to their cluster, whatever is in them', async () => {
    for (const path of [cluster, `/v3/config/cluster/${encode(hostileCluster)}`]) {
      const { status, value } = await json('GET', path)
      expect(status).to.equal(200)
      expect((value as { module: { servers: string[] } }).module.servers).to.deep.equal(simulator.servers)
    }
  })

  it('lead to their topics', async () => {
    for (const topic of hostileTopics) {
      const path = `${cluster}/topic/${encode(topic)}`
      expect((await json('GET', path)).value).to.have.deep.property('offsets', [100])
      const { consumers } = (await json('GET', `${path}/consumers`)).value as Names
      expect(consumers, topic).to.include.members(hostileGroups)
    }
  })

  it('lead to their groups, which the answers name as they are', async () => {
    for (const group of hostileGroups) {
      for (const form of ['/status', '/lag']) {
        const { status, value } = await json('GET', groupPath(group, form))
        const shown = (value as { status: { group: string; cluster: string; totallag: number } }).status
        const what = JSON.stringify(group.slice(0, 40)) + form
        expect(status, what).to.equal(200)
        expect([shown.cluster, shown.group, shown.totallag], what).to.deep.equal([
          hostileCluster,
          group,
          10 * hostileTopics.length
        ])
      }
      const { status, value } = await json('GET', groupPath(group))
      const { topics, request } = value as { topics: object; request: { url: string } }
      expect(status).to.equal(200)
      expect(Object.keys(topics)).to.have.members(hostileTopics)
      expect(request.url).to.equal(`/v3/kafka/${hostileCluster}/consumer/${group}`)
    }
  })

  it('answer HEAD and wrong methods there as elsewhere', async () => {
    expect((await ask('HEAD', groupPath('team/app', '/lag'))).status).to.equal(200)
    expect((await ask('POST', groupPath('team/app'))).headers.allow).to.equal('DELETE, GET, OPTIONS')
    expect((await ask('OPTIONS', groupPath('team/app', '/lag'))).headers.allow).to.equal('GET, OPTIONS')
    const respelled = groupPath('team/app', '/lag/').replace('/v3/kafka', '/V3/Kafka')
    expect((await ask('GET', `${respelled}?a=%2F`)).headers.location).to.equal(`${groupPath('team/app', '/lag')}?a=%2F`)
  })

  it('come out of /metrics as they went in', async () => {
    const { body } = await ask('GET', '/metrics')
    const parser = new MetricsParser()
    parser.feed(Buffer.from(body, 'latin1'))
    parser.finish()
    const text = Buffer.from(body, 'latin1').toString('utf8')
    const shown = [
      ...text.matchAll(/^burrow_kafka_consumer_lag_total\{cluster="([^\n]*)",consumer_group="([^\n]*)"\} 40$/gm)
    ]
    expect(shown.map(([, , group]) => unescapeLabel(group!))).to.include.members(hostileGroups)
    expect(new Set(shown.map(([, name]) => unescapeLabel(name!)))).to.deep.equal(new Set([hostileCluster, 'local']))
  })

  it('that have a slash are tried before the path that Burrow sees', async () => {
    // Both groups are there: `plain`, and `plain/lag`.
    const encoded = '/v3/kafka/local/consumer/plain%2Flag'
    expect((await json('GET', encoded)).value).to.have.property('message', 'consumer detail returned')
    expect((await json('GET', '/v3/kafka/local/consumer/plain/lag')).value).to.have.nested.property(
      'status.group',
      'plain'
    )
    expect((await ask('DELETE', encoded)).status).to.equal(200)
    await waitFor(async () => {
      const { value } = await json('GET', encoded)
      return (value as { status?: { group: string } }).status?.group === 'plain'
    }, 'the path as Burrow sees it')
    expect((await ask('GET', '/v3/kafka/local/consumer/no%2Fsuch/lag')).body).to.equal(nothingHere)
  })

  it('reach what is to be deleted, and nothing else', async () => {
    const [topic, ...others] = hostileTopics.toReversed() as [string, ...string[]]
    const left = hostileGroups
    for (const group of left) {
      expect((await ask('DELETE', groupPath(group, `/topic/${encode(topic)}`))).status).to.equal(200)
    }
    for (const group of left) {
      await waitFor(
        async () => {
          const { topics } = (await json('GET', groupPath(group))).value as { topics: object }
          return !Object.hasOwn(topics, topic) && Object.keys(topics).length === others.length
        },
        `the topic to leave ${group.slice(0, 40)}`
      )
    }
    for (const [index, group] of left.entries()) {
      expect((await ask('DELETE', groupPath(group))).status).to.equal(200)
      await waitFor(
        async () => {
          const { consumers } = (await json('GET', `${cluster}/consumer`)).value as Names
          return left.filter(each => consumers.includes(each)).length === left.length - index - 1
        },
        `${group.slice(0, 40)} alone to go`
      )
    }
  })

  function ask(method: string, target: string): Promise<RawAnswer> {
    return rawRequest(app.app.addresses[0]!, method, target)
  }

  async function json(method: string, target: string): Promise<{ status: number; value: unknown }> {
    const { status, body } = await ask(method, target)
    return { status, value: JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) }
  }
})

interface Names {
  readonly consumers: readonly string[]
}
