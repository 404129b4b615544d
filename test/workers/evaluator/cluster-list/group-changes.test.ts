import { expect } from 'chai'
import { type ChangesResult, changeBytesMax, changeKeyF64 } from '../../../../shared/actor/evaluator-tasks.ts'
import { RowTable } from '../../../../shared/actor/row-table.ts'
import { encodeGroupList } from '../../../../workers/evaluator/group-list.ts'
import { commit, EvaluatorFixture, endOffset } from '../../../support/evaluator-fixture.ts'
import { baseMs } from '../../../support/storage-fixture.ts'

const all = { statusRowsMax: 500, quietRowsMax: 500 }

describe('changes of groups', () => {
  let fixture: EvaluatorFixture
  let table: RowTable
  beforeEach(() => {
    table = RowTable.create(100)
  })
  afterEach(() => fixture.close())

  async function look(groups: readonly string[], wanted = all): Promise<ChangesResult> {
    const list = encodeGroupList('c', groups)
    const result = await fixture.renderer.render({
      page: 'group-changes',
      list,
      from: 0,
      table: table.buffer,
      ...wanted
    })
    if (result.kind !== 'changes') throw new Error(JSON.stringify(result))
    return result
  }

  /** 'name' for a row whose status is what it was, 'name!' for one with another. */
  function rowsOf({ keys, text }: ChangesResult): string[] {
    const rows: string[] = []
    for (let at = 0, from = 0; at < keys.length; at += changeKeyF64.words) {
      const row = JSON.parse(Buffer.from(text.subarray(from, keys[at + changeKeyF64.end])).toString())
      expect(row.totallag).to.equal(keys[at + changeKeyF64.totalLag])
      rows.push(row.group + (keys[at + changeKeyF64.statusChanged] === 1 ? '!' : ''))
      from = keys[at + changeKeyF64.end]!
    }
    return rows
  }

  it('are only those since the last look, and the figures are of all groups', async () => {
    fixture = new EvaluatorFixture(2, { intervals: 2 })
    fixture.tell(endOffset('t', 0, 1, 100))
    for (const [group, offset] of [
      ['reads', 100],
      ['behind', 60]
    ] as const) {
      fixture.tell(
        commit(group, 't', 0, 1, offset - 10, baseMs - 30_000),
        commit(group, 't', 0, 2, offset, baseMs - 3000)
      )
    }
    const groups = ['behind', 'gone', 'reads']
    const first = await look(groups)
    expect(rowsOf(first)).to.deep.equal(['behind', 'reads'])
    expect([first.counts, first.totalLag, first.changed, first.next]).to.deep.equal([[2, 0, 0], 40, 2, null])

    const second = await look(groups)
    expect(rowsOf(second)).to.deep.equal([])
    expect([second.counts, second.totalLag, second.changed]).to.deep.equal([[2, 0, 0], 40, 0])

    fixture.tell(commit('reads', 't', 0, 3, 100, baseMs - 1000))
    expect(rowsOf(await look(groups))).to.deep.equal(['reads'])

    fixture.advance(100_000) // nobody commits any more; who has read everything may
    const late = await look(groups)
    expect(rowsOf(late)).to.deep.equal(['behind!'])
    expect([late.counts, late.changed]).to.deep.equal([[1, 0, 1], 1])
  })

  it('with rows like those of the list of all groups', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 2 })
    fixture.tell(endOffset('t', 0, 1, 100), commit('g<"', 't', 0, 1, 60, baseMs - 3000))
    const { text } = await look(['g<"'])
    const block = await fixture.renderer.render({
      page: 'group-rows',
      list: encodeGroupList('c', ['g<"']),
      from: 0,
      filter: { search: '', worseOrEqual: 1 },
      rowsMax: 1
    })
    expect(block.kind === 'rows' && Buffer.from(block.block.text).toString()).to.equal(Buffer.from(text).toString())
  })

  it('are counted when there are more than wanted, those with another status apart', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 2 })
    fixture.tell(endOffset('t', 0, 1, 100))
    const groups = Array.from({ length: 10 }, (_, index) => `g${index}`)
    for (const group of groups) {
      fixture.tell(commit(group, 't', 0, 1, 50, baseMs - 30_000), commit(group, 't', 0, 2, 60, baseMs - 3000))
    }
    const quiet = await look(groups, { statusRowsMax: 0, quietRowsMax: 3 })
    expect(rowsOf(quiet)).to.deep.equal(['g0', 'g1', 'g2'])
    expect(quiet.changed).to.equal(10)
    fixture.advance(100_000)
    const bad = await look([...groups, 'g-new'], { statusRowsMax: 4, quietRowsMax: 0 })
    expect(rowsOf(bad)).to.deep.equal(['g0!', 'g1!', 'g2!', 'g3!'])
    expect(bad.changed).to.equal(10)
    expect((await look(groups)).changed).to.equal(0)
  })

  it('have no more bytes than an event may have, however long the names', async () => {
    fixture = new EvaluatorFixture(1, { intervals: 1 })
    fixture.tell(endOffset('t', 0, 1, 100))
    const groups = Array.from({ length: 20 }, (_, index) => `${'<'.repeat(8000)}${index}`)
    for (const [index, group] of groups.entries()) fixture.tell(commit(group, 't', 0, index, 50, baseMs - 3000))
    const { text, changed } = await look(groups)
    expect(changed).to.equal(20)
    expect(text.length).to.be.within(48_000, changeBytesMax)
  })

  it('names those that are in a list no more, up to a bound', async () => {
    fixture = new EvaluatorFixture(1)
    const before = [encodeGroupList('c', ['a', 'b"', 'c']), encodeGroupList('c', ['d', 'e'])]
    const now = [encodeGroupList('c', ['a', 'c', 'd0'])]
    const gone = await fixture.renderer.render({ page: 'groups-gone', before, now, namesMax: 10 })
    expect(
      gone.kind === 'gone' && [gone.names, JSON.parse(Buffer.from(gone.text).toString()), gone.more]
    ).to.deep.equal([3, ['b"', 'd', 'e'], false])
    const some = await fixture.renderer.render({ page: 'groups-gone', before, now, namesMax: 2 })
    expect(some.kind === 'gone' && [some.names, Buffer.from(some.text).toString(), some.more]).to.deep.equal([
      2,
      '["b\\"","d"]',
      true
    ])
  })

  it('topics are counted', async () => {
    fixture = new EvaluatorFixture(2)
    fixture.tell(endOffset('t', 0, 1, 100), endOffset('u', 0, 1, 100))
    expect(await fixture.renderer.render({ page: 'topic-count', cluster: 'c' })).to.deep.equal({
      kind: 'count',
      count: 2
    })
    expect((await fixture.renderer.render({ page: 'topic-count', cluster: 'none' })).kind).to.equal('not-found')
  })
})
