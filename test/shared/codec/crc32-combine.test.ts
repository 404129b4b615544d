import { crc32 } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { combineCrc32 } from '../../../shared/codec/crc32-combine.ts'

describe('CRC-32 of pieces', () => {
  it('is that of the pieces put together', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
        const joined = Buffer.concat([first, second])
        expect(combineCrc32(crc32(first), crc32(second), second.length)).to.equal(crc32(joined))
      })
    )
  })

  it('holds for megabytes, and for more than 2^32 bits', () => {
    const zeros = Buffer.alloc(1 << 20)
    let whole = crc32('x')
    let rest = 0
    for (let piece = 0; piece < 600; piece++) {
      whole = crc32(zeros, whole)
      rest = crc32(zeros, rest)
    }
    expect(combineCrc32(crc32('x'), rest, 600 * zeros.length)).to.equal(whole)
  })
})
