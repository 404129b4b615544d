import { expect } from 'chai'
import { emailMessage } from '../../../../main/notifier/email-message.ts'
import { parseTemplate } from '../../../../shared/template/template.ts'
import { withoutControls } from '../../../../shared/template/without-controls.ts'
import { dataByName, shippedTemplates } from '../template-fixtures.ts'

describe('shared/template/defaults', () => {
  /** In a zone far from UTC: the messages are in UTC anyway. */
  const render = (file: string, dataName: string) =>
    parseTemplate(file, shippedTemplates.get(file)!, { timeZone: 'Asia/Kolkata' }).render(dataByName[dataName]!.data)

  it('are those that Burrow has, and a mail for the end', () => {
    expect([...shippedTemplates.keys()].sort()).to.deep.equal([
      'default-email-close.tmpl',
      'default-email.tmpl',
      'default-http-delete.tmpl',
      'default-http-post.tmpl',
      'default-slack-delete.tmpl',
      'default-slack-post.tmpl'
    ])
  })

  for (const file of shippedTemplates.keys()) {
    for (const dataName of Object.keys(dataByName)) {
      it(`${file} over ${dataName}`, () => {
        const text = render(file, dataName)
        if (!file.includes('email')) expect(() => JSON.parse(text)).not.to.throw()
        else expect(emailMessage(text).subject).to.match(/^\[Burrow\] Kafka Consumer Lag Alert/)
        expect(text).not.to.match(/<no value>|<nil>|\{\d+\}|%!/)
      })
    }
  }

  it('the mail says lags as numbers, or that they are not known (F8)', () => {
    expect(emailMessage(render('default-email.tmpl', 'many')).body).to.equal(
      `The Kafka consumer groups you are monitoring are currently showing problems. The following groups are in a problem state (groups not listed are OK):

Cluster:  local
Group:    billing
Status:   ERR
Since:    2024-02-03 04:05:06 UTC
Complete: 0.7
Lag:      25001250
Errors:   6 of 40 partitions have problems
          WARN orders:1 (1700000000000, 10, 5) -> (1700000010000, 20, unknown)
          STOP orders:2 (1700000000001, 100, 0) -> (1700000123456, 100, 25000000)
          REWIND payments:0 (1700000000000, 7, 1) -> (1700000001000, 5, 2)
          STALL orders:3 (1700000000000, 1, 3) -> (1700000000002, 1, 4)
          ERR audit:0 (no commit) -> (no commit)
          OK audit:1 (1700000000000, 3, 0) -> (1700000000000, 9, 0)
`
    )
  })

  it('names cannot write lines of the mail', () => {
    const { data } = dataByName.nasty!
    const template = parseTemplate('mail', shippedTemplates.get('default-email.tmpl')!)
    expect(template.render(withoutControls(data)).split('\n')).to.have.length(13)
  })

  it('the event says what Burrow says, with UTC being UTC (F9)', () => {
    const { data } = dataByName.warn!
    expect(JSON.parse(render('default-http-post.tmpl', 'warn'))).to.deep.equal({
      api_key: 'K',
      app: 'burrow',
      block: false,
      events: [
        {
          id: data.id,
          event: {
            severity: 'WARN',
            tier: 'STG',
            group: 'g1',
            start: 'Feb 03, 2024 04:05:06 UTC',
            complete: 0.33333334,
            partitions: [
              {
                topic: 'orders',
                partition: 1,
                owner: '',
                client_id: '',
                status: 'WARN',
                start: { offset: 10, timestamp: 1_700_000_000_000, observedAt: 1_700_000_001_000, lag: 5 },
                end: { offset: 20, timestamp: 1_700_000_010_000, observedAt: 1_700_000_011_000, lag: null },
                current_lag: 7,
                complete: 1
              }
            ]
          }
        }
      ]
    })
    expect(JSON.parse(render('default-http-post.tmpl', 'nasty')).events[0].event.group).to.equal(
      dataByName.nasty!.data.group
    )
  })

  it('the end of the event names its id (F7)', () => {
    const { data } = dataByName.warn!
    const end = { api_key: 'K', app: 'burrow', block: false, ids: [data.id] }
    expect(JSON.parse(render('default-http-delete.tmpl', 'warn'))).to.deep.equal(end)
  })

  it('a group cannot call the channel in Slack', () => {
    const { data } = dataByName.warn!
    const template = parseTemplate('slack', shippedTemplates.get('default-slack-post.tmpl')!)
    const { attachments } = JSON.parse(template.render({ ...data, group: '<!channel> & "co"' }))
    expect(attachments[0].color).to.equal('danger')
    expect(attachments[0].fields[0].value).to.equal('&lt;!channel&gt; &amp; &#34;co&#34;')
    expect(attachments[0].fields[3].value).to.equal('2024-02-03T04:05:06Z')
  })
})
