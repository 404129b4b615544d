import { readFileSync } from 'node:fs'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TlsSettings } from '../../../shared/settings.ts'
import { answerBytesMax, apiVersionsRequest, describeApiVersions } from './api-versions.ts'
import type { ProbeTarget } from './probe-targets.ts'

export interface ProbeAnswer {
  readonly ok: boolean
  /** What answered, or why nothing did. */
  readonly says: string
  readonly tookMs: number
}

/** From the look-up of the name to the last byte of the answer. */
export const probeDeadlineMs = 5_000

/**
 * Connects as the program would, and asks a broker for its API versions, which every broker answers before a login. ZooKeeper and mail
 * servers are only connected to. Never rejects, and leaves no socket open.
 */
export async function probe(target: ProbeTarget, deadlineMs = probeDeadlineMs): Promise<ProbeAnswer> {
  const began = performance.now()
  const answer = (ok: boolean, says: string) => ({ ok, says, tookMs: performance.now() - began })
  let socket: Socket | null = null
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    socket = open(target)
    const says = await Promise.race([talk(socket, target), late])
    return answer(true, says)
  } catch (error) {
    return answer(false, reasonOf(error as NodeJS.ErrnoException, target))
  } finally {
    clearTimeout(timer)
    socket?.destroy()
  }
}

/** Throws if a file of the TLS section cannot be read. */
function open({ host, port, tls }: ProbeTarget): Socket {
  if (tls === null) return connectTcp({ host, port })
  return connectTls({
    host,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: !tls.noVerify,
    ...filesOf(tls)
  })
}

function filesOf({ caFile, certFile, keyFile }: TlsSettings) {
  return {
    ...(caFile !== '' && { ca: readFileSync(caFile) }),
    ...(certFile !== '' && { cert: readFileSync(certFile) }),
    ...(keyFile !== '' && { key: readFileSync(keyFile) })
  }
}

function talk(socket: Socket, { kind, tls, clientId }: ProbeTarget): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    socket.once('error', reject)
    const guess = kind === 'kafka' && tls === null ? '; perhaps it wants TLS' : ''
    socket.once('close', () => reject(new Error(`hung up without an answer${guess}`)))
    socket.once(tls === null ? 'connect' : 'secureConnect', () => {
      if (kind === 'kafka') socket.write(apiVersionsRequest(clientId))
      else resolve(tls === null ? 'connected' : 'connected with TLS')
    })
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk])
      try {
        const says = describeApiVersions(received)
        if (says !== null) resolve(says)
        else if (received.length > answerBytesMax) reject(new Error('the answer does not end'))
      } catch (error) {
        reject(error)
      }
    })
  })
}

function reasonOf(error: NodeJS.ErrnoException, { tls }: ProbeTarget): string {
  if (tls !== null && error.code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'answers, but not with TLS'
  // A name with several addresses fails with one error for each; the first one says enough.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined
  return (first ?? error).message
}
