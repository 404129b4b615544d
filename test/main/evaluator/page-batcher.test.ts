import { mock } from 'node:test'
import { expect } from 'chai'
import { PageBatcher, pagesPerTaskMax, pagesPerTaskMin, tasksPerThread } from '../../../main/evaluator/page-batcher.ts'
import type { PageRequest, PageResult, TaskRequest } from '../../../shared/actor/evaluator-tasks.ts'

interface Task {
  readonly requests: readonly TaskRequest[]
  readonly finish: () => void
  readonly die: () => void
}

describe('page batcher', () => {
  let tasks: Task[]
  const run = (requests: readonly TaskRequest[]): Promise<readonly PageResult[]> =>
    new Promise((resolve, reject) => {
      const finish = (): void => resolve(requests.map(answerTo))
      tasks.push({ requests, finish, die: () => reject(new Error('worker exited')) })
    })
  beforeEach(() => {
    tasks = []
    mock.timers.enable({ apis: ['setTimeout'] })
  })
  afterEach(() => mock.timers.reset())

  it('puts the questions of one turn into one task, and gives each its answer', async () => {
    const batcher = new PageBatcher({ threads: 2, run })
    const answers = ['a', 'b', 'c'].map(name => batcher.ask(question(name)))
    expect(tasks).to.have.length(0)
    await turn()
    expect(tasks.map(({ requests }) => requests.length)).to.deep.equal([3])
    tasks[0]!.finish()
    expect(await Promise.all(answers)).to.deep.equal(['a', 'b', 'c'].map(name => answerTo(question(name))))
  })

  it('shares many questions out over the threads, in bounded tasks', async () => {
    const batcher = new PageBatcher({ threads: 2, run })
    const few = pagesPerTaskMin * 3
    for (let i = 0; i < few; i++) batcher.ask(question(`${i}`))
    await turn()
    expect(tasks.map(({ requests }) => requests.length)).to.deep.equal([few / 2, few / 2])
    const many = pagesPerTaskMax * 3
    for (let i = 0; i < many; i++) batcher.ask(question(`${i}`))
    await turn()
    expect(tasks.slice(2).map(({ requests }) => requests.length)).to.deep.equal([128, 128, 128])
  })

  it('keeps so many tasks open and lets the rest wait, in order', async () => {
    const batcher = new PageBatcher({ threads: 1, run })
    for (let i = 0; i < tasksPerThread; i++) {
      batcher.ask(question(`${i}`))
      await turn()
    }
    const later = [batcher.ask(question('x')), batcher.ask(question('y'))]
    await turn()
    expect(tasks).to.have.length(tasksPerThread)
    expect(batcher.stats).to.include({ waiting: 2, tasksOpen: tasksPerThread })
    tasks[0]!.finish()
    await turn()
    await turn()
    expect(tasks.at(-1)!.requests).to.deep.equal([question('x'), question('y')])
    tasks.at(-1)!.finish()
    expect(await later[1]).to.deep.equal(answerTo(question('y')))
  })

  it('asks once more when the thread dies, then refuses', async () => {
    const batcher = new PageBatcher({ threads: 2, run })
    const lucky = batcher.ask(question('lucky'))
    await turn()
    tasks[0]!.die()
    await turn()
    await turn()
    expect(tasks[1]!.requests).to.deep.equal([question('lucky')])
    tasks[1]!.finish()
    expect(await lucky).to.deep.equal(answerTo(question('lucky')))

    const unlucky = codeOf(batcher.ask(question('unlucky')))
    for (const task of [2, 3]) {
      await turn()
      await turn()
      tasks[task]!.die()
    }
    expect(await unlucky).to.equal('EVALUATOR_UNAVAILABLE')
    expect(tasks).to.have.length(4)
    expect(batcher.stats).to.include({ retried: 2, refused: 1, tasksOpen: 0 })
  })

  it('does not ask again for a list whose rows were handed over to the thread that died', async () => {
    const batcher = new PageBatcher({ threads: 2, run })
    const list = codeOf(batcher.ask({ page: 'group-list', cluster: 'c', blocks: [], offset: 0, limit: 1 }))
    await turn()
    tasks[0]!.die()
    expect(await list).to.equal('EVALUATOR_UNAVAILABLE')
    expect(tasks).to.have.length(1)
    expect(batcher.stats).to.include({ retried: 0, refused: 1, tasksOpen: 0 })
  })

  it('refuses what is not answered in time, and does not send what is already refused', async () => {
    const batcher = new PageBatcher({ threads: 1, run, deadlineMs: 5 })
    const codes = []
    for (let i = 0; i < tasksPerThread + 1; i++) {
      codes.push(codeOf(batcher.ask(question(`${i}`))))
      await turn()
    }
    mock.timers.tick(4)
    expect(batcher.stats).to.include({ late: 0, waiting: 1 })
    mock.timers.tick(1)
    expect(await Promise.all(codes)).to.deep.equal(codes.map(() => 'DEADLINE_EXCEEDED'))
    expect(tasks).to.have.length(tasksPerThread)
    tasks[0]!.finish()
    await turn()
    await turn()
    expect(tasks).to.have.length(tasksPerThread)
    expect(batcher.stats).to.include({ late: tasksPerThread + 1, waiting: 0 })
  })

  it('refuses at once past its bound, and everyone when it is closed', async () => {
    const batcher = new PageBatcher({ threads: 1, run, waitingMax: 2 })
    const waiting = [codeOf(batcher.ask(question('a'))), codeOf(batcher.ask(question('b')))]
    expect(await codeOf(batcher.ask(question('c')))).to.equal('QUEUE_FULL')
    batcher.close()
    expect(await Promise.all(waiting)).to.deep.equal(['EVALUATOR_UNAVAILABLE', 'EVALUATOR_UNAVAILABLE'])
    expect(await codeOf(batcher.ask(question('d')))).to.equal('EVALUATOR_UNAVAILABLE')
    await turn()
    expect(tasks).to.have.length(0)
  })
})

function question(cluster: string): PageRequest {
  return { page: 'topics', cluster }
}

function answerTo(request: TaskRequest): PageResult {
  return { kind: 'error', code: 'UNSUPPORTED', message: 'cluster' in request ? request.cluster : '' }
}

function codeOf(asked: Promise<PageResult>): Promise<string> {
  return asked.then(
    ({ kind }) => kind,
    error => error.code
  )
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
