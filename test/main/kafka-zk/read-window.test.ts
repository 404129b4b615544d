import { expect } from 'chai'
import { ReadWindow } from '../../../main/kafka-zk/read-window.ts'

describe('kafka_zk: read window', () => {
  it('runs so many at a time, in order, and says when it is idle', async () => {
    let running = 0
    let most = 0
    const order: number[] = []
    await new Promise<void>(resolve => {
      const window = new ReadWindow(3, resolve)
      for (let i = 0; i < 20; i++) {
        window.add(async () => {
          order.push(i)
          most = Math.max(most, ++running)
          await new Promise(done => setImmediate(done))
          running--
        })
      }
      expect(window.isIdle).to.equal(false)
    })
    expect(most).to.equal(3)
    expect(order).to.deep.equal(Array.from({ length: 20 }, (_, i) => i))
  })

  it('forgets what has not begun', async () => {
    const ran: number[] = []
    await new Promise<void>(resolve => {
      const window = new ReadWindow(1, resolve)
      for (let i = 0; i < 5; i++) window.add(async () => void ran.push(i))
      window.clear()
    })
    expect(ran).to.deep.equal([0])
  })
})
