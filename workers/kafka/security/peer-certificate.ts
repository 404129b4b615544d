import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { PeerCertificate } from '../../../shared/actor/kafka-probe.ts'

/** What the other end of an open socket has shown; null without TLS. */
export function peerCertificate(socket: Socket | undefined): PeerCertificate | null {
  if (!(socket instanceof TLSSocket)) return null
  const shown = socket.getPeerX509Certificate()
  if (!shown) return null
  const name = /^CN=(.*)$/m.exec(shown.subject)?.[1] ?? shown.subjectAltName?.split(', ')[0] ?? ''
  return { protocol: socket.getProtocol() ?? 'TLS', name, validToMs: Date.parse(shown.validTo) }
}
