import type { HttpSending, NotifierSettings } from '../../shared/notifier-settings.ts'
import type { HttpRequest } from './http/http-exchange.ts'
import { HttpSender } from './http/http-sender.ts'
import type { Notification, Notifier, Outcome, Preview, Undelivered } from './notification.ts'
import { hideSecrets, secretsOf } from './secrets.ts'

/** Puts a notification into requests. Rejects as `TemplateRenderer` does. */
export type Compose = (notification: Notification) => Promise<readonly HttpRequest[]>

/**
 * Any module that sends HTTP requests: its class is the function that composes them. Requests go to members of one cluster, so one
 * that arrives is enough.
 */
export class WebhookNotifier implements Notifier {
  readonly settings: NotifierSettings
  readonly #compose: Compose
  readonly #sender: HttpSender

  /** Throws BurrowError CONFIG_INVALID. */
  constructor(settings: NotifierSettings & HttpSending, compose: Compose) {
    const secrets = secretsOf(settings)
    this.settings = settings
    this.#compose = compose
    this.#sender = new HttpSender({ ...settings, hide: text => hideSecrets(text, secrets) })
  }

  async preview(notification: Notification): Promise<readonly Preview[]> {
    return (await this.#compose(notification)).map(request => ({ kind: 'http', ...this.#sender.dressed(request) }))
  }

  async send(notification: Notification): Promise<Outcome> {
    const requests = await this.#compose(notification)
    const outcomes = await Promise.all(requests.map(request => this.#sender.send(request)))
    const failures = outcomes.filter(outcome => !outcome.ok)
    const delivered = outcomes.find(outcome => outcome.ok)
    if (delivered === undefined) return worst(failures)
    if (failures.length === 0) return delivered
    return { ok: true, note: `${delivered.note}; not by all: ${failures.map(({ reason }) => reason).join('; ')}` }
  }

  close(): void {
    this.#sender.close()
  }
}

/** Worth another try if one of them is. */
function worst(failures: readonly Undelivered[]): Undelivered {
  const found = failures.find(({ retry }) => retry) ?? failures[0]
  if (found === undefined) throw new TypeError('a notification made no request')
  return found
}
