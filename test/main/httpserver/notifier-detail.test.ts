import { expect } from 'chai'
import { notifierModule } from '../../../main/httpserver/notifier-detail.ts'
import { plainJson } from '../../../main/httpserver/plain-json.ts'
import type { HttpNotifierSettings } from '../../../shared/notifier-settings.ts'

const http: HttpNotifierSettings = {
  className: 'http',
  name: 'h',
  intervalSeconds: 30,
  sendIntervalSeconds: 30,
  threshold: 2,
  sendOnce: false,
  sendClose: false,
  templateOpen: 'o.tmpl',
  templateClose: '',
  extras: { app: 'burrow', api_key: 'K1' },
  groupAllowlist: '',
  groupDenylist: '',
  timeoutSeconds: 5,
  username: 'u',
  password: 'secret',
  headers: { token: 'secret' },
  extraCa: '',
  noVerify: true,
  noVerifyIsSet: true as const,
  urlOpen: 'http://x/',
  urlClose: '',
  methodOpen: 'POST',
  methodClose: '',
  keepaliveSeconds: 300,
  disableHttpKeepalive: false
}
const json = (settings: Parameters<typeof notifierModule>[0]) =>
  Buffer.from(plainJson(notifierModule(settings))).toString()

describe('notifier detail', () => {
  it("has the original's keys in its order, values of extras hidden", () => {
    expect(json(http)).to.equal(
      '{"class-name":"http","group-allowlist":"","interval":30,"threshold":2,"timeout":5,"keepalive":300,' +
        '"url-open":"http://x/","url-close":"","method-open":"POST","method-close":"","template-open":"o.tmpl",' +
        '"template-close":"","extra":{"api_key":"***","app":"***"},"send-close":false,"extra-ca":"","noverify":"true"}'
    )
  })

  it('shows noverify as text, empty where the file has none', () => {
    expect(json({ ...http, noVerify: false })).to.contain('"noverify":"false"')
    const { noVerifyIsSet, ...unset } = http
    expect(json({ ...unset, noVerify: false })).to.contain('"noverify":""')
  })

  it('shows where messages go, not the key in the path or before the host', () => {
    const open = (urlOpen: string) => (notifierModule({ ...http, urlOpen }) as { 'url-open': string })['url-open']
    expect(open('https://hooks.example.com/services/T0/B0/key')).to.equal('https://hooks.example.com/***')
    expect(open('https://hooks.example.com?key=1')).to.equal('https://hooks.example.com/***')
    expect(open('https://user:key@hooks.example.com/x')).to.not.contain('key')
    expect(open('{{.Extras.url}}')).to.equal('***')
  })

  it('shows nothing secret of the classes that are ours', () => {
    const { urlOpen, urlClose, methodOpen, methodClose, keepaliveSeconds, disableHttpKeepalive, ...rest } = http
    const shown = json({ ...rest, className: 'pagerduty', url: 'https://e.example/v2', routingKey: 'R0UT1NG' })
    expect(shown)
      .to.contain('"class-name":"pagerduty"')
      .and.not.match(/R0UT1NG|secret|K1/)
  })
})
