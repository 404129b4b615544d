import { endOffsetOfBacklog, loadGroupName, loadTopic, offsetOfRound } from '../../main/simulator/load.ts'
import { mustBe, type SuiteContext } from '../runner/suite.ts'
import type { Monitor } from './monitor.ts'
import { forEach } from './repeat.ts'

/** A backlog that was read, and the windows that must have come of it. */
export interface ReadBacklog {
  readonly cluster: string
  readonly groups: number
  readonly partitionsPerGroup: number
  readonly commitsPerPartition: number
  /** Every n-th group is looked at. */
  readonly everyNth?: number
}

interface CommitAnswer {
  readonly offset: number
  readonly lag: number | null
}
interface ConsumerAnswer {
  readonly topics: Readonly<Record<string, readonly { readonly offsets: readonly (CommitAnswer | null)[] }[]>>
}
interface StatusAnswer {
  readonly status: {
    readonly status: string
    readonly totallag: number
    readonly partition_count: number
    readonly complete: number
  }
}

const atOnce = 4

/** Every commit of every window, and every verdict, over HTTP. Rejects with WrongResult. */
export async function checkBacklog(context: SuiteContext, monitor: Monitor, backlog: ReadBacklog): Promise<void> {
  const { cluster, groups, partitionsPerGroup, commitsPerPartition, everyNth = 1 } = backlog
  const endOffset = endOffsetOfBacklog(commitsPerPartition)
  const listed = await monitor.program.get<{ consumers: readonly string[] }>(`/v3/kafka/${cluster}/consumer`)
  mustBe(listed.body.consumers.filter(name => name.startsWith('load-')).length, groups, 'groups')
  await forEach(Math.ceil(groups / everyNth), atOnce, async index => {
    const group = loadGroupName(index * everyNth)
    const path = `/v3/kafka/${cluster}/consumer/${group}`
    const { topics } = (await monitor.program.get<ConsumerAnswer>(path)).body
    const windows = topics[loadTopic] ?? []
    mustBe(windows.length, partitionsPerGroup, `windows of ${group}`)
    for (const [partition, { offsets }] of windows.entries()) {
      const first = commitsPerPartition - offsets.length
      for (const [place, commit] of offsets.entries()) {
        const offset = offsetOfRound(first + place)
        mustBe(commit?.offset, offset, `offset ${place} of ${group}/${partition}`)
        mustBe(commit?.lag, endOffset - offset, `lag ${place} of ${group}/${partition}`)
      }
    }
    const { status } = (await monitor.program.get<StatusAnswer>(`${path}/status`)).body
    const lag = endOffset - offsetOfRound(commitsPerPartition - 1)
    mustBe(status.totallag, lag * partitionsPerGroup, `lag of ${group}`)
    mustBe(status.partition_count, partitionsPerGroup, `partitions of ${group}`)
    mustBe(status.complete, 1, `completeness of ${group}`)
    mustBe(status.status, 'OK', `status of ${group}`)
    context.checked(partitionsPerGroup + 1)
  })
}
