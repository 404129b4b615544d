import { unreachable } from '../../shared/errors.ts'
import type { NotifierSettings } from '../../shared/notifier-settings.ts'
import { createEmailNotifier } from './email-notifier.ts'
import { createHttpNotifier } from './http-notifier.ts'
import type { Notifier } from './notification.ts'
import { createNullNotifier } from './null-notifier.ts'
import { createAlertmanagerNotifier } from './webhooks/alertmanager.ts'
import { createPagerDutyNotifier } from './webhooks/pagerduty.ts'
import { createSlackNotifier } from './webhooks/slack.ts'
import { createTeamsNotifier } from './webhooks/teams.ts'

/** Reads the module's files; connects to nothing. Throws BurrowError CONFIG_INVALID. A new class is a line here. */
export function createNotifier(settings: NotifierSettings): Notifier {
  switch (settings.className) {
    case 'http':
      return createHttpNotifier(settings)
    case 'email':
      return createEmailNotifier(settings)
    case 'null':
      return createNullNotifier(settings)
    case 'slack':
      return createSlackNotifier(settings)
    case 'pagerduty':
      return createPagerDutyNotifier(settings)
    case 'teams':
      return createTeamsNotifier(settings)
    case 'alertmanager':
      return createAlertmanagerNotifier(settings)
    default:
      return unreachable(settings)
  }
}
