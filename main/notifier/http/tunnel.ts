import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import { type HttpProxy, hostOf, portOf } from './proxy.ts'
import type { Trust } from './trust.ts'

/**
 * A TLS connection to `target` through CONNECT (RFC 9110 section 9.3.6): the proxy sees only where it goes. Rejects with an
 * Error, also when `signal` aborts.
 */
export async function openTunnel(proxy: HttpProxy, target: URL, trust: Trust, signal: AbortSignal): Promise<Duplex> {
  const socket = await connectThrough(proxy, target, trust, signal)
  const host = hostOf(target)
  return new Promise((resolve, reject) => {
    const secure = connect({ socket, ...trust, ...(isIP(host) ? { host } : { servername: host }) })
    const abort = () => secure.destroy(new Error('aborted'))
    signal.addEventListener('abort', abort, { once: true })
    const settled = () => signal.removeEventListener('abort', abort)
    secure.once('secureConnect', () => {
      settled()
      secure.off('error', failed)
      resolve(secure)
    })
    const failed = (error: Error) => {
      settled()
      reject(error)
    }
    secure.once('error', failed)
  })
}

function connectThrough(proxy: HttpProxy, target: URL, trust: Trust, signal: AbortSignal): Promise<Duplex> {
  const authority = `${target.hostname}:${portOf(target)}`
  const headers = { host: authority, ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }) }
  const request = proxy.url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const asked = request({
      host: hostOf(proxy.url),
      port: portOf(proxy.url),
      method: 'CONNECT',
      path: authority,
      headers,
      agent: false,
      signal,
      ...trust
    })
    asked.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(new Error(`the proxy answered ${answer.statusCode}`))
    })
    asked.once('response', answer => {
      answer.destroy()
      reject(new Error(`the proxy answered ${answer.statusCode}`))
    })
    asked.once('error', reject)
    asked.end()
  })
}
