import type { ClientCredentialsSource } from '../../shared/settings.ts'
import { unsecuredToken } from './kafka-security-client.ts'
import { type AskedRequest, type GivenAnswer, LoopbackHttp } from './loopback-http.ts'

/** An OAuth token endpoint on loopback that knows one client (RFC 6749 sections 4.4 and 5). */
export class TokenEndpoint extends LoopbackHttp {
  lifetimeSeconds = 600
  readonly clientId = 'lag monitor'
  readonly clientSecret = 'a:b+c'
  /** Both halves are form-encoded first (RFC 6749 section 2.3.1). */
  readonly expectedAuthorization = `Basic ${Buffer.from('lag+monitor:a%3Ab%2Bc').toString('base64')}`

  source(): ClientCredentialsSource {
    const { clientId, clientSecret } = this
    const endpoint = `${this.origin}/token`
    return { kind: 'client-credentials', endpoint, clientId, clientSecret, scope: 'kafka', caFile: '' }
  }

  protected override answer({ headers }: AskedRequest): GivenAnswer {
    if (headers.authorization !== this.expectedAuthorization) {
      return { status: 401, body: JSON.stringify({ error: 'invalid_client', error_description: 'no such client' }) }
    }
    const token = unsecuredToken(Date.now() + this.lifetimeSeconds * 1000)
    const body = { access_token: token, token_type: 'bearer', expires_in: this.lifetimeSeconds }
    return { status: 200, body: JSON.stringify(body) }
  }
}
