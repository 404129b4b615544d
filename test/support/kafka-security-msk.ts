import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from './paths.ts'
import { tempFolder } from './temp-folder.ts'

/** Whom the listener lets in, and as whom. */
export interface MskAccount {
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly principal: string
}

const source = join(projectRoot, 'test', 'support', 'java', 'MskTokenValidator.java')

/** The broker's side of MSK IAM, compiled: a folder for its class path. Needs the compiler of a JDK. */
export function mskClasses(jars: string): string {
  const folder = tempFolder('msk-classes')
  execFileSync('javac', ['-cp', `${jars}/*`, '-d', folder, source], { stdio: 'pipe' })
  return folder
}

/** Of a listener. The login module's own options make the token of the broker itself, which never uses it. */
export function mskSettings(account: MskAccount): Readonly<Record<string, string>> {
  const module = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule'
  const options = Object.entries({ unsecuredLoginStringClaim_sub: 'broker', ...account })
  return {
    'sasl.enabled.mechanisms': 'OAUTHBEARER',
    'oauthbearer.sasl.server.callback.handler.class': 'MskTokenValidator',
    'oauthbearer.sasl.jaas.config': `${module} required ${options.map(([name, value]) => `${name}="${value}"`).join(' ')};`
  }
}
