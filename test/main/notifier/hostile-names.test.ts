import { expect } from 'chai'
import { array, assert, asyncProperty, constantFrom, integer, oneof } from 'fast-check'
import { createNotifier } from '../../../main/notifier/create-notifier.ts'
import type { Preview } from '../../../main/notifier/notification.ts'
import { renderHere } from '../../../main/notifier/template-renderer.ts'
import type { NotifierSettings } from '../../../shared/notifier-settings.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { shippedTemplates } from '../../shared/template/template-fixtures.ts'
import {
  alertmanagerSettings,
  emailSettings,
  groupStatus,
  httpSettings,
  notificationOf,
  partitionStatus,
  templateFile,
  webhookParts
} from './fake-parts.ts'

const templateOf = (file: string) => templateFile(shippedTemplates.get(file)!)
const url = 'https://hooks.example.org/x'
const modules: readonly (readonly [file: string, settings: NotifierSettings])[] = [
  ['own words', { ...webhookParts, className: 'slack', url, channel: '', botName: '', iconUrl: '', iconEmoji: '' }],
  ['own words', { ...webhookParts, className: 'teams', url }],
  ['own words', { ...webhookParts, className: 'pagerduty', url, routingKey: 'K'.repeat(32) }],
  ['own words', alertmanagerSettings()],
  [
    'default-http-post.tmpl',
    httpSettings({ urlOpen: `${url}/{{.Group}}?q={{.Cluster}}`, templateOpen: templateOf('default-http-post.tmpl') })
  ],
  ['default-slack-post.tmpl', httpSettings({ urlOpen: url, templateOpen: templateOf('default-slack-post.tmpl') })],
  ['default-email.tmpl', emailSettings({ templateOpen: templateOf('default-email.tmpl') })]
]

/** Not even a character; the names of Kafka are bytes, so it comes of tests alone. */
const halfCharacter = 'x\ud800'

const bad = [
  '"}],"admin":true,[{"',
  '\\',
  '\r\nBcc: evil@example.org\r\n\r\n',
  'Subject: x\nContent-Type: text/html\n\n<script>alert(1)</script>',
  '<!channel> <https://evil.example|pay> &',
  '[a](http://evil.example) {{DATE(2020-01-01T00:00:00Z)}} *b* `c`',
  '{{.Extras.key}}',
  '../../../etc/passwd?a=1#b%00',
  '\u0000\u001b[31m\u0085\u2028\u2029\u202e',
  '\ud83d\ude00',
  halfCharacter,
  ' '.repeat(249)
]

/** Every class over names that Kafka takes and nobody expects: they stay inside of the value they were put in. */
describe('main/notifier: hostile names', () => {
  for (const [file, settings] of modules) {
    it(`${settings.className} with ${file}`, async () => {
      const notifier = createNotifier(settings, renderHere)
      const plain = (await notifier.preview(about('g')))[0]!
      const names = oneof(
        constantFrom(...bad),
        array(integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 249 }).map(codes =>
          String.fromCharCode(...codes)
        )
      )
      await assert(
        asyncProperty(names, async name => {
          for (const preview of await notifier.preview(about(name))) {
            sameForm(preview, plain)
            if (file === 'default-slack-post.tmpl' || settings.className === 'slack')
              expect(preview).to.satisfy(callsNobody)
          }
        }),
        { numRuns: 60 }
      )
      notifier.close()
    })
  }

  it('the URL of class http has the name as one piece', async () => {
    const notifier = createNotifier(modules[4]![1], renderHere)
    for (const name of bad.filter(each => each !== halfCharacter)) {
      const [preview] = await notifier.preview(about(name))
      const { pathname, hash, search } = new URL((preview as { url: string }).url)
      expect(pathname.split('/').length, name).to.equal(3)
      expect(decodeURIComponent(pathname.slice('/x/'.length))).to.equal(name)
      expect({ hash, search }).to.deep.equal({ hash: '', search: '?q=local' })
    }
    notifier.close()
  })
})

function about(name: string) {
  const partitions = [partitionStatus({ topic: name, owner: name, clientId: name })]
  const result = groupStatus(StatusConstant.Error, { group: name, partitions, maxlag: partitions[0]! })
  return notificationOf('open', result, { api_key: name, app: name, tier: name })
}

/** The message is made like one about a group with a plain name: no more headers, lines or keys than that. */
function sameForm(preview: Preview, plain: Preview): void {
  if (preview.kind === 'http' && plain.kind === 'http') {
    expect(preview.headers).to.deep.equal(plain.headers)
    expect(new URL(preview.url).host).to.equal(new URL(plain.url).host)
    expect(shapeOf(JSON.parse(preview.body))).to.deep.equal(shapeOf(JSON.parse(plain.body)))
  } else if (preview.kind === 'email' && plain.kind === 'email') {
    const { body, subject, ...rest } = preview
    expect({ ...plain, body, subject }).to.deep.equal(preview)
    expect(Object.keys(rest)).to.deep.equal(['kind', 'from', 'to', 'contentType'])
    expect(subject).to.equal(plain.subject)
    expect(body.split(/[\r\n\u0085\u2028\u2029]/).length).to.equal(plain.body.split('\n').length)
  } else expect(preview.kind).to.equal(plain.kind)
}

/** Slack makes mentions and links of angle brackets. */
function callsNobody(preview: Preview): boolean {
  return preview.kind === 'http' && !JSON.stringify(JSON.parse(preview.body)).includes('<')
}

/** Keys and kinds, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]))
}
