import type { SlackNotifierSettings } from '../../../shared/notifier-settings.ts'
import type { Notification, Notifier } from '../notification.ts'
import type { TemplateRenderer } from '../template-renderer.ts'
import { WebhookNotifier } from '../webhook-notifier.ts'
import { bodyWriter, ownWords, severityOf } from './own-words.ts'

/** Class `slack`: an incoming webhook (docs.slack.dev, "Sending messages using incoming webhooks"). Throws BurrowError CONFIG_INVALID. */
export function createSlackNotifier(settings: SlackNotifierSettings, renderer: TemplateRenderer): Notifier {
  const body = bodyWriter(settings, renderer, notification => slackMessage(settings, notification))
  return new WebhookNotifier(settings, async notification => [
    { method: 'POST', url: settings.url, headers: {}, body: await body(notification) }
  ])
}

type Look = Pick<SlackNotifierSettings, 'channel' | 'botName' | 'iconUrl' | 'iconEmoji'>

/** Channel, name and icon only work with webhooks of old; they are left out when not set. */
export function slackMessage({ channel, botName, iconUrl, iconEmoji }: Look, notification: Notification) {
  const { title, facts, partitions } = ownWords(notification)
  const attachment = {
    color: colorOf(notification),
    fallback: escaped(title),
    title: escaped(title),
    ...(partitions.length > 0 && { text: escaped(partitions.join('\n')) }),
    fields: facts.map(([name, value]) => ({ title: name, value: escaped(value), short: true })),
    mrkdwn_in: [],
    ts: Math.floor(notification.timeMs / 1000)
  }
  return {
    ...(channel && { channel }),
    ...(botName && { username: botName }),
    ...(iconUrl && { icon_url: iconUrl }),
    ...(iconEmoji && { icon_emoji: iconEmoji }),
    attachments: [attachment]
  }
}

function colorOf({ kind, data }: Notification): string {
  if (kind === 'close') return 'good'
  return severityOf(data.result.head.status) === 'warning' ? 'warning' : 'danger'
}

/** The three characters that make links and mentions, so that no group's name can call a channel. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
