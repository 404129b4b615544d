import { nearSpelling } from './near-spelling.ts'

const misspeltSlipsMax = 2

/**
 * Settings from the environment (spec 05 section 2.1): `cluster.local.offset-refresh` is overridden by
 * `BURROW_CLUSTER_LOCAL_OFFSET_REFRESH`. Empty variables count as unset.
 */
export class Environment {
  readonly #prefix: string
  readonly #variables: Readonly<Record<string, string | undefined>>
  readonly #asked = new Set<string>()
  readonly #pathByVariable = new Map<string, string>()

  /** `prefix` is general.env-var-prefix from the file; '' = names without prefix, as the original does it. */
  constructor(prefix: string, variables: Readonly<Record<string, string | undefined>>) {
    this.#prefix = prefix
    this.#variables = variables
  }

  variableOf(path: string): string {
    return (this.#prefix === '' ? path : `${this.#prefix}_${path}`).toUpperCase().replaceAll(/[.-]/g, '_')
  }

  /** The value and the variable it came from, or null. */
  find(path: string): { value: string; variable: string } | null {
    const variable = this.variableOf(path)
    this.#asked.add(variable)
    const value = this.#variables[variable]
    if (value === undefined || value === '') return null
    this.#pathByVariable.set(variable, path)
    return { value, variable }
  }

  /** The variables that were used, and for what: a setting or a whole section. */
  get pathByVariable(): ReadonlyMap<string, string> {
    return this.#pathByVariable
  }

  /** A variable that names a section hides what the file says in it (spec 09, A4). Returns that variable, or null. */
  hides(section: readonly string[]): string | null {
    for (let length = 1; length <= section.length; length++) {
      const found = this.find(section.slice(0, length).join('.'))
      if (found) return found.variable
    }
    return null
  }

  /**
   * Variables that nobody asked for and that are nearly called like one somebody did. Others with the prefix are left alone:
   * Kubernetes sets `BURROW_SERVICE_HOST` and more for a service of that name.
   */
  misspelt(): readonly { variable: string; near: string }[] {
    if (this.#prefix === '') return []
    return Object.keys(this.#variables).flatMap(variable => {
      if (!variable.startsWith(this.variableOf('')) || this.#asked.has(variable)) return []
      const near = nearSpelling(variable, this.#asked, misspeltSlipsMax)
      return near === null ? [] : [{ variable, near }]
    })
  }
}
