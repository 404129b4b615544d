import { expect } from 'chai'
import { renderHere } from '../../../../main/notifier/template-renderer.ts'
import { createPagerDutyNotifier, pagerDutyEvent } from '../../../../main/notifier/webhooks/pagerduty.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { groupStatus, notificationOf, webhookParts } from '../fake-parts.ts'
import { localHttpServer } from '../local-http-server.ts'

const routingKey = 'R'.repeat(32)
const eventOf = (kind: 'open' | 'close', status: StatusConstant, group = 'g1') =>
  pagerDutyEvent(routingKey, notificationOf(kind, groupStatus(status, { group })))

describe('main/notifier/webhooks/pagerduty', () => {
  it('triggers with all fields that the Events API v2 wants', () => {
    const { dedup_key, ...event } = eventOf('open', StatusConstant.Warning)
    expect(dedup_key).to.match(/^burrow-[0-9a-f]{64}$/)
    expect(event).to.deep.equal({
      routing_key: routingKey,
      event_action: 'trigger',
      client: 'Burrow',
      payload: {
        summary: 'Kafka consumer group g1 in cluster local is WARN',
        source: 'local',
        severity: 'warning',
        timestamp: '2023-11-14T22:13:25.000Z',
        component: 'g1',
        group: 'local',
        class: 'consumer lag',
        custom_details: {
          Cluster: 'local',
          Group: 'g1',
          Status: 'WARN',
          'Total lag': '42',
          Partitions: '1 of 3 behind',
          Since: '2023-11-14T22:13:20.000Z',
          incident: 'id-1',
          partitions: ['STOP orders:1 lag 42, owner host-1']
        }
      }
    })
  })

  it('is critical when a group does not move', () => {
    expect(eventOf('open', StatusConstant.Error)).to.have.nested.property('payload.severity', 'critical')
  })

  it('resolves by the key of the same group, and no other', () => {
    const opened = eventOf('open', StatusConstant.Error)
    expect(eventOf('close', StatusConstant.OK)).to.deep.equal({
      routing_key: routingKey,
      dedup_key: opened.dedup_key,
      event_action: 'resolve'
    })
    expect(eventOf('close', StatusConstant.OK, 'g2').dedup_key).not.to.equal(opened.dedup_key)
  })

  it('keeps the limits of the API for names of any length', () => {
    const event = eventOf('open', StatusConstant.Error, 'x'.repeat(30_000))
    expect(event.dedup_key.length).to.be.at.most(255)
    expect(event).to.have.nested.property('payload.summary').with.length.at.most(1024)
    expect(JSON.stringify(event).length).to.be.below(512 * 1024)
  })

  it('takes 202 for sent', async () => {
    const { url, received, close } = await localHttpServer(response =>
      response.writeHead(202).end('{"status":"success"}')
    )
    const notifier = createPagerDutyNotifier(
      {
        ...webhookParts,
        className: 'pagerduty',
        url: `${url}/v2/enqueue`,
        routingKey
      },
      renderHere
    )
    const outcome = await notifier.send(notificationOf('open', groupStatus(StatusConstant.Error)))
    notifier.close()
    await close()
    expect(outcome).to.deep.equal({ ok: true, note: '202' })
    expect(JSON.parse(received[0]!.body)).to.include({ routing_key: routingKey })
  })

  it('hides the key when the answer repeats it', async () => {
    const { url, close } = await localHttpServer(response => response.writeHead(400).end(`bad key ${routingKey}`))
    const notifier = createPagerDutyNotifier({ ...webhookParts, className: 'pagerduty', url, routingKey }, renderHere)
    const outcome = await notifier.send(notificationOf('open', groupStatus(StatusConstant.Error)))
    notifier.close()
    await close()
    expect(outcome).to.deep.equal({ ok: false, retry: false, reason: 'answer 400: bad key ***' })
  })
})
