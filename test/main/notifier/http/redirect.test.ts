import { expect } from 'chai'
import { redirected } from '../../../../main/notifier/http/redirect.ts'

const request = {
  method: 'POST',
  url: 'https://a.example.org/x?y',
  headers: { authorization: 'Basic eA==', token: 't', 'content-type': 'text/plain' },
  body: '{}'
}
const answer = (status: number, location: string) => ({ status, location, retryAfter: '', body: '' })

describe('main/notifier/http/redirect', () => {
  it('keeps method and body with 307 and 308', () => {
    for (const status of [307, 308]) {
      expect(redirected(request, answer(status, '/z'))).to.deep.equal({ ...request, url: 'https://a.example.org/z' })
    }
  })

  it('does not turn a POST into a GET', () => {
    for (const status of [301, 302, 303]) expect(redirected(request, answer(status, '/z'))).to.equal(null)
  })

  it('follows 301 and others when the method stays', () => {
    for (const status of [301, 302, 303]) {
      expect(redirected({ ...request, method: 'GET' }, answer(status, 'z'))!.url).to.equal('https://a.example.org/z')
    }
  })

  it('gives another server no login', () => {
    expect(redirected(request, answer(307, 'https://b.example.org/'))!.headers).to.deep.equal({
      'content-type': 'text/plain'
    })
    expect(redirected(request, answer(307, 'https://a.example.org:444/'))!.headers).not.to.have.property('token')
  })

  it('never leaves TLS, nor HTTP', () => {
    expect(redirected(request, answer(307, 'http://a.example.org/'))).to.equal(null)
    expect(redirected(request, answer(307, 'file:///etc/passwd'))).to.equal(null)
    const plain = { ...request, url: 'http://a.example.org/' }
    expect(redirected(plain, answer(307, 'https://a.example.org/'))!.url).to.equal('https://a.example.org/')
  })

  it('stays where it is without a usable location, and with any other status', () => {
    expect(redirected(request, answer(307, ''))).to.equal(null)
    expect(redirected(request, answer(307, 'http://['))).to.equal(null)
    for (const status of [200, 300, 304, 404]) expect(redirected(request, answer(status, '/z'))).to.equal(null)
  })
})
