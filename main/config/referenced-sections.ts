import type { ConfigTable } from './config-tree.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { namedSections } from './sections.ts'

/**
 * Sections that others name: `[tls.NAME]`, `[sasl.NAME]`, `[iam.NAME]`. Each is read when it is first named, so that one that
 * nobody uses may be wrong. A name without a section is a mistake (spec 09, A10).
 */
export class ReferencedSections<T extends { readonly name: string }> {
  readonly #kind: string
  readonly #read: (name: string, reader: SectionReader) => T
  readonly #readers: ReadonlyMap<string, SectionReader>
  readonly #settings = new Map<string, T>()

  constructor(root: ConfigTable, kind: string, reading: Reading, read: (name: string, reader: SectionReader) => T) {
    this.#kind = kind
    this.#read = read
    this.#readers = new Map(namedSections(root, kind, reading).map(({ name, reader }) => [name, reader]))
  }

  /** What `user` names by its key of the kind's name, called as written there; null after refusing a name that is not there. */
  of(user: SectionReader): { settings: T; reader: SectionReader } | null {
    const written = user.text(this.#kind)
    const name = written.toLowerCase()
    const reader = this.#readers.get(name)
    if (reader === undefined) {
      const known = [...this.#readers.keys()].join(', ') || `none: there is no section [${this.#kind}.NAME]`
      const near = didYouMean(name, this.#readers.keys())
      user.refuse(this.#kind, `unknown ${this.#kind} section '${written}'`, `${known}${near}`)
      return null
    }
    const settings = this.#settings.get(name) ?? this.#read(name, reader)
    if (!this.#settings.has(name)) reader.finish()
    this.#settings.set(name, settings)
    return { settings: { ...settings, name: written }, reader }
  }

  /** When all users have asked. */
  finish(): void {
    for (const [name, reader] of this.#readers) {
      if (!this.#settings.has(name)) reader.reading.warnings.push(`${reader.path}: nothing uses it`)
    }
  }
}
