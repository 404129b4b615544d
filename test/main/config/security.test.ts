import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppConfig } from '../../../main/config/app-config.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { type Acceptance, accept, type Refusal, refuse, working } from './cases.ts'
import { caPem, expiredPem, otherKey, serverKey, serverPem } from './pem-samples.ts'

const folder = tempFolder('config')
const files = {
  'ca.pem': caPem,
  'cert.pem': `${serverPem}${caPem}`,
  'cert.key': serverKey,
  'other.key': otherKey,
  'old.pem': expiredPem,
  'empty.pem': 'nothing here\n',
  'broken.pem': serverPem.replace(/[A-Za-z]{10}/, '')
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
mkdirSync(join(folder, 'a-folder'))
const at = (name: string) => JSON.stringify(join(folder, name))

const certificates = 'allowed: a PEM file with certificates'
const keyForm = 'allowed: a PEM file with the private key, not encrypted'
const pair = 'cannot read TLS certificate or key file'

/** A cluster and consumer that use profile `p`, which has these keys; then more sections. */
const profiled = (keys: string, more = '') => `${working}client-profile = "p"\n[client-profile.p]\n${keys}\n${more}`
const withTls = (keys: string) => profiled('tls = "t"', `[tls.t]\n${keys}`)
const withSasl = (keys: string) => profiled('tls = "t"\nsasl = "s"', `[tls.t]\n[sasl.s]\n${keys}`)
const withIam = (keys: string) => profiled('tls = "t"\niam = "i"', `[tls.t]\n[iam.i]\n${keys}`)
const listener = (keys: string, tls: string) => `[httpserver.a]\naddress = "127.0.0.1:0"\n${keys}\n[tls.t]\n${tls}`
const login = 'username = "u"\npassword = "geheim"\n'

const refusals: readonly Refusal[] = [
  {
    what: 'a tls section that is not there, with the near one',
    toml: profiled('tls = "Kafkaka"', '[tls.kafkaca]\n[tls.web]'),
    says: [
      `client-profile.p.tls: unknown tls section 'Kafkaka' (read "Kafkaka"; allowed: kafkaca, web; did you mean kafkaca?)`
    ]
  },
  {
    what: 'an empty tls key, which to the original was an empty section',
    toml: profiled('tls = ""', '[tls.kafkaca]'),
    says: [`client-profile.p.tls: unknown tls section '' (read ""; allowed: kafkaca)`]
  },
  {
    what: 'a sasl section that is not there',
    toml: profiled('sasl = "s"'),
    says: [`client-profile.p.sasl: unknown sasl section 's' (read "s"; allowed: none: there is no section [sasl.NAME])`]
  },
  {
    what: 'an iam section that is not there',
    toml: profiled('tls = "t"\niam = "i"', '[tls.t]'),
    says: [`client-profile.p.iam: unknown iam section 'i' (read "i"; allowed: none: there is no section [iam.NAME])`]
  },
  {
    what: 'a CA file that is not there',
    toml: withTls('cafile = "/nowhere/ca.pem"'),
    says: [`tls.t.cafile: cannot read TLS CA file: there is no such file (read "/nowhere/ca.pem"; ${certificates})`]
  },
  {
    what: 'a CA file that is a folder',
    toml: withTls(`cafile = ${at('a-folder')}`),
    says: [`tls.t.cafile: cannot read TLS CA file: it is not a file (read ${at('a-folder')}; ${certificates})`]
  },
  {
    what: 'a CA file without a certificate',
    toml: withTls(`cafile = ${at('empty.pem')}`),
    says: [
      `tls.t.cafile: cannot read TLS CA file: there is no certificate in it (read ${at('empty.pem')}; ${certificates})`
    ]
  },
  {
    what: 'a certificate without a key',
    toml: withTls(`certfile = ${at('cert.pem')}`),
    says: [
      'tls.t.keyfile: missing, while certfile is given (nothing read; allowed: both of certfile and keyfile, or none)'
    ]
  },
  {
    what: 'a key without a certificate',
    toml: withTls(`keyfile = ${at('cert.key')}`),
    says: [
      'tls.t.certfile: missing, while keyfile is given (nothing read; allowed: both of certfile and keyfile, or none)'
    ]
  },
  {
    what: 'the key of another certificate',
    toml: withTls(`certfile = ${at('cert.pem')}\nkeyfile = ${at('other.key')}`),
    says: [`tls.t.keyfile: ${pair}: it is the key of another certificate (read ${at('other.key')}; ${keyForm})`]
  },
  {
    what: 'a certificate as the key',
    toml: withTls(`certfile = ${at('cert.pem')}\nkeyfile = ${at('ca.pem')}`),
    says: [`tls.t.keyfile: ${pair}: error:1E08010C:DECODER routines::unsupported (read ${at('ca.pem')}; ${keyForm})`]
  },
  {
    what: 'a key as the certificate',
    toml: withTls(`certfile = ${at('cert.key')}\nkeyfile = ${at('cert.key')}`),
    says: [`tls.t.certfile: ${pair}: there is no certificate in it (read ${at('cert.key')}; ${certificates})`]
  },
  {
    what: 'maybe as noverify',
    toml: withTls('noverify = "maybe"'),
    says: ['tls.t.noverify: neither true nor false (read "maybe"; allowed: true, false)']
  },
  {
    what: 'a misspelt mechanism, which would be PLAIN to the original',
    toml: withSasl(`mechanism = "scram-sha-512"\n${login}`),
    says: [
      'sasl.s.mechanism: unknown SASL mechanism (read "scram-sha-512"; allowed: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER; did you mean SCRAM-SHA-512?)'
    ]
  },
  {
    what: 'a mechanism that is like none',
    toml: withSasl(`mechanism = "GSSAPI"\n${login}`),
    says: [
      'sasl.s.mechanism: unknown SASL mechanism (read "GSSAPI"; allowed: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER)'
    ]
  },
  {
    what: 'a login without name and password',
    toml: withSasl(''),
    says: [
      'sasl.s.username: missing, a login needs both (nothing read; allowed: a user name and a password)',
      'sasl.s.password: missing, a login needs both (nothing read; allowed: a user name and a password)'
    ]
  },
  {
    what: 'a password that is none, without showing it',
    toml: withSasl('username = "u"\npassword = ["geheim"]'),
    says: [
      'sasl.s.password: not a string (read ***; allowed: a string)',
      'sasl.s.password: missing, a login needs both (read ***; allowed: a user name and a password)'
    ]
  },
  {
    what: 'an empty password from the file, when the variable is empty too',
    toml: withSasl('username = "u"\npassword = ""'),
    environment: { BURROW_SASL_S_PASSWORD: '' },
    says: ['sasl.s.password: missing, a login needs both (read ""; allowed: a user name and a password)']
  },
  {
    what: 'no region',
    toml: withIam('role-arn = "arn:aws:iam::1:role/x"'),
    says: ['iam.i.region: iam.i: region is required (nothing read; allowed: a region, for example "eu-west-1")']
  },
  {
    what: 'a region that would leave the name of the host',
    toml: withIam('region = "x.evil.org/"'),
    says: ['iam.i.region: not a region of AWS (read "x.evil.org/"; allowed: a region, for example "eu-west-1")']
  },
  {
    what: 'a role that is no ARN',
    toml: withIam('region = "eu-west-1"\nrole-arn = "reader"'),
    says: [
      'iam.i.role-arn: not a role (read "reader"; allowed: for example "arn:aws:iam::111122223333:role/lag-reader")'
    ]
  },
  {
    what: 'IAM without TLS',
    toml: profiled('iam = "i"', '[iam.i]\nregion = "eu-west-1"'),
    says: [
      'client-profile.p.tls: client-profile p uses iam.i but has no tls profile (nothing read; allowed: the name of a section [tls.NAME])'
    ]
  },
  {
    what: 'a listener without a certificate',
    toml: listener('tls = "t"', `cafile = ${at('ca.pem')}`),
    says: [
      'httpserver.a.tls: TLS HTTP server specified with missing certificate or key (read "t"; allowed: a section [tls.NAME] with certfile and keyfile)'
    ]
  },
  {
    what: 'a listener with a section that is not there',
    toml: listener('tls = "x"', ''),
    says: [`httpserver.a.tls: unknown tls section 'x' (read "x"; allowed: t; did you mean t?)`]
  },
  {
    what: 'what is wrong in a section once, although three use it',
    toml: `${withTls('cafile = "/nowhere"')}\n[httpserver.a]\naddress = ":0"\ntls = "t"`,
    says: [
      `tls.t.cafile: cannot read TLS CA file: there is no such file (read "/nowhere"; ${certificates})`,
      'httpserver.a.tls: TLS HTTP server specified with missing certificate or key (read "t"; allowed: a section [tls.NAME] with certfile and keyfile)'
    ]
  }
]

const passwordIn = (config: AppConfig) => {
  const sasl = config.consumers[0]?.profile.sasl
  return sasl && 'password' in sasl ? sasl.password : undefined
}
const noFiles = { certFile: '', keyFile: '', caFile: '' }

const acceptances: readonly Acceptance[] = [
  {
    what: 'an empty tls section: TLS with the roots of the system',
    toml: withTls(''),
    value: c => c.consumers[0]?.profile.tls,
    is: { name: 't', ...noFiles, noVerify: false }
  },
  {
    what: 'a client certificate without cafile',
    toml: withTls(`certfile = ${at('cert.pem')}\nkeyfile = ${at('cert.key')}`),
    value: c => c.consumers[0]?.profile.tls,
    is: {
      name: 't',
      certFile: join(folder, 'cert.pem'),
      keyFile: join(folder, 'cert.key'),
      caFile: '',
      noVerify: false
    }
  },
  {
    what: 'noverify, with a warning',
    toml: withTls('noverify = true'),
    value: c => c.consumers[0]?.profile.tls?.noVerify,
    is: true,
    warnings: ['client-profile.p.tls: tls.t has noverify: anybody could answer as these brokers']
  },
  {
    what: 'a certificate that has ended, with a warning',
    toml: withTls(`cafile = ${at('old.pem')}`),
    value: c => c.consumers[0]?.profile.tls?.caFile,
    is: join(folder, 'old.pem'),
    warnings: ['tls.t.cafile: the certificate of CN=long ago ended on Jan  1 00:00:00 2002 GMT']
  },
  {
    what: 'a misspelt key of a tls section, with a warning',
    toml: withTls(`cacert = ${at('ca.pem')}`),
    value: c => c.consumers[0]?.profile.tls?.caFile,
    is: '',
    warnings: ['tls.t.cacert: unknown key, not used']
  },
  {
    what: 'a tls section that is wrong and that nobody uses',
    toml: `${working}[tls.t]\ncafile = "/nowhere"`,
    value: c => c.consumers[0]?.profile.tls,
    is: null,
    warnings: ['tls.t: nothing uses it']
  },
  {
    what: 'a login with all its keys',
    toml: withSasl(`mechanism = "SCRAM-SHA-512"\nhandshake-first = "true"\n${login}`),
    value: c => c.consumers[0]?.profile.sasl,
    is: { name: 's', mechanism: 'SCRAM-SHA-512', handshakeFirst: true, username: 'u', password: 'geheim' }
  },
  {
    what: 'no mechanism as PLAIN, and the handshake first (A10)',
    toml: withSasl(login),
    value: c => c.consumers[0]?.profile.sasl,
    is: { name: 's', mechanism: 'PLAIN', handshakeFirst: true, username: 'u', password: 'geheim' }
  },
  {
    what: 'an empty mechanism as PLAIN',
    toml: withSasl(`mechanism = ""\n${login}`),
    value: c => c.consumers[0]?.profile.sasl?.mechanism,
    is: 'PLAIN'
  },
  {
    what: 'no handshake, with a warning',
    toml: withSasl(`handshake-first = false\n${login}`),
    value: c => c.consumers[0]?.profile.sasl,
    is: { name: 's', mechanism: 'PLAIN', handshakeFirst: false, username: 'u', password: 'geheim' },
    warnings: ['sasl.s.handshake-first: always sent: brokers from Kafka 1.0 on refuse a login without it']
  },
  {
    what: 'a password in the clear, with a warning',
    toml: profiled('sasl = "S"', `[sasl.s]\n${login}`),
    value: c => c.consumers[0]?.profile.sasl?.name,
    is: 'S',
    warnings: ['client-profile.p.sasl: sasl.S is PLAIN and there is no tls: the password is sent in the clear']
  },
  {
    what: 'SCRAM in the clear',
    toml: profiled('sasl = "s"', `[sasl.s]\nmechanism = "SCRAM-SHA-256"\n${login}`),
    value: c => c.consumers[0]?.profile.sasl?.mechanism,
    is: 'SCRAM-SHA-256'
  },
  {
    what: 'a password that is a number',
    toml: withSasl('username = "u"\npassword = 12345'),
    value: c => passwordIn(c),
    is: '12345'
  },
  {
    what: 'a password from the environment',
    toml: withSasl('username = "u"'),
    options: { environment: { BURROW_SASL_S_PASSWORD: 'from outside' } },
    value: c => passwordIn(c),
    is: 'from outside'
  },
  {
    what: 'IAM with all its keys',
    toml: withIam('region = "eu-west-1"\nrole-arn = "arn:aws:iam::1:role/x"\nprofile = "dev"'),
    value: c => c.consumers[0]?.profile.iam,
    is: { name: 'i', region: 'eu-west-1', roleArn: 'arn:aws:iam::1:role/x', profile: 'dev' },
    warnings: ['iam.i.profile: not used, role-arn wins']
  },
  {
    what: 'IAM beside SASL, with a warning',
    toml: profiled('tls = "t"\nsasl = "s"\niam = "i"', `[tls.t]\n[sasl.s]\n${login}[iam.i]\nregion = "eu-west-1"`),
    value: c => c.consumers[0]?.profile.iam?.region,
    is: 'eu-west-1',
    warnings: ['client-profile.p.sasl: not used, iam wins']
  },
  {
    what: 'an empty iam key as none',
    toml: profiled('iam = ""'),
    value: c => c.consumers[0]?.profile.iam,
    is: null
  },
  {
    what: 'HTTPS that wants certificates of clients (D11)',
    toml: listener(
      'tls = "T"',
      `certfile = ${at('cert.pem')}\nkeyfile = ${at('cert.key')}\ncafile = ${at('ca.pem')}\nnoverify = true`
    ),
    value: c => c.httpServers,
    is: [
      {
        name: 'a',
        address: '127.0.0.1:0',
        timeoutSeconds: 300,
        pagePath: '/',
        tls: {
          name: 'T',
          certFile: join(folder, 'cert.pem'),
          keyFile: join(folder, 'cert.key'),
          caFile: join(folder, 'ca.pem'),
          noVerify: true
        }
      }
    ],
    warnings: ['httpserver.a.tls: noverify of tls.T is not used for a listener']
  }
]

describe('config: security', () => {
  refuse(refusals)
  accept(acceptances)
})
