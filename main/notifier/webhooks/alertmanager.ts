import type { AlertmanagerNotifierSettings } from '../../../shared/notifier-settings.ts'
import type { Notification, Notifier } from '../notification.ts'
import type { TemplateRenderer } from '../template-renderer.ts'
import { WebhookNotifier } from '../webhook-notifier.ts'
import { bodyWriter, isoTime, ownWords, severityOf } from './own-words.ts'

/** Class `alertmanager`: POST /api/v2/alerts to every member of its cluster. Throws BurrowError CONFIG_INVALID. */
export function createAlertmanagerNotifier(
  settings: AlertmanagerNotifierSettings,
  renderer: TemplateRenderer
): Notifier {
  const body = bodyWriter(settings, renderer, notification => alerts(settings, notification))
  return new WebhookNotifier(settings, async notification => {
    const text = await body(notification)
    return settings.urls.map(url => ({ method: 'POST', url: alertsUrl(url), headers: {}, body: text }))
  })
}

type AlertSettings = Pick<
  AlertmanagerNotifierSettings,
  'labels' | 'intervalSeconds' | 'sendIntervalSeconds' | 'sendOnce' | 'sendClose'
>

/**
 * An alert is its labels, and `severity` is one of them because routes are chosen by it. So a group that goes from WARN to ERR
 * becomes another alert, and the former is ended in the same breath. Ending one that never was does no harm.
 */
export function alerts(settings: AlertSettings, notification: Notification) {
  const severity = severityOf(notification.data.result.head.status)
  const both = 'severity' in settings.labels ? [severity] : (['warning', 'critical'] as const)
  return both.map(each => alertOf(settings, notification, each, notification.kind === 'open' && each === severity))
}

function alertOf(settings: AlertSettings, notification: Notification, severity: string, firing: boolean) {
  const { data, timeMs } = notification
  const { title, facts, partitions } = ownWords(notification)
  const endMs = firing ? lastsUntilMs(settings, timeMs) : timeMs
  return {
    labels: {
      alertname: 'KafkaConsumerLag',
      severity,
      ...settings.labels,
      cluster: data.cluster,
      group: data.group
    },
    annotations: {
      summary: title,
      description: [...facts.map(([name, value]) => `${name}: ${value}`), ...partitions].join('\n')
    },
    startsAt: isoTime(data.startMs ?? timeMs),
    ...(endMs !== null && { endsAt: isoTime(endMs) })
  }
}

const missedRemindersAllowed = 3
const yearMs = 365 * 86_400_000

/**
 * The Alertmanager ends an alert of which it hears no more, by default after five minutes, and reminders can be rarer than that.
 * With send-once there are none, so only the close can end it; without a close either, its own rule is the best there is (null).
 */
function lastsUntilMs(settings: AlertSettings, timeMs: number): number | null {
  if (settings.sendOnce) return settings.sendClose ? timeMs + yearMs : null
  const reminderSeconds = Math.max(settings.sendIntervalSeconds, settings.intervalSeconds) + settings.intervalSeconds
  return timeMs + missedRemindersAllowed * reminderSeconds * 1000
}

function alertsUrl(base: string): string {
  return `${base.replace(/\/+$/, '')}/api/v2/alerts`
}
