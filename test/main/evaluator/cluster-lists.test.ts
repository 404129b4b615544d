import { expect } from 'chai'
import { ClusterLists, clusterListsMax } from '../../../main/evaluator/cluster-lists.ts'
import type { PageResult, TaskRequest } from '../../../shared/actor/evaluator-tasks.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'

const request = { cluster: 'c', filter: { search: '', worseOrEqual: StatusConstant.OK }, offset: 3, limit: 4 }
const block = { keys: new Float64Array(3), text: new Uint8Array(1), counts: [1, 0, 0], matched: 1 } as const

describe('lists of all groups', () => {
  let asked: TaskRequest[]
  const answers = async (task: TaskRequest): Promise<PageResult> => {
    asked.push(task)
    if (task.page === 'metrics-groups') return { kind: 'lists', lists: [Uint8Array.of(1), Uint8Array.of(2)] }
    if (task.page === 'group-rows') {
      // The first list is too much for one question.
      const more = task.list[0] === 1 && task.from === 0
      return { kind: 'rows', block, next: more ? 200 : null }
    }
    return { kind: 'bytes', body: new Uint8Array(2), status: -1 }
  }
  beforeEach(() => {
    asked = []
  })

  it('asks for the lists, for the rows of each until it is done, and for the page', async () => {
    const lists = new ClusterLists({ threads: 2, page: answers })
    expect((await lists.list(request)).kind).to.equal('bytes')
    const steps = asked.map(task => (task.page === 'group-rows' ? [task.list[0], task.from, task.rowsMax] : task.page))
    expect(steps).to.deep.include.members([
      [1, 0, 7],
      [1, 200, 7],
      [2, 0, 7]
    ])
    expect(asked[0]).to.deep.equal({ page: 'metrics-groups', cluster: 'c' })
    expect(asked.at(-1)).to.deep.equal({
      page: 'group-list',
      cluster: 'c',
      offset: 3,
      limit: 4,
      blocks: [block, block, block]
    })
    expect(asked).to.have.length(5)
  })

  it('makes a list once for all who ask for it meanwhile, and again for who comes later', async () => {
    const lists = new ClusterLists({ threads: 1, page: answers })
    const [first, second] = await Promise.all([lists.list(request), lists.list({ ...request })])
    expect(second).to.equal(first)
    expect(asked).to.have.length(5)
    expect(await lists.list(request)).to.not.equal(first)
  })

  it('refuses more different lists at a time than it may make', async () => {
    const lists = new ClusterLists({ threads: 1, page: () => new Promise(() => undefined) })
    for (let offset = 0; offset < clusterListsMax; offset++) void lists.list({ ...request, offset })
    const error = await lists.list({ ...request, offset: clusterListsMax }).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(BurrowError).with.property('code', 'QUEUE_FULL')
  })

  it('hands on that there is no such cluster, and what went wrong; then it makes lists again', async () => {
    let page: (task: TaskRequest) => Promise<PageResult> = async () => ({ kind: 'not-found' })
    const lists = new ClusterLists({ threads: 1, page: task => page(task) })
    expect(await lists.list(request)).to.deep.equal({ kind: 'not-found' })
    page = async task =>
      task.page === 'group-rows' ? { kind: 'error', code: 'STORAGE_UNAVAILABLE', message: 'gone' } : answers(task)
    const error = await lists.list(request).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(BurrowError).with.property('code', 'STORAGE_UNAVAILABLE')
    page = answers
    expect((await lists.list(request)).kind).to.equal('bytes')
  })

  it('gives up when its time is over', async () => {
    const lists = new ClusterLists({ threads: 1, page: answers, deadlineMs: -1 })
    const error = await lists.list(request).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(BurrowError).with.property('code', 'DEADLINE_EXCEEDED')
  })
})
