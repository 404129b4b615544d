import { messageOf } from '../../shared/errors.ts'
import type { NotifierSettings } from '../../shared/notifier-settings.ts'
import type { ConsumerGroupStatus } from '../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import { compileGroupFilter } from '../../shared/rules/group-filter.ts'
import { packVerdict } from '../../shared/verdict.ts'
import { createNotifier } from './create-notifier.ts'
import { isOver } from './decide.ts'
import type { Notification, Preview } from './notification.ts'
import { hideSecrets, hideUrl, secretsOf } from './secrets.ts'
import { renderHere } from './template-renderer.ts'

export interface DryRunOptions {
  readonly status: ConsumerGroupStatus
  readonly modules: readonly NotifierSettings[]
  /** Of the incident and of the message, ms since the epoch. */
  readonly timeMs: number
  /** Of the incident. */
  readonly id: string
  /** Default false: secrets show as `***`, of URLs only the host. */
  readonly showSecrets?: boolean
}

export interface DryRun {
  readonly name: string
  readonly className: NotifierSettings['className']
  /** Why no open message would be sent for this status now; null = one would. */
  readonly silentBecause: string | null
  /** What the open message is, sent or not. */
  readonly open: DryRunMessage
  /** The message once the group is OK again; null = the module sends none. */
  readonly close: DryRunMessage | null
}

export type DryRunMessage = { readonly messages: readonly Preview[] } | { readonly error: string }

/** What each module would send about a group in its first bad moment. Sends nothing. Rejects with BurrowError CONFIG_INVALID. */
export function dryRun(options: DryRunOptions): Promise<readonly DryRun[]> {
  return Promise.all(options.modules.map(settings => dryRunOf(settings, options)))
}

async function dryRunOf(settings: NotifierSettings, options: DryRunOptions): Promise<DryRun> {
  const { status, timeMs, id, showSecrets = false } = options
  const notifier = createNotifier(settings, renderHere)
  const secrets = secretsOf(settings)
  const messageFor = async (kind: Notification['kind'], result: ConsumerGroupStatus): Promise<DryRunMessage> => {
    const { cluster, group } = status
    const data = { cluster, group, id, startMs: timeMs, extras: settings.extras, result: packVerdict(result) }
    try {
      const messages = await notifier.preview({ kind, data, timeMs })
      return { messages: showSecrets ? messages : messages.map(message => hidden(message, secrets)) }
    } catch (error) {
      return { error: hideSecrets(messageOf(error), secrets) }
    }
  }
  try {
    return {
      name: settings.name,
      className: settings.className,
      silentBecause: silentBecause(settings, status),
      open: await messageFor('open', status),
      close: settings.sendClose ? await messageFor('close', recovered(status)) : null
    }
  } finally {
    notifier.close()
  }
}

function silentBecause(settings: NotifierSettings, { group, status }: ConsumerGroupStatus): string | null {
  const filter = compileGroupFilter(settings.groupAllowlist, settings.groupDenylist)
  if (!filter.accept(group)) return 'its lists leave the group out'
  if (isOver(status)) return 'the group has no trouble'
  return status < settings.threshold ? `its threshold is ${settings.threshold}` : null
}

function recovered(status: ConsumerGroupStatus): ConsumerGroupStatus {
  return { ...status, status: StatusConstant.OK, partitions: [] }
}

function hidden(message: Preview, secrets: readonly string[]): Preview {
  if (message.kind === 'none') return message
  const body = hideSecrets(message.body, secrets)
  if (message.kind === 'email') return { ...message, body, subject: hideSecrets(message.subject, secrets) }
  const headers = Object.entries(message.headers).map(([name, value]) => [name, shown(name, value)])
  return { ...message, body, url: hideUrl(message.url), headers: Object.fromEntries(headers) }
}

function shown(name: string, value: string): string {
  return name === 'content-type' ? value : '***'
}
