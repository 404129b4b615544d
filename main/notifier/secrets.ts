import type { NotifierSettings } from '../../shared/notifier-settings.ts'

/** Shorter ones would be found in every word. */
const lengthMin = 4

/** Everything in a module's settings that must not be shown, longest first. */
export function secretsOf(settings: NotifierSettings): readonly string[] {
  const found = [...Object.values(settings.extras)]
  if ('password' in settings) found.push(settings.password)
  if ('headers' in settings) found.push(...Object.values(settings.headers))
  if ('routingKey' in settings) found.push(settings.routingKey)
  if ('url' in settings) found.push(settings.url)
  return [...new Set(found)].filter(secret => secret.length >= lengthMin).toSorted((a, b) => b.length - a.length)
}

/** `text` with every secret as `***`. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text)
}

/**
 * Where messages go: scheme and host. Path, query and login, which for many services are the key, show as `***`, and so does all of it
 * when a template may be in the host. Takes finished URLs and those of a configuration.
 */
export function hideUrl(url: string): string {
  if (url === '') return ''
  const [origin, scheme, login = '', host] = /^(https?:\/\/)([^/?#@{}]*@)?([^/?#@{}]+)(?=[/?#]|$)/i.exec(url) ?? []
  if (origin === undefined) return '***'
  const hidesNothing = login === '' && url.length <= origin.length + 1
  return hidesNothing ? url : `${scheme}${host}/***`
}
