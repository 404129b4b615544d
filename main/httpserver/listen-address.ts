/** As Go writes it: `127.0.0.1:8000`, `[::1]:8000`. */
export function addressToText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** Can be reached from this machine only. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
