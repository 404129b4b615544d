/** Line from 1, column in UTF-8 bytes from 0: Go counts so. */
export interface SourcePlace {
  readonly line: number
  readonly column: number
}

export function placeOf(source: string, at: number): SourcePlace {
  const before = source.slice(0, at)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: lineOf(before), column: Buffer.byteLength(before.slice(lineStart)) }
}

function lineOf(before: string): number {
  let line = 1
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line++
  return line
}
