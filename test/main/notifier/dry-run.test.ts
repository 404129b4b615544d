import { expect } from 'chai'
import { dryRun } from '../../../main/notifier/dry-run.ts'
import type { NotifierSettings } from '../../../shared/notifier-settings.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import {
  emailSettings,
  groupStatus,
  httpSettings,
  nullSettings,
  startMs,
  templateFile,
  webhookParts
} from './fake-parts.ts'

const secret = 'sesame-open'
const http = httpSettings({
  sendClose: true,
  password: secret,
  username: 'me',
  headers: { Token: secret },
  extras: { key: secret },
  urlOpen: 'https://hooks.example.org/T/{{.ID}}',
  urlClose: 'https://hooks.example.org/T/{{.ID}}',
  templateOpen: templateFile('{{.Extras.key}} {{.Group}} {{.Result.Status}}'),
  templateClose: templateFile('{{.Result.Status}} {{len .Result.Partitions}}')
})

function run(settings: NotifierSettings, status: StatusConstant = StatusConstant.Warning, showSecrets = false) {
  return dryRun({ status: groupStatus(status), modules: [settings], timeMs: startMs, id: 'id-1', showSecrets }).then(
    ([only]) => only!
  )
}

describe('main/notifier/dry-run', () => {
  it('shows what would be sent, without its secrets', async () => {
    const { name, className, silentBecause, open, close } = await run(http)
    expect({ name, className, silentBecause }).to.deep.equal({ name: 'ops', className: 'http', silentBecause: null })
    const url = 'https://hooks.example.org/***'
    const headers = { 'content-type': 'application/json', authorization: '***', token: '***' }
    expect(open).to.deep.equal({ messages: [{ kind: 'http', method: 'POST', url, headers, body: '*** g1 WARN' }] })
    expect(close).to.deep.equal({ messages: [{ kind: 'http', method: 'POST', url, headers, body: 'OK 0' }] })
  })

  it('shows them when it is asked to', async () => {
    const { open } = await run(http, StatusConstant.Warning, true)
    expect(open).to.have.nested.property('messages[0].url', 'https://hooks.example.org/T/id-1')
    expect(open).to.have.nested.property('messages[0].body', `${secret} g1 WARN`)
  })

  it('says why a module is silent', async () => {
    expect((await run(nullSettings(), StatusConstant.OK)).silentBecause).to.equal('the group has no trouble')
    expect((await run(nullSettings({ threshold: 3 }))).silentBecause).to.equal('its threshold is 3')
    expect((await run(nullSettings({ groupDenylist: 'g' }))).silentBecause).to.equal('its lists leave the group out')
    expect(await run(nullSettings())).to.deep.include({
      silentBecause: null,
      open: { messages: [{ kind: 'none' }] },
      close: null
    })
  })

  it('shows a mail, and what is wrong with a template', async () => {
    const mail = await run(emailSettings({ templateOpen: templateFile('Subject: {{.Group}}\n\nx') }))
    expect(mail.open).to.deep.equal({
      messages: [
        {
          kind: 'email',
          from: 'burrow@example.org',
          to: ['ops@example.org'],
          subject: 'g1',
          contentType: 'text/plain',
          body: 'x'
        }
      ]
    })
    const wrong = await run(emailSettings({ templateOpen: templateFile('{{.Nothing}}') }))
    expect(wrong.open).to.have.property('error').that.contains('Nothing')
  })

  it('hides the key of PagerDuty in the body', async () => {
    const routingKey = 'K'.repeat(32)
    const { open } = await run({
      ...webhookParts,
      className: 'pagerduty',
      url: 'https://events.example.org/v2/enqueue',
      routingKey
    })
    expect(JSON.stringify(open)).to.contain('routing_key').and.not.to.contain(routingKey)
  })
})
