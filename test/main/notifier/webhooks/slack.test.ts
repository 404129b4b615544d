import { expect } from 'chai'
import { renderHere } from '../../../../main/notifier/template-renderer.ts'
import { createSlackNotifier, slackMessage } from '../../../../main/notifier/webhooks/slack.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { groupStatus, notificationOf, templateFile, webhookParts } from '../fake-parts.ts'
import { localHttpServer } from '../local-http-server.ts'

const plain = { channel: '', botName: '', iconUrl: '', iconEmoji: '' }

describe('main/notifier/webhooks/slack', () => {
  it('is a message with one attachment', () => {
    const message = slackMessage(plain, notificationOf('open', groupStatus(StatusConstant.Error)))
    const title = 'Kafka consumer group g1 in cluster local is ERR'
    const field = (name: string, value: string) => ({ title: name, value, short: true })
    expect(message).to.deep.equal({
      attachments: [
        {
          color: 'danger',
          fallback: title,
          title,
          text: 'STOP orders:1 lag 42, owner host-1',
          fields: [
            field('Cluster', 'local'),
            field('Group', 'g1'),
            field('Status', 'ERR'),
            field('Total lag', '42'),
            field('Partitions', '1 of 3 behind'),
            field('Since', '2023-11-14T22:13:20.000Z')
          ],
          mrkdwn_in: [],
          ts: 1_700_000_005
        }
      ]
    })
  })

  it('bears the name and goes to the channel it was given', () => {
    const look = { channel: '#ops', botName: 'burrow', iconUrl: 'https://x/i.png', iconEmoji: ':rabbit:' }
    const message = slackMessage(look, notificationOf('close', groupStatus(StatusConstant.OK)))
    expect(message).to.include({
      channel: '#ops',
      username: 'burrow',
      icon_url: 'https://x/i.png',
      icon_emoji: ':rabbit:'
    })
    expect(message.attachments[0]).to.include({ color: 'good' })
    expect(message.attachments[0]).not.to.have.property('text')
  })

  it('lets no group call a channel', () => {
    const message = slackMessage(
      plain,
      notificationOf('open', groupStatus(StatusConstant.Warning, { group: '<!channel>&' }))
    )
    expect(JSON.stringify(message)).not.to.match(/[<>]/)
    expect(message.attachments[0]!.fields[1]!.value).to.equal('&lt;!channel&gt;&amp;')
    expect(message.attachments[0]!.color).to.equal('warning')
  })

  it('is sent as JSON, or as the template says', async () => {
    const { url, received, close } = await localHttpServer()
    const settings = { ...webhookParts, ...plain, className: 'slack', url: `${url}/services/x` } as const
    const templateOpen = templateFile('{"text":{{jsonencoder .Group}}}')
    for (const notifier of [
      createSlackNotifier(settings, renderHere),
      createSlackNotifier({ ...settings, templateOpen }, renderHere)
    ]) {
      expect(await notifier.send(notificationOf('open', groupStatus(StatusConstant.Error)))).to.deep.include({
        ok: true
      })
      notifier.close()
    }
    await close()
    expect(received[0]).to.deep.include({ method: 'POST', url: '/services/x' })
    expect(JSON.parse(received[0]!.body)).to.have.property('attachments')
    expect(received[1]!.body).to.equal('{"text":"g1"}')
  })
})
