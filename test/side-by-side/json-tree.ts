/**
 * JSON as it was written: order and spelling of keys, forms of numbers and escapes of strings are kept, since all of them are
 * compared. A byte string: one character is one byte. What is not compact JSON is not taken.
 */
export type JsonTree =
  | { readonly kind: 'object'; readonly raw: string; readonly members: readonly Member[] }
  | { readonly kind: 'array'; readonly raw: string; readonly items: readonly JsonTree[] }
  | { readonly kind: 'scalar'; readonly raw: string }

export interface Member {
  /** As written, without its quotes. */
  readonly key: string
  readonly value: JsonTree
}

const tokenPattern =
  /"(?:[ !#-[\]-\xff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/y

/** The value at the start of `text` and what follows it; undefined if there is none, or one with blanks in it. */
export function scanJson(text: string): { readonly tree: JsonTree; readonly after: string } | undefined {
  const scanner = new Scanner(text)
  try {
    const tree = scanner.value()
    return { tree, after: text.slice(scanner.at) }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export function scalar(raw: string): JsonTree {
  return { kind: 'scalar', raw }
}

/** An object that nobody wrote: for what is to be compared like JSON. */
export function objectOf(members: readonly Member[]): JsonTree {
  return { kind: 'object', raw: members.map(({ key, value }) => `${key}\n${value.raw}`).join('\n'), members }
}

export function memberOf(tree: JsonTree | undefined, ...path: readonly string[]): JsonTree | undefined {
  let found = tree
  for (const key of path) {
    found = found?.kind === 'object' ? found.members.find(member => member.key === key)?.value : undefined
  }
  return found
}

class Scanner {
  at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  value(): JsonTree {
    const from = this.at
    const first = this.#token()
    if (first === '{') {
      const members = this.#list('}', () => {
        const key = this.#token()
        if (!key.startsWith('"') || this.#token() !== ':') throw new SyntaxError('no key')
        return { key: key.slice(1, -1), value: this.value() }
      })
      return { kind: 'object', raw: this.#text.slice(from, this.at), members }
    }
    if (first === '[') {
      const items = this.#list(']', () => this.value())
      return { kind: 'array', raw: this.#text.slice(from, this.at), items }
    }
    if (/^[}\]:,]/.test(first)) throw new SyntaxError(first)
    return scalar(first)
  }

  #list<T>(end: string, item: () => T): T[] {
    const items: T[] = []
    if (this.#text[this.at] === end) {
      this.at++
      return items
    }
    for (;;) {
      items.push(item())
      const next = this.#token()
      if (next === end) return items
      if (next !== ',') throw new SyntaxError(next)
    }
  }

  #token(): string {
    tokenPattern.lastIndex = this.at
    const token = tokenPattern.exec(this.#text)?.[0]
    if (token === undefined) throw new SyntaxError(`at ${this.at}`)
    this.at += token.length
    return token
  }
}
