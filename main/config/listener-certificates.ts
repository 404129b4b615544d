import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { TlsSettings } from '../../shared/settings.ts'
import { readNamedFile } from './pem-files.ts'

/**
 * The certificate files of an HTTPS listener, read again at each call. Throws an Error that names the file, or says what
 * OpenSSL has against them together (a key too short for today, for example). Main thread, at start and when files are renewed.
 */
export function readListenerCertificates({ certFile, keyFile, caFile }: TlsSettings): SecureContextOptions {
  const certificates = {
    cert: readFile(certFile),
    key: readFile(keyFile),
    ...(caFile === '' ? {} : { ca: readFile(caFile) }),
    minVersion: 'TLSv1.2' as const
  }
  createSecureContext(certificates)
  return certificates
}

function readFile(path: string): string {
  try {
    return readNamedFile(path)
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause })
  }
}
