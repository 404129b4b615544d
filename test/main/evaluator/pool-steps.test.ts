import { expect } from 'chai'
import { askAll, mustBeOf } from '../../../main/evaluator/pool-steps.ts'
import { BurrowError } from '../../../shared/errors.ts'

describe('steps of the pool', () => {
  it('go on where the answer before ended, to the end of the list', async () => {
    const asked: number[] = []
    const answers = await askAll(async from => ({ step: asked.push(from), next: [7, 9, null][asked.length - 1]! }))
    expect(asked).to.deep.equal([0, 7, 9])
    expect(answers.map(({ step }) => step)).to.deep.equal([1, 2, 3])
  })

  it('end with the first failure, whose code is kept', async () => {
    let asked = 0
    const error = await askAll(async () => {
      if (++asked === 2) mustBeOf('rows', { kind: 'error', code: 'STORAGE_UNAVAILABLE', message: 'away' })
      return { next: asked }
    }).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(BurrowError).with.property('code', 'STORAGE_UNAVAILABLE')
    expect(error).to.have.property('message', 'away')
    expect(asked).to.equal(2)
  })

  it('must be answered with what was asked for', () => {
    const count = { kind: 'count', count: 1 } as const
    expect(mustBeOf('count', count)).to.equal(count)
    expect(() => mustBeOf('gone', count)).to.throw(TypeError, "'gone'")
  })
})
