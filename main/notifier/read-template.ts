import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { BurrowError, messageOf } from '../../shared/errors.ts'
import { parseTemplateText, type TemplateText } from '../../shared/template/render-task.ts'

type What = 'TemplateOpen' | 'TemplateClose'

/**
 * The template in a file, checked, null for ''. `what` is TemplateOpen or TemplateClose, as in Burrow's own sentence. Throws BurrowError
 * CONFIG_INVALID.
 */
export function readTemplate(what: What, path: string, use: 'body' | 'mail' = 'body'): TemplateText | null {
  if (path === '') return null
  try {
    return checked({ name: basename(path), source: readFileSync(path, 'utf8'), use })
  } catch (error) {
    throw new BurrowError('CONFIG_INVALID', `Failed to compile ${what}: ${messageOf(error)}`, {}, error)
  }
}

/** As `readTemplate`, for a message that cannot be without one. */
export function neededTemplate(what: What, path: string, use: 'body' | 'mail' = 'body'): TemplateText {
  const template = readTemplate(what, path, use)
  if (template === null) throw new BurrowError('CONFIG_INVALID', `Failed to compile ${what}: no file is named`)
  return template
}

/** A URL that is a template; the values in it are escaped (spec 09, F16). `key` is that of the configuration. */
export function urlTemplate(key: string, source: string): TemplateText {
  try {
    return checked({ name: key, source, use: 'url' })
  } catch (error) {
    throw new BurrowError('CONFIG_INVALID', `Failed to compile ${key}: ${messageOf(error)}`, {}, error)
  }
}

function checked(text: TemplateText): TemplateText {
  parseTemplateText(text)
  return text
}
