import { isIP } from 'node:net'

export interface HostPort {
  /** Without brackets. '' = all addresses, listeners only. */
  readonly host: string
  readonly port: number
}

const portMax = 65_535

/**
 * `host:port` or `[v6]:port` by the rules of spec 05 section 7, or null. The port range is checked here, as a port past it
 * would only fail at the first connection. A broker's port cannot be 0; a listener's can, and its host may be empty.
 */
export function parseHostPort(text: string, use: 'broker' | 'listener' = 'broker'): HostPort | null {
  const parts = splitHostPort(text)
  if (parts === null || !/^\+?\d+$/.test(parts.port)) return null
  const port = Number(parts.port)
  if (port > portMax || (port === 0 && use === 'broker')) return null
  const { host } = parts
  if (host === '') return use === 'listener' ? { host, port } : null
  return isHost(host) ? { host, port } : null
}

/** One or more labels of letters, digits and dashes; or two of them joined by one underscore (Docker); or an IP address. */
export function isHostname(text: string): boolean {
  return hostnamePattern.test(text) || swarmNamePattern.test(text) || isAddress(text)
}

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const hostnamePattern = new RegExp(`^${label}(?:\\.${label})*$`)
const swarmNamePattern = new RegExp(`^${label}_${label}$`)

/** What looks like an address must be one: `256.1.2.3` is no host name. */
function isHost(host: string): boolean {
  if (host.includes(':')) return isAddress(host)
  if (host.split('.').every(part => /^[+-]?\d+$/.test(part))) return isAddress(host)
  return isHostname(host)
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%') // Go's ParseIP knows no zones
}

/** As Go's net.SplitHostPort: at the last colon; an IPv6 address needs its brackets. */
function splitHostPort(text: string): { host: string; port: string } | null {
  const [, inBrackets, plain, port] = /^(?:\[([^[\]]*)\]|([^[\]:]*)):([^[\]:]*)$/.exec(text) ?? []
  const host = inBrackets ?? plain
  return host === undefined || port === undefined ? null : { host, port }
}
