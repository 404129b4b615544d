/** Where a secret may be sent: over https anywhere, in the clear only within this machine. */
export function isSafeUrl(url: URL): boolean {
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && isLoopbackName(url.hostname)
}

/** `hostname` as `URL` has it: IPv6 in brackets. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
