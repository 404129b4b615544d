import { expect } from 'chai'
import fc from 'fast-check'
import { FrameSplitter } from '../../../main/simulator/connection.ts'

describe('simulator: frames', () => {
  it('come out whole however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }),
        (bodies, cuts) => {
          const stream = Buffer.concat(
            bodies.flatMap(body => {
              const size = Buffer.alloc(4)
              size.writeInt32BE(body.length)
              return [size, Buffer.from(body)]
            })
          )
          const splitter = new FrameSplitter()
          const frames: Buffer[] = []
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const next = at + cuts[turn % cuts.length]!
            frames.push(...splitter.push(stream.subarray(at, next)))
            at = next
          }
          expect(frames.map(frame => [...frame])).to.deep.equal(bodies.map(body => [...body]))
        }
      ),
      { numRuns: 200 }
    )
  })

  it('of an impossible size are refused', () => {
    expect(() => new FrameSplitter().push(Buffer.from('ffffffff', 'hex'))).to.throw(RangeError)
    expect(() => new FrameSplitter().push(Buffer.from('7fffffff', 'hex'))).to.throw(RangeError)
  })
})
