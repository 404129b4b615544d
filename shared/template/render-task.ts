import { BurrowError } from '../errors.ts'
import { LruMap } from '../lru-map.ts'
import { unpackVerdict, type Verdict } from '../verdict.ts'
import { type NotifierData, parseTemplate, type Template } from './template.ts'
import { withoutControls } from './without-controls.ts'

/** A template as it goes to the thread that renders: the source itself, so that a new thread needs to be told nothing. */
export interface TemplateText {
  /** What errors call it. */
  readonly name: string
  readonly source: string
  /** `url`: values are escaped for one. `mail`: the data loses its control characters first. */
  readonly use: 'body' | 'url' | 'mail'
}

/** What a notification says, before its verdict is made into objects. */
export type PackedData = Omit<NotifierData, 'result'> & { readonly result: Verdict }

/** All texts of one message, so that its data crosses over to the other thread once. */
export interface RenderTask {
  readonly templates: readonly TemplateText[]
  readonly data: PackedData
}

/** Texts in the order of the templates, or what the first template that failed says. */
export type RenderResult =
  | { readonly ok: true; readonly texts: readonly string[] }
  | { readonly ok: false; readonly error: string }

/** More than a configuration has, as a rule; beyond it templates are parsed anew. */
const parsedMax = 64
const parsed = new LruMap<Template>(parsedMax)

/** Any thread; takes up to seconds for the worst that limits.ts lets through, so not main while it serves others. */
export function renderTask({ templates, data }: RenderTask): RenderResult {
  const unpacked = { ...data, result: unpackVerdict(data.result) }
  try {
    return { ok: true, texts: templates.map(template => rendered(template, unpacked)) }
  } catch (error) {
    if (error instanceof BurrowError) return { ok: false, error: error.message }
    throw error
  }
}

/** Throws BurrowError TEMPLATE_INVALID. */
export function parseTemplateText({ name, source, use }: TemplateText): Template {
  return parseTemplate(name, source, { kind: use === 'url' ? 'url' : 'body' })
}

function rendered(text: TemplateText, data: NotifierData): string {
  const key = `${text.use} ${text.name}\n${text.source}`
  const template = parsed.get(key) ?? parseTemplateText(text)
  parsed.set(key, template)
  return template.render(text.use === 'mail' ? withoutControls(data) : data)
}
