import { BurrowError } from '../../../shared/errors.ts'
import { parseHostPort } from '../../config/host-port.ts'
import { examineConfig } from '../../config/load-config.ts'
import { AskFailed } from './ask-failed.ts'

export interface WhereToAsk {
  /** `--url`. */
  readonly url?: string
  /** `--config-dir`: the first listener that it configures. */
  readonly configDir?: string
}

export const urlDefault = 'http://127.0.0.1:8000'

/** Where the instance listens, without a slash at its end: flag, configuration, BURROW_URL, or the default. Throws AskFailed. */
export function findUrl({ url, configDir }: WhereToAsk, environment: NodeJS.ProcessEnv): string {
  if (url !== undefined) return checkUrl(url, '--url')
  if (configDir !== undefined) return urlOfConfig(configDir, environment)
  if (environment.BURROW_URL) return checkUrl(environment.BURROW_URL, 'BURROW_URL')
  return urlDefault
}

function checkUrl(text: string, from: string): string {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const parsed = URL.canParse(full) ? new URL(full) : null
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.search !== '' || parsed.hash !== '') {
    throw new AskFailed(`${from} is not the address of a listener: ${text} (it should look like ${urlDefault})`)
  }
  return full.replace(/\/+$/, '')
}

function urlOfConfig(dir: string, environment: NodeJS.ProcessEnv): string {
  const servers = httpServersOf(dir, environment)
  const server = servers[0]
  if (!server) throw new AskFailed(`the configuration in ${dir} has no [httpserver.NAME]`)
  const address = parseHostPort(server.address, 'listener')
  if (!address || address.port === 0) {
    throw new AskFailed(`httpserver.${server.name} listens on a port that is chosen at start; --url says which`)
  }
  const host = everywhere.includes(address.host) ? '127.0.0.1' : address.host
  return `${server.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

function httpServersOf(dir: string, environment: NodeJS.ProcessEnv) {
  try {
    return examineConfig(dir, { environment }).config.httpServers
  } catch (error) {
    if (!(error instanceof BurrowError) || error.code !== 'CONFIG_INVALID') throw error
    throw new AskFailed(`could not read the configuration in ${dir}: ${error.message}`)
  }
}

/** What a listener binds, and nobody can connect to everywhere. */
const everywhere = ['', '0.0.0.0', '::']
