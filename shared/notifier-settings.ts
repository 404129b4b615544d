/**
 * `[notifier.NAME]` (spec 07 section 3), checked and with defaults filled in: frozen plain values. The classes http, email and
 * null are Burrow's; slack, pagerduty, teams and alertmanager are ours.
 *
 * Secret, so never in a log, an answer or an error: `password`, `routingKey`, the values of `headers` and `extras`, and the
 * URLs (spec 09, D1).
 */
export type NotifierSettings =
  | HttpNotifierSettings
  | EmailNotifierSettings
  | NullNotifierSettings
  | SlackNotifierSettings
  | PagerDutyNotifierSettings
  | TeamsNotifierSettings
  | AlertmanagerNotifierSettings
  | CustomNotifierSettings

export type NotifierClass = NotifierSettings['className']

/** What all classes have. */
export interface CommonNotifierSettings {
  readonly name: string
  /** Rhythm of the evaluations; the smallest of all modules counts. */
  readonly intervalSeconds: number
  /** Least time between two open messages about a group. */
  readonly sendIntervalSeconds: number
  /** Group status from which on to notify: 1 OK, 2 WARN, 3 ERR. */
  readonly threshold: number
  readonly sendOnce: boolean
  readonly sendClose: boolean
  /** A file that could be read at start, or '': nothing to render (null), or the message that the class brings itself. */
  readonly templateOpen: string
  readonly templateClose: string
  /** For templates. */
  readonly extras: Readonly<Record<string, string>>
  /** RE2 patterns, '' = off. */
  readonly groupAllowlist: string
  readonly groupDenylist: string
}

/** How a request to somebody's HTTP server is made. */
export interface HttpSending {
  /** Of a whole request. */
  readonly timeoutSeconds: number
  /** HTTP Basic, '' = none. */
  readonly username: string
  readonly password: string
  readonly headers: Readonly<Record<string, string>>
  /** PEM, added to the roots of the system; '' = none. */
  readonly extraCa: string
  readonly noVerify: boolean
  /** The file says something about it, which is shown (spec 04 section 5.6). */
  readonly noVerifyIsSet?: true
}

export interface HttpNotifierSettings extends CommonNotifierSettings, HttpSending {
  readonly className: 'http'
  /** A template. */
  readonly urlOpen: string
  /** A template; '' without sendClose. */
  readonly urlClose: string
  readonly methodOpen: string
  readonly methodClose: string
  /** Of TCP. */
  readonly keepaliveSeconds: number
  readonly disableHttpKeepalive: boolean
}

export interface EmailNotifierSettings extends CommonNotifierSettings {
  readonly className: 'email'
  readonly server: string
  /** 465 = TLS from the first byte, else STARTTLS if offered. */
  readonly port: number
  readonly from: string
  readonly to: readonly string[]
  /** '' = no login. */
  readonly authType: '' | 'plain' | 'crammd5'
  readonly username: string
  readonly password: string
  /** Of connecting and of each step after it. */
  readonly timeoutSeconds: number
  readonly extraCa: string
  readonly noVerify: boolean
  /** The file says something about it, which is shown (spec 04 section 5.6). */
  readonly noVerifyIsSet?: true
}

export interface NullNotifierSettings extends CommonNotifierSettings {
  readonly className: 'null'
}

export interface SlackNotifierSettings extends CommonNotifierSettings, HttpSending {
  readonly className: 'slack'
  /** Incoming webhook. */
  readonly url: string
  /** '' = that of the webhook. */
  readonly channel: string
  /** Name that the message bears, '' = that of the webhook. */
  readonly botName: string
  readonly iconUrl: string
  readonly iconEmoji: string
}

export interface PagerDutyNotifierSettings extends CommonNotifierSettings, HttpSending {
  readonly className: 'pagerduty'
  /** Events API v2. */
  readonly url: string
  readonly routingKey: string
}

export interface TeamsNotifierSettings extends CommonNotifierSettings, HttpSending {
  readonly className: 'teams'
  readonly url: string
}

export interface AlertmanagerNotifierSettings extends CommonNotifierSettings, HttpSending {
  readonly className: 'alertmanager'
  /** One per member of the Alertmanager cluster, without `/api/v2/alerts`; all are sent to. At least one. */
  readonly urls: readonly string[]
  /** Labels added to every alert. */
  readonly labels: Readonly<Record<string, string>>
}

/** A class of the user's own (docs/custom-modules.md); its other keys are in `CustomModuleSettings`. */
export interface CustomNotifierSettings extends CommonNotifierSettings {
  readonly className: 'custom'
  /** As written: a path, or `npm:` and the name of a package. */
  readonly customClass: string
}
