import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { BurrowError } from '../../shared/errors.ts'
import { parseTemplate, type Template } from './template/template.ts'

/**
 * The template in a file, null for ''. `what` is TemplateOpen or TemplateClose, as in Burrow's own sentence. Throws BurrowError
 * CONFIG_INVALID.
 */
export function readTemplate(what: 'TemplateOpen' | 'TemplateClose', path: string): Template | null {
  if (path === '') return null
  try {
    return parseTemplate(basename(path), readFileSync(path, 'utf8'))
  } catch (error) {
    throw new BurrowError('CONFIG_INVALID', `Failed to compile ${what}: ${reasonOf(error)}`, {}, error)
  }
}

/** As `readTemplate`, for a message that cannot be without one. */
export function neededTemplate(what: 'TemplateOpen' | 'TemplateClose', path: string): Template {
  const template = readTemplate(what, path)
  if (template === null) throw new BurrowError('CONFIG_INVALID', `Failed to compile ${what}: no file is named`)
  return template
}

/** A URL that is a template; the values in it are escaped (spec 09, F16). `key` is that of the configuration. */
export function urlTemplate(key: string, source: string): Template {
  try {
    return parseTemplate(key, source, { kind: 'url' })
  } catch (error) {
    throw new BurrowError('CONFIG_INVALID', `Failed to compile ${key}: ${reasonOf(error)}`, {}, error)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
