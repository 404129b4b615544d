import { execFile } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { readListenerCertificates } from '../../main/config/listener-certificates.ts'
import { configFromToml } from '../../main/config/load-config.ts'
import { ListenerTls } from '../../main/httpserver/listener-tls.ts'
import { RenewedCertificates } from '../../main/httpserver/renewed-certificates.ts'
import { SecureServer } from '../../main/httpserver/secure-server.ts'
import { createLogger, createLogLevelWord, type LogRecord } from '../../shared/log.ts'
import { type AppUnderTest, startAppUnderTest } from '../support/app-under-test.ts'
import { type CertifiedKey, hasOpenssl, TestAuthority } from '../support/kafka-security-certificates.ts'
import { RawHttp } from '../support/raw-http.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'

const run = promisify(execFile)

describe('HTTPS listeners', () => {
  let folder: string
  let authority: TestAuthority
  let server: CertifiedKey
  let client: CertifiedKey
  let stranger: CertifiedKey
  let app: AppUnderTest
  let plain: string
  let open: string
  let closed: string

  before(async function () {
    if (!hasOpenssl()) this.skip()
    folder = tempFolder('https')
    authority = new TestAuthority(folder, 'good')
    server = authority.certify('server', ['DNS:localhost', 'IP:127.0.0.1'])
    client = authority.certify('client', ['DNS:client'])
    stranger = new TestAuthority(folder, 'other').certify('stranger', ['DNS:client'])
    app = await startAppUnderTest(`
      [httpserver.open]
      address = "127.0.0.1:0"
      tls = "web"
      [httpserver.closed]
      address = "127.0.0.1:0"
      tls = "Clients"
      ${tlsToml('web', server)}
      ${tlsToml('clients', server, authority.caFile)}`)
    ;[plain, open, closed] = app.app.addresses as [string, string, string]
  })
  after(() => app?.app.stop())

  it('serve the same as a plain one beside them', async () => {
    const expected = await (await fetch(`http://${plain}/v3/kafka`)).text()
    for (const address of [open, closed]) {
      const { status, body } = await get(address, '/v3/kafka', authority, client)
      expect([status, body]).to.deep.equal([200, expected])
    }
    expect(
      app.logged.filter(({ message }) => message === 'started listener').map(({ fields }) => fields.tls)
    ).to.deep.equal([undefined, 'web', 'Clients'])
  })

  it('agree with curl, which trusts the authority only where it is told to', async () => {
    const trusted = ['--cacert', authority.caFile]
    const own = ['--cert', client.certFile, '--key', client.keyFile]
    expect(await curl(`https://${open}/burrow/admin`, trusted)).to.deep.equal([0, 'GOOD'])
    expect(await curl(`https://${open}/burrow/admin`, [])).to.deep.equal([60, ''])
    expect(await curl(`https://${closed}/burrow/admin`, [...trusted, ...own])).to.deep.equal([0, 'GOOD'])
    expect((await curl(`https://${closed}/burrow/admin`, trusted))[1]).to.equal('')
    expect(await curl(`https://${open}/burrow/admin`, [...trusted, '--head', '--http2'])).to.have.nested.property(
      '[0]',
      0
    )
  })

  it('with a cafile refuse who shows no certificate, or one of somebody else', async () => {
    const before = await tlsRefused('closed')
    for (const shown of [null, stranger]) {
      const error = await get(closed, '/v3/kafka', authority, shown).then(
        () => null,
        (reason: Error) => reason
      )
      expect(error, shown ? 'a stranger' : 'nobody').to.be.instanceOf(Error)
    }
    await waitFor(async () => (await tlsRefused('closed')) === before + 2, 'both to be counted')
    expect((await get(closed, '/v3/kafka', authority, client)).status).to.equal(200)
  })

  it('without a cafile do not care who asks', async () => {
    for (const shown of [null, client, stranger]) {
      expect((await get(open, '/v3/kafka', authority, shown)).status).to.equal(200)
    }
  })

  it('do not speak plain HTTP, and plain ones do not speak TLS', async () => {
    const before = await tlsRefused('open')
    const raw = new RawHttp(open)
    raw.send('GET /v3/kafka HTTP/1.1\r\nHost: a\r\n\r\n')
    const told = await raw.answer()
    expect([told.status, told.body]).to.deep.equal([400, 'this port speaks HTTPS only\n'])
    await raw.closed()
    await waitFor(async () => (await tlsRefused('open')) > before, 'it to be counted')
    const error = await get(plain, '/v3/kafka', authority, null).catch((reason: Error) => reason)
    expect(error).to.be.instanceOf(Error)
    expect((await fetch(`http://${plain}/v3/kafka`)).status).to.equal(200)
    expect((await get(open, '/v3/kafka', authority, null)).status).to.equal(200)
  })

  it('speak no TLS before 1.2', async () => {
    const [host, port] = open.split(':')
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const message = await new Promise<string>(resolve => {
      const socket = connectTls({ host: host!, port: Number(port), ca: readFileSync(authority.caFile), ...old }, () => {
        socket.destroy()
        resolve('connected')
      })
      socket.on('error', error => resolve(error.message))
    })
    expect(message).to.contain('alert protocol version')
  })

  it('are shown in the configuration by the names of their profiles, without what is in the files', async () => {
    const shown = JSON.stringify(await app.get('/v3/config'))
    const { httpserver } = JSON.parse(shown) as { httpserver: object }
    expect(httpserver).to.deep.equal({
      closed: { address: '127.0.0.1:0', tls: 'Clients', timeout: 300 },
      default: { address: '127.0.0.1:0', tls: '', timeout: 300 },
      open: { address: '127.0.0.1:0', tls: 'web', timeout: 300 }
    })
    expect(shown).to.not.contain('PRIVATE')
  })

  it('pass bad files over at the start only with a mistake that names the setting', async () => {
    const weak = { certFile: join(folder, 'weak.pem'), keyFile: join(folder, 'weak.key') }
    const subject = ['-subj', '/CN=weak', '-days', '2', '-nodes']
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:512',
      '-keyout',
      weak.keyFile,
      '-out',
      weak.certFile,
      ...subject
    ])
    const listener = (tls: string) => () => configFromToml(`[httpserver.x]\naddress = ":0"\ntls = "web"\n${tls}`)
    expect(listener(tlsToml('web', weak))).to.throw(
      /^httpserver\.x\.tls: TLS cannot be served with these files: .*key too small/
    )
    expect(listener(tlsToml('web', { ...server, keyFile: client.keyFile }))).to.throw(
      /^tls\.web\.keyfile: cannot read TLS certificate or key file: it is the key of another certificate/
    )
    expect(listener(tlsToml('web', { ...server, certFile: join(folder, 'none') }))).to.throw(
      /^tls\.web\.certfile: cannot read TLS certificate or key file: there is no such file \(read ".*none"/
    )
    expect(listener(tlsToml('web', server, weak.keyFile))).to.throw(/^tls\.web\.cafile: cannot read TLS CA file/)
    expect(listener('[tls.web]')).to.throw(/^httpserver\.x\.tls: TLS HTTP server specified with missing certificate/)
    // Gone between the reading of the configuration and the start.
    const gone = { name: 'web', ...server, certFile: join(folder, 'gone'), caFile: '', noVerify: false }
    const logger = createLogger(createLogLevelWord('info'), () => undefined)
    expect(() => new ListenerTls('x', gone, logger)).to.throw(
      /^httpserver\.x\.tls: tls\.web cannot be used: .*gone: there is no such file$/
    )
  })

  it('stop although somebody connected and never shook hands', async () => {
    const other = await startAppUnderTest(
      `[httpserver.open]\naddress = "127.0.0.1:0"\ntls = "web"\n${tlsToml('web', server)}`
    )
    const [host, port] = other.app.addresses[1]!.split(':')
    const silent = connect({ host: host!, port: Number(port) })
    const ended = new Promise(resolve => silent.once('close', resolve))
    silent.on('error', () => undefined)
    await new Promise(resolve => silent.once('connect', resolve))
    await other.app.stop()
    await ended
    expect(other.logged.filter(({ message }) => message === 'did not stop cleanly')).to.deep.equal([])
  })

  it('use renewed files from the next connection on, and keep the old ones while the new ones are bad', async () => {
    const files = { certFile: join(folder, 'live.pem'), keyFile: join(folder, 'live.key') }
    const install = (pair: CertifiedKey) => {
      copyFileSync(pair.certFile, files.certFile)
      copyFileSync(pair.keyFile, files.keyFile)
    }
    install(server)
    const settings = { name: 'live', ...files, caFile: '', noVerify: false }
    const first = readListenerCertificates(settings)
    const secure = new SecureServer(
      {},
      first,
      (_request, response) => response.end('here'),
      () => undefined
    )
    const logged: LogRecord[] = []
    const logger = createLogger(createLogLevelWord('info'), record => logged.push(record))
    const renewed = new RenewedCertificates(secure, first, () => readListenerCertificates(settings), logger)
    await new Promise<void>(resolve => secure.server.listen(0, '127.0.0.1', resolve))
    const address = `127.0.0.1:${(secure.server.address() as AddressInfo).port}`
    const name = async () => (await get(address, '/', authority, null)).peer

    renewed.look()
    expect(await name()).to.equal('server')
    writeFileSync(files.certFile, '-----BEGIN CERT')
    renewed.look()
    renewed.look()
    expect(await name()).to.equal('server')
    install(authority.certify('renewed', ['IP:127.0.0.1']))
    renewed.look()
    expect(await name()).to.equal('renewed')
    expect(logged.map(({ level }) => level)).to.deep.equal(['warn', 'info'])
    renewed.stop()
    secure.server.close()
  })

  async function tlsRefused(listener: string): Promise<number> {
    const health = (await app.get('/burrow/admin/health')) as { listeners: Record<string, { tlsRefused: number }> }
    return health.listeners[listener]!.tlsRefused
  }
})

function tlsToml(name: string, { certFile, keyFile }: { certFile: string; keyFile: string }, caFile = ''): string {
  const files = { certfile: certFile, keyfile: keyFile, cafile: caFile }
  const lines = Object.entries(files).map(([key, path]) => (path === '' ? '' : `${key} = ${JSON.stringify(path)}\n`))
  return `[tls.${name}]\n${lines.join('')}`
}

interface SecureAnswer {
  readonly status: number
  readonly body: string
  /** Common name of the server's certificate. */
  readonly peer: string
}

/** On a connection of its own. */
function get(
  address: string,
  path: string,
  authority: TestAuthority,
  shown: CertifiedKey | null
): Promise<SecureAnswer> {
  const identity = shown && { cert: readFileSync(shown.certFile), key: readFileSync(shown.keyFile) }
  return new Promise((resolve, reject) => {
    const options = { ca: readFileSync(authority.caFile), ...identity, agent: false } as const
    const outgoing = request(`https://${address}${path}`, options, response => {
      const socket = response.socket as TLSSocket
      const peer = String(socket.getPeerCertificate().subject.CN)
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, peer }))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Exit code and what it wrote. */
async function curl(url: string, options: readonly string[]): Promise<[code: number, text: string]> {
  try {
    const { stdout } = await run('curl', ['--silent', '--max-time', '10', ...options, url])
    return [0, stdout]
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return [code, stdout]
  }
}
