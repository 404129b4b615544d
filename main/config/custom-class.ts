import type { CustomModuleKind, CustomModuleSettings } from '../../shared/settings.ts'
import type { SectionReader } from './section-reader.ts'

/** Before the name of a package, so that a misspelt class of ours is not taken for one. */
export const packagePrefix = 'npm:'

export const customClassForms = './FILE.js, npm:PACKAGE'

/** A file (`./x.js`, `../x.js`, `/opt/x.js`; from the folder of the configuration on) or `npm:` and a package. */
export function isCustomClass(className: string): boolean {
  return /^(?:\.{0,2}\/.|npm:.)/.test(className)
}

/** A section whose class is not ours; all its keys are the module's business (docs/custom-modules.md). */
export function readCustomModule(kind: CustomModuleKind, name: string, reader: SectionReader): CustomModuleSettings {
  return { kind, name, className: reader.text('class-name'), section: reader.all() }
}
