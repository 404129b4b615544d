import { expect } from 'chai'
import fc from 'fast-check'
import { cleanLocationPath, cleanLookupPath } from '../../../main/httpserver/clean-path.ts'
import { bytesToText, encodePath, parseTarget } from '../../../main/httpserver/request-target.ts'

describe('request target', () => {
  it('takes apart path and query', () => {
    expect(parseTarget('/a%20b?c=%zz')).to.deep.equal({ origin: '', path: '/a b', query: '?c=%zz' })
    expect(parseTarget('/a?')).to.deep.equal({ origin: '', path: '/a', query: '?' })
    expect(parseTarget('//a')).to.deep.equal({ origin: '', path: '//a', query: '' })
    expect(parseTarget('*')).to.deep.equal({ origin: '', path: '*', query: '' })
  })

  it('takes apart an absolute URL', () => {
    expect(parseTarget('HTTP://Host:1/a?b')).to.deep.equal({ origin: 'http://Host:1', path: '/a', query: '?b' })
    expect(parseTarget('http://host')).to.deep.equal({ origin: 'http://host', path: '', query: '' })
  })

  for (const target of ['', 'a', '/%', '/%zz', '/%4', '/a\tb', '/\x7f', 'http:a']) {
    it(`refuses ${JSON.stringify(target)}`, () => expect(parseTarget(target)).to.equal(null))
  }

  it('reads back what it encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const path = `/${Buffer.from(bytes).toString('latin1')}`
        expect(parseTarget(encodePath(path))?.path).to.equal(path)
      })
    )
  })

  it('reads UTF-8, and shows each byte that is none as a lone surrogate', () => {
    expect(bytesToText('/\xc3\xbc\xf0\x9f\x98\x80')).to.equal('/ü😀')
    expect(bytesToText('\xff')).to.equal('\udcff')
    expect(bytesToText('a\xe2\x82b')).to.equal('a\udce2\udc82b')
    expect(bytesToText('\xc3\xbc\xed\xa0\x80')).to.equal('ü\udced\udca0\udc80')
    expect(bytesToText('\xef\xbf\xbd\xc3')).to.equal('\ufffd\udcc3')
  })

  it('agrees with the decoder of the platform on what is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const bytes = Buffer.from(text)
        expect(bytesToText(bytes.toString('latin1'))).to.equal(bytes.toString('utf8'))
      })
    )
  })
})

describe('clean paths', () => {
  const cases: [path: string, lookup: string, location: string][] = [
    ['', '/', '/'],
    ['*', '/*', '/*'],
    ['/', '/', '/'],
    ['//', '/', '/'],
    ['/a//b', '/a/b', '/a/b'],
    ['/a/./b/', '/a/b/', '/a/b/'],
    ['/a/.', '/a/', '/a'],
    ['/a/b/..', '/a', '/a'],
    ['/../..', '/', '/'],
    ['/a/../../b', '/b', '/b'],
    ['/a/...', '/a/...', '/a/...']
  ]
  for (const [path, lookup, location] of cases) {
    it(JSON.stringify(path), () => {
      expect(cleanLookupPath(path)).to.equal(lookup)
      expect(cleanLocationPath(path)).to.equal(location)
    })
  }
})
