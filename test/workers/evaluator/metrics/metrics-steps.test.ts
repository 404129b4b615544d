import { expect } from 'chai'
import type { FamilyName } from '../../../../shared/metrics/families.ts'
import { FigureBlockBuilder, labelPairs } from '../../../../shared/metrics/figure-block.ts'
import { StorageRequestConstant as Code, type StorageCommand } from '../../../../shared/protocol/storage.ts'
import { runHeader } from '../../../../shared/ring/ring-layout.ts'
import { commit, EvaluatorFixture, endOffset } from '../../../support/evaluator-fixture.ts'
import { metricsLines, seriesOf } from '../../../support/metrics-page.ts'
import { baseMs } from '../../../support/storage-fixture.ts'

const lagTotal = 'burrow_kafka_consumer_lag_total'
const lag = 'burrow_kafka_consumer_partition_lag'
const currentOffset = 'burrow_kafka_consumer_current_offset'
const topicOffset = 'burrow_kafka_topic_partition_offset'
const partitionStatus = 'burrow_kafka_topic_partition_status'

describe('metrics of groups', () => {
  let fixture: EvaluatorFixture
  afterEach(() => fixture.close())

  it("the specification's example, byte for byte", async () => {
    fixture = new EvaluatorFixture()
    const builder = new FigureBlockBuilder()
    const line = { totalLag: 170, maxLag: 100, status: 1, commitAgeSeconds: 0 }
    builder.group(labelPairs('testcluster', 'testgroup'), line)
    builder.entry('incomplete', 0, 0, 0, 5335)
    builder.entry('testtopic', 0, 1, 100, 22_663)
    builder.entry('testtopic1', 0, 1, 50, 99_888)
    builder.entry('incomplete', 1, 1, 10, 99_888)
    builder.entry('testtopic', 1, 1, 10, 2488)
    const groups = builder.finish()
    builder.topics(labelPairs('testcluster'))
    builder.entry('testtopic', 0, 0, 0, 6556)
    builder.entry('testtopic1', 0, 0, 0, 54)
    builder.entry('testtopic', 1, 0, 0, 5566)
    const topics = builder.finish()
    const render = async (family: FamilyName, blocks = groups) => {
      const head = new Uint8Array()
      const part = await fixture.renderer.render({ page: 'metrics-part', head, family, blocks, compress: false })
      return part.kind === 'part' ? Buffer.from(part.body).toString() : part.kind
    }
    const group = 'cluster="testcluster",consumer_group="testgroup"'
    expect(await render(currentOffset)).to.equal(
      `${currentOffset}{${group},partition="0",topic="testtopic"} 22663\n` +
        `${currentOffset}{${group},partition="0",topic="testtopic1"} 99888\n` +
        `${currentOffset}{${group},partition="1",topic="incomplete"} 99888\n` +
        `${currentOffset}{${group},partition="1",topic="testtopic"} 2488\n`
    )
    expect(await render(lagTotal)).to.equal(`${lagTotal}{${group}} 170\n`)
    expect(await render(lag)).to.equal(
      `${lag}{${group},partition="0",topic="incomplete"} 0\n` +
        `${lag}{${group},partition="0",topic="testtopic"} 100\n` +
        `${lag}{${group},partition="0",topic="testtopic1"} 50\n` +
        `${lag}{${group},partition="1",topic="incomplete"} 10\n` +
        `${lag}{${group},partition="1",topic="testtopic"} 10\n`
    )
    expect(await render('burrow_kafka_consumer_status')).to.equal(`burrow_kafka_consumer_status{${group}} 1\n`)
    expect(await render(topicOffset, topics)).to.equal(
      `${topicOffset}{cluster="testcluster",partition="0",topic="testtopic"} 6556\n` +
        `${topicOffset}{cluster="testcluster",partition="0",topic="testtopic1"} 54\n` +
        `${topicOffset}{cluster="testcluster",partition="1",topic="testtopic"} 5566\n`
    )
    expect(await render(partitionStatus)).to.equal(
      `${partitionStatus}{${group},partition="0",topic="testtopic"} 1\n` +
        `${partitionStatus}{${group},partition="0",topic="testtopic1"} 1\n` +
        `${partitionStatus}{${group},partition="1",topic="incomplete"} 1\n` +
        `${partitionStatus}{${group},partition="1",topic="testtopic"} 1\n`
    )
  })

  it('a page: families by name with help and type, series by their labels as text', async () => {
    fixture = new EvaluatorFixture(2, { intervals: 1 })
    fixture.tell(
      ...Array.from({ length: 11 }, (_, partition) => endOffset('t', partition, 11, 2_000_000 + partition)),
      endOffset('a', 1, 2, 8),
      commit('g', 'a', 1, 1, 5, baseMs - 1000),
      ...Array.from({ length: 11 }, (_, partition) => commit('g', 't', partition, 2, 2_000_000, baseMs - 1000)),
      commit('f', 't', 0, 1, 1, baseMs - 1000)
    )
    const lines = await metricsLines(fixture)
    expect(lines.filter(line => line.startsWith('#'))).to.deep.equal([
      '# HELP burrow_kafka_consumer_current_offset Latest offset that Burrow is storing for this partition',
      '# TYPE burrow_kafka_consumer_current_offset gauge',
      '# HELP burrow_kafka_consumer_lag_total The sum of all partition current lag values for the group',
      '# TYPE burrow_kafka_consumer_lag_total gauge',
      '# HELP burrow_kafka_consumer_partition_lag Number of messages the consumer group is behind by for a partition as reported by Burrow',
      '# TYPE burrow_kafka_consumer_partition_lag gauge',
      '# HELP burrow_kafka_consumer_status The status of the consumer group. It is calculated from the highest status for the individual partitions. Statuses are an index list from NOTFOUND, OK, WARN, or ERR',
      '# TYPE burrow_kafka_consumer_status gauge',
      '# HELP burrow_kafka_topic_partition_offset Latest offset the topic that Burrow is storing for this partition',
      '# TYPE burrow_kafka_topic_partition_offset gauge',
      '# HELP burrow_kafka_topic_partition_status The status of topic partition. It is calculated from the highest status for the individual partitions. Statuses are an index list from OK, WARN, STOP, STALL, REWIND',
      '# TYPE burrow_kafka_topic_partition_status gauge'
    ])
    expect(seriesOf(lines, lagTotal)).to.deep.equal([
      '{cluster="c",consumer_group="f"} 1.999999e+06',
      '{cluster="c",consumer_group="g"} 58'
    ])
    const g = 'cluster="c",consumer_group="g"'
    expect(seriesOf(lines, lag).filter(line => line.includes(g))).to.deep.equal([
      `{${g},partition="0",topic="a"} 0`,
      `{${g},partition="0",topic="t"} 0`,
      `{${g},partition="1",topic="a"} 3`,
      `{${g},partition="1",topic="t"} 1`,
      `{${g},partition="10",topic="t"} 10`,
      ...[2, 3, 4, 5, 6, 7, 8, 9].map(partition => `{${g},partition="${partition}",topic="t"} ${partition}`)
    ])
    // The place of a partition without an end offset is left out, and the others keep their numbers (spec 09, B3).
    expect(seriesOf(lines, topicOffset).filter(line => line.includes('"a"'))).to.deep.equal([
      '{cluster="c",partition="1",topic="a"} 8'
    ])
    expect(seriesOf(lines, topicOffset).slice(0, 3)).to.deep.equal([
      '{cluster="c",partition="0",topic="t"} 2e+06',
      '{cluster="c",partition="1",topic="a"} 8',
      '{cluster="c",partition="1",topic="t"} 2.000001e+06'
    ])
  })

  it('offset and status only of partitions whose window is full, lag of all', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 2 })
    fixture.tell(
      endOffset('t', 0, 3, 100),
      endOffset('t', 1, 3, 100),
      commit('g', 't', 0, 1, 90, baseMs - 9000),
      commit('g', 't', 0, 2, 90, baseMs - 1000),
      commit('g', 't', 1, 3, 95, baseMs - 1000)
    )
    const lines = await metricsLines(fixture)
    const labels = (partition: number) => `{cluster="c",consumer_group="g",partition="${partition}",topic="t"}`
    expect(seriesOf(lines, lag)).to.deep.equal([`${labels(0)} 10`, `${labels(1)} 5`, `${labels(2)} 0`])
    expect(seriesOf(lines, currentOffset)).to.deep.equal([`${labels(0)} 90`])
    expect(seriesOf(lines, partitionStatus)).to.deep.equal([`${labels(0)} 5`])
    expect(seriesOf(lines, 'burrow_kafka_consumer_status')).to.deep.equal(['{cluster="c",consumer_group="g"} 3'])
  })

  it('leaves out families that have no series', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 2 })
    expect(await metricsLines(fixture, { set: 'both' })).to.deep.equal(['burrow_metrics_series_over_budget 0'])
    fixture.tell(endOffset('t', 0, 1, 100), commit('g', 't', 0, 1, 90, baseMs - 9000))
    const heads = (await metricsLines(fixture)).filter(line => line.startsWith('# TYPE'))
    expect(heads.map(line => line.split(' ')[2])).to.deep.equal([
      lagTotal,
      lag,
      'burrow_kafka_consumer_status',
      topicOffset
    ])
  })

  const ends: { readonly what: string; readonly command?: StorageCommand; readonly ms?: number }[] = [
    { what: 'was deleted', command: { type: Code.SetDeleteGroup, cluster: 'c', group: 'g' } },
    { what: 'lost its last topic', command: { type: Code.SetDeleteGroup, cluster: 'c', group: 'g', topic: 't' } },
    { what: 'has expired', ms: 604_800_000 + 10_000 }
  ]
  for (const { what, command, ms } of ends) {
    it(`nothing of a group that ${what}`, async () => {
      fixture = new EvaluatorFixture(1, { intervals: 1 })
      fixture.tell(endOffset('t', 0, 1, 100), commit('g', 't', 0, 1, 90, baseMs - 1000))
      expect((await metricsLines(fixture, { set: 'both' })).filter(line => line.includes('"g"'))).to.have.length(12)
      if (command) fixture.tell(command)
      if (ms) fixture.advance(ms)
      expect((await metricsLines(fixture, { set: 'both' })).filter(line => line.includes('"g"'))).to.deep.equal([])
    })
  }

  it('nothing of a topic that was deleted, status included; the rest of its groups stays', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 1 })
    fixture.tell(
      endOffset('t', 0, 1, 100),
      endOffset('u', 0, 1, 100),
      commit('g', 't', 0, 1, 90, baseMs - 1000),
      commit('g', 'u', 0, 2, 95, baseMs - 1000)
    )
    expect((await metricsLines(fixture)).filter(line => line.includes('"t"'))).to.have.length(4)
    fixture.tell({ type: Code.SetDeleteTopic, cluster: 'c', topic: 't' })
    const lines = await metricsLines(fixture)
    expect(lines.filter(line => line.includes('"t"'))).to.deep.equal([])
    expect(lines.filter(line => line.includes('"u"'))).to.have.length(4)
    expect(seriesOf(lines, lagTotal)).to.deep.equal(['{cluster="c",consumer_group="g"} 5'])
  })

  it('a group that has joined and not committed is not deleted by a scrape (spec 09, B7)', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 1 })
    fixture.tell(endOffset('t', 0, 1, 100), {
      type: Code.SetConsumerOwner,
      cluster: 'c',
      group: 'g',
      topic: 't',
      partition: 0,
      owner: '/o',
      clientId: 'i'
    })
    expect((await metricsLines(fixture)).filter(line => line.includes('"g"'))).to.deep.equal([])
    fixture.tell(commit('g', 't', 0, 1, 90, baseMs - 1000))
    const page = await fixture.text({ page: 'status', cluster: 'c', group: 'g', showAll: true })
    expect(page).to.contain('"owner":"/o"')
    expect((await metricsLines(fixture)).filter(line => line.includes('"g"'))).to.have.length(5)
  })

  it('escapes hostile names and puts them in the order of their bytes', async () => {
    fixture = new EvaluatorFixture(3, { intervals: 1 })
    const names = ['a\nb', 'a"b', 'a\\b', 'a b', '{},="', '\u{ffff}', '😀', 'é', 'x'.repeat(5000), '']
    fixture.tell(...names.map(name => endOffset(name, 0, 1, 100)))
    fixture.tell(...names.map(name => commit(name, name, 0, 1, 90, baseMs - 1000)))
    const lines = await metricsLines(fixture)
    const escaped = names
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(name => name.replace(/[\\"\n]/g, found => (found === '\n' ? '\\n' : `\\${found}`)))
    expect(seriesOf(lines, lagTotal)).to.deep.equal(escaped.map(name => `{cluster="c",consumer_group="${name}"} 10`))
    expect(seriesOf(lines, lag)).to.deep.equal(
      escaped.map(name => `{cluster="c",consumer_group="${name}",partition="0",topic="${name}"} 10`)
    )
    expect(seriesOf(lines, topicOffset)).to.deep.equal(
      escaped.map(name => `{cluster="c",partition="0",topic="${name}"} 100`)
    )
  })

  it('is the same from copies, when the rings cannot be read', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 2 })
    fixture.tell(
      endOffset('t', 0, 2, 100),
      endOffset('t', 1, 2, 100),
      endOffset('u', 0, 1, 7),
      commit('g', 't', 0, 1, 80, baseMs - 60_000),
      commit('g', 't', 0, 2, 90, baseMs - 50_000),
      commit('g', 'u', 0, 3, 5, baseMs - 1000)
    )
    const inPlace = await metricsLines(fixture, { set: 'both' })
    const { port, directory } = fixture.caches[0]!.lookup('c', 'g')!
    const runs = directory.topics.flatMap(({ windows, endOffsets }) => [windows, endOffsets!])
    const turnWriter = () => {
      for (const { slab, at } of runs) Atomics.add(port.slabs.get(slab).i32, (at >> 2) + runHeader.seq, 1)
    }
    turnWriter() // inside, for whoever looks
    const copied = await metricsLines(fixture, { set: 'both' })
    turnWriter()
    expect(copied).to.deep.equal(inPlace)
    expect(fixture.count('ring_busy')).to.be.greaterThan(0)
  })

  it('natively: states, ages and lags of groups', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 1 })
    fixture.tell(
      endOffset('t', 0, 2, 100),
      endOffset('t', 1, 2, 100),
      commit('g', 't', 0, 1, 90, baseMs - 12_500),
      commit('g', 't', 1, 2, 97, baseMs - 15_000),
      commit('ok', 't', 0, 3, 100, baseMs + 5000)
    )
    fixture.advance(500)
    const lines = await metricsLines(fixture, { set: 'native' })
    expect(lines.filter(line => line.startsWith('burrow_kafka'))).to.deep.equal([])
    const labels = (group: string) => `{cluster="c",consumer_group="${group}"`
    expect(seriesOf(lines, 'burrow_group_lag')).to.deep.equal([`${labels('g')}} 13`, `${labels('ok')}} 0`])
    expect(seriesOf(lines, 'burrow_group_lag_max')).to.deep.equal([`${labels('g')}} 10`, `${labels('ok')}} 0`])
    expect(seriesOf(lines, 'burrow_group_last_commit_age_seconds')).to.deep.equal([
      `${labels('g')}} 13`,
      `${labels('ok')}} 0`
    ])
    expect(seriesOf(lines, 'burrow_group_status')).to.deep.equal([
      `${labels('g')},status="ERR"} 1`,
      `${labels('g')},status="OK"} 0`,
      `${labels('g')},status="WARN"} 0`,
      `${labels('ok')},status="ERR"} 0`,
      `${labels('ok')},status="OK"} 1`,
      `${labels('ok')},status="WARN"} 0`
    ])
    expect(seriesOf(lines, 'burrow_group_partition_lag').slice(0, 2)).to.deep.equal([
      `${labels('g')},partition="0",topic="t"} 10`,
      `${labels('g')},partition="1",topic="t"} 3`
    ])
  })

  it('shows groups without their partitions when the page would be too long, and says so', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 1 })
    fixture.tell(endOffset('t', 0, 2, 100), endOffset('t', 1, 2, 100))
    for (let group = 0; group < 5; group++) fixture.tell(commit(`g${group}`, 't', 0, group, 90, baseMs - 1000))
    // 2 topic partitions, 10 of groups, 5 * 2 lags, 5 * 2 of the one full window
    const whole = await metricsLines(fixture, { maxSeries: 32 })
    expect(whole.filter(line => !line.startsWith('#'))).to.have.length(33)
    expect(whole).to.include('burrow_metrics_series_over_budget 0')
    const short = await metricsLines(fixture, { maxSeries: 31 })
    expect(short).to.include('burrow_metrics_series_over_budget 20')
    expect(short.filter(line => line.includes('partition="') && line.includes('consumer_group'))).to.deep.equal([])
    expect(seriesOf(short, lagTotal)).to.deep.equal(seriesOf(whole, lagTotal))
    expect(seriesOf(short, topicOffset)).to.deep.equal(seriesOf(whole, topicOffset))
    const shortest = await metricsLines(fixture, { maxSeries: 1 })
    expect(shortest).to.include('burrow_metrics_series_over_budget 22')
    expect(seriesOf(shortest, topicOffset)).to.deep.equal([])
    expect(seriesOf(shortest, lagTotal)).to.deep.equal(seriesOf(whole, lagTotal))
  })

  it('goes on where a step stopped, when a list of groups is too much for one', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 1 })
    const partitions = 30_000
    for (let group = 0; group < 5; group++) {
      fixture.tell(endOffset('t', group, partitions, 100), commit(`g${group}`, 't', group, group, 90, baseMs - 1000))
    }
    const lines = await metricsLines(fixture)
    expect(seriesOf(lines, lag)).to.have.length(5 * partitions)
    expect(seriesOf(lines, currentOffset)).to.have.length(5)
  })
})
