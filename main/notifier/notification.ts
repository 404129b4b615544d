import type { NotifierSettings } from '../../shared/notifier-settings.ts'
import type { PackedData } from '../../shared/template/render-task.ts'

/** One message about one group, before a module puts it into words. */
export interface Notification {
  readonly kind: 'open' | 'close'
  readonly data: PackedData
  /** When the group was evaluated, ms since the epoch. */
  readonly timeMs: number
}

export type Outcome = Delivered | Undelivered

export interface Delivered {
  readonly ok: true
  /** For the log: the answer's status, or recipients that were refused. */
  readonly note: string
}

export interface Undelivered {
  readonly ok: false
  /** false: another try would end the same way. */
  readonly retry: boolean
  /** For the log; without secrets. */
  readonly reason: string
  /** How long the other side asks us to wait. */
  readonly retryAfterMs?: number
}

/** What a module would send, for people to look at. */
export type Preview =
  | {
      readonly kind: 'http'
      readonly method: string
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | {
      readonly kind: 'email'
      readonly from: string
      readonly to: readonly string[]
      readonly subject: string
      readonly contentType: string
      readonly body: string
    }
  | { readonly kind: 'none' }

/** `[notifier.NAME]`, ready to send. Main thread. */
export interface Notifier {
  readonly settings: NotifierSettings
  /** Everything `send` would send, secrets included. Rejects with BurrowError TEMPLATE_FAILED. */
  preview(notification: Notification): Promise<readonly Preview[]>
  /**
   * One try, within the module's own timeout. Whatever the network does is an Outcome. Rejects with BurrowError: TEMPLATE_FAILED, or the
   * others of `TemplateRenderer`.
   */
  send(notification: Notification): Promise<Outcome>
  /** Ends connections that are kept open. */
  close(): void
}
