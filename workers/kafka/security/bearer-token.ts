import { readFile } from 'node:fs/promises'
import type { Clock } from '../../../shared/clock.ts'
import { BurrowError } from '../../../shared/errors.ts'
import type { BearerSettings } from '../../../shared/settings.ts'
import { RenewedValue } from './renewed-value.ts'

/** Resolves to a token that is good now. Rejects with CREDENTIALS_UNAVAILABLE, AUTHENTICATION_FAILED or CONFIG_INVALID. */
export type TokenSource = () => Promise<string>

/**
 * A token is replaced when a fifth of its life is left, five minutes at most. It has to be more than what a session leaves
 * (`reauthenticateBeforeMs`): a session lasts as long as its token, and its next login wants a newer one.
 */
export function tokenMarginMs(lifetimeMs: number): number {
  return Math.min(lifetimeMs / 5, 300_000)
}

export function tokenSource({ name, source }: BearerSettings, clock: Clock): TokenSource {
  if (source.kind === 'token') return async () => source.token
  if (source.kind === 'file') return () => readToken(name, source.path)
  const fetch = async () => (await import('./client-credentials.ts')).fetchClientToken(source, clock)
  const token = new RenewedValue(fetch, tokenMarginMs, clock)
  return () => token.get()
}

async function readToken(name: string, path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new BurrowError('CREDENTIALS_UNAVAILABLE', `sasl.${name}: token file ${path} cannot be read (${why})`, {
      path
    })
  }
}
