import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type * as Nodemailer from 'nodemailer'
import type { EmailNotifierSettings } from '../../shared/notifier-settings.ts'
import { withDeadline } from '../threads/deadline.ts'
import { type EmailMessage, emailMessage } from './email-message.ts'
import { trustOf } from './http/trust.ts'
import { mailDeadlineFactor, mailSliceBytes } from './limits.ts'
import type { Notification, Notifier, Outcome } from './notification.ts'
import { neededTemplate } from './read-template.ts'
import type { TemplateRenderer } from './template-renderer.ts'

/** Loaded for the first notifier that needs it: sixty files, which notifiers of other classes do without. */
const nodemailer = () => createRequire(import.meta.url)('nodemailer') as typeof Nodemailer

/**
 * Class `email` (spec 07 section 3.3). The only file that knows nodemailer: it makes the MIME message and speaks SMTP, one
 * connection a message. Throws BurrowError CONFIG_INVALID.
 */
export function createEmailNotifier(settings: EmailNotifierSettings, renderer: TemplateRenderer): Notifier {
  const { from, to, sendClose, templateOpen, templateClose } = settings
  const open = neededTemplate('TemplateOpen', templateOpen, 'mail')
  const close = sendClose ? neededTemplate('TemplateClose', templateClose, 'mail') : null
  const transport = nodemailer().createTransport(smtpOptions(settings))
  const compose = async ({ kind, data }: Notification) => {
    const template = kind === 'open' ? open : close
    if (template === null) throw new TypeError('a close without send-close')
    const [text] = await renderer.render([template], data)
    return emailMessage(text!)
  }
  return {
    settings,
    preview: async notification => [{ kind: 'email', from, to, ...(await compose(notification)) }],
    send: async notification => deliver(await compose(notification)),
    close: () => transport.close()
  }

  async function deliver({ subject, contentType, body }: EmailMessage): Promise<Outcome> {
    const signal = AbortSignal.timeout(Math.ceil(settings.timeoutSeconds * mailDeadlineFactor * 1000))
    try {
      const content = { contentType: `${contentType}; charset=utf-8`, content: inSlices(body) }
      const sent = await transport.sendMail({ from, to: [...to], subject, alternatives: [content], signal })
      const refused = sent.rejected.length === 0 ? '' : `; refused for ${sent.rejected.join(', ')}`
      return { ok: true, note: `${sent.response}${refused}` }
    } catch (error) {
      return signal.aborted ? { ok: false, retry: true, reason: 'timeout' } : undelivered(error)
    }
  }
}

/**
 * Connects and logs in as a message would, and sends none. What the server has shown, for `burrow check`. Rejects with what the library or
 * the server says. Main thread.
 */
export async function tryMailServer(settings: EmailNotifierSettings, deadlineMs: number): Promise<string> {
  const timeoutSeconds = Math.min(settings.timeoutSeconds, deadlineMs / 1000)
  let greeting = ''
  let secured = settings.port === 465 ? ', TLS' : ', in the clear'
  const silent = () => {}
  const debug = (entry: unknown, line: unknown) => {
    const { tnx } = entry as { tnx?: unknown }
    if (tnx === 'server' && greeting === '') greeting = String(line)
    if (tnx === 'client' && line === 'STARTTLS') secured = ', STARTTLS'
  }
  const logger = { level: silent, trace: silent, debug, info: silent, warn: silent, error: silent, fatal: silent }
  const transport = nodemailer().createTransport({
    ...smtpOptions({ ...settings, timeoutSeconds }),
    logger,
    transactionLog: true
  })
  try {
    await withDeadline(transport.verify(), deadlineMs, 'the mail server')
    const login = settings.authType === '' ? '' : `, logged in as ${settings.username}`
    return `a mail server (${greeting.slice(0, greetingMax)})${secured}${login}`
  } finally {
    transport.close()
  }
}

const greetingMax = 100

function smtpOptions(settings: EmailNotifierSettings) {
  const { server, port, authType, username, password } = settings
  const timeoutMs = settings.timeoutSeconds * 1000
  return {
    host: server,
    port,
    secure: port === 465,
    // A password in the clear goes to this machine at most, as with Go's library: without STARTTLS the mail is not sent.
    requireTLS: authType === 'plain' && port !== 465 && !isThisMachine(server),
    name: 'localhost',
    tls: trustOf(settings),
    ...(authType !== '' && {
      auth: { user: username, pass: password, method: authType === 'plain' ? 'PLAIN' : 'CRAM-MD5' },
      forceAuth: true
    }),
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    socketCloseTimeout: timeoutMs,
    // A message is text: nothing in it may make the library read files or URLs.
    disableFileAccess: true,
    disableUrlAccess: true
  }
}

/**
 * The library searches, encodes and writes a text in one go, which holds main for 20 to 60 ms for a megabyte. Of one that comes by and by it
 * encodes each part when it comes; it cannot look through it then, and makes it quoted-printable.
 */
function inSlices(body: string): string | Readable {
  return body.length > mailSliceBytes ? Readable.from(slicesOf(Buffer.from(body))) : body
}

async function* slicesOf(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  for (let from = 0; from < bytes.length; from += mailSliceBytes) {
    yield bytes.subarray(from, from + mailSliceBytes)
    await nextTurn()
  }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1'
}

/** RFC 5321 section 4.2.1: another try may pass after 4xx, never after 5xx; what has no reply is the network's. */
function undelivered(error: unknown): Outcome {
  if (!(error instanceof Error)) throw error
  const { responseCode = 0 } = error as { responseCode?: number }
  return { ok: false, retry: responseCode < 500, reason: error.message }
}
