import { realClock } from '../../../shared/clock.ts'
import { BurrowError } from '../../../shared/errors.ts'
import type { ClientProfile, IamSettings } from '../../../shared/settings.ts'
import { bearerLogin, type SaslDialogue } from './bearer-login.ts'
import { type TokenSource, tokenSource } from './bearer-token.ts'
import { TlsContext } from './tls-context.ts'
import { TlsSockets } from './tls-sockets.ts'

/** The `sasl` option of kafkajs. */
export type SaslOptions =
  | { readonly mechanism: string; readonly username: string; readonly password: string }
  | {
      readonly mechanism: string
      readonly authenticationProvider: (dialogue: SaslDialogue) => { authenticate(): Promise<void> }
    }

/** How the links of one client profile are kept safe: what is cached between them is here. Kafka threads. */
export interface LinkSecurity {
  /** For one link; null = in the clear. */
  sockets(): TlsSockets | null
  /** For one link, as kafkajs writes into it; null = no login. */
  sasl(): SaslOptions | null
  /** Name of the mechanism, '' = no login. */
  readonly login: string
}

const securityByProfile = new WeakMap<ClientProfile, LinkSecurity>()

/**
 * The security of a profile, made when it is first asked for. Tokens belong to the profile, not to a link: all links of a thread whose
 * modules were handed the same profile share them. Throws CONFIG_INVALID for settings that contradict themselves.
 */
export function securityOf(profile: ClientProfile): LinkSecurity {
  const known = securityByProfile.get(profile)
  if (known) return known
  const security = makeSecurity(profile)
  securityByProfile.set(profile, security)
  return security
}

function makeSecurity({ name, tls, sasl, iam }: ClientProfile): LinkSecurity {
  if (iam && !tls) {
    throw new BurrowError('CONFIG_INVALID', `client-profile ${name} uses iam.${iam.name} but has no tls profile`)
  }
  const context = tls ? new TlsContext(tls) : null
  const sockets = () => (tls && context ? new TlsSockets(context, tls.noVerify) : null)
  if (iam) return { sockets, ...bearer(mskTokens(iam), {}) }
  if (!sasl) return { sockets, sasl: () => null, login: '' }
  if (sasl.mechanism === 'OAUTHBEARER') return { sockets, ...bearer(tokenSource(sasl, realClock), sasl.extensions) }
  // `handshakeFirst` is not looked at: kafkajs always shakes hands, and no broker since Kafka 0.10 takes these mechanisms without.
  const { mechanism, username, password } = sasl
  return { sockets, sasl: () => ({ mechanism, username, password }), login: mechanism }
}

/** Loaded at the first login: few clusters are Amazon's, and every kafka thread would load twenty files. */
function mskTokens(iam: IamSettings): TokenSource {
  let source: Promise<TokenSource> | null = null
  const load = async () => (await import('./aws/msk-token-source.ts')).mskTokenSource(iam, realClock)
  return async () => {
    source ??= load()
    return (await source)()
  }
}

function bearer(
  token: TokenSource,
  extensions: Readonly<Record<string, string>>
): Pick<LinkSecurity, 'sasl' | 'login'> {
  const sasl = (): SaslOptions => ({
    mechanism: 'OAUTHBEARER',
    authenticationProvider: dialogue => ({
      authenticate: async () => bearerLogin(dialogue, await token(), extensions)
    })
  })
  return { sasl, login: 'OAUTHBEARER' }
}
