import { unreachable } from '../../shared/errors.ts'
import type { CustomNotifierSettings, NotifierSettings } from '../../shared/notifier-settings.ts'
import { createEmailNotifier } from './email-notifier.ts'
import { createHttpNotifier } from './http-notifier.ts'
import type { Notifier } from './notification.ts'
import { createNullNotifier } from './null-notifier.ts'
import type { TemplateRenderer } from './template-renderer.ts'
import { createAlertmanagerNotifier } from './webhooks/alertmanager.ts'
import { createPagerDutyNotifier } from './webhooks/pagerduty.ts'
import { createSlackNotifier } from './webhooks/slack.ts'
import { createTeamsNotifier } from './webhooks/teams.ts'

/** Reads the module's files; connects to nothing. Throws BurrowError CONFIG_INVALID. A new class is a line here. */
export function createNotifier(
  settings: NotifierSettings,
  renderer: TemplateRenderer,
  custom: (settings: CustomNotifierSettings) => Notifier = notLoaded
): Notifier {
  switch (settings.className) {
    case 'http':
      return createHttpNotifier(settings, renderer)
    case 'email':
      return createEmailNotifier(settings, renderer)
    case 'null':
      return createNullNotifier(settings)
    case 'slack':
      return createSlackNotifier(settings, renderer)
    case 'pagerduty':
      return createPagerDutyNotifier(settings, renderer)
    case 'teams':
      return createTeamsNotifier(settings, renderer)
    case 'alertmanager':
      return createAlertmanagerNotifier(settings, renderer)
    case 'custom':
      return custom(settings)
    default:
      return unreachable(settings)
  }
}

/** For a look at what would be sent: that of a class of the user's own is not known before it is sent. */
function notLoaded(settings: CustomNotifierSettings): Notifier {
  return {
    settings,
    preview: async () => [{ kind: 'none' }],
    send: async () => ({ ok: false, retry: false, reason: 'the module was not loaded' }),
    close: () => undefined
  }
}
