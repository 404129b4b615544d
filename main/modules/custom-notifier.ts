import type { CustomNotifierSettings } from '../../shared/notifier-settings.ts'
import { unpackVerdict } from '../../shared/verdict.ts'
import type { Notification, Notifier, Outcome } from '../notifier/notification.ts'
import { type CustomModule, textOf } from './custom-module.ts'

/** Of one try. */
export const notifyDeadlineMs = 30_000

/** A module of somebody's own among the notifiers: rules, rhythm, lists, retries and the queue are those of all classes. Main thread. */
export function customNotifier(settings: CustomNotifierSettings, module: CustomModule): Notifier {
  return {
    settings,
    preview: async () => [{ kind: 'none' }],
    send: notification => send(module, notification),
    close: () => undefined
  }
}

async function send(module: CustomModule, { kind, data, timeMs }: Notification): Promise<Outcome> {
  const { id, cluster, group, startMs, extras } = data
  const status = unpackVerdict(data.result)
  try {
    await module.notify({ kind, id, cluster, group, startMs, timeMs, status, extras }, notifyDeadlineMs)
    return { ok: true, note: 'taken by the module' }
  } catch (error) {
    module.failed(error, 'did not take a notification')
    return { ok: false, retry: true, reason: textOf(error) }
  }
}
