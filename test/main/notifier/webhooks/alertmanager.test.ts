import { expect } from 'chai'
import { renderHere } from '../../../../main/notifier/template-renderer.ts'
import { alerts, createAlertmanagerNotifier } from '../../../../main/notifier/webhooks/alertmanager.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { alertmanagerSettings, groupStatus, notificationOf, startMs } from '../fake-parts.ts'
import { localHttpServer } from '../local-http-server.ts'

const timeMs = startMs + 5000
const iso = (ms: number) => new Date(ms).toISOString()
const alertsOf = (
  kind: 'open' | 'close',
  status: StatusConstant,
  changes: Parameters<typeof alertmanagerSettings>[0] = {}
) => alerts(alertmanagerSettings(changes), notificationOf(kind, groupStatus(status)))

describe('main/notifier/webhooks/alertmanager', () => {
  it('fires one alert and ends that of the other severity', () => {
    const both = alertsOf('open', StatusConstant.Error, { labels: { team: 'data' } })
    const annotations = {
      summary: 'Kafka consumer group g1 in cluster local is ERR',
      description:
        'Cluster: local\nGroup: g1\nStatus: ERR\nTotal lag: 42\nPartitions: 1 of 3 behind\n' +
        'Since: 2023-11-14T22:13:20.000Z\nSTOP orders:1 lag 42, owner host-1'
    }
    const labels = { alertname: 'KafkaConsumerLag', team: 'data', cluster: 'local', group: 'g1' }
    expect(both).to.deep.equal([
      { labels: { ...labels, severity: 'warning' }, annotations, startsAt: iso(startMs), endsAt: iso(timeMs) },
      // 60 s between reminders, 60 s until the next turn, three of which may be missed
      {
        labels: { ...labels, severity: 'critical' },
        annotations,
        startsAt: iso(startMs),
        endsAt: iso(timeMs + 360_000)
      }
    ])
  })

  it('ends both at the close', () => {
    for (const { endsAt } of alertsOf('close', StatusConstant.OK)) expect(endsAt).to.equal(iso(timeMs))
  })

  it('sends one alert when its severity is fixed', () => {
    const [alert, ...more] = alertsOf('open', StatusConstant.Warning, { labels: { severity: 'page', group: 'x' } })
    expect(more).to.deep.equal([])
    expect(alert!.labels).to.deep.equal({
      alertname: 'KafkaConsumerLag',
      severity: 'page',
      cluster: 'local',
      group: 'g1'
    })
    expect(alertsOf('close', StatusConstant.OK, { labels: { severity: 'page' } })[0]!.endsAt).to.equal(iso(timeMs))
  })

  it('lasts until the close with send-once, or as the Alertmanager likes without one', () => {
    const endOf = (sendClose: boolean) =>
      alertsOf('open', StatusConstant.Error, { sendOnce: true, sendClose })[1]!.endsAt
    expect(endOf(true)).to.equal(iso(timeMs + 365 * 86_400_000))
    expect(endOf(false)).to.equal(undefined)
  })

  it('is sent to all members, one of which is enough', async () => {
    const good = await localHttpServer()
    const bad = await localHttpServer(response => response.writeHead(500).end())
    const send = async (...urls: string[]) => {
      const notifier = createAlertmanagerNotifier(alertmanagerSettings({ urls }), renderHere)
      const outcome = await notifier.send(notificationOf('open', groupStatus(StatusConstant.Error)))
      notifier.close()
      return outcome
    }
    expect(await send(`${good.url}/`, bad.url)).to.deep.equal({ ok: true, note: '200; not by all: answer 500' })
    expect(await send(bad.url, bad.url)).to.deep.equal({ ok: false, retry: true, reason: 'answer 500' })
    expect(await send(`${good.url}/prefix`)).to.deep.equal({ ok: true, note: '200' })
    await Promise.all([good.close(), bad.close()])
    expect(good.received.map(({ url }) => url)).to.deep.equal(['/api/v2/alerts', '/prefix/api/v2/alerts'])
    expect(JSON.parse(good.received[0]!.body)).to.be.an('array').with.length(2)
  })
})
