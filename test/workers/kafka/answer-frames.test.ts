import { expect } from 'chai'
import fc from 'fast-check'
import { AnswerFrames } from '../../../workers/kafka/answer-frames.ts'

function answer(bytes: number, fill: number): Buffer {
  const whole = Buffer.alloc(4 + bytes, fill)
  whole.writeInt32BE(bytes)
  return whole
}

describe('workers/kafka: whole answers from pieces', () => {
  it('are the same in any cut, small and large', () => {
    const sent = [answer(4, 1), answer(100_000, 2), answer(65, 3), answer(300_000, 4), answer(70_000, 5)]
    const stream = Buffer.concat(sent)
    const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200_000 })), {
      minLength: 1,
      maxLength: 20
    })
    fc.assert(
      fc.property(cuts, fc.boolean(), (lengths, isReused) => {
        const got: Buffer[] = []
        const frames = new AnswerFrames(isReused, each => got.push(Buffer.from(each)))
        for (let at = 0, i = 0; at < stream.length; i++) {
          // Cuts of a few bytes only at the start: the rest of such a stream would take long.
          const length = i < 50 ? lengths[i % lengths.length]! : stream.length
          const piece = Buffer.from(stream.subarray(at, at + length))
          expect(frames.add(piece)).to.equal('')
          piece.fill(0xff) // a piece is not kept
          at += length
        }
        expect(got.length).to.equal(sent.length)
        for (const [index, each] of sent.entries()) expect(each.equals(got[index]!), `answer ${index}`).to.equal(true)
      }),
      { numRuns: 50 }
    )
  })

  it('large ones lie in the same memory where that is allowed, until a small one comes', () => {
    const memoryOf = (isReused: boolean, sizes: readonly number[]) => {
      const got: ArrayBufferLike[] = []
      const frames = new AnswerFrames(isReused, each => got.push(each.buffer))
      for (const size of sizes) frames.add(answer(size, 1))
      return got
    }
    const [first, second, , afterSmall] = memoryOf(true, [200_000, 100_000, 10, 100_000])
    expect(first).to.equal(second)
    expect(afterSmall).to.not.equal(first)
    const [one, other] = memoryOf(false, [200_000, 100_000])
    expect(one).to.not.equal(other)
  })

  it('a length that cannot be is refused before anything is made for it', () => {
    let taken = 0
    const frames = new AnswerFrames(true, () => taken++)
    expect(frames.add(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2]))).to.contain('2147483647')
    expect(taken).to.equal(0)
  })
})
