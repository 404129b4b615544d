import type { ConsumerGroupStatus } from '../../../shared/protocol/consumer.ts'
import { statusToText } from '../../../shared/protocol/status.ts'
import type { DryRun, DryRunMessage } from '../../notifier/dry-run.ts'
import type { Preview } from '../../notifier/notification.ts'
import { safeText } from '../terminal/safe-text.ts'

/** Who said how the group is doing. */
export type StatusSource =
  | { readonly kind: 'running'; readonly url: string }
  /** Made up; `why`, fit for a terminal: the group could not be asked about, or what it really is. */
  | { readonly kind: 'example'; readonly why: string }

/** One line about the group, and one more if it is made up. */
export function describeStatus(status: ConsumerGroupStatus, source: StatusSource): string[] {
  const { cluster, group, partitions, totalPartitions, totalLag } = status
  const facts = `${partitions.length} of ${totalPartitions} partitions behind, total lag ${totalLag}`
  const line = `Group ${safeText(group)} of cluster ${safeText(cluster)}: ${statusToText(status.status)}, ${facts}`
  if (source.kind === 'running') return [`${line} (says ${source.url})`]
  return [line, `An example, made up with that status: ${source.why}`]
}

/** What one module would send, as lines for people. */
export function describeDryRun({ name, className, silentBecause, open, close }: DryRun): string[] {
  const would = silentBecause === null ? 'would send the open message' : `would send nothing: ${silentBecause}`
  return [
    '',
    `notifier.${name} (${className}): ${would}`,
    ...describeMessage('open', className, open),
    ...(close === null ? ['  close: none (send-close is off)'] : describeMessage('close', className, close))
  ]
}

function describeMessage(kind: string, className: DryRun['className'], message: DryRunMessage): string[] {
  if ('error' in message) return [`  ${kind}: FAILS: ${shown(message.error)}`]
  return message.messages.flatMap(preview => [
    `  ${kind}:`,
    ...linesOf(preview, className).map(line => (line === '' ? '' : `    ${line}`))
  ])
}

function linesOf(preview: Preview, className: DryRun['className']): string[] {
  switch (preview.kind) {
    case 'none':
      return [
        className === 'null' ? 'nothing: the class null sends nothing' : 'what this module sends is not known before'
      ]
    case 'http':
      return [
        shown(`${preview.method} ${preview.url}`),
        ...Object.entries(preview.headers).map(([name, value]) => shown(`${name}: ${value}`)),
        '',
        ...bodyLines(preview.body)
      ]
    case 'email':
      return [
        shown(`From: ${preview.from}`),
        shown(`To: ${preview.to.join(', ')}`),
        shown(`Subject: ${preview.subject}`),
        shown(`Content-Type: ${preview.contentType}`),
        '',
        ...bodyLines(preview.body)
      ]
  }
}

/** JSON in one line is for machines, so people see it indented; `--json` has every body as it is. */
function bodyLines(body: string): string[] {
  const text = body.replace(/\n$/, '')
  const json = text.includes('\n') ? undefined : parsedJson(text)
  if (typeof json !== 'object' || json === null) return text.split('\n').map(shown)
  return ['(JSON, sent in one line)', ...JSON.stringify(json, null, 2).split('\n').map(shown)]
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Fit for a terminal as `safeText` is, but for backslashes and tabs, which a body has its reasons for. */
function shown(text: string): string {
  return text.replaceAll(/[^\\\t]+/g, safeText)
}
