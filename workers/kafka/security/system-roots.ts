import { readFileSync } from 'node:fs'

/** Where systems keep their roots in one PEM file: Debian, Red Hat, SUSE, newer Red Hat, Alpine and BSD. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem'
]

/**
 * The roots that this system trusts, as PEM; null = the system has none in a known place, and Node's own serve. Node by itself
 * would not trust a root that the administrator added to the system, and Burrow does. SSL_CERT_FILE stands in for the system, as in Go
 * and OpenSSL; NODE_EXTRA_CA_CERTS adds to it, as Node leaves it out where it is given roots.
 */
export function systemRoots(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.SSL_CERT_FILE
  const roots = firstPem(named ? [named, ...bundles] : bundles)
  const extra = env.NODE_EXTRA_CA_CERTS ? firstPem([env.NODE_EXTRA_CA_CERTS]) : null
  return roots !== null && extra !== null ? `${roots}\n${extra}` : roots
}

function firstPem(paths: readonly string[]): string | null {
  for (const path of paths) {
    try {
      const pem = readFileSync(path, 'utf8')
      if (pem.includes('BEGIN CERTIFICATE')) return pem
    } catch {} // not on this system
  }
  return null
}
