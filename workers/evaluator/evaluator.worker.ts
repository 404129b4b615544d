import { parentPort, threadId, workerData } from 'node:worker_threads'
import { type EvaluatorPoolInit, takeSeat } from '../../shared/actor/evaluator-seats.ts'
import type { EvaluatorTask, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { isLent } from '../../shared/actor/lent-memory.ts'
import { moving } from '../../shared/actor/piscina-pool.ts'
import type { Dial, Log } from '../../shared/actor/thread-messages.ts'
import { clockFromWord } from '../../shared/clock.ts'
import { Counters } from '../../shared/counters.ts'
import { createLogger } from '../../shared/log.ts'
import { DirectoryCache } from './directory-cache.ts'
import { GroupReader } from './group-reader.ts'
import { PageRenderer } from './render-page.ts'
import { ShardPorts } from './shard-ports.ts'

/**
 * A thread of the evaluator pool: the module of Piscina's tasks. Loading it takes a seat and dials storage; a thread that
 * replaces a dead one does the same by itself.
 */
const init = takeSeat(workerData as EvaluatorPoolInit, threadId)
const { settings, intervals } = init
const counters = new Counters(init.counters)
const clock = clockFromWord(init.clock)
const logger = createLogger(init.logLevel, record => parentPort!.postMessage({ kind: 'log', record } satisfies Log), {
  thread: init.name
})
const cacheByShard = Array.from({ length: init.shards }, () => new DirectoryCache())
const ports = new ShardPorts(
  init.shards,
  counters,
  dialled => {
    const dial: Dial = { kind: 'dial', ports: dialled }
    parentPort!.postMessage(
      dial,
      dialled.filter(port => port !== null)
    )
  },
  shard => {
    cacheByShard[shard]!.forgetAll()
    logger.info('storage shard dialled again', { shard })
  }
)
const groups = new GroupReader(ports, clock, init.expireGroupSeconds, cacheByShard)
const { minimumComplete, allowedLag } = settings
const renderer = new PageRenderer(ports, groups, { intervals, minimumComplete, allowedLag }, clock, counters)

/** Results in the order of the requests. A request that fails for a reason of its own does not harm the others. */
export default async function answer(task: EvaluatorTask): Promise<PageResult[]> {
  const results = await Promise.all(task.requests.map(request => renderer.render(request).catch(refused)))
  return moving(results, results.flatMap(memoryOf))
}

/** What is handed over and not copied. */
function memoryOf(result: PageResult): ArrayBufferLike[] {
  switch (result.kind) {
    case 'bytes':
    case 'part':
      return isLent(result.body) ? [] : [result.body.buffer]
    case 'verdict':
      return result.verdict.packed ? [result.verdict.packed.buffer] : []
    case 'changes':
      return [result.keys.buffer, result.text.buffer]
    case 'gone':
      return [result.text.buffer]
    case 'lists':
      return result.lists.map(list => list.buffer)
    case 'rows':
      return [result.block.keys.buffer, result.block.text.buffer]
    case 'figures':
      return result.blocks.flatMap(({ text, pieces, entries }) =>
        isLent(text) ? [] : [text.buffer, pieces.buffer, entries.buffer]
      )
    default:
      return []
  }
}

/** A bug here or broken data: the one request is refused, and the log says what was seen. */
function refused(error: unknown): PageResult {
  logger.error('a page could not be made', { error, stack: error instanceof Error ? error.stack : undefined })
  return { kind: 'error', code: 'EVALUATOR_UNAVAILABLE', message: 'the page could not be made' }
}
