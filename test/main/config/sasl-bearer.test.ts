import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { examineConfig } from '../../../main/config/load-config.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { type Acceptance, accept, mistakesOf, type Refusal, refuse, working } from './cases.ts'
import { caPem } from './pem-samples.ts'

const folder = tempFolder('bearer')
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return JSON.stringify(join(folder, name))
}
const tokenFile = file('token', 'abc.def\n')
const noToken = file('no-token', 'two words\n')
const caFile = file('ca.pem', caPem)

const withSasl = (keys: string) =>
  `${working}client-profile = "p"\n[client-profile.p]\ntls = "t"\nsasl = "s"\n[tls.t]\n[sasl.s]\n${keys}`
const withBearer = (keys: string) => withSasl(`mechanism = "OAUTHBEARER"\n${keys}`)
const endpoint = 'token-endpoint = "https://idp.example/token"\n'
const client = 'client-id = "monitor"\nclient-secret = "geheim"\n'
const sources = 'allowed: one of token, token-file and token-endpoint'
const endpointForm = 'allowed: an https URL (http only to this machine) without a login in it'
const both = 'allowed: client-id and client-secret'

const refusals: readonly Refusal[] = [
  {
    what: 'OAUTHBEARER without a token from anywhere',
    toml: withBearer(''),
    says: [`sasl.s.token: missing, OAUTHBEARER needs a token (nothing read; ${sources})`]
  },
  {
    what: 'three ways to a token, without showing one',
    toml: withBearer(`token = "geheim"\ntoken-file = ${tokenFile}\n${endpoint}`),
    says: [
      `sasl.s.token-file: there is token too, and a login has one token (read ${tokenFile}; ${sources})`,
      `sasl.s.token-endpoint: there is token too, and a login has one token (read "https://idp.example/token"; ${sources})`
    ]
  },
  {
    what: 'a token that could add to the message',
    toml: withBearer('token = "geheim\\u0001auth=x"'),
    says: ['sasl.s.token: not a token (read ***; allowed: letters, digits and -._~+/)']
  },
  {
    what: 'a token file that is not there',
    toml: withBearer('token-file = "/nowhere/token"'),
    says: [
      'sasl.s.token-file: cannot read the token: there is no such file (read "/nowhere/token"; allowed: a file with a token and nothing else)'
    ]
  },
  {
    what: 'a token file with something else',
    toml: withBearer(`token-file = ${noToken}`),
    says: [
      `sasl.s.token-file: cannot read the token: there is no token in it (read ${noToken}; allowed: a file with a token and nothing else)`
    ]
  },
  {
    what: 'an endpoint alone',
    toml: withBearer(endpoint),
    says: [
      `sasl.s.client-id: missing, token-endpoint needs both (nothing read; ${both})`,
      `sasl.s.client-secret: missing, token-endpoint needs both (nothing read; ${both})`
    ]
  },
  {
    what: 'an endpoint that the secret would travel to in the clear',
    toml: withBearer(`token-endpoint = "http://idp.example/token"\n${client}`),
    says: [`sasl.s.token-endpoint: not a token endpoint (read "http://idp.example/token"; ${endpointForm})`]
  },
  {
    what: 'an endpoint with a login in it, without showing that',
    toml: withBearer(`token-endpoint = "https://me:geheim@idp.example/token"\n${client}`),
    says: [`sasl.s.token-endpoint: not a token endpoint (read ***; ${endpointForm})`]
  },
  {
    what: 'a bad scope and a bad cafile, all at once',
    toml: withBearer(`${endpoint}${client}scope = "a  b"\ntoken-endpoint-cafile = "/nowhere"`),
    says: [
      'sasl.s.scope: not a scope (read "a  b"; allowed: words of printable ASCII with one blank between them)',
      'sasl.s.token-endpoint-cafile: cannot read CA file: there is no such file (read "/nowhere"; allowed: a PEM file with certificates)'
    ]
  },
  {
    what: 'extensions that are none, by name and without their values',
    toml: withBearer('token = "t"\nextensions = { auth = "geheim", a1 = "x", ok = "x", odd = "ä" }'),
    says: [
      'sasl.s.extensions: not extensions of SASL: "auth", "a1", "odd" (read ***; allowed: names of letters, not "auth"; values of printable ASCII)'
    ]
  },
  {
    what: 'a misspelt OAUTHBEARER once, reading the rest as what was meant',
    toml: withSasl('mechanism = "oauthbarer"\ntoken = "t"'),
    says: [
      'sasl.s.mechanism: unknown SASL mechanism (read "oauthbarer"; allowed: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER; did you mean OAUTHBEARER?)'
    ]
  }
]

const settings = (source: object, extensions: object = {}) => ({
  name: 's',
  mechanism: 'OAUTHBEARER',
  source,
  extensions
})

const acceptances: readonly Acceptance[] = [
  {
    what: 'a token, and extensions whose names keep their capitals',
    toml: withBearer('token = "abc"\nextensions = { logicalCluster = "lkc-1", pool = 7 }'),
    value: c => c.consumers[0]?.profile.sasl,
    is: settings({ kind: 'token', token: 'abc' }, { logicalCluster: 'lkc-1', pool: '7' })
  },
  {
    what: 'token and extensions from the environment',
    toml: withBearer(''),
    options: { environment: { BURROW_SASL_S_TOKEN: 'abc', BURROW_SASL_S_EXTENSIONS: '{"logicalCluster":"lkc-1"}' } },
    value: c => c.consumers[0]?.profile.sasl,
    is: settings({ kind: 'token', token: 'abc' }, { logicalCluster: 'lkc-1' })
  },
  {
    what: 'a token file',
    toml: withBearer(`token-file = ${tokenFile}`),
    value: c => c.consumers[0]?.profile.sasl,
    is: settings({ kind: 'file', path: join(folder, 'token') })
  },
  {
    what: 'an endpoint with all its keys',
    toml: withBearer(`${endpoint}${client}scope = "kafka read"\ntoken-endpoint-cafile = ${caFile}`),
    value: c => c.consumers[0]?.profile.sasl,
    is: settings({
      kind: 'client-credentials',
      endpoint: 'https://idp.example/token',
      clientId: 'monitor',
      clientSecret: 'geheim',
      scope: 'kafka read',
      caFile: join(folder, 'ca.pem')
    })
  },
  {
    what: 'an endpoint on this machine in the clear',
    toml: withBearer(`token-endpoint = "http://127.0.0.1:8080/token"\n${client}`),
    value: c => c.consumers[0]?.profile.sasl?.mechanism,
    is: 'OAUTHBEARER'
  },
  {
    what: 'keys that OAUTHBEARER does not use, with a warning for each',
    toml: withBearer('token = "abc"\nusername = "u"\npassword = "geheim"\nscope = "x"\nhandshake-first = false'),
    value: c => c.consumers[0]?.profile.sasl,
    is: settings({ kind: 'token', token: 'abc' }),
    warnings: [
      'sasl.s.handshake-first: always sent: brokers from Kafka 1.0 on refuse a login without it',
      'sasl.s.username: not used, only PLAIN and SCRAM use it',
      'sasl.s.password: not used, only PLAIN and SCRAM use it',
      'sasl.s.scope: not used without token-endpoint'
    ]
  },
  {
    what: 'keys that only OAUTHBEARER uses, with a warning for each',
    toml: withSasl('username = "u"\npassword = "p"\ntoken = "geheim"\nextensions = { a = "b" }'),
    value: c => c.consumers[0]?.profile.sasl?.mechanism,
    is: 'PLAIN',
    warnings: [
      'sasl.s.token: not used, only OAUTHBEARER uses it',
      'sasl.s.extensions: not used, only OAUTHBEARER uses it'
    ]
  },
  {
    what: 'a misspelt key, with the near one',
    toml: withBearer(`token = "abc"\ntoken-endpont = "x"`),
    value: c => c.consumers[0]?.profile.sasl?.mechanism,
    is: 'OAUTHBEARER',
    warnings: ['sasl.s.token-endpont: unknown key, not used; did you mean token-endpoint?']
  },
  {
    what: 'a token in the clear, with a warning',
    toml: withBearer('token = "abc"').replace('tls = "t"\n', '').replace('[tls.t]\n', ''),
    value: c => c.consumers[0]?.profile.tls,
    is: null,
    warnings: ['client-profile.p.sasl: sasl.s is OAUTHBEARER and there is no tls: the token is sent in the clear']
  }
]

describe('config: OAUTHBEARER', () => {
  refuse(refusals)
  accept(acceptances)

  it('reads the same from YAML and JSON', () => {
    const bearer = {
      cluster: { local: { 'class-name': 'kafka', servers: ['k1:9092'], 'client-profile': 'p' } },
      'client-profile': { p: { tls: 't', sasl: 's' } },
      tls: { t: {} },
      sasl: { s: { mechanism: 'OAUTHBEARER', token: 'abc', extensions: { logicalCluster: 'lkc-1' } } }
    }
    for (const name of ['burrow.json', 'burrow.yaml']) {
      const dir = tempFolder('bearer')
      writeFileSync(join(dir, name), JSON.stringify(bearer)) // which is YAML as well
      const { config, mistakes } = examineConfig(dir)
      expect(mistakes).to.deep.equal([])
      expect(config.clusters[0]?.profile.sasl).to.deep.equal(
        settings({ kind: 'token', token: 'abc' }, { logicalCluster: 'lkc-1' })
      )
    }
  })

  it('shows no secret in a mistake, even of another key or another type', () => {
    const toml = withBearer(
      'token = ["geheim"]\nclient-secret = ["geheim"]\npassword = ["geheim"]\nextensions = "geheim"'
    )
    const mistakes = mistakesOf(toml)
    expect(mistakes.length).to.be.above(1)
    expect(mistakes.join('\n')).not.to.contain('geheim')
  })
})
