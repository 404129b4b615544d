import { expect } from 'chai'
import { answerBytesMax, apiVersionsRequest, describeApiVersions } from '../../../../main/cli/check/api-versions.ts'

/** An answer of a broker that has these APIs, each from version 0 to the one given. */
function answer(highestByKey: Readonly<Record<number, number>>, { error = 0, correlationId = 1 } = {}): Buffer {
  const apis = Object.entries(highestByKey)
  const bytes = Buffer.alloc(4 + 10 + apis.length * 6)
  bytes.writeInt32BE(bytes.length - 4, 0)
  bytes.writeInt32BE(correlationId, 4)
  bytes.writeInt16BE(error, 8)
  bytes.writeInt32BE(apis.length, 10)
  apis.forEach(([key, highest], index) => {
    bytes.writeInt16BE(Number(key), 14 + index * 6)
    bytes.writeInt16BE(highest, 18 + index * 6)
  })
  return bytes
}

const whole = answer({ 1: 17, 2: 10, 3: 13, 18: 4 })

describe('cli: check: api-versions', () => {
  it('asks in version 0', () => {
    expect(Buffer.from(apiVersionsRequest('me')).toString('hex')).to.equal('0000000c001200000000000100026d65')
  })

  it('says what answers', () => {
    expect(describeApiVersions(whole)).to.equal('a Kafka broker with 4 APIs (Fetch 17, ListOffsets 10, Metadata 13)')
  })

  it('waits for the whole answer, wherever it is cut', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(describeApiVersions(whole.subarray(0, length)), String(length)).to.equal(null)
    }
  })

  const wrong: readonly (readonly [string, Buffer, string])[] = [
    ['a TLS alert', Buffer.from('15030300020228', 'hex'), 'answers with TLS, and the profile has none'],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 'does not answer as a Kafka broker'],
    ['a size below any answer', Buffer.from('0000000900000001', 'hex'), 'does not answer as a Kafka broker'],
    ['a negative size', Buffer.from('ffffffff00000001', 'hex'), 'does not answer as a Kafka broker'],
    ['an endless answer', Buffer.from((answerBytesMax + 1).toString(16).padStart(8, '0'), 'hex'), 'does not answer as'],
    ['the answer to another question', answer({}, { correlationId: 2 }), 'does not answer as a Kafka broker'],
    ['an error', answer({}, { error: 35 }), 'refuses ApiVersions with error 35'],
    ['a broker without what we need', answer({ 1: 4, 18: 0 }), 'a broker without ListOffsets, Metadata'],
    [
      'more APIs than bytes',
      Buffer.concat([whole.subarray(0, 10), Buffer.from('00ffffff', 'hex'), whole.subarray(14)]),
      'do not fit'
    ]
  ]
  for (const [what, bytes, says] of wrong) {
    it(`refuses ${what}`, () => {
      expect(() => describeApiVersions(bytes)).to.throw(says)
    })
  }
})
