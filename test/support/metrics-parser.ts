/**
 * Reads a page of metrics piece by piece and checks its form: each family once, in order of names, under its help and type, its
 * series in order of their label values, without doubles. Keeps counts and sums, never lines.
 */
export class MetricsParser {
  readonly countByFamily = new Map<string, number>()
  readonly sumByFamily = new Map<string, number>()
  #rest = ''
  #helped = ''
  #family = ''
  #labels: readonly string[] = []

  /** Throws at the first line that is wrong. */
  feed(chunk: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')).split(
      '\n'
    )
    this.#rest = lines.pop()!
    for (const line of lines) this.#line(line)
  }

  finish(): void {
    if (this.#rest !== '') throw new Error(`the page ends in the middle of a line: ${this.#rest}`)
  }

  #line(line: string): void {
    if (line.startsWith('# HELP ')) {
      this.#helped = line.split(' ', 3)[2]!
      return
    }
    if (line.startsWith('# TYPE ')) {
      const name = line.split(' ', 3)[2]!
      if (name !== this.#helped || name <= this.#family) throw new Error(`${line} after ${this.#family}`)
      this.#family = name
      this.#labels = []
      this.countByFamily.set(name, 0)
      this.sumByFamily.set(name, 0)
      return
    }
    const parsed = seriesPattern.exec(line)
    if (!parsed || parsed[1] !== this.#family) throw new Error(`no series of ${this.#family}: ${line}`)
    const labels = [...(parsed[2] ?? '').matchAll(labelPattern)].map(([, value]) => unescapeLabel(value!))
    const count = this.countByFamily.get(this.#family)!
    if (count > 0 && !isBefore(this.#labels, labels)) throw new Error(`out of order: ${line} after ${this.#labels}`)
    this.#labels = labels
    this.countByFamily.set(this.#family, count + 1)
    this.sumByFamily.set(this.#family, this.sumByFamily.get(this.#family)! + Number(parsed[3]))
  }
}

/** The text format has these three escapes. */
export function unescapeLabel(value: string): string {
  return value.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character))
}

const seriesPattern = /^([a-z_]+)(?:\{(.*)\})? ([0-9.e+-]+)$/s // a name may have a carriage return
const labelPattern = /[a-z_]+="((?:[^"\\]|\\.)*)"/gs

function isBefore(left: readonly string[], right: readonly string[]): boolean {
  const differing = left.findIndex((value, index) => value !== right[index])
  return differing >= 0 && left[differing]! < right[differing]!
}
