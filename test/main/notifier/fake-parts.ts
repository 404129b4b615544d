import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Notification, Notifier, Outcome } from '../../../main/notifier/notification.ts'
import type { Clock } from '../../../shared/clock.ts'
import { createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import { createLogger, createLogLevelWord, type LogRecord } from '../../../shared/log.ts'
import type {
  AlertmanagerNotifierSettings,
  EmailNotifierSettings,
  HttpNotifierSettings,
  NullNotifierSettings
} from '../../../shared/notifier-settings.ts'
import type { Logger } from '../../../shared/protocol/application-context.ts'
import type { ConsumerGroupStatus, PartitionStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { packVerdict } from '../../../shared/verdict.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** 2023-11-14T22:13:20Z. */
export const startMs = 1_700_000_000_000

export class HandClock implements Clock {
  ms = startMs
  nowMs(): number {
    return this.ms
  }
}

const common = {
  name: 'ops',
  intervalSeconds: 60,
  sendIntervalSeconds: 60,
  threshold: 2,
  sendOnce: false,
  sendClose: false,
  templateOpen: '',
  templateClose: '',
  extras: {},
  groupAllowlist: '',
  groupDenylist: ''
}

const sending = { timeoutSeconds: 5, username: '', password: '', headers: {}, extraCa: '', noVerify: false }

export function nullSettings(changes: Partial<NullNotifierSettings> = {}): NullNotifierSettings {
  return { ...common, ...changes, className: 'null' }
}

export function httpSettings(changes: Partial<HttpNotifierSettings> = {}): HttpNotifierSettings {
  return {
    ...common,
    ...sending,
    urlOpen: '',
    urlClose: '',
    methodOpen: 'POST',
    methodClose: 'POST',
    keepaliveSeconds: 300,
    disableHttpKeepalive: false,
    ...changes,
    className: 'http'
  }
}

export function emailSettings(changes: Partial<EmailNotifierSettings> = {}): EmailNotifierSettings {
  return {
    ...common,
    server: '127.0.0.1',
    port: 25,
    from: 'burrow@example.org',
    to: ['ops@example.org'],
    authType: '',
    username: '',
    password: '',
    timeoutSeconds: 5,
    extraCa: '',
    noVerify: false,
    ...changes,
    className: 'email'
  }
}

export function alertmanagerSettings(
  changes: Partial<AlertmanagerNotifierSettings> = {}
): AlertmanagerNotifierSettings {
  return { ...common, ...sending, urls: ['http://127.0.0.1:9093'], labels: {}, ...changes, className: 'alertmanager' }
}

/** Common parts for a class that has no maker of its own. */
export const webhookParts = { ...common, ...sending }

export function groupStatus(status: StatusConstant, changes: Partial<ConsumerGroupStatus> = {}): ConsumerGroupStatus {
  const partitions = status > StatusConstant.OK ? [partitionStatus()] : []
  return {
    cluster: 'local',
    group: 'g1',
    status,
    complete: 1,
    partitions,
    totalPartitions: 3,
    maxlag: partitions[0] ?? null,
    totalLag: 42,
    ...changes
  }
}

export function partitionStatus(changes: Partial<PartitionStatus> = {}): PartitionStatus {
  return {
    topic: 'orders',
    partition: 1,
    owner: 'host-1',
    clientId: 'client-1',
    status: StatusConstant.Stop,
    start: null,
    end: null,
    currentLag: 42,
    complete: 1,
    ...changes
  }
}

export function notificationOf(kind: 'open' | 'close', result: ConsumerGroupStatus, extras = {}): Notification {
  const { cluster, group } = result
  return {
    kind,
    timeMs: startMs + 5000,
    data: { cluster, group, id: 'id-1', startMs, extras, result: packVerdict(result) }
  }
}

/** A file with a template. */
export function templateFile(text: string): string {
  const path = join(tempFolder('notifier'), 'test.tmpl')
  writeFileSync(path, text)
  return path
}

export interface Kept {
  readonly logger: Logger
  readonly logged: LogRecord[]
  readonly counterBlock: SharedArrayBuffer
  counts(): ReturnType<typeof sumCounters>
}

export function kept(): Kept {
  const logged: LogRecord[] = []
  const counterBlock = createCounterBlock()
  const logger = createLogger(createLogLevelWord('debug'), record => logged.push(record))
  return { logger, logged, counterBlock, counts: () => sumCounters([counterBlock]) }
}

/** Keeps what it is given; `answer` says how each try ends. */
export class FakeNotifier implements Notifier {
  readonly settings: NullNotifierSettings
  readonly sent: Notification[] = []
  answer: (notification: Notification) => Promise<Outcome> = async () => ({ ok: true, note: '' })

  constructor(changes: Partial<NullNotifierSettings> = {}) {
    this.settings = nullSettings(changes)
  }

  async preview(): Promise<[]> {
    return []
  }

  send(notification: Notification): Promise<Outcome> {
    this.sent.push(notification)
    return this.answer(notification)
  }

  close(): void {}

  /** What was tried so far, `open g1` and so on. */
  get said(): readonly string[] {
    return this.sent.map(({ kind, data }) => `${kind} ${data.group}`)
  }
}

/** Lets everything that needs no socket and no timer run to its end. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
