import type { GroupAnswer, PartitionAnswer } from './ask/answers.ts'
import { AskFailed } from './ask/ask-failed.ts'
import { explainPath } from './ask/ask-status.ts'
import { BurrowClient } from './ask/burrow-client.ts'
import { exitCodeOfStatus } from './ask/exit-codes.ts'
import { findUrl, type WhereToAsk } from './ask/find-url.ts'
import { groupUnknown, near } from './ask/near-names.ts'
import { failed } from './status-command.ts'
import { explainGroupLines, explainPartitionLines } from './terminal/explain-lines.ts'
import { safeText } from './terminal/safe-text.ts'
import { screenOf } from './terminal/screen.ts'

export interface ExplainOptions extends WhereToAsk {
  readonly cluster: string
  readonly group: string
  readonly topic?: string
  readonly partition?: number
  readonly json: boolean
}

/**
 * `burrow explain`: asks a running instance why a group, or one of its partitions, has the status that it has. Exit codes as `burrow
 * status`.
 */
export async function explainCommand(options: ExplainOptions): Promise<number> {
  try {
    const client = new BurrowClient(findUrl(options, process.env))
    return options.topic === undefined
      ? await explainGroup(client, options)
      : await explainPartition(client, options, options.topic, options.partition ?? 0)
  } catch (error) {
    return failed(error)
  }
}

async function explainGroup(client: BurrowClient, options: ExplainOptions): Promise<number> {
  const explained = await askGroup(client, options)
  if (options.json) console.log(JSON.stringify(explained, null, 2))
  else console.log(explainGroupLines(explained, screenOf(process.stdout, process.env)).join('\n'))
  return exitCodeOfStatus(explained.status)
}

async function explainPartition(
  client: BurrowClient,
  options: ExplainOptions,
  topic: string,
  partition: number
): Promise<number> {
  const path = `${explainPath(options.cluster.toLowerCase(), options.group)}/${encodeURIComponent(topic)}/${partition}`
  const explained = await client.get<PartitionAnswer>(path, 'explanation')
  if (explained === null) throw partitionUnknown(await askGroup(client, options), topic, partition)
  if (options.json) console.log(JSON.stringify(explained, null, 2))
  else console.log(explainPartitionLines(explained, screenOf(process.stdout, process.env)).join('\n'))
  return exitCodeOfStatus(explained.status)
}

async function askGroup(client: BurrowClient, options: ExplainOptions): Promise<GroupAnswer> {
  const cluster = options.cluster.toLowerCase()
  const explained = await client.get<GroupAnswer>(explainPath(cluster, options.group), 'explanation')
  if (explained === null) throw await groupUnknown(client, [cluster], options.group)
  return explained
}

function partitionUnknown({ group, partitions }: GroupAnswer, topic: string, partition: number): AskFailed {
  const topics = new Set(partitions.map(each => each.topic))
  if (!topics.has(topic)) {
    return new AskFailed(`group ${safeText(group)} reads no topic ${safeText(topic)}${near(topic, topics)}`)
  }
  const count = partitions.filter(each => each.topic === topic).length
  return new AskFailed(
    `group ${safeText(group)} has no partition ${partition} of ${safeText(topic)}, only 0 to ${count - 1}`
  )
}
