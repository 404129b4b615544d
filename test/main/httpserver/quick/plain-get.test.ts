import { expect } from 'chai'
import fc from 'fast-check'
import { PlainGetReader, tailBytesMax, targetBytesMax } from '../../../../main/httpserver/quick/plain-get.ts'

const target = '/v3/kafka/local/consumer/app-1.x_y/lag'
const plain = `GET ${target} HTTP/1.1\r\nHost: a:80\r\nUser-Agent: x/1 (y; z)\r\nAccept: */*\r\n\r\n`

const reads = (text: string, reader = new PlainGetReader()): { target: string; end: number } | null =>
  reader.read(Buffer.from(text, 'latin1'), 0) ? { target: reader.target, end: reader.end } : null

describe('plain GET reader', () => {
  it('reads target and end of a plain request, wherever it begins', () => {
    const reader = new PlainGetReader()
    const other = plain.replace('/lag', '/status')
    const bytes = Buffer.from(plain + other + plain, 'latin1')
    expect(reader.read(bytes, 0)).to.equal(true)
    expect(reader).to.include({ target, end: plain.length })
    expect(reader.read(bytes, reader.end)).to.equal(true)
    expect(reader).to.include({ target: target.replace('/lag', '/status'), end: plain.length + other.length })
    expect(reader.read(bytes, reader.end)).to.equal(true)
    expect(reader).to.include({ target, end: bytes.length })
  })

  it('takes headers that cannot change the answer, in any case', () => {
    for (const header of ['connection: Keep-Alive', 'ACCEPT-ENCODING: gzip', 'Cookie: a=b; c', 'Accept:', 'Origin:x']) {
      expect(reads(plain.replace('Accept: */*', header)), header).to.deep.equal({
        target,
        end: plain.length - 'Accept: */*'.length + header.length
      })
    }
  })

  const others: readonly [what: string, text: string][] = [
    ['another method', plain.replace('GET', 'PUT')],
    ['HEAD', plain.replace('GET', 'HEAD')],
    ['an older version', plain.replace('1.1', '1.0')],
    ['another path', plain.replace('/lag', '')],
    ['a query', plain.replace('/lag', '/lag?x=1')],
    ['an escape', plain.replace('app', 'a%2Fb')],
    ['a dot segment', plain.replace('app-1.x_y', '..')],
    ['an empty name', plain.replace('app-1.x_y', '')],
    ['an absolute target', plain.replace(target, `http://a${target}`)],
    ['two blanks', plain.replace('/lag ', '/lag  ')],
    ['a long target', plain.replace('app', 'a'.repeat(targetBytesMax))],
    ['no Host', plain.replace('Host: a:80\r\n', '')],
    ['two Hosts', plain.replace('Host: a:80\r\n', 'Host: a:80\r\nhost: b\r\n')],
    ['a body', plain.replace('Accept: */*', 'Content-Length: 1')],
    ['a chunked body', plain.replace('Accept: */*', 'Transfer-Encoding: chunked')],
    ['an expectation', plain.replace('Accept: */*', 'Expect: 100-continue')],
    ['an upgrade', plain.replace('Accept: */*', 'Connection: upgrade')],
    ['the end of the connection', plain.replace('Accept: */*', 'Connection: close')],
    ['a header it does not know', plain.replace('Accept', 'X-Other')],
    ['a folded header', plain.replace('Accept: */*', 'Accept: a\r\n b')],
    ['a blank before the colon', plain.replace('Accept:', 'Accept :')],
    ['a control character', plain.replace('*/*', '*\0*')],
    ['a byte beyond ASCII', plain.replace('*/*', '*\xe9*')],
    ['a bare line feed', plain.replace('\r\nAccept', '\nAccept')],
    ['a bare carriage return', plain.replace('*/*', '*\r*')],
    ['long headers', plain.replace('*/*', 'x'.repeat(tailBytesMax))],
    ['an empty line in front', `\r\n${plain}`]
  ]
  for (const [what, text] of others) {
    it(`leaves ${what} to Node's parser, also after a plain request`, () => {
      expect(reads(text)).to.equal(null)
      const reader = new PlainGetReader()
      expect(reads(plain, reader)).to.not.equal(null)
      expect(reads(text, reader)).to.equal(null)
      expect(reads(plain, reader), 'and goes on').to.not.equal(null)
    })
  }

  it('leaves every request that is not whole to it', () => {
    const reader = new PlainGetReader()
    expect(reads(plain, reader)).to.not.equal(null)
    for (let length = 0; length < plain.length; length++) {
      expect(reads(plain.slice(0, length))).to.equal(null)
      expect(reads(plain.slice(0, length), reader)).to.equal(null)
    }
  })

  it('says the same with and without a request before', () => {
    const letters = fc.constantFrom(...'GET /v3kafk.-%?: HTP1\r\n\0\xff'.split(''))
    const edit = fc.record({
      at: fc.nat(plain.length),
      cut: fc.nat(3),
      put: fc.string({ unit: letters, maxLength: 3 })
    })
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), edits => {
        let text = plain
        for (const { at, cut, put } of edits) text = text.slice(0, at) + put + text.slice(at + cut)
        const reader = new PlainGetReader()
        reads(plain, reader)
        expect(reads(text, reader)).to.deep.equal(reads(text))
      }),
      { numRuns: 2000 }
    )
  })
})
