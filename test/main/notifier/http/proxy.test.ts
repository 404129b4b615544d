import { expect } from 'chai'
import { proxyFor } from '../../../../main/notifier/http/proxy.ts'

const environment = { HTTP_PROXY: 'http://p:3128', https_proxy: 'secure:3129' }
const proxied = (url: string, noProxy = '') => proxyFor(new URL(url), { ...environment, NO_PROXY: noProxy }) !== null

describe('main/notifier/http/proxy', () => {
  it('chooses by scheme, in either spelling', () => {
    expect(proxyFor(new URL('http://x/'), environment)!.url.href).to.equal('http://p:3128/')
    expect(proxyFor(new URL('https://x/'), environment)!.url.href).to.equal('http://secure:3129/')
    expect(proxyFor(new URL('https://x/'), { HTTP_PROXY: 'http://p' })).to.equal(null)
    expect(proxyFor(new URL('http://x/'), {})).to.equal(null)
  })

  it('logs in with what the URL says', () => {
    const proxy = proxyFor(new URL('http://x/'), { HTTP_PROXY: 'http://me:p%40ss@p:1' })
    expect(proxy!.authorization).to.equal(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  })

  it('refuses a proxy that speaks something else', () => {
    expect(() => proxyFor(new URL('http://x/'), { HTTP_PROXY: 'socks5://secret@p' })).to.throw(
      'HTTP_PROXY names no http or https proxy'
    )
  })

  it('never asks a proxy for this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
      expect(proxied(`http://${host}/`), host).to.equal(false)
    }
  })

  const table: [string, string, boolean][] = [
    ['http://x.example.org/', '', true],
    ['http://x.example.org/', '*', false],
    ['http://x.example.org/', 'example.org', false],
    ['http://example.org/', 'example.org', false],
    ['http://notexample.org/', 'example.org', true],
    ['http://example.org/', '.example.org', true],
    ['http://x.example.org/', '.example.org', false],
    ['http://x.example.org/', '*.example.org', false],
    ['http://X.Example.org/', ' a, EXAMPLE.org ,', false],
    ['http://x.example.org/', 'example.org:80', false],
    ['http://x.example.org:81/', 'example.org:80', true],
    ['https://x.example.org/', 'example.org:443', false],
    ['http://10.1.2.3/', '10.0.0.0/8', false],
    ['http://11.1.2.3/', '10.0.0.0/8', true],
    ['http://10.1.2.3/', '10.0.0.0/99', true],
    ['http://10.1.2.3/', '10.1.2.3', false],
    ['http://10.1.2.3:99/', '10.1.2.3:98', true],
    ['http://[fd00::1]/', 'fd00::/8', false],
    ['http://[fd00::1]/', 'fd00::1', false],
    ['http://[fd00::1]:99/', '[fd00::1]:99', false],
    ['http://[fd00::1]/', '[fd00::2]', true]
  ]
  for (const [url, noProxy, expected] of table) {
    it(`${url} with NO_PROXY "${noProxy}": ${expected ? 'proxy' : 'direct'}`, () => {
      expect(proxied(url, noProxy)).to.equal(expected)
    })
  }
})
