import type { NullNotifierSettings } from '../../shared/notifier-settings.ts'
import type { Notifier } from './notification.ts'

/** Class `null`: evaluations and incidents as usual, and nothing is sent. */
export function createNullNotifier(settings: NullNotifierSettings): Notifier {
  return {
    settings,
    preview: async () => [{ kind: 'none' }],
    send: async () => ({ ok: true, note: 'nowhere' }),
    close: () => undefined
  }
}
