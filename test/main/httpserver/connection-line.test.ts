import { expect } from 'chai'
import { ConnectionLine, waitingMax } from '../../../main/httpserver/connection-line.ts'

describe('connection line', () => {
  it('begins one at a time, in order', () => {
    const line = new ConnectionLine()
    const begun: number[] = []
    for (const number of [1, 2, 3]) line.enter(() => begun.push(number))
    expect(begun).to.deep.equal([1])
    line.leave()
    expect(begun).to.deep.equal([1, 2])
    line.leave()
    line.leave()
    line.enter(() => begun.push(4))
    expect(begun).to.deep.equal([1, 2, 3, 4])
  })

  it('lets no more wait than its bound', () => {
    const line = new ConnectionLine()
    const entered = Array.from({ length: waitingMax + 3 }, () => line.enter(() => undefined))
    expect(entered.indexOf(false)).to.equal(waitingMax + 1)
    line.leave()
    expect(line.enter(() => undefined)).to.equal(true)
  })

  it('does what comes afterwards when the last one has left, or at once', () => {
    const line = new ConnectionLine()
    const done: string[] = []
    line.afterwards(() => done.push('at once'))
    line.enter(() => done.push('first'))
    line.enter(() => done.push('second'))
    line.afterwards(() => done.push('later'))
    line.leave()
    line.leave()
    expect(done).to.deep.equal(['at once', 'first', 'second', 'later'])
  })

  it('forgets who waits when the connection is gone', () => {
    const line = new ConnectionLine()
    const done: string[] = []
    for (const name of ['a', 'b', 'c']) line.enter(() => done.push(name))
    line.afterwards(() => done.push('afterwards'))
    expect(line.abandon()).to.equal(2)
    line.leave()
    expect(done).to.deep.equal(['a'])
  })
})
