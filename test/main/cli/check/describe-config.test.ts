import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describeConfig } from '../../../../main/cli/check/describe-config.ts'
import { examineConfig } from '../../../../main/config/load-config.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

describe('cli: check: describe-config', () => {
  it('says how each cluster is logged in to, and no secret', () => {
    const folder = tempFolder('describe')
    writeFileSync(join(folder, 'token'), 'geheim')
    const bearer = 'mechanism = "OAUTHBEARER"\n'
    const endpoint = 'client-id = "me"\nclient-secret = "geheim"\ntoken-endpoint ='
    const logins: readonly (readonly [string, string])[] = [
      ['mechanism = "SCRAM-SHA-256"\nusername = "u"\npassword = "geheim"', 'SCRAM-SHA-256 as u'],
      [`${bearer}token = "geheim"`, 'OAUTHBEARER with a token'],
      [`${bearer}token-file = "${folder}/token"`, `OAUTHBEARER with the token of ${folder}/token`],
      [`${bearer}${endpoint} "https://idp.example/t?key=geheim"`, 'OAUTHBEARER as me, with tokens of idp.example'],
      [`${bearer}${endpoint} "geheim"`, 'OAUTHBEARER as me, with tokens']
    ]
    const toml = logins.map(([sasl], index) => {
      const names = `client-profile = "p${index}"\n[client-profile.p${index}]\ntls = "t"\nsasl = "s${index}"`
      return `[cluster.c${index}]\nclass-name = "kafka"\nservers = "k:1"\n${names}\n[sasl.s${index}]\n${sasl}\n`
    })
    writeFileSync(join(folder, 'burrow.toml'), `${toml.join('')}[tls.t]\n`)
    const lines = describeConfig(examineConfig(folder))
    for (const [index, [, login]] of logins.entries()) {
      const rhythm = 'end offsets every 10 s, topics every 60 s'
      expect(lines).to.include(
        `  c${index}: 1 server, profile p${index}, Kafka 2.8.0 with TLS (t) and ${login}, ${rhythm}`
      )
    }
    expect(lines.join('\n')).not.to.contain('geheim')
  })
})
