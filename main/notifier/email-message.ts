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
  const unixText = text.replaceAll('\r\n', '\n')
  let subject: string | null = null
  let contentType = 'text/plain'
  let at = 0
  for (let header = headerAt(unixText, at); header; header = headerAt(unixText, at)) {
    const [line, name, value = ''] = header
    if (subject === null && name !== 'Subject') break
    if (name === 'Subject') subject ??= value.trim()
    else if (name === 'Content-Type') contentType = contentTypeOf(value)
    at += line.length
  }
  if (subject === null) throw new BurrowError('TEMPLATE_FAILED', 'the message does not begin with "Subject: "')
  if (unixText[at] === '\n') at++
  return { subject, contentType, body: unixText.slice(at) }
}

/** The header line that begins there: the line with its end, name, value. The rest of the text, which can be long, is not looked at. */
function headerAt(text: string, at: number): RegExpExecArray | null {
  headerPattern.lastIndex = at
  return headerPattern.exec(text)
}

const headerPattern = /(Subject|Content-Type|MIME-version): (.*)(?:\n|$)/y

function contentTypeOf(value: string): string {
  const type = value.split(';')[0]!.trim().toLowerCase()
  if (!/^text\/[a-z0-9.+-]+$/.test(type)) {
    throw new BurrowError('TEMPLATE_FAILED', 'the Content-Type of a mail must be text/plain, text/html or another text')
  }
  return type
}
