import { expect } from 'chai'
import type { PageRequest } from '../../../shared/actor/evaluator-tasks.ts'
import { ByteWriter } from '../../../shared/json/byte-writer.ts'
import { statusToJson, writeConsumerTopics } from '../../../shared/json/write-consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { runHeader } from '../../../shared/ring/ring-layout.ts'
import { evaluateTopics } from '../../../shared/rules/evaluate.ts'
import { unpackVerdict } from '../../../shared/verdict.ts'
import { commit, EvaluatorFixture, endOffset } from '../../support/evaluator-fixture.ts'
import { randomFrom } from '../../support/random-history.ts'
import { baseMs } from '../../support/storage-fixture.ts'

const status: PageRequest = { page: 'status', cluster: 'c', group: 'g', showAll: false }
const lag: PageRequest = { page: 'status', cluster: 'c', group: 'g', showAll: true }
const consumer: PageRequest = { page: 'consumer', cluster: 'c', group: 'g' }

describe('pages', () => {
  let fixture: EvaluatorFixture
  afterEach(() => fixture.close())

  it('status and lag of a group that lags in one of two partitions', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 2 })
    fixture.tell(
      endOffset('t', 0, 2, 100),
      endOffset('t', 1, 2, 50),
      { type: Code.SetConsumerOwner, cluster: 'c', group: 'g', topic: 't', partition: 1, owner: '/o', clientId: 'i' },
      commit('g', 't', 0, 1, 100, baseMs - 10_000),
      commit('g', 't', 1, 2, 40, baseMs - 10_000),
      commit('g', 't', 1, 3, 41, baseMs - 8000)
    )
    fixture.advance(1000)
    const seconds = baseMs / 1000
    const commitJson = (offset: number, timestamp: number, behind: number): string =>
      `{"offset":${offset},"timestamp":${timestamp},"observedAt":${seconds}000,"lag":${behind}}`
    const bad = `{"topic":"t","partition":1,"owner":"/o","client_id":"i","status":"STOP","start":${commitJson(40, baseMs - 10_000, 10)},"end":${commitJson(41, baseMs - 8000, 9)},"current_lag":9,"complete":1}`
    const good = `{"topic":"t","partition":0,"owner":"","client_id":"","status":"OK","start":${commitJson(100, baseMs - 10_000, 0)},"end":${commitJson(100, baseMs - 10_000, 0)},"current_lag":0,"complete":0.5}`
    const page = (partitions: string): string =>
      `{"cluster":"c","group":"g","status":"ERR","complete":0.5,"partitions":[${partitions}],"partition_count":2,"maxlag":${bad},"totallag":9}`
    expect(await fixture.text(status)).to.equal(page(bad))
    expect(await fixture.text(lag)).to.equal(page(`${good},${bad}`))
    expect((await fixture.page(status)) as object).to.include({ kind: 'bytes', status: StatusConstant.Error })
    expect([fixture.count('evaluations'), fixture.count('evaluated_partitions')]).to.deep.equal([3, 6])
  })

  it('an unknown cluster or group is NOTFOUND as a status, and not found as a detail', async () => {
    fixture = new EvaluatorFixture()
    for (const cluster of ['c', 'other']) {
      expect(await fixture.text({ page: 'status', cluster, group: 'g', showAll: false })).to.equal(
        `{"cluster":"${cluster}","group":"g","status":"NOTFOUND","complete":1,"partitions":[],"partition_count":0,"maxlag":null,"totallag":0}`
      )
      expect(await fixture.page({ page: 'consumer', cluster, group: 'g' })).to.deep.equal({ kind: 'not-found' })
    }
  })

  it('lists come from all shards, sorted by their bytes', async () => {
    fixture = new EvaluatorFixture(3)
    const groups = Array.from({ length: 12 }, (_, i) => `group ${i}`).concat('\u{10000}', '\uffee', 'a<b')
    fixture.tell(endOffset('t', 0, 1, 9), endOffset('A', 1, 3, 7), endOffset('z', 0, 1, 1))
    for (const group of groups) fixture.tell(commit(group, 't', 0, 1, 5, baseMs))
    fixture.tell(commit('a<b', 'A', 1, 2, 7, baseMs))
    const inShards = await Promise.all(
      fixture.storage.map(({ peer }) => peer.ask({ type: Code.FetchConsumers, cluster: 'c' }))
    )
    expect(inShards.every(names => names!.length > 0)).to.equal(true)
    const sorted = groups.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    const json = JSON.stringify(sorted).replace('<', '\\u003c')
    expect(await fixture.text({ page: 'consumers', cluster: 'c' })).to.equal(json)
    expect(await fixture.text({ page: 'topics', cluster: 'c' })).to.equal('["A","t","z"]')
    expect(await fixture.text({ page: 'topic-consumers', cluster: 'c', topic: 't' })).to.equal(json)
    expect(await fixture.text({ page: 'topic-consumers', cluster: 'c', topic: 'A' })).to.equal('["a\\u003cb"]')
    expect(await fixture.text({ page: 'topic-consumers', cluster: 'c', topic: 'none' })).to.equal('[]')
    expect(await fixture.text({ page: 'topic', cluster: 'c', topic: 'A' })).to.equal('[-1,7,-1]')
    for (const request of [
      { page: 'consumers', cluster: 'x' },
      { page: 'topics', cluster: 'x' },
      { page: 'topic', cluster: 'c', topic: 'none' },
      { page: 'topic-consumers', cluster: 'x', topic: 't' }
    ] satisfies PageRequest[]) {
      expect(await fixture.page(request)).to.deep.equal({ kind: 'not-found' })
    }
  })

  it('in place and from a copy are the same, whatever storage holds', async () => {
    fixture = new EvaluatorFixture(2, { intervals: 4, allowedLag: 3, minimumComplete: 0.5 })
    const random = randomFrom(7)
    const seen = new Set<string>()
    for (let round = 0; round < 60; round++) {
      for (let step = 0; step < 25; step++) fixture.tell(randomCommand(random, round))
      fixture.advance(random(4) * 1000)
      for (const group of ['g', 'h', 'i']) {
        for (const showAll of [false, true]) seen.add(await expectSameAsCopy(fixture, group, showAll))
      }
    }
    expect([...seen].sort()).to.deep.equal(['ERR', 'NOTFOUND', 'OK', 'WARN'])
    expect(fixture.count('ring_busy')).to.equal(0)
  })

  it('keeps a directory until it changes', async () => {
    fixture = new EvaluatorFixture()
    fixture.tell(endOffset('t', 0, 1, 9), commit('g', 't', 0, 1, 5, baseMs))
    await fixture.page(status)
    const cache = fixture.caches[0]!
    const located = cache.lookup('c', 'g')
    expect(located).to.not.equal(null)
    fixture.tell(commit('g', 't', 0, 2, 6, baseMs))
    await fixture.page(status)
    expect(cache.lookup('c', 'g')).to.equal(located)
    fixture.tell(endOffset('u', 0, 1, 9), commit('g', 'u', 0, 3, 9, baseMs))
    expect(cache.lookup('c', 'g')).to.equal(null)
    expect(await fixture.text(lag)).to.include('"partition_count":2')
    expect(cache.lookup('c', 'g')).to.not.equal(null)
  })

  it('a topic that grows or is deleted, and a group that is deleted, are noticed', async () => {
    fixture = new EvaluatorFixture()
    fixture.tell(endOffset('t', 0, 1, 9), commit('g', 't', 0, 1, 5, baseMs), endOffset('u', 0, 1, 9))
    fixture.tell(commit('g', 'u', 0, 2, 5, baseMs))
    expect(await fixture.text(lag)).to.include('"partition_count":2')
    fixture.tell(endOffset('t', 2, 3, 9), commit('g', 't', 2, 3, 8, baseMs))
    expect(await fixture.text(lag)).to.include('"partition_count":4')
    fixture.tell(endOffset('t', 0, 3, 19)) // the run of end offsets moved without a change in the group
    expect(await fixture.text(status)).to.include('"totallag":19')
    fixture.tell({ type: Code.SetDeleteTopic, cluster: 'c', topic: 't' })
    expect(await fixture.text(lag)).to.include('"partition_count":1')
    fixture.tell({ type: Code.SetDeleteGroup, cluster: 'c', group: 'g' })
    expect(await fixture.text(lag)).to.include('"status":"NOTFOUND"')
  })

  it('a run that is never let go is read from a copy instead', async () => {
    fixture = new EvaluatorFixture()
    fixture.tell(endOffset('t', 0, 1, 9), commit('g', 't', 0, 1, 5, baseMs))
    const free = await fixture.text(status)
    const freeDetail = await fixture.text(consumer)
    const { port, directory } = fixture.caches[0]!.lookup('c', 'g')!
    const { windows } = directory.topics[0]!
    const sequence = (windows.at >> 2) + runHeader.seq
    Atomics.add(port.slabs.get(windows.slab).i32, sequence, 1)
    expect(await fixture.text(status)).to.equal(free)
    expect(await fixture.text(consumer)).to.equal(freeDetail)
    Atomics.add(port.slabs.get(windows.slab).i32, sequence, 1)
    expect(fixture.count('ring_busy')).to.equal(2)
  })

  it('a group whose newest commit is older than expire-group is deleted by the question', async () => {
    fixture = new EvaluatorFixture(1, { expireGroupSeconds: 100 })
    fixture.tell(endOffset('t', 0, 1, 9), commit('g', 't', 0, 1, 5, baseMs))
    fixture.advance(100_000)
    expect(await fixture.text(status)).to.not.include('NOTFOUND')
    fixture.advance(1000)
    expect(await fixture.text({ page: 'consumers', cluster: 'c' })).to.equal('["g"]')
    expect(await fixture.text(status)).to.include('NOTFOUND')
    expect(await fixture.text({ page: 'consumers', cluster: 'c' })).to.equal('[]')
    expect(fixture.storage[0]!.count('expired_groups')).to.equal(1)
  })

  it('storage that is gone is an error, not an old answer', async () => {
    fixture = new EvaluatorFixture()
    fixture.tell(endOffset('t', 0, 1, 9), commit('g', 't', 0, 1, 5, baseMs))
    await fixture.page(status)
    fixture.close()
    for (const request of [status, consumer, { page: 'topics', cluster: 'c' } as const]) {
      expect(await fixture.page(request)).to.include({ kind: 'error', code: 'STORAGE_UNAVAILABLE' })
    }
  })

  it('the verdict of an evaluation says the same as the page', async () => {
    fixture = new EvaluatorFixture()
    fixture.tell(endOffset('t', 0, 1, 9), commit('g', 't', 0, 1, 5, baseMs - 9000))
    const result = await fixture.page({ page: 'evaluate', cluster: 'c', group: 'g', showAll: true })
    if (result.kind !== 'verdict') throw new Error(result.kind)
    expect(statusToJson(unpackVerdict(result.verdict))).to.equal(await fixture.text(lag))
  })
})

/** Returns the group's status. */
async function expectSameAsCopy(fixture: EvaluatorFixture, group: string, showAll: boolean): Promise<string> {
  const text = await fixture.text({ page: 'status', cluster: 'c', group, showAll })
  const detail = await fixture.text({ page: 'consumer', cluster: 'c', group })
  const { peer, clock } = fixture.storage[fixture.ports.shardOf('c', group)]!
  const topics = await peer.ask({ type: Code.FetchConsumer, cluster: 'c', group })
  if (topics === null) {
    expect(detail).to.equal('{"kind":"not-found"}')
    expect(text).to.include('"status":"NOTFOUND"')
    return 'NOTFOUND'
  }
  const settings = { intervals: 4, minimumComplete: 0.5, allowedLag: 3 }
  const nowSeconds = Math.floor(clock.nowMs() / 1000)
  expect(text).to.equal(statusToJson(evaluateTopics('c', group, topics, settings, nowSeconds, showAll)))
  const writer = new ByteWriter()
  writeConsumerTopics(writer, topics)
  expect(detail).to.equal(Buffer.from(writer.take()).toString())
  return /"status":"(\w+)"/.exec(text)![1]!
}

function randomCommand(random: (below: number) => number, round: number) {
  const topic = ['t', 'u', 'ü'][random(3)]!
  const group = ['g', 'h', 'i'][random(3)]!
  const partition = random(1 + (round >> 4))
  const time = baseMs + round * 2000 - random(30_000)
  const kind = random(100)
  if (kind < 30) return endOffset(topic, partition, partition + 1, round * 10 + random(10))
  if (kind < 93) return commit(group, topic, partition, round * 40 + random(60), round * 10 + random(6), time)
  if (kind < 97) {
    const owner = `o${random(3)}`
    return { type: Code.SetConsumerOwner, cluster: 'c', group, topic, partition, owner, clientId: 'i' }
  }
  if (kind < 98) return { type: Code.SetDeleteTopic, cluster: 'c', topic }
  return { type: Code.SetDeleteGroup, cluster: 'c', group, ...(kind === 98 ? { topic } : {}) }
}
