import type { ConfigTable } from './config-tree.ts'
import { didYouMean } from './near-spelling.ts'

/** Sections whose modules must be sections: a key with dots sets a value and makes no module (spec 05 section 2). */
const moduleKinds = ['storage', 'evaluator', 'httpserver', 'cluster', 'consumer', 'notifier']

/**
 * Keys that hold dots and stand outside all sections, as in a dotenv file (`general.pidfile=x`) or in JSON
 * (`{"general.pidfile": "x"}`). They set single values, before the sections do.
 */
export class FlatKeys {
  readonly #values: ReadonlyMap<string, unknown>
  readonly #asked = new Set<string>()

  constructor(root: ConfigTable) {
    this.#values = new Map([...root].filter(([key, value]) => key.includes('.') && !(value instanceof Map)))
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  find(path: string): unknown {
    this.#asked.add(path)
    return this.#values.get(path)
  }

  /** One line for each that nobody asked for. */
  unused(): readonly string[] {
    return [...this.#values.keys()]
      .filter(key => !this.#asked.has(key))
      .map(key => {
        const kind = key.split('.')[0]!
        if (moduleKinds.includes(kind))
          return `${key}: not used, a key with dots makes no module; write a section [${kind}.NAME]`
        return `${key}: unknown key, not used${didYouMean(key, this.#asked)}`
      })
  }
}
