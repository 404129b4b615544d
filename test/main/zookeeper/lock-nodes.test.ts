import { expect } from 'chai'
import { lockNodePrefix, predecessorOf, sequenceOf } from '../../../main/zookeeper/lock-nodes.ts'

describe('zookeeper: lock nodes', () => {
  it('are named as in other lock recipes', () => {
    expect(lockNodePrefix('0123456789abcdef0123456789abcdef')).to.equal('_c_0123456789abcdef0123456789abcdef-lock-')
  })

  it('end in a sequence after the last lock- or __', () => {
    expect(sequenceOf('_c_00ff-lock-0000000012')).to.equal(12)
    expect(sequenceOf('lock-lock-0000000003')).to.equal(3)
    expect(sequenceOf('guid__lock__0000000007')).to.equal(7)
    expect(sequenceOf('_c_00ff-lock--2147483648')).to.equal(-2147483648)
    for (const bad of ['stranger', '_c_00ff-lock-', '_c_00ff-lock-12x', 'lock-1.5', 'lock-12345678901']) {
      expect(() => sequenceOf(bad), bad).to.throw('is none')
    }
  })

  it('the predecessor is the highest of the lower ones', () => {
    const names = ['b-lock-0000000005', 'z-lock-0000000003', 'a-lock-0000000009', 'c-lock-0000000004']
    expect(predecessorOf('z-lock-0000000003', names)).to.equal(null)
    expect(predecessorOf('c-lock-0000000004', names)).to.equal('z-lock-0000000003')
    expect(predecessorOf('a-lock-0000000009', names)).to.equal('b-lock-0000000005')
    expect(predecessorOf('x-lock-0000000001', names)).to.equal(undefined)
    expect(() => predecessorOf('z-lock-0000000003', [...names, 'stranger'])).to.throw('is none')
  })
})
