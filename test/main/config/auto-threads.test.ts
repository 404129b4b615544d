import { expect } from 'chai'
import { availableCores, coresOfQuota, resolveThreads } from '../../../main/config/auto-threads.ts'

const auto = { kafka: 'auto', storage: 'auto', evaluator: 'auto' } as const

describe('config: auto-threads', () => {
  const rule: readonly (readonly [cores: number, kafka: number, storage: number, evaluator: number])[] = [
    [1, 1, 1, 1],
    [2, 1, 1, 1],
    [4, 1, 1, 1],
    [5, 1, 1, 2],
    [8, 2, 1, 4],
    [16, 4, 2, 9],
    [32, 8, 4, 16],
    [64, 8, 8, 16],
    [1024, 8, 8, 16]
  ]
  for (const [cores, kafka, storage, evaluator] of rule) {
    it(`gives ${kafka}/${storage}/${evaluator} on ${cores} cores`, () =>
      expect(resolveThreads(auto, cores)).to.deep.equal({ kafka, storage, evaluator }))
  }

  it('leaves numbers alone, and lets the evaluators have what they leave', () => {
    expect(resolveThreads({ kafka: 3, storage: 2, evaluator: 5 }, 2)).to.deep.equal({
      kafka: 3,
      storage: 2,
      evaluator: 5
    })
    expect(resolveThreads({ ...auto, kafka: 1 }, 8)).to.deep.equal({ kafka: 1, storage: 1, evaluator: 5 })
  })

  it('obeys the CPU quota of a container', () => {
    expect(coresOfQuota('200000 100000\n')).to.equal(2)
    expect(coresOfQuota('150000 100000')).to.equal(2)
    expect(coresOfQuota('50000 100000')).to.equal(1)
    expect(coresOfQuota('max 100000')).to.equal(Infinity)
    expect(coresOfQuota('1 0')).to.equal(Infinity)
    expect(coresOfQuota(null)).to.equal(Infinity)
  })

  it('finds at least one core here', () => {
    expect(availableCores()).to.be.within(1, 4096)
  })
})
