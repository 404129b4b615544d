import { BlockList, isIP } from 'node:net'

/** An HTTP proxy, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY or their lower-case forms name it. */
export interface HttpProxy {
  readonly url: URL
  /** Value of Proxy-Authorization, '' = none. */
  readonly authorization: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a target, null = none; the rules are those of Go's net/http, as in Burrow: never for this machine itself; NO_PROXY
 * holds `*`, addresses, CIDR ranges, and domains (with their subdomains; with a leading dot, those alone), each with a port if
 * need be. Throws an Error for a proxy that is none of http and https.
 */
export function proxyFor(target: URL, environment: Environment = process.env): HttpProxy | null {
  const scheme = target.protocol === 'https:' ? 'https' : 'http'
  const setting = variable(environment, `${scheme}_proxy`)
  if (setting === '' || isThisMachine(hostOf(target)) || isExempt(target, variable(environment, 'no_proxy')))
    return null
  const text = setting.includes('://') ? setting : `http://${setting}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(`${scheme.toUpperCase()}_PROXY names no http or https proxy`)
  }
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { url, authorization: url.username === '' ? '' : `Basic ${Buffer.from(user).toString('base64')}` }
}

export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** Both spellings are in use; Go asks for the upper-case one first. */
function variable(environment: Environment, name: string): string {
  return environment[name.toUpperCase()] || environment[name] || ''
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function isExempt(target: URL, list: string): boolean {
  const host = hostOf(target).toLowerCase()
  return list
    .split(',')
    .map(item => item.trim().toLowerCase())
    .some(item => item !== '' && matches(item, host, portOf(target)))
}

function matches(item: string, host: string, port: number): boolean {
  if (item === '*') return true
  const [, name = '', onlyPort] = /^(\[.*\]|[^:]*|[^:]*:.*:[^:]*)(?::(\d+))?$/.exec(item) ?? ['', item]
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false
  const bare = name.replace(/^\[|\]$/g, '')
  if (bare.includes('/')) return inRange(bare, host)
  if (isIP(host)) return host === bare
  if (bare.startsWith('*.')) return host.endsWith(bare.slice(1))
  return bare.startsWith('.') ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`)
}

function inRange(range: string, host: string): boolean {
  const [network = '', bits = ''] = range.split('/')
  const version = isIP(network)
  if (version === 0 || isIP(host) !== version || !/^\d{1,3}$/.test(bits)) return false
  if (Number(bits) > (version === 4 ? 32 : 128)) return false
  const ranges = new BlockList()
  const family = version === 4 ? 'ipv4' : 'ipv6'
  ranges.addSubnet(network, Number(bits), family)
  return ranges.check(host, family)
}
