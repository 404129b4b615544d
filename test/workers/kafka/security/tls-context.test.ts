import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { BurrowError } from '../../../../shared/errors.ts'
import type { TlsSettings } from '../../../../shared/settings.ts'
import { systemRoots } from '../../../../workers/kafka/security/system-roots.ts'
import { TlsContext } from '../../../../workers/kafka/security/tls-context.ts'
import { serverName, TlsSockets } from '../../../../workers/kafka/security/tls-sockets.ts'
import { type CertifiedKey, hasOpenssl, TestAuthority } from '../../../support/kafka-security-certificates.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

describe('workers/kafka/security: what TLS connections are made with', () => {
  let folder: string
  let authority: TestAuthority
  let own: CertifiedKey
  let other: CertifiedKey
  before(function () {
    if (!hasOpenssl()) {
      if (process.env.CI === 'true') throw new Error('openssl is missing')
      console.error('!!! OPENSSL NOT FOUND: what TLS connections are made with is not tested !!!')
      this.skip()
    }
    folder = tempFolder('tls')
    authority = new TestAuthority(folder, 'a')
    own = authority.certify('own', ['DNS:own.example'])
    other = authority.certify('other', ['DNS:other.example'])
  })
  const settings = (more: Partial<TlsSettings>): TlsSettings => ({
    name: 't',
    certFile: '',
    keyFile: '',
    caFile: '',
    noVerify: false,
    ...more
  })

  it('is made anew only when a file has changed', () => {
    const caFile = join(folder, 'changing.pem')
    copyFileSync(authority.caFile, caFile)
    const context = new TlsContext(settings({ caFile, certFile: own.certFile, keyFile: own.keyFile }))
    const first = context.current()
    expect(context.current()).to.equal(first)
    copyFileSync(own.certFile, caFile)
    const second = context.current()
    expect(second).to.not.equal(first)
    expect(context.current()).to.equal(second)
  })

  it('a bad file is named', () => {
    const none = join(folder, 'none.pem')
    const noise = join(folder, 'noise.pem')
    const broken = join(folder, 'broken.pem')
    const encrypted = join(folder, 'encrypted.key')
    writeFileSync(noise, 'no PEM at all')
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nMIIBroken\n-----END CERTIFICATE-----\n')
    execFileSync('openssl', ['pkcs8', '-topk8', '-in', own.keyFile, '-out', encrypted, '-passout', 'pass:hush'])
    const { certFile, keyFile } = own
    const cases: readonly [Partial<TlsSettings>, string][] = [
      [{ caFile: none }, `cafile ${none}: cannot be read (ENOENT)`],
      [{ caFile: folder }, `cafile ${folder}: cannot be read (EISDIR)`],
      [{ caFile: noise }, `cafile ${noise}: holds no certificate (PEM)`],
      [{ caFile: broken }, `cafile ${broken}: certificate 1 cannot be read`],
      [{ certFile: none, keyFile }, `certfile ${none}: cannot be read (ENOENT)`],
      [{ certFile: noise, keyFile }, `certfile ${noise}: holds no certificate (PEM)`],
      [{ certFile, keyFile: noise }, `keyFile ${noise}: holds no private key (PEM)`.replace('keyFile', 'keyfile')],
      [
        { certFile, keyFile: encrypted },
        `keyfile ${encrypted}: is encrypted; only a key without a passphrase can be used`
      ],
      [
        { certFile, keyFile: other.keyFile },
        `keyfile ${other.keyFile}: is not the key of the first certificate in certfile ${certFile}`
      ]
    ]
    for (const [more, message] of cases) {
      expect(() => new TlsContext(settings(more)).current())
        .to.throw(BurrowError, message)
        .with.property('code', 'TLS_FAILED')
    }
  })

  it('a socket that cannot be made leaves its reason', () => {
    const sockets = new TlsSockets(new TlsContext(settings({ caFile: join(folder, 'none') })), false)
    expect(() => sockets.open({ host: '127.0.0.1', port: 1, onConnect: () => {} })).to.throw(BurrowError)
    expect(sockets.problem).to.include({ code: 'TLS_FAILED' })
  })

  it('names are sent, addresses are not', () => {
    const sent = ['k.example', 'k.example.', '127.0.0.1', '::1'].map(serverName)
    expect(sent).to.deep.equal(['k.example', 'k.example', '', ''])
  })

  it('SSL_CERT_FILE stands in for the roots of the system, NODE_EXTRA_CA_CERTS adds to them', () => {
    const pem = readFileSync(authority.caFile, 'utf8')
    const more = readFileSync(own.certFile, 'utf8')
    expect(systemRoots({ SSL_CERT_FILE: authority.caFile })).to.equal(pem)
    expect(systemRoots({ SSL_CERT_FILE: authority.caFile, NODE_EXTRA_CA_CERTS: own.certFile })).to.equal(
      `${pem}\n${more}`
    )
  })
})
