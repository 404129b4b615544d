import { type AskedRequest, type GivenAnswer, LoopbackHttp } from './loopback-http.ts'

const expiration = '2099-01-01T00:00:00Z'
const rolePath = '/latest/meta-data/iam/security-credentials/'

/** STS, container endpoint and instance metadata on one loopback port, as their documentation shows their answers. */
export class FakeAws extends LoopbackHttp {
  /** What whoever asks that source gets. */
  credentialsOf(source: string) {
    return {
      accessKeyId: `${source.toUpperCase()}ID`,
      secretAccessKey: `${source}/secret+`,
      sessionToken: `${source}/token==`,
      expiresAtMs: Date.parse(expiration)
    }
  }

  protected override answer({ method, path, headers, body }: AskedRequest): GivenAnswer {
    if (path === '/sts') return this.#sts(new URLSearchParams(body))
    if (path === '/container') return { status: 200, body: this.#json('container') }
    if (method === 'PUT' && path === '/latest/api/token') {
      return headers['x-aws-ec2-metadata-token-ttl-seconds']
        ? { status: 200, body: 'session' }
        : { status: 400, body: '' }
    }
    if (headers['x-aws-ec2-metadata-token'] !== 'session') return { status: 401, body: '' }
    if (path === rolePath) return { status: 200, body: 'instance-role' }
    if (path === `${rolePath}instance-role`) return { status: 200, body: this.#json('instance') }
    return { status: 404, body: '' }
  }

  #sts(form: URLSearchParams): GivenAnswer {
    if (form.get('RoleArn')?.endsWith('/denied')) {
      const error = '<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not for you</Message></Error>'
      return { status: 403, body: `<ErrorResponse>\n${error}\n</ErrorResponse>` }
    }
    const action = form.get('Action') ?? ''
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentialsOf(action)
    const credentials =
      `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
      `<SessionToken>\n${sessionToken}\n</SessionToken><Expiration>${expiration}</Expiration>`
    const result = `<${action}Result><Credentials>${credentials}</Credentials></${action}Result>`
    return { status: 200, body: `<${action}Response>${result}</${action}Response>` }
  }

  #json(source: string): string {
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentialsOf(source)
    return JSON.stringify({
      Code: 'Success',
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: expiration
    })
  }
}
