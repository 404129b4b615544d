/**
 * The patterns of one method in a tree of shared prefixes. Main thread; built once, then only read.
 *
 * Burrow's router answers a path that does not quite match with a redirect in some places and with 404 in others, and
 * which of the two depends on where its tree of prefixes branches (spec 04 section 2). A table of regular expressions, or find-my-way,
 * has no such branches; so the tree is the same shape here:
 *
 *   /v3/kafka ─ / ─ :cluster ─ / ┬ topic ─ / ─ :topic ─ /consumers
 *                                └ consumer ─ / ─ :group ─ / ┬ status
 *                                                            └ lag
 *
 * `:name` in a pattern is a whole segment, which may be empty. Patterns are lower case ASCII; paths are byte strings.
 */
export class RouteTree<T> {
  readonly #root: Stretch<T> = { text: '/', value: null, branches: [], parameter: null }

  constructor(valueByPattern: Iterable<readonly [pattern: string, value: T]>) {
    for (const [pattern, value] of valueByPattern) insert(this.#root, pattern, value)
    // A root that only leads on to one stretch is that stretch: where the tree begins decides about redirects too.
    while (this.#root.value === null && this.#root.parameter === null && this.#root.branches.length === 1) {
      const only = this.#root.branches[0]!
      Object.assign(this.#root, only, { text: this.#root.text + only.text })
    }
  }

  find(path: string): Match<T> {
    const parameters: string[] = []
    let stretch = this.#root
    let rest = path
    for (;;) {
      const { text, value, parameter } = stretch
      if (rest === text) {
        if (value !== null) return { value, parameters }
        if (rest === '/' && parameter && stretch !== this.#root) return slashDiffers
        const slash = branchAt(stretch, '/')
        return slash && isLoneSlash(slash) ? slashDiffers : noMatch
      }
      if (!rest.startsWith(text)) {
        return rest === '/' || (value !== null && text === `${rest}/`) ? slashDiffers : noMatch
      }
      rest = rest.slice(text.length)
      if (!parameter) {
        const next = branchAt(stretch, rest[0]!)
        if (!next) return rest === '/' && value !== null ? slashDiffers : noMatch
        stretch = next
        continue
      }
      const end = segmentEnd(rest)
      parameters.push(rest.slice(0, end))
      if (end === rest.length) {
        if (parameter.value !== null) return { value: parameter.value, parameters }
        return parameter.after && isLoneSlash(parameter.after) ? slashDiffers : noMatch
      }
      if (!parameter.after) return rest.length === end + 1 ? slashDiffers : noMatch
      rest = rest.slice(end)
      stretch = parameter.after
    }
  }

  /** The path in the spelling of the patterns (case, trailing slash), parameters untouched; null if there is none. */
  respell(path: string): string | null {
    return respellFrom(this.#root, path, '')
  }
}

/** `slash`: the same path with or without a slash at its end should be tried. It need not exist (spec 04: "pointless"). */
export type Match<T> =
  | { readonly value: T; readonly parameters: readonly string[] }
  | { readonly value: null; readonly slash: boolean }

const slashDiffers = { value: null, slash: true } as const
const noMatch = { value: null, slash: false } as const

/** Fixed text, up to the next branch or parameter. It has branches or a parameter, never both. */
interface Stretch<T> {
  text: string
  value: T | null
  branches: Stretch<T>[]
  parameter: Parameter<T> | null
}

interface Parameter<T> {
  value: T | null
  /** Begins with a slash. */
  after: Stretch<T> | null
}

/** `spelled` is what was found above `stretch`, `path` what is still to be found. As deep as the tree, at most. */
function respellFrom<T>(stretch: Stretch<T>, path: string, spelled: string): string | null {
  const { text, value, parameter } = stretch
  if (!sameLetters(path.slice(0, text.length), text)) {
    if (path === '/') return spelled
    return value !== null && sameLetters(`${path}/`, text) ? spelled + text : null
  }
  const above = spelled + text
  const rest = path.slice(text.length)
  if (rest === '') {
    if (value !== null) return above
    const slash = branchAt(stretch, '/')
    return slash && isLoneSlash(slash) ? `${above}/` : null
  }
  if (!parameter) {
    const next = branchAt(stretch, rest[0]!.toLowerCase())
    // Even where a branch begins with that slash: this is why /v3/config/ is redirected and /v3/kafka/local/ is not.
    return (next && respellFrom(next, rest, above)) ?? (rest === '/' && value !== null ? above : null)
  }
  const end = segmentEnd(rest)
  const withParameter = above + rest.slice(0, end)
  if (end === rest.length) {
    if (parameter.value !== null) return withParameter
    return parameter.after && isLoneSlash(parameter.after) ? `${withParameter}/` : null
  }
  if (!parameter.after) return rest.length === end + 1 ? withParameter : null
  return respellFrom(parameter.after, rest.slice(end), withParameter)
}

function insert<T>(stretch: Stretch<T>, pattern: string, value: T): void {
  const common = commonLength(stretch.text, pattern)
  if (common < stretch.text.length) {
    const lower = { ...stretch, text: stretch.text.slice(common) }
    Object.assign(stretch, { text: pattern.slice(0, common), value: null, branches: [lower], parameter: null })
  }
  const rest = pattern.slice(common)
  if (rest === '') {
    if (stretch.value !== null) throw new TypeError(`two routes for one pattern: ${pattern}`)
    stretch.value = value
    return
  }
  if (rest.startsWith(':') !== (stretch.parameter !== null) && (stretch.parameter || stretch.branches.length > 0)) {
    throw new TypeError(`text and parameter in one place: ${pattern}`)
  }
  if (!rest.startsWith(':')) {
    const branch = branchAt(stretch, rest[0]!)
    if (branch) insert(branch, rest, value)
    else stretch.branches.push(stretchOf(rest, value))
    return
  }
  stretch.parameter ??= { value: null, after: null }
  const tail = rest.slice(segmentEnd(rest))
  if (tail === '') stretch.parameter.value = value
  else if (stretch.parameter.after) insert(stretch.parameter.after, tail, value)
  else stretch.parameter.after = stretchOf(tail, value)
}

function stretchOf<T>(pattern: string, value: T): Stretch<T> {
  const end = pattern.indexOf(':')
  const stretch: Stretch<T> = {
    text: end < 0 ? pattern : pattern.slice(0, end),
    value: null,
    branches: [],
    parameter: null
  }
  insert(stretch, pattern, value)
  return stretch
}

function branchAt<T>(stretch: Stretch<T>, character: string): Stretch<T> | undefined {
  return stretch.branches.find(branch => branch.text[0] === character)
}

function isLoneSlash<T>(stretch: Stretch<T>): boolean {
  return stretch.text === '/' && stretch.value !== null
}

function segmentEnd(text: string): number {
  const slash = text.indexOf('/')
  return slash < 0 ? text.length : slash
}

function commonLength(left: string, right: string): number {
  let length = 0
  while (length < left.length && length < right.length && left[length] === right[length]) length++
  return length
}

/** ASCII only: a byte string has no other letters. */
function sameLetters(left: string, right: string): boolean {
  return left === right || left.toLowerCase() === right
}
