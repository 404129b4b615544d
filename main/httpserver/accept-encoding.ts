/** The name is there, and not with a weight of 0 (RFC 9110 section 12.5.3). `*` is not taken for a name. */
export function takesCoding(acceptEncoding: string, wanted: 'gzip' | 'br'): boolean {
  return acceptEncoding.split(',').some(item => {
    const [coding = '', ...parameters] = item.split(';').map(part => part.trim().toLowerCase())
    return coding === wanted && !parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter))
  })
}
