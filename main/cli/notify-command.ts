import { BurrowError } from '../../shared/errors.ts'
import type { NotifierSettings } from '../../shared/notifier-settings.ts'
import type { ConsumerGroupStatus } from '../../shared/protocol/consumer.ts'
import { type StatusConstant, statusToText } from '../../shared/protocol/status.ts'
import { loadConfig } from '../config/load-config.ts'
import { didYouMean } from '../config/near-spelling.ts'
import { type DryRun, dryRun } from '../notifier/dry-run.ts'
import { explainConfigError } from './explain-config-error.ts'
import { describeDryRun, describeStatus, type StatusSource } from './notify/describe-messages.ts'
import { exampleStatus } from './notify/example-status.ts'
import { findStatus } from './notify/find-status.ts'
import { safeText } from './terminal/safe-text.ts'

export interface NotifyOptions {
  readonly configDir: string
  readonly cluster: string
  readonly group: string
  /** null = all. */
  readonly notifier: string | null
  /** For an example of that status; null = what the group has. */
  readonly status: StatusConstant | null
  /** Of the running Burrow to ask; null = the first listener of the configuration. */
  readonly url: string | null
  readonly showSecrets: boolean
  readonly json: boolean
}

/** Where lines go: results and complaints. */
type Out = Pick<Console, 'log' | 'error'>

/** Of the incident that is shown: none has this one. */
const exampleId = '00000000-0000-4000-8000-000000000000'

/**
 * `burrow notify --dry-run`: shows what the notifiers of a configuration would say about a group, and sends nothing. Resolves with
 * the exit code: 1 if the configuration cannot be used, the group not be found, or a message not be made.
 */
export async function notifyCommand(options: NotifyOptions, out: Out = console): Promise<number> {
  try {
    const config = loadConfig(options.configDir, { environment: process.env })
    const modules = chosen(config.notifiers, options.notifier)
    const { status, source } = await statusFor({ ...options, cluster: options.cluster.toLowerCase() })
    const runs = await dryRun({
      status,
      modules,
      timeMs: Date.now(),
      id: exampleId,
      showSecrets: options.showSecrets
    })
    print(out, status, source, runs, options.json)
    return runs.some(hasFailed) ? 1 : 0
  } catch (error) {
    if (error instanceof Refused) {
      out.error(`error: ${error.message}`)
      if (error.hint !== '') out.error(error.hint)
    } else if (error instanceof BurrowError && error.code === 'CONFIG_INVALID') out.error(explainConfigError(error))
    else throw error
    return 1
  }
}

/** The wish cannot be met; the message, fit for a terminal, says why, and `hint` what would help. */
class Refused extends Error {
  readonly hint: string

  constructor(message: string, hint = '') {
    super(message)
    this.hint = hint
  }
}

function chosen(all: readonly NotifierSettings[], name: string | null): readonly NotifierSettings[] {
  if (all.length === 0) throw new Refused('the configuration has no section [notifier.NAME], so nothing is ever sent')
  if (name === null) return all
  const one = all.filter(settings => settings.name === name)
  if (one.length > 0) return one
  const names = all.map(settings => settings.name)
  const near = didYouMean(safeText(name), names)
  throw new Refused(
    `there is no section [notifier.${safeText(name)}]${near === '' ? `; there are ${names.join(', ')}` : near}`
  )
}

/** What the group has, if that is what is asked for; else an example. */
async function statusFor({
  configDir,
  cluster,
  group,
  status,
  url
}: NotifyOptions): Promise<{ status: ConsumerGroupStatus; source: StatusSource }> {
  const where = url === null ? { configDir } : { url }
  const answer = await findStatus(where, cluster, group)
  if (answer.found && (status === null || status === answer.status.status)) {
    return { status: answer.status, source: { kind: 'running', url: answer.url } }
  }
  const why = answer.found ? `the group is ${statusToText(answer.status.status)} now, says ${answer.url}` : answer.why
  if (status === null) throw new Refused(why, '--status WARN or --status ERR shows the messages for a made-up example')
  return { status: exampleStatus(cluster, group, status, Date.now()), source: { kind: 'example', why } }
}

function print(
  out: Out,
  status: ConsumerGroupStatus,
  source: StatusSource,
  runs: readonly DryRun[],
  json: boolean
): void {
  if (json) {
    const { cluster, group } = status
    const head = { cluster, group, status: statusToText(status.status), source, sent: false }
    out.log(JSON.stringify({ ...head, notifiers: runs }, null, 2))
    return
  }
  for (const line of [...describeStatus(status, source), 'Nothing is sent.']) out.log(line)
  for (const run of runs) for (const line of describeDryRun(run)) out.log(line)
}

function hasFailed({ open, close }: DryRun): boolean {
  return 'error' in open || (close !== null && 'error' in close)
}
