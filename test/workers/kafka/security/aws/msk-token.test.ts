import { createHash, createHmac } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { mskToken } from '../../../../../workers/kafka/security/aws/msk-token.ts'

interface Account {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/**
 * A broker's look at a token, written from spec 06 section 8 and the reference of SigV4, apart from our signer: '' = let in.
 */
function refusal(token: string, region: string, account: Account, nowMs: number): string {
  if (!/^[A-Za-z0-9_-]+$/.test(token)) return 'not base64url without padding'
  const url = new URL(Buffer.from(token, 'base64url').toString('utf8'))
  if (url.protocol !== 'https:' || url.host !== `kafka.${region}.amazonaws.com` || url.pathname !== '/') return 'url'
  const pairs = url.search.slice(1).split('&')
  const value = (name: string) => url.searchParams.get(name) ?? ''
  if (value('Action') !== 'kafka-cluster:Connect') return 'action'
  if (!/^User-Agent=[\w.-]+$/.test(pairs.at(-1) ?? '')) return 'user agent comes last'
  if (!pairs.at(-2)?.startsWith('X-Amz-Signature=')) return 'signature comes before it'
  const signed = pairs.slice(0, -2)
  if (signed.join() !== [...signed].sort().join()) return 'order'
  if (value('X-Amz-Expires') !== '900' || value('X-Amz-SignedHeaders') !== 'host') return 'expiry or headers'
  if (value('X-Amz-Security-Token') !== account.sessionToken) return 'session'
  const time = value('X-Amz-Date')
  const madeMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(nowMs >= madeMs - 1000 && nowMs < madeMs + 900_000)) return 'time'
  const scope = `${time.slice(0, 8)}/${region}/kafka-cluster/aws4_request`
  if (value('X-Amz-Credential') !== `${account.accessKeyId}/${scope}`) return 'credential'
  const hex = (text: string) => createHash('sha256').update(text).digest('hex')
  const canonical = `GET\n/\n${signed.join('&')}\nhost:${url.host}\n\nhost\n${hex('')}`
  let key: Buffer = Buffer.from(`AWS4${account.secretAccessKey}`)
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hex(canonical)}`
  return createHmac('sha256', key).update(toSign).digest('hex') === value('X-Amz-Signature') ? '' : 'signature'
}

describe('workers/kafka/security: the token for MSK', () => {
  const account = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token/+=' }
  const lasting = { expiresAtMs: Number.POSITIVE_INFINITY }
  const nowMs = Date.UTC(2026, 1, 3, 4, 5, 6)

  it('a broker lets it in, for fifteen minutes', () => {
    const token = mskToken('eu-west-1', { ...account, ...lasting }, nowMs)
    expect(refusal(token, 'eu-west-1', account, nowMs)).to.equal('')
    expect(refusal(token, 'eu-west-1', account, nowMs + 899_000)).to.equal('')
    expect(refusal(token, 'eu-west-1', account, nowMs + 900_000)).to.equal('time')
    expect(refusal(token, 'eu-west-2', account, nowMs)).to.equal('url')
    expect(refusal(token, 'eu-west-1', { ...account, secretAccessKey: 'other' }, nowMs)).to.equal('signature')
  })

  it('whatever keys and session tokens look like', () => {
    const text = fc.string({ minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(
        text,
        fc.stringMatching(/^[A-Za-z0-9+/=]{0,80}$/),
        fc.nat(),
        (secretAccessKey, sessionToken, laterMs) => {
          const any = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey, sessionToken }
          const token = mskToken('cn-north-1', { ...any, ...lasting }, nowMs + laterMs)
          expect(refusal(token, 'cn-north-1', any, nowMs + laterMs)).to.equal('')
        }
      ),
      { numRuns: 50 }
    )
  })
})
