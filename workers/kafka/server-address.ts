import { BurrowError } from '../../shared/errors.ts'

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** `host:port`, an IPv6 address in brackets: `[::1]:9092`. Throws BurrowError CONFIG_INVALID. */
export function parseServer(server: string): ServerAddress {
  const match = /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(server)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (!host || port < 1 || port > 65_535)
    throw new BurrowError('CONFIG_INVALID', `not a host:port: ${server}`, { server })
  return { host, port }
}
