import type { GroupListFilter, PageResult, RowBlock, TaskRequest } from '../../shared/actor/evaluator-tasks.ts'
import { keep } from '../../shared/actor/lent-memory.ts'
import { BurrowError } from '../../shared/errors.ts'
import { askAhead } from './ask-ahead.ts'
import { askAll, mustBeOf } from './pool-steps.ts'

/** Lists that are being made at a time, those that are asked for twice counted once; the next is refused. */
export const clusterListsMax = 4
/** Time for a list, however many groups there are. */
export const clusterListDeadlineMs = 30_000

export interface ClusterListRequest {
  readonly cluster: string
  readonly filter: GroupListFilter
  readonly offset: number
  readonly limit: number
}

export interface ClusterListsOptions {
  /** Threads of the pool. */
  readonly threads: number
  page(request: TaskRequest): Promise<PageResult>
  readonly deadlineMs?: number
}

/**
 * All groups of a cluster with their verdicts, worst first, a page of them at a time. Main thread, which asks and passes on: the pool
 * judges, sorts and writes. Whoever asks for a list that is just being made gets that one.
 */
export class ClusterLists {
  readonly #options: ClusterListsOptions
  readonly #openByKey = new Map<string, OpenList>()

  constructor(options: ClusterListsOptions) {
    this.#options = options
  }

  /** Resolves with bytes, not-found or an error; rejects with BurrowError QUEUE_FULL or DEADLINE_EXCEEDED. The bytes are shared. */
  list(request: ClusterListRequest): Promise<PageResult> {
    const key = JSON.stringify([request.cluster, request.filter, request.offset, request.limit])
    const open = this.#openByKey.get(key)
    if (open) {
      open.shared = true
      return open.made
    }
    if (this.#openByKey.size >= clusterListsMax) {
      return Promise.reject(
        new BurrowError('QUEUE_FULL', 'too many lists of groups are being made', { clusterListsMax })
      )
    }
    const made = this.#make(request)
      .then(result => {
        if (result.kind === 'bytes' && this.#openByKey.get(key)?.shared) keep(result.body)
        return result
      })
      .finally(() => this.#openByKey.delete(key))
    this.#openByKey.set(key, { made, shared: false })
    return made
  }

  async #make({ cluster, filter, offset, limit }: ClusterListRequest): Promise<PageResult> {
    const endMs = Date.now() + (this.#options.deadlineMs ?? clusterListDeadlineMs)
    const ask = (request: TaskRequest): Promise<PageResult> => {
      if (Date.now() > endMs) return Promise.reject(new BurrowError('DEADLINE_EXCEEDED', 'the list takes too long'))
      return this.#options.page(request)
    }
    const lists = await ask({ page: 'metrics-groups', cluster })
    if (lists.kind !== 'lists') return lists
    const blocks: RowBlock[] = []
    // One at work and one waiting for each thread.
    const ahead = this.#options.threads * 2
    const rowsMax = offset + limit
    const judge = (list: Uint8Array) =>
      askAll(async from => mustBeOf('rows', await ask({ page: 'group-rows', list, from, filter, rowsMax })))
    for await (const judged of askAhead(lists.lists, ahead, judge)) blocks.push(...judged.map(({ block }) => block))
    return ask({ page: 'group-list', cluster, blocks, offset, limit })
  }
}

interface OpenList {
  readonly made: Promise<PageResult>
  /** Several wait for it: none of them may give its memory back. */
  shared: boolean
}
