import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import type { BearerSource, SaslSettings } from '../../shared/settings.ts'
import { hidden } from './notifier-detail.ts'
import type { PlainJson } from './plain-json.ts'

/**
 * A login as it is configured. With a password it is Burrow's three keys; OAUTHBEARER is ours, so it adds keys after those and shows
 * that there is a secret, not which. Main thread.
 */
export function saslJson(sasl: SaslSettings): PlainJson {
  if (sasl.mechanism !== 'OAUTHBEARER') {
    return { name: sasl.name, 'handshake-first': sasl.handshakeFirst, username: sasl.username }
  }
  const names = Object.keys(sasl.extensions).toSorted(compareUtf8)
  return {
    name: sasl.name,
    'handshake-first': true,
    username: '',
    mechanism: sasl.mechanism,
    ...sourceJson(sasl.source),
    extensions: Object.fromEntries(names.map(name => [name, hidden]))
  }
}

function sourceJson(source: BearerSource): { readonly [key: string]: PlainJson } {
  switch (source.kind) {
    case 'token':
      return { token: hidden }
    case 'file':
      return { 'token-file': source.path }
    case 'client-credentials':
      return {
        'token-endpoint': withoutQuery(source.endpoint),
        'client-id': source.clientId,
        'client-secret': hidden,
        scope: source.scope,
        'token-endpoint-cafile': source.caFile
      }
  }
}

function withoutQuery(endpoint: string): string {
  const { origin, pathname, search } = new URL(endpoint)
  return `${origin}${pathname}${search === '' ? '' : `?${hidden}`}`
}
