import { expect } from 'chai'
import { ClusterLists } from '../../../../main/evaluator/cluster-lists.ts'
import type { GroupOrder, PageResult } from '../../../../shared/actor/evaluator-tasks.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { commit, EvaluatorFixture, endOffset } from '../../../support/evaluator-fixture.ts'
import { randomFrom } from '../../../support/random-history.ts'
import { baseMs } from '../../../support/storage-fixture.ts'

interface Listed {
  readonly group: string
  readonly status: string
  readonly totallag: number
  readonly last_commit: number
}
interface Page {
  readonly counts: Readonly<Record<string, number>>
  readonly matched: number
  readonly groups: readonly Listed[]
}

describe('list of all groups of a cluster', () => {
  let fixture: EvaluatorFixture
  afterEach(() => fixture.close())

  async function list(
    changes: {
      cluster?: string
      search?: string
      least?: StatusConstant
      offset?: number
      limit?: number
      sort?: GroupOrder
    } = {}
  ) {
    const lists = new ClusterLists({ threads: 2, page: step => fixture.renderer.render(step) })
    const { cluster = 'c', search = '', least = StatusConstant.OK, offset = 0, limit = 1000, sort } = changes
    const filter = { search, worseOrEqual: least, ...(sort && { sort }) }
    return textOf(await lists.list({ cluster, filter, offset, limit }))
  }
  const page = async (changes: Parameters<typeof list>[0] = {}) => JSON.parse(await list(changes)) as Page

  it('has all that a table shows, key by key', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 2 })
    fixture.tell(endOffset('t', 0, 2, 100), endOffset('t', 1, 2, 50))
    fixture.tell(commit('g<', 't', 0, 1, 100, baseMs - 10_000), commit('g<', 't', 1, 2, 40, baseMs - 10_000))
    fixture.tell(commit('g<', 't', 1, 3, 41, baseMs - 8000))
    fixture.advance(1000)
    const row = `{"group":"g\\u003c","status":"ERR","totallag":9,"partition_count":2,"complete":0.5,"last_commit":${baseMs - 8000},"since":${baseMs - 6000},"maxlag":{"topic":"t","partition":1,"status":"STOP","current_lag":9,"owner":"","client_id":""}}`
    expect(await list()).to.equal(
      `{"cluster":"c","evaluated_at":${baseMs + 1000},"counts":{"OK":0,"WARN":0,"ERR":1},"matched":1,"offset":0,"groups":[${row}]}`
    )
  })

  it('says of 300 groups on three shards what their status pages say, worst first, in pages that fit together', async () => {
    fixture = new EvaluatorFixture(3, { intervals: 3 })
    const random = randomFrom(11)
    const names = Array.from({ length: 300 }, (_, index) => `group-${index}`)
    const habits = names.map(() => random(4))
    for (let order = 1; order <= 3; order++) {
      fixture.tell(endOffset('t', 0, 1, 1000 + order * 100))
      for (const [index, group] of names.entries()) {
        // Reads all, stands still, falls behind, has stopped.
        const habit = habits[index]!
        const offset = [1000 + order * 100, 900 - random(2), 900 + order, 950][habit]!
        const time = baseMs - (habit === 3 ? 120_000 : 60_000) + order * (habit === 3 ? 1000 : 20_000)
        fixture.tell(commit(group, 't', 0, index * 3 + order, offset, time))
      }
    }
    fixture.advance(5000)
    const all = await page()
    expect(all.matched).to.equal(300)
    const seen = new Set<string>()
    for (const { group, status, totallag } of all.groups) {
      const own = JSON.parse(await fixture.text({ page: 'status', cluster: 'c', group, showAll: false }))
      expect([own.status, own.totallag], group).to.deep.equal([status, totallag])
      seen.add(status)
    }
    expect([...seen].sort()).to.deep.equal(['ERR', 'OK', 'WARN'])
    const badness = ['OK', 'WARN', 'ERR']
    const key = ({ status, totallag }: Listed) => badness.indexOf(status) * 1e9 + totallag
    for (const [index, each] of all.groups.entries()) {
      if (index > 0) expect(key(each)).to.be.at.most(key(all.groups[index - 1]!))
    }
    const pieces = await Promise.all([0, 120, 240].map(offset => page({ offset, limit: 120 })))
    expect(pieces.flatMap(({ groups }) => groups)).to.deep.equal(all.groups)
    for (const { counts } of pieces) expect(counts).to.deep.equal(all.counts)

    const bad = await page({ least: StatusConstant.Error })
    expect(bad.groups).to.deep.equal(all.groups.filter(({ status }) => status === 'ERR'))
    expect([bad.matched, bad.counts]).to.deep.equal([bad.groups.length, all.counts])
    const found = await page({ search: 'UP-29' })
    expect(found.groups.map(({ group }) => group).sort()).to.deep.equal(
      names.filter(name => name.includes('p-29')).sort()
    )
    expect((await page({ limit: 0 })).counts).to.deep.equal(all.counts)
  })

  it('sorts by lag, by name and by the time of the last commit, in pages that fit together', async () => {
    fixture = new EvaluatorFixture(2, { intervals: 2 })
    fixture.tell(endOffset('t', 0, 1, 1000))
    const names = Array.from({ length: 40 }, (_, index) => `group-${(index * 7) % 40}`)
    for (const [index, group] of names.entries()) {
      fixture.tell(commit(group, 't', 0, index, 1000 - ((index * 11) % 40), baseMs - ((index * 13) % 40) * 1000))
    }
    const sorted = async (sort: GroupOrder) => {
      const whole = (await page({ sort })).groups
      const pieces = [await page({ sort, limit: 15 }), await page({ sort, offset: 15 })]
      expect(pieces.flatMap(({ groups }) => groups)).to.deep.equal(whole)
      return whole
    }
    const numbers = names.map((_, index) => index)
    expect((await sorted('lag')).map(({ totallag }) => totallag)).to.deep.equal(numbers.toReversed())
    expect((await sorted('name')).map(({ group }) => group)).to.deep.equal(names.toSorted())
    expect((await sorted('commit')).map(({ last_commit }) => (last_commit - baseMs) / 1000)).to.deep.equal(
      numbers.map(number => number - 39)
    )
  })

  it('knows no such cluster', async () => {
    fixture = new EvaluatorFixture(2)
    expect(await list({ cluster: 'none' })).to.equal('{"kind":"not-found"}')
    expect((await page()).groups).to.deep.equal([])
  })
})

function textOf(result: PageResult): string {
  return result.kind === 'bytes' ? Buffer.from(result.body).toString() : JSON.stringify(result)
}
