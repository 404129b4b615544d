import { expect } from 'chai'
import { hideSecrets, hideUrl, secretsOf } from '../../../main/notifier/secrets.ts'
import { httpSettings } from './fake-parts.ts'

describe('main/notifier/secrets', () => {
  const urls: [string, string][] = [
    ['', ''],
    ['https://hooks.example.org', 'https://hooks.example.org'],
    ['https://hooks.example.org/', 'https://hooks.example.org/'],
    ['https://hooks.example.org/T/B/key', 'https://hooks.example.org/***'],
    ['https://hooks.example.org?key=1', 'https://hooks.example.org/***'],
    ['https://hooks.example.org/#key', 'https://hooks.example.org/***'],
    ['http://me:key@hooks.example.org:8443', 'http://hooks.example.org:8443/***'],
    ['http://[::1]:80/x', 'http://[::1]:80/***'],
    ['HTTPS://Hooks.example.org/{{.ID}}', 'HTTPS://Hooks.example.org/***'],
    ['https://{{.Extras.host}}/x', '***'],
    ['https://a{{.Extras.key}}@host/x', '***'],
    ['{{.Extras.url}}', '***'],
    ['key', '***']
  ]
  for (const [url, shown] of urls) {
    it(`shows '${url}' as '${shown}'`, () => {
      expect(hideUrl(url)).to.equal(shown)
    })
  }

  it('finds all that is secret in settings, the longest first, and leaves out what is too short to find', () => {
    const found = secretsOf(
      httpSettings({
        password: 'key-2',
        headers: { a: 'key-2-and-more', b: 'abc' },
        extras: { x: 'key-3', y: 'key-2' }
      })
    )
    expect(found).to.deep.equal(['key-2-and-more', 'key-3', 'key-2'])
    expect(hideSecrets('key-2-and-more key-2x key abc', found)).to.equal('*** ***x key abc')
  })
})
