import { expect } from 'chai'
import { askAhead } from '../../../main/evaluator/ask-ahead.ts'

describe('asking ahead', () => {
  it('gives answers in order, with so many questions open and no more', async () => {
    let open = 0
    let openMost = 0
    const ask = async (item: number) => {
      openMost = Math.max(openMost, ++open)
      for (let turn = 0; turn < (item % 3) + 1; turn++) await new Promise(resolve => setImmediate(resolve))
      open--
      return item * 2
    }
    const answers: number[] = []
    for await (const answer of askAhead([0, 1, 2, 3, 4, 5, 6, 7], 3, ask)) answers.push(answer)
    expect(answers).to.deep.equal([0, 2, 4, 6, 8, 10, 12, 14])
    expect(openMost).to.equal(3)
  })

  it('asks no more when nobody takes answers', async () => {
    const asked: number[] = []
    for await (const answer of askAhead([0, 1, 2, 3, 4, 5], 2, async item => asked.push(item))) {
      if (answer === 2) break
    }
    expect(asked.length).to.be.at.most(3)
  })

  it('ends with the failure in its turn, and swallows those behind it', async () => {
    const ask = async (item: number) => {
      if (item > 0) throw new Error(`no ${item}`)
      return item
    }
    const taken: number[] = []
    let failure: unknown
    try {
      for await (const answer of askAhead([0, 1, 2, 3], 3, ask)) taken.push(answer)
    } catch (error) {
      failure = error
    }
    expect(taken).to.deep.equal([0])
    expect(failure).to.have.property('message', 'no 1')
  })
})
