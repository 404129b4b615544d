/**
 * Order of two names by their UTF-8 bytes, as Go sorts map keys (spec 01 section 5.5), without encoding them. JavaScript's own
 * order goes by 16-bit units and puts characters above U+FFFF before U+E000.
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return byCodePoint(left) - byCodePoint(right)
  }
  return a.length - b.length
}

/** Moves the surrogates, which stand for characters above U+FFFF, behind all other units. */
function byCodePoint(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
