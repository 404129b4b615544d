import { expect } from 'chai'
import { rowsPerEventMax } from '../../../main/feed/changed-rows.ts'
import { ClusterWatch } from '../../../main/feed/cluster-watch.ts'
import type { ChangesResult, PageResult, TaskRequest } from '../../../shared/actor/evaluator-tasks.ts'
import { BurrowError } from '../../../shared/errors.ts'

const condition = { name: 'c', up: true, ready: true, error: null }

interface Row {
  readonly group: string
  readonly statusChanged?: boolean
  readonly status?: number
  readonly lag?: number
}

function changes(rows: readonly Row[], more: Partial<ChangesResult> = {}): ChangesResult {
  let end = 0
  const texts = rows.map(({ group }) => Buffer.from(JSON.stringify({ group })))
  const keys = rows.flatMap(({ statusChanged = false, status = 1, lag = 0 }, index) => {
    end += texts[index]!.length
    return [statusChanged ? 1 : 0, status, lag, end]
  })
  const figures = { counts: [rows.length, 0, 0] as const, totalLag: 7, changed: rows.length, next: null }
  return { kind: 'changes', keys: Float64Array.from(keys), text: Buffer.concat(texts), ...figures, ...more }
}

describe('watch over a cluster', () => {
  let asked: TaskRequest[]
  let lists: string[]
  let answer: (list: string, from: number) => PageResult
  let gone: PageResult
  let watch: ClusterWatch
  beforeEach(() => {
    asked = []
    lists = ['a']
    answer = () => changes([])
    gone = { kind: 'gone', names: 1, text: Buffer.from('["x"]'), more: false }
    watch = new ClusterWatch('c', { threads: 2, page: async task => answerTo(task) })
  })

  function answerTo(task: TaskRequest): PageResult {
    asked.push(task)
    switch (task.page) {
      case 'metrics-groups':
        return { kind: 'lists', lists: lists.map(list => Buffer.from(list)) }
      case 'topic-count':
        return { kind: 'count', count: 3 }
      case 'groups-gone':
        return gone
      case 'group-changes':
        return answer(Buffer.from(task.list).toString(), task.from)
      default:
        throw new Error(task.page)
    }
  }
  // biome-ignore lint/suspicious/noExplicitAny: events are looked into
  async function look(of = condition): Promise<Record<string, any>> {
    const events = await watch.look(of)
    return Object.fromEntries(
      events.map(event => {
        const [, name, data] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(Buffer.from(event).toString())!
        return [name, JSON.parse(data!)]
      })
    )
  }

  it('tells at first how the cluster is and that the groups are to be asked for, then only what has changed', async () => {
    const first = await look()
    expect(first).to.deep.equal({
      cluster: { ...condition, groups: 0, ok: 0, warn: 0, err: 0, totalLag: 7, topics: 3 },
      groups: { cluster: 'c', rows: [], gone: [], more: true }
    })
    expect(watch.start().map(event => Buffer.from(event).toString().split('\n')[0])).to.deep.equal([
      'event: cluster',
      'event: groups'
    ])
    expect(await look()).to.deep.equal({})
    expect(await look({ ...condition, up: false })).to.have.keys('cluster')
    answer = () => changes([{ group: 'g' }])
    expect(await look({ ...condition, up: false })).to.deep.equal({
      cluster: { ...condition, up: false, groups: 1, ok: 1, warn: 0, err: 0, totalLag: 7, topics: 3 },
      groups: { cluster: 'c', rows: [{ group: 'g' }], gone: [], more: false }
    })
  })

  it('goes on in a list that is too much for one question, and adds up', async () => {
    lists = ['a', 'b']
    await look()
    answer = (list, from) =>
      changes([{ group: `${list}${from}`, lag: from }], { next: list === 'a' && from === 0 ? 9 : null })
    const { cluster, groups } = await look()
    expect(groups.rows.map(({ group }: Row) => group)).to.deep.equal(['a9', 'a0', 'b0'])
    expect([cluster.groups, cluster.totalLag]).to.deep.equal([3, 21])
  })

  it('shows those with another status first, then the worst, and says when there are more', async () => {
    await look()
    const many = Array.from({ length: rowsPerEventMax }, (_, index) => ({ group: `g${index}`, lag: index }))
    answer = () => changes([...many, { group: 'err', status: 3 }, { group: 'turned', statusChanged: true }])
    const { groups } = await look()
    expect(groups.rows).to.have.length(rowsPerEventMax)
    expect(groups.rows.slice(0, 3).map(({ group }: Row) => group)).to.deep.equal(['turned', 'err', 'g499'])
    expect(groups.more).to.equal(true)
  })

  it('asks for no more rows than the event has room for', async () => {
    lists = ['a', 'b', 'c', 'd']
    await look()
    answer = list =>
      list === 'a'
        ? changes(Array.from({ length: 450 }, (_, i) => ({ group: `g${i}`, statusChanged: i < 300 })))
        : changes([])
    asked = []
    await look()
    const rooms = asked.flatMap(task =>
      task.page === 'group-changes' ? [[task.statusRowsMax, task.quietRowsMax]] : []
    )
    expect(rooms).to.deep.equal([
      [500, 500],
      [500, 500],
      [200, 50],
      [200, 50]
    ])
  })

  it('says more when rows were left out by the pool', async () => {
    await look()
    answer = () => changes([{ group: 'g' }], { changed: 2 })
    expect((await look()).groups.more).to.equal(true)
  })

  it('names the groups that are gone, and compares only the lists that differ', async () => {
    lists = ['a', 'b', 'c', 'd']
    await look()
    lists = ['a', 'x', 'd']
    asked = []
    expect((await look()).groups).to.deep.equal({ cluster: 'c', rows: [], gone: ['x'], more: false })
    const asks = asked.flatMap(task => (task.page === 'groups-gone' ? [task] : []))
    const texts = (list: readonly Uint8Array[]) => list.map(bytes => Buffer.from(bytes).toString())
    expect(asks.map(({ before, now }) => [texts(before), texts(now)])).to.deep.equal([[['b', 'c'], ['x']]])
    gone = { kind: 'gone', names: 0, text: Buffer.from('[]'), more: false }
    lists = ['a', 'x', 'd', 'e']
    asked = []
    expect((await look()).groups).to.equal(undefined)
    expect(
      asked.some(({ page }) => page === 'groups-gone'),
      'nothing can be gone'
    ).to.equal(false)
  })

  it('says more after a look that broke off: what it had seen is noted as said', async () => {
    await look()
    answer = () => ({ kind: 'error', code: 'DEADLINE_EXCEEDED', message: 'late' })
    const error = await look().catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(BurrowError).with.property('code', 'DEADLINE_EXCEEDED')
    answer = () => changes([])
    expect((await look()).groups).to.deep.equal({ cluster: 'c', rows: [], gone: [], more: true })
    expect(await look()).to.deep.equal({})
  })

  it('takes a new table when there are too many groups, and has them asked for again', async () => {
    await look()
    const before = asked.flatMap(task => (task.page === 'group-changes' ? [task.table] : []))[0]!
    lists = Array.from({ length: 20 }, (_, index) => `list ${index}`)
    asked = []
    expect((await look()).groups.more).to.equal(true)
    const after = asked.flatMap(task => (task.page === 'group-changes' ? [task.table] : []))[0]!
    expect(after.byteLength).to.be.greaterThan(before.byteLength)
    expect(await look()).to.deep.equal({})
  })

  it('of a cluster that storage does not know has nothing to tell', async () => {
    watch = new ClusterWatch('c', { threads: 1, page: async () => ({ kind: 'not-found' }) })
    expect((await look({ ...condition, up: false })).cluster).to.include({ groups: 0, topics: 0, up: false })
  })
})
