import type { CommonNotifierSettings, EmailNotifierSettings } from '../../shared/notifier-settings.ts'
import { parseHostPort } from './host-port.ts'
import { readTrust } from './notifier-http.ts'
import type { SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'

const addressForm = 'an address such as burrow@example.org or "Burrow <burrow@example.org>"'

/** Spec 07 section 3.3; `timeout` is ours. */
export function readEmail(common: CommonNotifierSettings, reader: SectionReader): EmailNotifierSettings {
  const server = reader.text('server')
  const port = reader.integer('port', 0, { min: 1, max: 65_535 }, 'missing')
  const host = server.includes(':') ? `[${server}]` : server
  if (port !== 0 && parseHostPort(`${host}:${port}`) === null) {
    reader.refuse('server', 'bad server or port', 'the name or address of a mail server, without the port')
  }
  const from = reader.text('from')
  if (!isAddress(from)) reader.refuse('from', from === '' ? 'missing from address' : 'not an address', addressForm)
  const settings = {
    className: 'email' as const,
    ...common,
    server,
    port,
    from,
    to: readRecipients(reader),
    authType: readAuthType(reader),
    username: reader.text('username'),
    password: reader.secret('password'),
    timeoutSeconds: reader.integer('timeout', 10, { min: 1, max: timerSecondsMax }),
    ...readTrust(reader)
  }
  if (settings.authType === '') {
    for (const key of ['username', 'password'] as const) {
      if (settings[key] !== '') reader.warn(key, 'not used without auth-type')
    }
  } else {
    for (const key of ['username', 'password'] as const) {
      if (settings[key] === '') reader.refuse(key, 'missing, a login needs both', 'a user name and a password')
    }
  }
  return settings
}

/** One text with commas, as in the original. */
function readRecipients(reader: SectionReader): readonly string[] {
  const to = reader
    .text('to')
    .split(',')
    .map(address => address.trim())
    .filter(address => address !== '')
  const bad = to.filter(address => !isAddress(address))
  if (to.length === 0) reader.refuse('to', 'missing to address', 'addresses, with commas between them')
  if (bad.length > 0)
    reader.refuse('to', `not an address: ${bad.map(each => JSON.stringify(each)).join(', ')}`, addressForm)
  return to
}

function readAuthType(reader: SectionReader): EmailNotifierSettings['authType'] {
  const word = reader.text('auth-type').toLowerCase()
  if (word === '' || word === 'plain' || word === 'crammd5') return word
  reader.refuse('auth-type', 'unknown auth type', 'plain, crammd5, or nothing')
  return ''
}

/** Whether somebody lives there only the mail server knows. */
function isAddress(text: string): boolean {
  return /^(?:[^<>\r\n]*<[^<>\s@,]+@[^<>\s@,]+>|[^<>\s@,]+@[^<>\s@,]+)$/.test(text)
}
