import { expect } from 'chai'
import { BurrowError } from '../../../../shared/errors.ts'
import { bearerLogin, firstMessage } from '../../../../workers/kafka/security/bearer-login.ts'

describe('workers/kafka/security: a login with OAUTHBEARER', () => {
  /** A broker that answers the messages in turn; an Error is a refusal with an error code. */
  function broker(answers: readonly (string | Error)[]) {
    const said: string[] = []
    const dialogue: Parameters<typeof bearerLogin>[0] = {
      async saslAuthenticate({ request, response }) {
        const bytes = await request.encode()
        expect(bytes.readInt32BE(0)).to.equal(bytes.length - 4)
        const answer = answers[said.length]
        said.push(bytes.toString('utf8', 4))
        if (answer instanceof Error) throw answer
        const size = Buffer.alloc(4)
        size.writeInt32BE(Buffer.byteLength(answer ?? ''))
        return response.parse(await response.decode(Buffer.concat([size, Buffer.from(answer ?? '')])))
      }
    }
    return { said, dialogue }
  }

  it('one message, with extensions', async () => {
    const { said, dialogue } = broker([''])
    await bearerLogin(dialogue, 'abc.def-_~+/==', { logicalCluster: 'lkc-1', identityPoolId: 'p' })
    expect(said).to.deep.equal([
      'n,,\u0001auth=Bearer abc.def-_~+/==\u0001logicalCluster=lkc-1\u0001identityPoolId=p\u0001\u0001'
    ])
    expect(firstMessage('t', {})).to.equal('n,,\u0001auth=Bearer t\u0001\u0001')
  })

  it('a refusal without an error code is a refusal', async () => {
    for (const last of ['', new Error('Authentication failed')]) {
      const { said, dialogue } = broker(['{"status":"invalid_token"}', last])
      const error = await bearerLogin(dialogue, 'secret-token', {}).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(BurrowError).and.to.include({ code: 'AUTHENTICATION_FAILED' })
      expect((error as BurrowError).message)
        .to.contain('invalid_token')
        .and.not.to.contain('secret-token')
      expect(said[1]).to.equal('\u0001')
    }
  })

  it('what could add to the message is refused, and not quoted', () => {
    for (const token of ['', 'a b', 'a\u0001auth=Bearer b', 'a\n', 'ä']) {
      expect(() => firstMessage(token, {})).to.throw(BurrowError, /should be a token is none$/)
    }
    for (const extensions of [{ auth: 'x' }, { a1: 'x' }, { a: 'x\u0001y' }]) {
      expect(() => firstMessage('t', extensions)).to.throw(BurrowError, /bad extension/)
    }
  })
})
