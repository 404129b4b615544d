import { expect } from 'chai'
import { UnackedWindow } from '../../../shared/actor/unacked-window.ts'
import { BurrowError } from '../../../shared/errors.ts'

describe('window of unacknowledged messages', () => {
  it('gives rising numbers while there is room', () => {
    const window = new UnackedWindow(2)
    expect([window.take(), window.take()]).to.deep.equal([0, 1])
    expect(window.isFull).to.equal(true)
    expect(() => window.take())
      .to.throw(BurrowError)
      .with.property('code', 'QUEUE_FULL')
    window.settle(0)
    expect(window.open).to.equal(1)
    expect(window.take()).to.equal(2)
  })

  it('refuses an acknowledgement out of order, twice, or of nothing', () => {
    const window = new UnackedWindow(3)
    expect(() => window.settle(0)).to.throw(RangeError)
    window.take()
    window.take()
    expect(() => window.settle(1)).to.throw(RangeError)
    window.settle(0)
    expect(() => window.settle(0)).to.throw(RangeError)
  })

  it('wakes all who wait for room', async () => {
    const window = new UnackedWindow(1)
    await window.untilRoom()
    window.take()
    const woken: string[] = []
    const waiting = ['a', 'b'].map(name =>
      window.untilRoom().then(() => {
        woken.push(name)
      })
    )
    await Promise.resolve()
    expect(woken).to.deep.equal([])
    window.settle(0)
    await Promise.all(waiting)
    expect(woken).to.deep.equal(['a', 'b'])
  })

  it('refuses everyone when the port closes', async () => {
    const window = new UnackedWindow(1)
    window.take()
    const waiting = window.untilRoom().catch(error => error.code)
    window.close(new BurrowError('STORAGE_UNAVAILABLE', 'gone'))
    expect(await waiting).to.equal('STORAGE_UNAVAILABLE')
    expect(() => window.take()).to.throw('gone')
  })
})
