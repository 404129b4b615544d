import { expect } from 'chai'
import { ClusterWatch } from '../../main/feed/cluster-watch.ts'
import { commit, endOffset } from '../support/evaluator-fixture.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { waitFor } from '../support/wait-for.ts'

const groups = 3000
const nowMs = 1_700_000_000_000
const condition = { name: 'c', up: true, ready: true, error: null }

interface Told {
  readonly cluster?: { readonly groups: number; readonly ok: number; readonly err: number; readonly topics: number }
  readonly groups?: {
    readonly rows: readonly { readonly group: string; readonly status: string }[]
    readonly more: boolean
  }
}

describe('changes of all groups, on real threads', () => {
  let threads: EvaluatorThreads
  afterEach(() => threads.stop())

  it('finds just those groups that have changed, with several threads on one table, also after a thread has died', async () => {
    threads = await new EvaluatorThreads({ shards: 2, threads: 2, nowMs }).start()
    const { ref } = threads.storage
    ref.tell(endOffset('t', 0, 1, 100))
    for (let group = 0; group < groups; group++) ref.tell(commit(`g${group}`, 't', 0, group, 100, nowMs - 60_000))
    const watch = new ClusterWatch('c', { threads: 2, page: step => threads.evaluator.page(step) })
    const look = async (): Promise<Told> => {
      const events = await watch.look(condition)
      return Object.fromEntries(
        events.map(event => {
          const [, name, data] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(Buffer.from(event).toString())!
          return [name, JSON.parse(data!)]
        })
      )
    }
    await waitFor(async () => (await look()).cluster?.groups === groups, 'all groups', 15_000)
    await waitFor(async () => Object.keys(await look()).length === 0, 'nothing new')

    const bad = [3, 700, 1500, 2999].map(group => `g${group}`)
    for (const [index, group] of bad.entries()) ref.tell(commit(group, 't', 0, groups + index, 50, nowMs - 50_000))
    let told: Told = {}
    await waitFor(async () => {
      told = await look()
      return told.groups !== undefined
    }, 'the change')
    const rows = [...told.groups!.rows]
    await waitFor(async () => {
      rows.push(...((await look()).groups?.rows ?? []))
      return rows.length >= bad.length
    }, 'all changes')
    expect(rows.map(({ group, status }) => `${group} ${status}`).sort()).to.deep.equal(
      bad.map(group => `${group} ERR`).sort()
    )

    const looking = look()
    await threads.evaluator.kill()
    await looking.catch(() => undefined)
    await waitFor(async () => Object.keys(await look()).length === 0, 'nothing new')
    ref.tell(commit('g5', 't', 0, groups + 9, 40, nowMs - 40_000))
    await waitFor(async () => (await look()).groups?.rows.some(({ group }) => group === 'g5'), 'a change afterwards')
  })
})
