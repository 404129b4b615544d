import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { BurrowError } from '../../../shared/errors.ts'

export interface Trust {
  readonly rejectUnauthorized: boolean
  /** Absent: the roots that Node trusts by itself. */
  readonly ca?: string[]
}

/**
 * Whose certificates are believed. `extraCa` comes on top of the usual roots, those that NODE_EXTRA_CA_CERTS names included: Node
 * forgets both as soon as it is given a list. It is not looked at with `noVerify`. Throws BurrowError CONFIG_INVALID.
 */
export function trustOf(settings: { readonly extraCa: string; readonly noVerify: boolean }): Trust {
  if (settings.noVerify) return { rejectUnauthorized: false }
  if (settings.extraCa === '') return { rejectUnauthorized: true }
  const more = process.env.NODE_EXTRA_CA_CERTS
  const files = more ? [more, settings.extraCa] : [settings.extraCa]
  return { rejectUnauthorized: true, ca: [...rootCertificates, ...files.map(readPem)] }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new BurrowError('CONFIG_INVALID', 'cannot read the CA file', { path }, error)
  }
}
