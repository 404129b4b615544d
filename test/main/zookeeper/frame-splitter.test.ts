import { expect } from 'chai'
import fc from 'fast-check'
import { FrameSplitter, frameBytesMax } from '../../../main/zookeeper/frame-splitter.ts'

function frame(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}

describe('zookeeper: frame splitter', () => {
  it('gives the same frames however the bytes are cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 })
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 50 })), (all, cuts) => {
        const bytes = Buffer.concat(all.map(frame))
        const splitter = new FrameSplitter()
        const got: string[] = []
        let at = 0
        for (const cut of [...cuts, bytes.length]) {
          const chunk = bytes.subarray(at, at + cut)
          if (chunk.length > 0) splitter.push(chunk, each => got.push(each.toString('hex')))
          at += chunk.length
        }
        expect(got).to.deep.equal(all.map(body => frame(body).toString('hex')))
      })
    )
  })

  it('refuses a length out of range, in the first frame and in a later one', () => {
    for (const length of [-1, frameBytesMax + 1]) {
      const bad = Buffer.alloc(4)
      bad.writeInt32BE(length)
      expect(() => new FrameSplitter().push(bad, () => undefined)).to.throw('out of range')
      const both = Buffer.concat([frame(Buffer.from('ok')), bad])
      expect(() => new FrameSplitter().push(both, () => undefined)).to.throw('out of range')
    }
  })
})
