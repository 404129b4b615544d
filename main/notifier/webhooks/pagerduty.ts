import { createHash } from 'node:crypto'
import { groupKey } from '../../../shared/lru-map.ts'
import type { PagerDutyNotifierSettings } from '../../../shared/notifier-settings.ts'
import type { Notification, Notifier } from '../notification.ts'
import type { TemplateRenderer } from '../template-renderer.ts'
import { WebhookNotifier } from '../webhook-notifier.ts'
import { bodyWriter, isoTime, ownWords, severityOf, shortened } from './own-words.ts'

const summaryLengthMax = 1024

/** Class `pagerduty`: Events API v2. Throws BurrowError CONFIG_INVALID. */
export function createPagerDutyNotifier(settings: PagerDutyNotifierSettings, renderer: TemplateRenderer): Notifier {
  const body = bodyWriter(settings, renderer, notification => pagerDutyEvent(settings.routingKey, notification))
  return new WebhookNotifier(settings, async notification => [
    { method: 'POST', url: settings.url, headers: {}, body: await body(notification) }
  ])
}

export function pagerDutyEvent(routingKey: string, notification: Notification) {
  const { kind, data, timeMs } = notification
  const key = { routing_key: routingKey, dedup_key: dedupKey(data.cluster, data.group) }
  if (kind === 'close') return { ...key, event_action: 'resolve' }
  const { title, facts, partitions } = ownWords(notification)
  return {
    ...key,
    event_action: 'trigger',
    client: 'Burrow',
    payload: {
      summary: title.slice(0, summaryLengthMax),
      source: shortened(data.cluster),
      severity: severityOf(data.result.head.status),
      timestamp: isoTime(timeMs),
      component: shortened(data.group),
      group: shortened(data.cluster),
      class: 'consumer lag',
      custom_details: { ...Object.fromEntries(facts), incident: data.id, partitions }
    }
  }
}

/**
 * By group, not by incident: whoever leads next has another incident for the same trouble, and still resolves the same alert. A
 * hash, since a key has at most 255 characters and a group's name can have more.
 */
function dedupKey(cluster: string, group: string): string {
  return `burrow-${createHash('sha256').update(groupKey(cluster, group)).digest('hex')}`
}
