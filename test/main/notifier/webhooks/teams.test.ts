import { expect } from 'chai'
import { renderHere } from '../../../../main/notifier/template-renderer.ts'
import { createTeamsNotifier, teamsMessage } from '../../../../main/notifier/webhooks/teams.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { groupStatus, notificationOf, partitionStatus, webhookParts } from '../fake-parts.ts'
import { localHttpServer } from '../local-http-server.ts'

const messageOf = (kind: 'open' | 'close', status: StatusConstant, changes = {}) =>
  teamsMessage(notificationOf(kind, groupStatus(status, changes)))

describe('main/notifier/webhooks/teams', () => {
  it('is a message with one Adaptive Card', () => {
    const message = messageOf('open', StatusConstant.Error)
    expect(message).to.deep.equal({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            msteams: { width: 'Full' },
            body: [
              {
                type: 'TextBlock',
                text: 'Kafka consumer group g1 in cluster local is ERR',
                wrap: true,
                size: 'Large',
                weight: 'Bolder',
                color: 'Attention'
              },
              {
                type: 'FactSet',
                facts: [
                  { title: 'Cluster', value: 'local' },
                  { title: 'Group', value: 'g1' },
                  { title: 'Status', value: 'ERR' },
                  { title: 'Total lag', value: '42' },
                  { title: 'Partitions', value: '1 of 3 behind' },
                  { title: 'Since', value: '2023-11-14T22:13:20.000Z' }
                ]
              },
              { type: 'TextBlock', text: 'STOP orders:1 lag 42, owner host-1', wrap: true, spacing: 'None' }
            ]
          }
        }
      ]
    })
  })

  it('has the colour of what happened', () => {
    const colorOf = (...parts: Parameters<typeof messageOf>) =>
      JSON.stringify(messageOf(...parts)).match(/"color":"(\w+)"/)![1]
    expect(colorOf('open', StatusConstant.Warning)).to.equal('Warning')
    expect(colorOf('close', StatusConstant.OK)).to.equal('Good')
  })

  it('lets no group make a link, a list or a date', () => {
    const text = JSON.stringify(messageOf('open', StatusConstant.Error, { group: '[a](http://b) {{DATE(x)}} *b*' }))
    expect(JSON.parse(text).attachments[0].content.body[1].facts[1].value).to.equal(
      '\\[a\\]\\(http://b\\) \\{\\{DATE\\(x\\)\\}\\} \\*b\\*'
    )
  })

  it('stays under 28 KB whatever the names are', () => {
    const long = '_'.repeat(30_000)
    const partitions = Array.from({ length: 500 }, (_, partition) =>
      partitionStatus({ partition, topic: long, owner: long })
    )
    const text = JSON.stringify(messageOf('open', StatusConstant.Error, { group: long, partitions }))
    expect(Buffer.byteLength(text)).to.be.below(28 * 1024)
  })

  it('takes 202 for sent', async () => {
    const { url, received, close } = await localHttpServer(response => response.writeHead(202).end())
    const notifier = createTeamsNotifier(
      { ...webhookParts, className: 'teams', url: `${url}/workflows/x?sig=s` },
      renderHere
    )
    expect(await notifier.send(notificationOf('open', groupStatus(StatusConstant.Error)))).to.deep.include({ ok: true })
    notifier.close()
    await close()
    expect(received[0]!.url).to.equal('/workflows/x?sig=s')
  })
})
