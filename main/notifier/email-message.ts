import { BurrowError } from '../../shared/errors.ts'

export interface EmailMessage {
  readonly subject: string
  /** Without parameters: body and charset are the mail library's business. */
  readonly contentType: string
  readonly body: string
}

/**
 * What a rendered template says (spec 07 section 3.3 as decided in spec 09, F10): lines `Subject: `, `Content-Type: ` and
 * `MIME-version: ` at its very beginning, the first of them the subject, then a blank line, then the body as it is. What looks
 * like a header further down belongs to the body. Throws BurrowError TEMPLATE_FAILED.
 */
export function emailMessage(text: string): EmailMessage {
  const lines = text.split(/\r?\n/)
  let subject: string | null = null
  let contentType = 'text/plain'
  let at = 0
  for (; at < lines.length; at++) {
    const [, name, value = ''] = headerPattern.exec(lines[at]!) ?? []
    if (name === undefined || (subject === null && name !== 'Subject')) break
    if (name === 'Subject') subject ??= value.trim()
    else if (name === 'Content-Type') contentType = contentTypeOf(value)
  }
  if (subject === null) throw new BurrowError('TEMPLATE_FAILED', 'the message does not begin with "Subject: "')
  if (lines[at] === '') at++
  return { subject, contentType, body: lines.slice(at).join('\n') }
}

const headerPattern = /^(Subject|Content-Type|MIME-version): (.*)$/

function contentTypeOf(value: string): string {
  const type = value.split(';')[0]!.trim().toLowerCase()
  if (!/^text\/[a-z0-9.+-]+$/.test(type)) {
    throw new BurrowError('TEMPLATE_FAILED', 'the Content-Type of a mail must be text/plain, text/html or another text')
  }
  return type
}
