import type { HttpNotifierSettings } from '../../shared/notifier-settings.ts'
import type { Notifier } from './notification.ts'
import { neededTemplate, urlTemplate } from './read-template.ts'
import type { TemplateRenderer } from './template-renderer.ts'
import { WebhookNotifier } from './webhook-notifier.ts'

/** Class `http` (spec 07 section 3.2): URL and body are templates. Throws BurrowError CONFIG_INVALID. */
export function createHttpNotifier(settings: HttpNotifierSettings, renderer: TemplateRenderer): Notifier {
  const { sendClose, methodOpen, methodClose, urlOpen, urlClose, templateOpen, templateClose } = settings
  const open = {
    method: methodOpen,
    url: urlTemplate('url-open', urlOpen),
    body: neededTemplate('TemplateOpen', templateOpen)
  }
  const close = sendClose && {
    method: methodClose,
    url: urlTemplate('url-close', urlClose),
    body: neededTemplate('TemplateClose', templateClose)
  }
  return new WebhookNotifier(settings, async ({ kind, data }) => {
    const message = kind === 'open' ? open : close
    if (!message) throw new TypeError('a close without send-close')
    const [url, body] = await renderer.render([message.url, message.body], data)
    return [{ method: message.method, url: url!, headers: {}, body: body! }]
  })
}
