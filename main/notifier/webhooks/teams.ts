import type { TeamsNotifierSettings } from '../../../shared/notifier-settings.ts'
import type { Notification, Notifier } from '../notification.ts'
import type { TemplateRenderer } from '../template-renderer.ts'
import { WebhookNotifier } from '../webhook-notifier.ts'
import { bodyWriter, ownWords, severityOf } from './own-words.ts'

/** Class `teams`: a webhook of Teams' Workflows, which takes a message with an Adaptive Card. Throws BurrowError CONFIG_INVALID. */
export function createTeamsNotifier(settings: TeamsNotifierSettings, renderer: TemplateRenderer): Notifier {
  const body = bodyWriter(settings, renderer, teamsMessage)
  return new WebhookNotifier(settings, async notification => [
    { method: 'POST', url: settings.url, headers: {}, body: await body(notification) }
  ])
}

/** Version 1.4 is what Teams shows everywhere; a message may have 28 KB, which the bounds of `ownWords` keep. */
export function teamsMessage(notification: Notification) {
  const { title, facts, partitions } = ownWords(notification)
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      textBlock(title, { size: 'Large', weight: 'Bolder', color: colorOf(notification) }),
      { type: 'FactSet', facts: facts.map(([name, value]) => ({ title: name, value: escaped(value) })) },
      ...partitions.map(line => textBlock(line, { spacing: 'None' }))
    ]
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }]
  }
}

function textBlock(text: string, style: Readonly<Record<string, string>>) {
  return { type: 'TextBlock', text: escaped(text), wrap: true, ...style }
}

function colorOf({ kind, data }: Notification): string {
  if (kind === 'close') return 'Good'
  return severityOf(data.result.head.status) === 'warning' ? 'Warning' : 'Attention'
}

/** Texts of a card are Markdown: a name must not become a link, nor `{{DATE(…)}}` a date. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()~]/g, '\\$&')
}
