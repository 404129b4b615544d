import { expect } from 'chai'
import type { ExplainPage } from '../../../shared/actor/evaluator-tasks.ts'
import { commit, EvaluatorFixture, endOffset } from '../../support/evaluator-fixture.ts'
import { randomFrom } from '../../support/random-history.ts'
import { baseMs } from '../../support/storage-fixture.ts'

interface Verdict {
  readonly status: string
  readonly complete: number
  readonly totallag: number
  readonly partitions: readonly {
    topic: string
    partition: number
    status: string
    current_lag: number
    complete: number
  }[]
}

const explain = (group: string, only: ExplainPage['only'] = null): ExplainPage => ({
  page: 'explain',
  cluster: 'c',
  group,
  only,
  endOffsetSeconds: 10
})

describe('page of an explanation', () => {
  let fixture: EvaluatorFixture
  afterEach(() => fixture.close())

  it('says what the status page says, whatever storage holds', async () => {
    fixture = new EvaluatorFixture(2, { intervals: 5, allowedLag: 2, minimumComplete: 0.3 })
    const random = randomFrom(23)
    const seen = new Set<string>()
    let end = 100
    for (let round = 0; round < 100; round++) {
      for (const topic of ['t', 'u']) fixture.tell(endOffset(topic, random(3), 3, end))
      end += random(9)
      for (let step = 0; step < 8; step++) {
        const group = ['g', 'h'][random(2)]!
        const topic = ['t', 'u'][random(2)]!
        const fallsBehind = group === 'h' && topic === 'u'
        const offset = fallsBehind ? 50 + round : end - [0, 3, random(60)][random(3)]!
        const time = baseMs + round * 1000 - random(4000)
        fixture.tell(commit(group, topic, random(3), round * 8 + step, offset, time))
      }
      fixture.advance(random(3) * 1000)
      for (const group of ['g', 'h']) {
        const status = JSON.parse(await fixture.text({ page: 'status', cluster: 'c', group, showAll: true })) as Verdict
        const explained = await fixture.text(explain(group))
        if (explained === '{"kind":"not-found"}') {
          expect(status.status).to.equal('NOTFOUND')
          continue
        }
        const told = JSON.parse(explained) as Verdict
        expect(verdictOf(told), explained).to.deep.equal(verdictOf(status))
        for (const { status } of told.partitions) seen.add(status)
      }
    }
    expect([...seen].sort()).to.include.members(['OK', 'REWIND', 'STOP', 'WARN'])
  })

  it('one partition is the same as in the whole; what is not there is not found', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 3 })
    fixture.tell(endOffset('t', 1, 2, 50), commit('g', 't', 1, 2, 40, baseMs - 10_000))
    const whole = JSON.parse(await fixture.text(explain('g'))) as Verdict
    expect(JSON.parse(await fixture.text(explain('g', { topic: 't', partition: 1 })))).to.deep.equal(
      whole.partitions[1]
    )
    for (const only of [
      { topic: 't', partition: 2 },
      { topic: 'u', partition: 0 }
    ]) {
      expect(await fixture.page(explain('g', only))).to.deep.equal({ kind: 'not-found' })
    }
    expect(await fixture.page(explain('none'))).to.deep.equal({ kind: 'not-found' })
  })
})

function verdictOf({ status, complete, totallag, partitions }: Verdict) {
  const each = partitions.map(({ topic, partition, status, current_lag, complete }) => [
    topic,
    partition,
    status,
    current_lag,
    complete
  ])
  return { status, complete, totallag, each }
}
