import type { PartitionStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant, statusToText } from '../../../shared/protocol/status.ts'
import { worstOf } from '../../../shared/verdict.ts'
import { nameLengthMax } from '../limits.ts'
import type { Notification } from '../notification.ts'
import { readTemplate } from '../read-template.ts'
import type { TemplateRenderer } from '../template-renderer.ts'

/** What the classes without templates say, before each puts it into its own JSON. Names are plain text, at most so long. */
export interface OwnWords {
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** One line for each of the worst partitions. */
  readonly partitions: readonly string[]
}

export function ownWords({ kind, data, timeMs }: Notification): OwnWords {
  const { head, shownPartitions } = data.result
  const shown = worstOf(head.partitions)
  const [cluster, group] = [shortened(data.cluster), shortened(data.group)]
  const state = kind === 'open' ? `is ${statusToText(head.status)}` : ended(head.status)
  const more = shownPartitions - shown.length
  return {
    title: `Kafka consumer group ${group} in cluster ${cluster} ${state}`,
    facts: [
      ['Cluster', cluster],
      ['Group', group],
      ['Status', statusToText(head.status)],
      ['Total lag', String(head.totalLag)],
      ['Partitions', `${shownPartitions} of ${head.totalPartitions} behind`],
      ['Since', isoTime(data.startMs ?? timeMs)]
    ],
    partitions: [...shown.map(partitionLine), ...(more > 0 ? [`and ${more} more`] : [])]
  }
}

export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

/** Cut between characters, never inside one; control characters are not for display. */
export function shortened(name: string): string {
  const characters = Array.from(name.slice(0, nameLengthMax * 2).replaceAll(/\p{Cc}/gu, '\ufffd'))
  return characters.length <= nameLengthMax
    ? characters.join('')
    : `${characters.slice(0, nameLengthMax - 1).join('')}…`
}

/** `warning` for a group that falls behind, `critical` for one that does not move: words that alerting tools share. */
export function severityOf(status: number): 'warning' | 'critical' {
  return status === StatusConstant.Warning ? 'warning' : 'critical'
}

/** A body made of a template of the operator's, if there is one, else of ours. */
export function bodyWriter(
  settings: { readonly templateOpen: string; readonly templateClose: string },
  renderer: TemplateRenderer,
  ours: (notification: Notification) => unknown
): (notification: Notification) => Promise<string> {
  const templates = {
    open: readTemplate('TemplateOpen', settings.templateOpen),
    close: readTemplate('TemplateClose', settings.templateClose)
  }
  return async notification => {
    const template = templates[notification.kind]
    if (template === null) return JSON.stringify(ours(notification))
    const [text] = await renderer.render([template], notification.data)
    return text!
  }
}

function ended(status: number): string {
  return status === StatusConstant.NotFound ? 'is gone' : 'is OK again'
}

function partitionLine({ topic, partition, status, currentLag, owner }: PartitionStatus): string {
  const by = owner === '' ? '' : `, owner ${shortened(owner)}`
  return `${statusToText(status)} ${shortened(topic)}:${partition} lag ${currentLag}${by}`
}
