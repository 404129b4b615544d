import { offsetsPartitionOf } from '../../shared/kafka-api/offsets-partition.ts'
import { selfReportGroup } from '../../shared/rules/self-report-group.ts'
import { groupDetail, windowOffsets } from '../support/burrow-api.ts'
import type { Program } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'
import {
  coordinatedName,
  groupTombstone,
  offsetsPartitions,
  partitionsByHand,
  partitionsOfCoordinator,
  writeTo
} from './backlog.ts'
import { intervals } from './burrow-toml.ts'
import { both, type SideBySide } from './side-by-side.ts'

const boundMs = 60_000
const topic = '__consumer_offsets'
const modules = ['local', 'replay']

/**
 * Writes into the offsets topic until the windows in which both programs show how far they have read it are full, where a scenario
 * will write. Each slot of them is a second in which a program read something; while they fill, they tell the one from the other
 * by when a second began, and `/metrics` has no series of a window that is not full.
 */
export async function fillOwnWindows({ client, kafka, programs }: SideBySide): Promise<void> {
  const nobody = groupTombstone('nobody')
  const fillers = partitionsOfCoordinator.map(partition => coordinatedName('filler', [partition]))
  let offset = 0
  const full = async () => {
    offset++
    for (const partition of partitionsByHand) await writeTo(kafka.servers[0]!, partition, nobody)
    for (const group of fillers) await client.commitOffset(group, 'orders', 0, offset)
    const all = programs.flatMap(program => modules.map(module => isFull(program, module)))
    return (await Promise.all(all)).every(Boolean)
  }
  await waitFor(full, 'full windows of the own groups', boundMs)
}

/** Waits until both say that they have read everything that was written for `group`, without asking about it. */
export async function ownWindowsAtEnd(side: SideBySide, group: string): Promise<void> {
  const partition = offsetsPartitionOf(group, offsetsPartitions)
  const ends = await (await side.client.admin()).fetchTopicOffsets(topic)
  const end = Number(ends.find(each => each.partition === partition)?.high)
  for (const module of modules) {
    const isRead = async (program: Program) =>
      ((await windowOffsets(program, module, selfReportGroup(module), topic, partition))?.at(-1) ?? 0) >= end
    await both(side, `the offsets topic up to ${end} in ${module}`, isRead)
  }
}

async function isFull(program: Program, module: string): Promise<boolean> {
  const partitions = (await groupDetail(program, module, selfReportGroup(module)))?.[topic] ?? []
  return [...partitionsByHand, ...partitionsOfCoordinator].every(partition => {
    const slots = partitions[partition]?.offsets ?? []
    return slots.length === intervals && slots.every(Boolean)
  })
}
