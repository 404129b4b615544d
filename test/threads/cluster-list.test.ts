import { expect } from 'chai'
import { ClusterLists } from '../../main/evaluator/cluster-lists.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import { commit, endOffset } from '../support/evaluator-fixture.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { waitFor } from '../support/wait-for.ts'

const groups = 3000
const nowMs = 1_700_000_000_000

describe('list of all groups of a cluster, on real threads', () => {
  let threads: EvaluatorThreads
  afterEach(() => threads.stop())

  it('has every group once, the bad ones first, while threads of the pool die', async () => {
    threads = await new EvaluatorThreads({ shards: 2, threads: 2, nowMs }).start()
    const { ref } = threads.storage
    ref.tell(endOffset('t', 0, 1, 100))
    for (let group = 0; group < groups; group++) {
      const isBad = group % 100 === 7
      ref.tell(commit(`g${group}`, 't', 0, group, isBad ? 50 : 100, nowMs - 60_000))
    }
    const page = (request: Parameters<typeof threads.evaluator.page>[0]) => threads.evaluator.page(request)
    const lists = new ClusterLists({ threads: 2, page })
    const list = async (worseOrEqual: StatusConstant) => {
      const result = await lists.list({ cluster: 'c', filter: { search: '', worseOrEqual }, offset: 0, limit: 10_000 })
      if (result.kind !== 'bytes') throw new Error(`answered with ${result.kind}`)
      return JSON.parse(Buffer.from(result.body).toString()) as {
        counts: Record<string, number>
        matched: number
        groups: { group: string; status: string }[]
      }
    }
    await waitFor(async () => (await list(StatusConstant.OK)).matched === groups, 'all groups', 10_000)

    const asked = list(StatusConstant.OK)
    await threads.evaluator.kill()
    const all = await asked
    expect(new Set(all.groups.map(({ group }) => group)).size).to.equal(groups)
    expect(all.groups).to.have.length(groups)
    expect(all.counts).to.deep.equal({ OK: groups - 30, WARN: 0, ERR: 30 })
    expect(all.groups.slice(0, 31).map(({ status }) => status)).to.deep.equal([...Array(30).fill('ERR'), 'OK'])

    const bad = await list(StatusConstant.Error)
    expect(bad.groups).to.deep.equal(all.groups.slice(0, 30))
    expect([bad.matched, bad.counts]).to.deep.equal([30, all.counts])
  })
})
