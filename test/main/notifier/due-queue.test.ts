import { expect } from 'chai'
import fc from 'fast-check'
import { DueQueue } from '../../../main/notifier/due-queue.ts'

describe('main/notifier/due-queue', () => {
  it('gives what is due, in the order of its time, and nothing before its time', () => {
    const step = fc.record({ dueMs: fc.nat(100), takeAtMs: fc.option(fc.nat(100), { nil: null }) })
    fc.assert(
      fc.property(fc.array(step), steps => {
        const queue = new DueQueue<number>()
        let model: number[] = []
        for (const { dueMs, takeAtMs } of steps) {
          queue.push(dueMs, dueMs)
          model = [...model, dueMs].toSorted((a, b) => a - b)
          if (takeAtMs === null) continue
          const expected = model[0]! < takeAtMs ? model.shift() : undefined
          expect(queue.pop(takeAtMs)).to.equal(expected)
        }
        expect(queue.size).to.equal(model.length)
      })
    )
  })
})
