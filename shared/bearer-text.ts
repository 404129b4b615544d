/**
 * What a login with OAUTHBEARER is made of (RFC 7628 section 3.1). Anything else could add to the message, so the configuration refuses
 * it, and so does the login, as a file or an endpoint may bring it later.
 */
const tokenPattern = /^[A-Za-z0-9\-._~+/]+=*$/ // RFC 6750 section 2.1
const extensionNamePattern = /^[A-Za-z]+$/
const extensionValuePattern = /^[\x21-\x7e \t\r\n]*$/

export function isBearerToken(text: string): boolean {
  return tokenPattern.test(text)
}

/** `auth` is the name under which the token itself goes. */
export function isExtension(name: string, value: string): boolean {
  return extensionNamePattern.test(name) && name !== 'auth' && extensionValuePattern.test(value)
}
