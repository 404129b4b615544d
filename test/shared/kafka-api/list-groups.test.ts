import { expect } from 'chai'
import { BurrowError } from '../../../shared/errors.ts'
import { decodeListGroups, encodeListGroupsRequest } from '../../../shared/kafka-api/list-groups.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const hex = (written: Uint8Array) => Buffer.from(written).toString('hex')

/** One classic group `g1`, protocol type `consumer`, by version; written down from Kafka's message schema. */
const answers = [
  '0000 00000001 0002 6731 0008 636f6e73756d6572',
  '00000000 0000 00000001 0002 6731 0008 636f6e73756d6572',
  '00000000 0000 00000001 0002 6731 0008 636f6e73756d6572',
  '00 00000000 0000 02 03 6731 09 636f6e73756d6572 00 00',
  '00 00000000 0000 02 03 6731 09 636f6e73756d6572 06 456d707479 00 00',
  '00 00000000 0000 02 03 6731 09 636f6e73756d6572 06 456d707479 08 436c6173736963 00 00'
]

describe('shared/kafka-api: ListGroups', () => {
  it('asks for all groups in the words of each version', () => {
    expect([0, 1, 2, 3, 4, 5].map(version => hex(encodeListGroupsRequest(version)))).to.deep.equal([
      '',
      '',
      '',
      '0000',
      '000100',
      '00010100'
    ])
  })

  for (const [version, answer] of answers.entries()) {
    it(`reads version ${version}`, () => {
      expect(decodeListGroups(bytes(answer), version)).to.deep.equal({ errorCode: 0, names: ['g1'] })
    })
  }

  it('reads an error, and passes over tags it does not know', () => {
    expect(decodeListGroups(bytes('00000000 000e 00000000'), 2)).to.deep.equal({ errorCode: 14, names: [] })
    const tagged = '00 00000000 0000 02 03 6731 01 01 05 02 ffff 00'
    expect(decodeListGroups(bytes(tagged), 3).names).to.deep.equal(['g1'])
  })

  it('refuses an answer cut at any byte, and a count that cannot be', () => {
    for (const [version, answer] of answers.entries()) {
      const whole = bytes(answer)
      for (let length = 0; length < whole.length; length++) {
        expect(() => decodeListGroups(whole.subarray(0, length), version), `v${version}, ${length} bytes`).to.throw(
          BurrowError,
          /cannot read/
        )
      }
    }
    expect(() => decodeListGroups(bytes('00000000 0000 7fffffff'), 1)).to.throw(BurrowError, /do not fit/)
  })
})
