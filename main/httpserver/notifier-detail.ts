import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import type { NotifierSettings } from '../../shared/notifier-settings.ts'
import { hideUrl } from '../notifier/secrets.ts'
import type { PlainJson } from './plain-json.ts'

/** What stands for a value that must not be shown (spec 09, D1). */
export const hidden = '***'

/**
 * A notifier module as it is configured (spec 04 section 5.6), in the original's order of keys. Extras and the paths of URLs
 * often hold keys of services, so both are hidden. Classes of ours show what all classes have. Main thread.
 */
export function notifierModule(settings: NotifierSettings): PlainJson {
  switch (settings.className) {
    case 'http':
      return {
        ...head(settings),
        timeout: settings.timeoutSeconds,
        keepalive: settings.keepaliveSeconds,
        'url-open': hideUrl(settings.urlOpen),
        'url-close': hideUrl(settings.urlClose),
        'method-open': settings.methodOpen,
        'method-close': settings.methodClose,
        ...templates(settings),
        'extra-ca': settings.extraCa,
        noverify: settings.noVerifyIsSet ? String(settings.noVerify) : ''
      }
    case 'email':
      return {
        ...head(settings),
        ...templates(settings),
        server: settings.server,
        port: settings.port,
        'auth-type': settings.authType,
        username: settings.username,
        from: settings.from,
        to: settings.to.join(','),
        'extra-ca': settings.extraCa,
        noverify: settings.noVerifyIsSet ? String(settings.noVerify) : ''
      }
    default:
      return { ...head(settings), ...templates(settings) }
  }
}

function head(settings: NotifierSettings) {
  return {
    'class-name': settings.className === 'custom' ? settings.customClass : settings.className,
    'group-allowlist': settings.groupAllowlist,
    interval: settings.intervalSeconds,
    threshold: settings.threshold
  }
}

function templates(settings: NotifierSettings) {
  const names = Object.keys(settings.extras).toSorted(compareUtf8)
  return {
    'template-open': settings.templateOpen,
    'template-close': settings.templateClose,
    extra: Object.fromEntries(names.map(name => [name, hidden])),
    'send-close': settings.sendClose
  }
}
