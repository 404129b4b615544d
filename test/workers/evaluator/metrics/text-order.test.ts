import { expect } from 'chai'
import { eachInTextOrder } from '../../../../workers/evaluator/metrics/text-order.ts'

describe('partitions in the order of their texts', () => {
  for (const count of [0, 1, 2, 9, 10, 11, 12, 99, 100, 101, 110, 999, 1000, 1001, 12_345, 100_000]) {
    it(`${count} of them`, () => {
      const visited: number[] = []
      eachInTextOrder(count, value => visited.push(value))
      const sorted = Array.from({ length: count }, (_, value) => String(value)).sort()
      expect(visited.map(String)).to.deep.equal(sorted)
    })
  }
})
