import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { BurrowError } from '../../../shared/errors.ts'

/** Reads a file that a setting names. Throws TLS_FAILED with setting and path. */
export function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw badFile(setting, path, `cannot be read (${why})`, error)
  }
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * All certificates of a PEM text, in their order. Throws TLS_FAILED for none and for a broken one: OpenSSL would silently
 * skip text that is no certificate, and a missing root then shows as an untrusted broker.
 */
export function certificatesOf(setting: string, path: string, pem: string): readonly X509Certificate[] {
  const blocks = pem.match(certificate) ?? []
  if (blocks.length === 0) throw badFile(setting, path, 'holds no certificate (PEM)')
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block)
    } catch (error) {
      throw badFile(setting, path, `certificate ${index + 1} cannot be read`, error)
    }
  })
}

export function badFile(setting: string, path: string, why: string, cause?: unknown): BurrowError {
  return new BurrowError('TLS_FAILED', `${setting} ${path}: ${why}`, { setting, path }, cause)
}
