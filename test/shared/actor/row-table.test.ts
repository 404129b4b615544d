import { expect } from 'chai'
import { array, assert, constantFrom, nat, property, record, string } from 'fast-check'
import { RowTable } from '../../../shared/actor/row-table.ts'

const row = (text: string) => new TextEncoder().encode(text)

describe('row table', () => {
  it('tells what is new, what has another status, what has another row, and what is as it was', () => {
    const table = RowTable.create(10)
    expect(table.note('g', row('{"lag":1}'), 1)).to.equal('new')
    expect(table.note('g', row('{"lag":1}'), 1)).to.equal('same')
    expect(table.note('g', row('{"lag":2}'), 1)).to.equal('row')
    expect(table.note('g', row('{"lag":2}'), 3)).to.equal('status')
    expect(table.note('g', row('{"lag":2}'), 3)).to.equal('same')
    expect(table.note('', row(''), 0)).to.equal('new')
    expect(table.note('', row(''), 0)).to.equal('same')
  })

  it('is the same table for whoever has its memory', () => {
    const table = RowTable.create(10)
    table.note('g', row('a'), 1)
    expect(new RowTable(table.buffer).note('g', row('a'), 1)).to.equal('same')
    expect(new RowTable(table.buffer).note('g', row('b'), 1)).to.equal('row')
    expect(table.note('g', row('b'), 1)).to.equal('same')
  })

  it('says what a map would say, whatever comes in whatever order', () => {
    const step = record({
      group: constantFrom(...'abcdefghijklmnopqrstuvwxyz', ''),
      text: string(),
      status: nat({ max: 3 })
    })
    assert(
      property(array(step, { maxLength: 200 }), steps => {
        const table = RowTable.create(1)
        const model = new Map<string, { text: string; status: number }>()
        for (const { group, text, status } of steps) {
          const before = model.get(group)
          const change = !before ? 'new' : before.status !== status ? 'status' : before.text !== text ? 'row' : 'same'
          model.set(group, { text, status })
          expect(table.note(group, row(text), status)).to.equal(change)
        }
      })
    )
  })

  it('keeps 20,000 groups apart, and finds the one that has changed', () => {
    const table = RowTable.create(20_000)
    const names = Array.from({ length: 20_000 }, (_, index) => `group-${index}`)
    expect(names.filter(name => table.note(name, row(name), 1) !== 'new')).to.deep.equal([])
    const changes = names.filter((name, index) => table.note(name, row(index === 777 ? 'other' : name), 1) !== 'same')
    expect(changes).to.deep.equal(['group-777'])
    expect(table.isTooSmallFor(20_000)).to.equal(false)
  })

  it('says when it gets too small, and of groups that have no room in it that they are new', () => {
    const table = RowTable.create(256) // 512 slots
    expect(table.isTooSmallFor(384)).to.equal(false)
    expect(table.isTooSmallFor(385)).to.equal(true)
    for (let index = 0; index < 512; index++) {
      expect(table.note(`g${index}`, row('a'), 1)).to.equal('new')
      expect(table.isTooSmallFor(0)).to.equal(index >= 384)
    }
    expect(table.note('one more', row('a'), 1)).to.equal('new')
    expect(table.note('one more', row('a'), 1)).to.equal('new')
    expect(table.note('g511', row('a'), 1)).to.equal('same')
  })
})
