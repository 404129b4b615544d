/** Words longer than this are not compared: nobody mistypes a key of this length by two letters, and the cost is a product. */
const comparedCharactersMax = 64

/** The known word that `word` was probably meant to be, or null. One slip in three letters is still near, unless told. */
export function nearSpelling(
  word: string,
  known: Iterable<string>,
  slipsMax = Math.max(1, Math.floor(word.length / 3))
): string | null {
  if (word.length > comparedCharactersMax) return null
  let nearest: string | null = null
  let fewest = slipsMax + 1
  for (const candidate of known) {
    if (candidate.length > comparedCharactersMax) continue
    const slips = slipsBetween(word, candidate)
    if (slips < fewest) {
      fewest = slips
      nearest = candidate
    }
  }
  return nearest
}

/** `; did you mean x?`, or nothing: the tail of a message. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearSpelling(word, known)
  return near === null ? '' : `; did you mean ${near}?`
}

/** Letters added, left out, changed, or swapped with their neighbour (optimal string alignment distance). */
function slipsBetween(a: string, b: string): number {
  const width = b.length + 1
  const table = new Uint16Array((a.length + 1) * width)
  for (let j = 0; j < width; j++) table[j] = j
  for (let i = 1; i <= a.length; i++) {
    table[i * width] = i
    for (let j = 1; j < width; j++) {
      const at = i * width + j
      const same = a[i - 1] === b[j - 1]
      let slips = Math.min(table[at - 1]! + 1, table[at - width]! + 1, table[at - width - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) slips = Math.min(slips, table[at - 2 * width - 2]! + 1)
      table[at] = slips
    }
  }
  return table[table.length - 1]!
}
