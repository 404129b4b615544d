import { isBearerToken, isExtension } from '../../../shared/bearer-text.ts'
import { BurrowError, messageOf } from '../../../shared/errors.ts'

/** As kafkajs hands it to an authentication provider: sends one SaslAuthenticate and resolves with what `parse` returns. */
export interface SaslDialogue {
  saslAuthenticate(step: {
    readonly request: { encode(): Promise<Buffer> }
    readonly response: {
      decode(payload: Buffer): Promise<Buffer>
      parse(payload: Buffer): Promise<Buffer>
    }
  }): Promise<Buffer>
}

const separator = '\u0001'
const refusalCharsMax = 300

/**
 * One login with OAUTHBEARER (RFC 7628 section 3): our first message, and the broker's empty answer. The one in kafkajs takes a
 * refusal for success: the broker answers it without an error code, waits for a second message and then ends the connection.
 * Rejects with AUTHENTICATION_FAILED or CONFIG_INVALID; the token is in no error.
 */
export async function bearerLogin(
  { saslAuthenticate }: SaslDialogue,
  token: string,
  extensions: Readonly<Record<string, string>>
): Promise<void> {
  const first = firstMessage(token, extensions)
  const answer = await saslAuthenticate(step(first))
  if (answer.length === 0) return
  const refusal = answer.toString('utf8').slice(0, refusalCharsMax)
  // The broker goes on only after this, and says what it wants to say in its own words.
  const said = await saslAuthenticate(step(separator)).then(() => '', messageOf)
  throw new BurrowError(
    'AUTHENTICATION_FAILED',
    `SASL OAUTHBEARER: the broker refuses the token: ${refusal}${said === '' ? '' : `; ${said}`}`
  )
}

/**
 *     n,, SOH auth=Bearer TOKEN SOH (NAME=VALUE SOH)* SOH
 */
export function firstMessage(token: string, extensions: Readonly<Record<string, string>>): string {
  if (!isBearerToken(token)) {
    throw new BurrowError('CONFIG_INVALID', 'SASL OAUTHBEARER: what should be a token is none')
  }
  const pairs = Object.entries(extensions).map(([name, value]) => {
    if (!isExtension(name, value)) {
      throw new BurrowError('CONFIG_INVALID', `SASL OAUTHBEARER: bad extension ${JSON.stringify(name)}`)
    }
    return `${name}=${value}${separator}`
  })
  return `n,,${separator}auth=Bearer ${token}${separator}${pairs.join('')}${separator}`
}

/** Both ways carry a length of four bytes before the message: that is how kafkajs hands bytes to SaslAuthenticate. */
function step(message: string): Parameters<SaslDialogue['saslAuthenticate']>[0] {
  const bytes = Buffer.from(message, 'utf8')
  const framed = Buffer.alloc(4 + bytes.length)
  framed.writeInt32BE(bytes.length)
  bytes.copy(framed, 4)
  return {
    request: { encode: async () => framed },
    response: { decode: async payload => payload.subarray(4), parse: async payload => payload }
  }
}
