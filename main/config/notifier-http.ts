import type {
  AlertmanagerNotifierSettings,
  CommonNotifierSettings,
  HttpNotifierSettings,
  HttpSending,
  PagerDutyNotifierSettings,
  SlackNotifierSettings,
  TeamsNotifierSettings
} from '../../shared/notifier-settings.ts'
import { parseTemplate } from '../../shared/template/template.ts'
import { checkCertificates } from './pem-files.ts'
import type { SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'

/** RFC 9110 section 5.6.2: what a method or the name of a header is made of. */
const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110 section 5.5. */
const headerValuePattern = /^[\t\x20-\x7e\x80-\xff]*$/
/** As the Alertmanager and Prometheus want it. */
const labelPattern = /^[A-Za-z_][A-Za-z0-9_]*$/

const urlForm = 'a URL that begins with http:// or https://'
const pagerDutyUrl = 'https://events.pagerduty.com/v2/enqueue'

/** Spec 07 section 3.2. */
export function readHttp(common: CommonNotifierSettings, reader: SectionReader): HttpNotifierSettings {
  const closes = common.sendClose
  return {
    className: 'http',
    ...common,
    urlOpen: readUrlTemplate(reader, 'url-open'),
    urlClose: closes ? readUrlClose(reader) : reader.secret('url-close'),
    methodOpen: readMethod(reader, 'method-open'),
    methodClose: readMethod(reader, 'method-close'),
    keepaliveSeconds: reader.integer('keepalive', 300, { min: 0, max: timerSecondsMax }),
    disableHttpKeepalive: reader.flag('disable-http-keepalive', false),
    ...readSending(reader),
    ...readLogin(reader)
  }
}

/** Ours. `username`, `icon-url` and `icon-emoji` are the keys that the original's old slack class had. */
export function readSlack(common: CommonNotifierSettings, reader: SectionReader): SlackNotifierSettings {
  return {
    className: 'slack',
    ...common,
    url: readUrl(reader, 'url', { missing: 'no url specified' }),
    channel: reader.text('channel'),
    botName: reader.text('username'),
    iconUrl: reader.text('icon-url'),
    iconEmoji: reader.text('icon-emoji'),
    ...readSending(reader),
    ...noLogin
  }
}

/** Ours. */
export function readPagerDuty(common: CommonNotifierSettings, reader: SectionReader): PagerDutyNotifierSettings {
  const routingKey = reader.secret('routing-key')
  if (!/^[A-Za-z0-9]{32}$/.test(routingKey)) {
    const sentence = routingKey === '' ? 'no routing-key specified' : 'not an integration key'
    reader.refuse('routing-key', sentence, 'the integration key of an Events API v2 service, 32 letters and digits')
  }
  return {
    className: 'pagerduty',
    ...common,
    url: readUrl(reader, 'url', { fallback: pagerDutyUrl }),
    routingKey,
    ...readSending(reader),
    ...noLogin
  }
}

/** Ours. */
export function readTeams(common: CommonNotifierSettings, reader: SectionReader): TeamsNotifierSettings {
  return {
    className: 'teams',
    ...common,
    url: readUrl(reader, 'url', { missing: 'no url specified' }),
    ...readSending(reader),
    ...noLogin
  }
}

/** Ours. */
export function readAlertmanager(common: CommonNotifierSettings, reader: SectionReader): AlertmanagerNotifierSettings {
  reader.hide('urls') // a user and password may stand in one
  const urls = reader.list('urls')
  const allowed = 'a list of URLs, for example ["http://alertmanager-1:9093"]'
  if (urls.length === 0) reader.refuse('urls', 'no urls specified', allowed)
  const bad = urls.flatMap((url, index) => (isUrl(url) ? [] : [index + 1]))
  if (bad.length > 0) reader.refuse('urls', `not a URL: number ${bad.join(', ')}`, allowed)
  const labels = reader.strings('labels')
  const badLabels = Object.keys(labels).filter(label => !labelPattern.test(label))
  if (badLabels.length > 0) {
    reader.refuse('labels', `not names of labels: ${badLabels.join(', ')}`, 'letters, digits and underscores')
  }
  return { className: 'alertmanager', ...common, urls, labels, ...readSending(reader), ...readLogin(reader) }
}

/** `extra-ca` is not looked at with `noverify`, as in the original. Used for e-mail as well. */
export function readTrust(reader: SectionReader): Pick<HttpSending, 'extraCa' | 'noVerify' | 'noVerifyIsSet'> {
  const noVerify = reader.flag('noverify', false)
  const extraCa = reader.text('extra-ca')
  if (extraCa !== '' && !noVerify) checkCertificates(reader, 'extra-ca', 'cannot read the CA file')
  if (noVerify) reader.warn('noverify', 'anybody could answer as this server')
  return { extraCa, noVerify, ...(reader.has('noverify') ? { noVerifyIsSet: true } : {}) }
}

function readSending(reader: SectionReader): Omit<HttpSending, 'username' | 'password'> {
  const headers = reader.strings('headers')
  for (const [name, value] of Object.entries(headers)) {
    if (tokenPattern.test(name) && headerValuePattern.test(value)) continue
    reader.refuse(
      'headers',
      `${JSON.stringify(name)} cannot be sent`,
      'names without blanks, values without line breaks'
    )
  }
  return {
    timeoutSeconds: reader.integer('timeout', 5, { min: 1, max: timerSecondsMax }),
    headers,
    ...readTrust(reader)
  }
}

const noLogin = { username: '', password: '' } as const

function readLogin(reader: SectionReader): Pick<HttpSending, 'username' | 'password'> {
  const login = { username: reader.text('username'), password: reader.secret('password') }
  if (login.username === '' && login.password !== '') reader.warn('password', 'not used without a username')
  return login
}

function readMethod(reader: SectionReader, key: string): string {
  const method = reader.text(key) || 'POST'
  if (!tokenPattern.test(method)) reader.refuse(key, 'not an HTTP method', 'POST, PUT, DELETE and the like')
  return method
}

/** Secret, since many services take whoever knows the URL. */
function readUrl(
  reader: SectionReader,
  key: string,
  { missing, fallback = '' }: { missing?: string; fallback?: string }
) {
  const url = reader.secret(key, fallback)
  if (url === '' && missing !== undefined) reader.refuse(key, missing, urlForm)
  else if (!isUrl(url)) reader.refuse(key, 'not a URL', urlForm)
  return url
}

/** Burrow refuses to start without it, and with its own example file for that reason. A message that is over goes where it began. */
function readUrlClose(reader: SectionReader): string {
  if (reader.has('url-close')) return readUrlTemplate(reader, 'url-close')
  reader.warn('url-close', 'not there, though send-close is true: close messages go to url-open')
  return reader.secret('url-open')
}

function readUrlTemplate(reader: SectionReader, key: string): string {
  const url = readUrl(reader, key, { missing: `no ${key} specified` })
  try {
    parseTemplate(key, url, { kind: 'url' })
  } catch (error) {
    reader.refuse(key, `Failed to compile ${key}: ${(error as Error).message}`, 'a template of a URL')
  }
  return url
}

/** A template may stand in it; one at its beginning could be anything. */
function isUrl(text: string): boolean {
  if (text.startsWith('{{')) return true
  const example = text.replace(/\{\{[\s\S]*?\}\}/g, 'x')
  return /^https?:\/\//i.test(example) && URL.canParse(example)
}
