import { expect } from 'chai'
import fc from 'fast-check'
import { compareUtf8 } from '../../../shared/json/utf8-order.ts'

describe('order of names', () => {
  it('is the order of their UTF-8 bytes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
      { numRuns: 500 }
    )
  })

  it('puts characters above U+FFFF behind U+FFEE, where plain comparison does not', () => {
    expect('\u{10000}' < '\uffee').to.equal(true)
    expect(['\u{10000}', '\uffee', 'b', '', 'ab', 'a'].sort(compareUtf8)).to.deep.equal([
      '',
      'a',
      'ab',
      'b',
      '\uffee',
      '\u{10000}'
    ])
  })
})
