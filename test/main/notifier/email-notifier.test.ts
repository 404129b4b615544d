import { type AddressInfo, createServer } from 'node:net'
import { expect } from 'chai'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { createEmailNotifier, tryMailServer } from '../../../main/notifier/email-notifier.ts'
import { renderHere } from '../../../main/notifier/template-renderer.ts'
import type { EmailNotifierSettings } from '../../../shared/notifier-settings.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { caPem, serverKey, serverPem } from '../config/pem-samples.ts'
import { emailSettings, groupStatus, notificationOf, templateFile } from './fake-parts.ts'

interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly secure: boolean
  readonly user: unknown
  readonly helo: string
  readonly text: string
}

const closers: (() => Promise<unknown> | unknown)[] = []
const credentials = { key: serverKey, cert: serverPem }

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    ...credentials,
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user,
          helo: session.hostNameAppearsAs,
          text: Buffer.concat(chunks).toString()
        })
        done()
      })
    },
    ...options
  })
  server.on('error', () => undefined)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise<void>(resolve => server.close(resolve)))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

function notifier(changes: Partial<EmailNotifierSettings> = {}, template = 'Subject: lag of {{.Group}}\n\nHello\n') {
  const made = createEmailNotifier(emailSettings({ templateOpen: templateFile(template), ...changes }), renderHere)
  closers.push(() => made.close())
  return made
}

const open = notificationOf('open', groupStatus(StatusConstant.Warning))
const acceptAll: NonNullable<SMTPServerOptions['onAuth']> = (auth, _session, done) => {
  const good =
    auth.method === 'CRAM-MD5' ? auth.validatePassword('pw') : auth.username === 'me' && auth.password === 'pw'
  if (good) done(null, { user: auth.method })
  else done(new Error('no'))
}

/** Header lines, unfolded, by name in lower case. */
function headersOf({ text }: Mail): Record<string, string[]> {
  const head = text.slice(0, text.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ')
  const byName: Record<string, string[]> = {}
  for (const line of head.split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? []
    const values = byName[name.toLowerCase()] ?? []
    byName[name.toLowerCase()] = [...values, value]
  }
  return byName
}

/** RFC 2045 section 6.7. */
function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

const bodyOf = ({ text }: Mail) => text.slice(text.indexOf('\r\n\r\n') + 4)

describe('main/notifier/email-notifier', () => {
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  it('sends one proper message to all recipients', async () => {
    const { port, mails } = await mailServer()
    const to = ['ops@example.org', 'Dev Team <dev@example.org>']
    const outcome = await notifier({ port, to, from: 'Burrow <burrow@example.org>' }).send(open)
    expect(outcome).to.deep.include({ ok: true })
    const [mail] = mails
    expect(mail).to.deep.include({
      from: 'burrow@example.org',
      to: ['ops@example.org', 'dev@example.org'],
      secure: false
    })
    expect(mail!.helo).to.equal('localhost')
    const headers = headersOf(mail!)
    expect(headers).to.deep.include({
      from: ['Burrow <burrow@example.org>'],
      to: ['ops@example.org, Dev Team <dev@example.org>'],
      subject: ['lag of g1'],
      'mime-version': ['1.0'],
      'content-type': ['text/plain; charset=utf-8']
    })
    expect(headers.date!.length).to.equal(1)
    expect(headers['message-id']!.length).to.equal(1)
    expect(bodyOf(mail!)).to.equal('Hello\r\n')
  })

  it('sends HTML, long lines and letters of all alphabets', async () => {
    const { port, mails } = await mailServer()
    const template = `Subject: Verzögerung {{.Group}}\nContent-Type: text/html; charset=UTF-8\n\n<b>größer ${'x'.repeat(2000)}</b>`
    await notifier({ port }, template).send(open)
    const headers = headersOf(mails[0]!)
    expect(headers['content-type']).to.deep.equal(['text/html; charset=utf-8'])
    expect(headers['content-transfer-encoding']).to.deep.equal(['quoted-printable'])
    expect(headers.subject![0]).to.match(/^=\?UTF-8\?Q\?Verz=C3=B6gerung/)
    expect(bodyOf(mails[0]!)).to.contain('gr=C3=B6=C3=9Fer')
    expect(Math.max(...mails[0]!.text.split('\r\n').map(line => line.length))).to.be.below(999)
  })

  it('sends a long message whole', async () => {
    const { port, mails } = await mailServer()
    const body = `${'größer als 😀 zuvor = 100%\n.\n'.repeat(4000)}end`
    const outcome = await notifier({ port }, `Subject: x\n\n${body}`).send(open)
    expect(outcome).to.deep.include({ ok: true })
    expect(headersOf(mails[0]!)['content-transfer-encoding']).to.deep.equal(['quoted-printable'])
    expect(fromQuotedPrintable(bodyOf(mails[0]!)).trimEnd()).to.equal(body.replaceAll('\n', '\r\n'))
  })

  it('lets no group write a header or a recipient', async () => {
    const { port, mails } = await mailServer()
    const template = 'Subject: lag of {{.Group}}\n\n{{.Group}}\n.\n{{range .Result.Partitions}}{{.Owner}}{{end}}'
    const names = [
      'x\r\nBcc: evil@example.org',
      'x\nContent-Type: text/html\n\n<script>',
      'x\r\n.\r\nMAIL FROM:<y>',
      'x\u2028y'
    ]
    const notifications = names.map(group => notificationOf('open', groupStatus(StatusConstant.Warning, { group })))
    await Promise.all(notifications.map(each => notifier({ port }, template).send(each)))
    expect(mails.length).to.equal(names.length)
    for (const mail of mails) {
      expect(mail.to).to.deep.equal(['ops@example.org'])
      const expected = [
        'content-transfer-encoding',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to'
      ]
      expect(Object.keys(headersOf(mail)).toSorted()).to.deep.equal(expected)
      expect(headersOf(mail)['content-type']![0]).to.match(/^text\/plain/)
    }
  })

  it('uses STARTTLS when it is offered, and checks the certificate', async () => {
    const { port, mails } = await mailServer({ disabledCommands: [] })
    const [refused, ...good] = await Promise.all([
      notifier({ port }).send(open),
      notifier({ port, extraCa: templateFile(caPem) }).send(open),
      notifier({ port, noVerify: true }).send(open)
    ])
    expect(refused).to.deep.include({ ok: false, retry: true })
    expect(good.map(({ ok }) => ok)).to.deep.equal([true, true])
    expect(mails.map(({ secure }) => secure)).to.deep.equal([true, true])
  })

  for (const [authType, method] of [
    ['plain', 'PLAIN'],
    ['crammd5', 'CRAM-MD5']
  ] as const) {
    it(`logs in with ${method}`, async () => {
      const options = { authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'], onAuth: acceptAll, authOptional: false }
      const { port, mails } = await mailServer({ ...options, disabledCommands: [] })
      const login = { port, noVerify: true, authType, username: 'me', password: 'pw' }
      const [right, wrong] = await Promise.all([
        notifier(login).send(open),
        notifier({ ...login, password: 'wrong-one' }).send(open)
      ])
      expect(right).to.deep.include({ ok: true })
      expect(mails.map(({ user }) => user)).to.deep.equal([method])
      expect(wrong).to.deep.include({ ok: false, retry: false })
      expect(JSON.stringify(wrong)).not.to.contain('wrong-one')
    })
  }

  it('tries a server without sending: greeting, STARTTLS, login', async () => {
    const options = { authMethods: ['PLAIN'], onAuth: acceptAll, authOptional: false, disabledCommands: [] }
    const { port, mails } = await mailServer(options)
    const said = (changes: Partial<EmailNotifierSettings>) =>
      tryMailServer(emailSettings({ port, noVerify: true, ...changes }), 5_000).catch((error: Error) => error.message)
    const login = { authType: 'plain', username: 'me', password: 'pw' } as const
    expect(await said(login)).to.match(/^a mail server \(220 .*ESMTP.*\), STARTTLS, logged in as me$/)
    expect(await said({ ...login, password: 'wrong-one' }))
      .to.contain('535')
      .and.not.to.contain('wrong-one')
    expect(await said({ noVerify: false })).to.match(/certificate/)
    const clear = await mailServer()
    expect(await said({ port: clear.port })).to.match(/^a mail server \(220 .*\), in the clear$/)
    expect(mails).to.deep.equal([])
  })

  it('sends a password in the clear to this machine only', async () => {
    const seen: string[] = []
    const { port, mails } = await mailServer({
      authMethods: ['PLAIN'],
      allowInsecureAuth: true,
      onAuth: (auth, session, done) => {
        seen.push(auth.method)
        acceptAll(auth, session, done)
      }
    })
    const login = { port, authType: 'plain', username: 'me', password: 'pw' } as const
    // 127.1 is this machine too, but not a way to write it that says so.
    const elsewhere = await notifier({ ...login, server: '127.1' }).send(open)
    expect(elsewhere).to.have.property('reason').that.contains('STARTTLS')
    expect(seen).to.deep.equal([])
    expect(await notifier(login).send(open)).to.deep.include({ ok: true })
    expect(mails.length).to.equal(1)
  })

  it('does not send without the login it was told to use', async () => {
    const { port, mails } = await mailServer({ disabledCommands: ['AUTH', 'STARTTLS'] })
    const outcome = await notifier({ port, authType: 'crammd5', username: 'me', password: 'pw' }).send(open)
    expect(outcome).to.deep.include({ ok: false })
    expect(mails.length).to.equal(0)
  })

  it('tells what passes from what stays', async () => {
    const outcomeOf = async (responseCode: number) => {
      const { port } = await mailServer({
        onRcptTo: (_address, _session, done) => done(Object.assign(new Error('not now'), { responseCode }))
      })
      return notifier({ port }).send(open)
    }
    const [passes, stays] = await Promise.all([outcomeOf(450), outcomeOf(550)])
    expect(passes).to.deep.include({ ok: false, retry: true })
    expect(stays).to.deep.include({ ok: false, retry: false })
  })

  it('names the recipients that were refused', async () => {
    const { port, mails } = await mailServer({
      onRcptTo: ({ address }, _session, done) =>
        done(address === 'gone@example.org' ? Object.assign(new Error('gone'), { responseCode: 550 }) : null)
    })
    const outcome = await notifier({ port, to: ['ops@example.org', 'gone@example.org'] }).send(open)
    expect(outcome).to.have.property('note').that.contains('refused for gone@example.org')
    expect(mails.length).to.equal(1)
  })

  it('gives up on a server that says nothing, and on one that is not there', async () => {
    const deaf = createServer(socket => closers.push(() => socket.destroy()))
    await new Promise<void>(resolve => deaf.listen(0, '127.0.0.1', resolve))
    const { port } = deaf.address() as AddressInfo
    const silent = await notifier({ port, timeoutSeconds: 0.1 }).send(open)
    expect(silent).to.deep.include({ ok: false, retry: true })
    for (const close of closers.splice(0).reverse()) await close()
    await new Promise(resolve => deaf.close(resolve))
    const gone = await notifier({ port }).send(open)
    expect(gone).to.have.property('reason').that.contains('ECONNREFUSED')
  })

  it('gives up on a server that answers without end', async () => {
    const drips = createServer(socket => {
      socket.write('220 hello\r\n')
      const drip = setInterval(() => socket.write('250-more\r\n'), 10)
      socket.on('error', () => undefined)
      socket.once('close', () => clearInterval(drip))
    })
    await new Promise<void>(resolve => drips.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise(resolve => drips.close(resolve)))
    const { port } = drips.address() as AddressInfo
    expect(await notifier({ port, timeoutSeconds: 0.05 }).send(open)).to.deep.include({ ok: false, retry: true })
  })

  it('refuses templates that cannot be', () => {
    expect(() => notifier({ templateOpen: '' })).to.throw('Failed to compile TemplateOpen')
    expect(() => notifier({ sendClose: true, templateClose: '' })).to.throw('Failed to compile TemplateClose')
  })
})
