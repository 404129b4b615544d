import { BurrowError } from '../errors.ts'
import { builtins } from './run/builtins.ts'
import { Frame } from './run/frame.ts'
import { helpers } from './run/helpers.ts'
import { Renderer } from './run/renderer.ts'
import type { TemplateFunction } from './run/template-function.ts'
import { isBlank, parse } from './syntax/parser.ts'
import { timeZone } from './time/time-zone.ts'
import { dataValue, type NotifierData } from './values/notifier-data.ts'

export type { NotifierData } from './values/notifier-data.ts'

export interface TemplateOptions {
  /**
   * `url`: values are percent-encoded (spec 09, F16), but for one that begins the URL, and but for those that the template
   * itself has put through `urlquery`. Default `body`: values as they are.
   */
  readonly kind?: 'body' | 'url'
  /** IANA name of the zone that times are shown in; default: the zone of the system, as in Burrow. */
  readonly timeZone?: string
}

/** Checked once, rendered often. */
export interface Template {
  readonly name: string
  /** Throws BurrowError TEMPLATE_FAILED, with Go's text and the place in the file. Never runs away: see limits.ts. */
  render(data: NotifierData): string
}

/**
 * A template in the part of Go's text/template that Burrow's users write (spec 07 section 4). `name` is what errors call it, the
 * base name of its file. If the file has `define` blocks, the template is the text outside of them (spec 09, A14).
 * Throws BurrowError TEMPLATE_INVALID, with Go's text and the line. Main thread.
 */
export function parseTemplate(name: string, source: string, options: TemplateOptions = {}): Template {
  const templates = parse(name, source, word => functions.has(word) || evaluatorsOwn.has(word))
  if (templates.size > 1 && isBlank(templates.get(name)!)) {
    const message = `template: ${name}: there is nothing outside of its define blocks`
    throw new BurrowError('TEMPLATE_INVALID', message, { template: name })
  }
  const zone = timeZone(options.timeZone)
  const isUrl = options.kind === 'url'
  return {
    name,
    render: data =>
      new Renderer(new Frame(name, source, zone), templates, functions, { isUrl }).render(dataValue(data, zone))
  }
}

const functions: ReadonlyMap<string, TemplateFunction> = new Map([...builtins, ...helpers])
const evaluatorsOwn: ReadonlySet<string> = new Set(['and', 'or', 'call'])
