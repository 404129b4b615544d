/** Go counts and cuts strings by their UTF-8 bytes. */

export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

/** Half a character becomes U+FFFD, where Go keeps the bytes as they are. */
export function byteSlice(text: string, from: number, to: number): string {
  return text.length === Buffer.byteLength(text)
    ? text.slice(from, to)
    : Buffer.from(text).subarray(from, to).toString()
}

export function byteAt(text: string, index: number): number {
  return Buffer.from(text)[index]!
}

/** Characters, not UTF-16 units: what widths are counted in. */
export function runeCount(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0xdc00 || unit > 0xdfff || index === 0) count++
  }
  return count
}

/** The first `count` characters. */
export function firstRunes(text: string, count: number): string {
  let index = 0
  for (let left = count; left > 0 && index < text.length; left--) {
    index += text.codePointAt(index)! > 0xffff ? 2 : 1
  }
  return text.slice(0, index)
}
