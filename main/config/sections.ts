import type { ConfigTable } from './config-tree.ts'
import { customClassForms, isCustomClass } from './custom-class.ts'
import { showValue } from './mistakes.ts'
import type { Reading } from './section-reader.ts'
import { SectionReader } from './section-reader.ts'

/** A section with a name of the user's: `[storage.main]` is the module `main`. */
export interface NamedSection {
  readonly name: string
  readonly reader: SectionReader
}

/** A section there is one of, `[general]`; empty if the file has none. */
export function singleSection(root: ConfigTable, name: string, reading: Reading): SectionReader {
  const table = root.get(name)
  if (table !== undefined && table !== null && !(table instanceof Map)) {
    reading.mistakes.add(name, 'not a section', showValue(table), `a section [${name}]`)
  }
  return new SectionReader([name], table instanceof Map ? table : new Map(), reading)
}

/** All `[kind.NAME]`, in the order of the file. Modules must be in the file; variables only override their values. */
export function namedSections(root: ConfigTable, kind: string, reading: Reading): readonly NamedSection[] {
  const table = root.get(kind)
  if (table === undefined || table === null) return []
  const hiddenBy = reading.environment.hides([kind])
  if (hiddenBy !== null) {
    reading.warnings.push(`${kind}: the file's sections are not used, the variable ${hiddenBy} hides them`)
    return []
  }
  const allowed = `sections [${kind}.NAME]`
  if (!(table instanceof Map)) {
    reading.mistakes.add(kind, 'not a section', showValue(table), allowed)
    return []
  }
  const sections: NamedSection[] = []
  for (const [name, value] of table) {
    if (value === null) {
      sections.push({ name, reader: new SectionReader([kind, name], new Map(), reading) })
    } else if (!(value instanceof Map)) {
      reading.mistakes.add(`${kind}.${name}`, 'is outside a module section', showValue(value), allowed)
    } else if (name.trim() === '') {
      reading.mistakes.add(`${kind}.${name}`, 'has no name', showValue(name), allowed)
    } else {
      sections.push({ name, reader: new SectionReader([kind, name], value, reading) })
    }
  }
  return sections
}

/** Whether there is a `[kind.NAME]` that no variable hides, right or wrong. */
export function hasModules(root: ConfigTable, kind: string, reading: Reading): boolean {
  const table = root.get(kind)
  return table instanceof Map && table.size > 0 && reading.environment.hides([kind]) === null
}

/** For storage and evaluator: the one module, or `default` with no keys of its own. */
export function onlySection(root: ConfigTable, kind: string, className: string, reading: Reading): NamedSection {
  const sections = namedSections(root, kind, reading)
  if (sections.length > 1) {
    const names = sections.map(section => section.name).join(', ')
    reading.mistakes.add(kind, `Only one ${kind} module must be configured`, names, `one section [${kind}.NAME]`)
  }
  for (const { reader } of sections) checkClass(reader, kind, [className])
  return sections[0] ?? { name: 'default', reader: new SectionReader([kind, 'default'], new Map(), reading) }
}

/** Returns the class, or null after saying what is wrong with it. `takesCustom`: may it be a class of the user's own? */
export function checkClass(
  reader: SectionReader,
  kind: string,
  classes: readonly string[],
  takesCustom = false
): string | null {
  const className = reader.text('class-name')
  if (classes.includes(className) || (takesCustom && isCustomClass(className))) return className
  const allowed = [...classes, ...(takesCustom ? [customClassForms] : [])].join(', ')
  reader.refuse('class-name', `Unknown ${kind} className provided: ${className}`, allowed)
  return null
}
