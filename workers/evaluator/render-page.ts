import type {
  EvaluateRequest,
  ExplainPage,
  PageResult,
  StatusPage,
  TaskRequest
} from '../../shared/actor/evaluator-tasks.ts'
import { Lender } from '../../shared/actor/lent-memory.ts'
import { type Clock, wholeSeconds } from '../../shared/clock.ts'
import type { Counters } from '../../shared/counters.ts'
import { BurrowError, unreachable } from '../../shared/errors.ts'
import { ByteWriter } from '../../shared/json/byte-writer.ts'
import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import { writeConsumerTopics, writeIntegers, writeStatus, writeStrings } from '../../shared/json/write-consumer.ts'
import { writeGroupExplanation, writePartitionExplanation } from '../../shared/json/write-explanation.ts'
import type { ConsumerGroupStatus, ConsumerTopics } from '../../shared/protocol/consumer.ts'
import { StorageRequestConstant as Code, type StorageQuery, type StorageReply } from '../../shared/protocol/storage.ts'
import { type EvaluationSettings, evaluateTopics, notFoundStatus } from '../../shared/rules/evaluate.ts'
import { explainGroup, explainPartition } from '../../shared/rules/explain.ts'
import { packVerdict } from '../../shared/verdict.ts'
import { groupRows, writeGroupList } from './cluster-list/cluster-list-steps.ts'
import { groupChanges, groupsGone } from './cluster-list/group-changes.ts'
import type { GroupRowSources } from './cluster-list/judge-groups.ts'
import { copyGroup } from './copy-group.ts'
import { GroupEvaluator } from './evaluate-group.ts'
import { type GroupReader, storageDeadlineMs } from './group-reader.ts'
import { MetricsSteps } from './metrics/metrics-steps.ts'
import type { ShardPorts } from './shard-ports.ts'
import { StatusWriter, writerBytesKept } from './status-writer.ts'

/** `PageResult.status` of pages that have no status. */
export const noStatus = -1

/** Answers page requests: finds the data, judges it, writes the JSON. One per evaluator thread. */
export class PageRenderer {
  readonly #ports: ShardPorts
  readonly #groups: GroupReader
  readonly #settings: EvaluationSettings
  readonly #clock: Clock
  readonly #counters: Counters
  readonly #evaluator: GroupEvaluator
  readonly #statusWriter: StatusWriter
  readonly #metrics: MetricsSteps
  readonly #lender = new Lender()
  readonly #writer = new ByteWriter()

  constructor(ports: ShardPorts, groups: GroupReader, settings: EvaluationSettings, clock: Clock, counters: Counters) {
    this.#ports = ports
    this.#groups = groups
    this.#settings = settings
    this.#clock = clock
    this.#counters = counters
    this.#evaluator = new GroupEvaluator(settings, counters)
    this.#statusWriter = new StatusWriter(settings, counters)
    this.#metrics = new MetricsSteps({ ports, groups, settings, clock, counters, lender: this.#lender })
  }

  /** An expected failure (storage away, too slow, asked too much) is a result; anything else rejects. */
  async render(request: TaskRequest): Promise<PageResult> {
    try {
      return await this.#render(request)
    } catch (error) {
      if (!(error instanceof BurrowError)) throw error
      return { kind: 'error', code: error.code, message: error.message }
    }
  }

  async #render(request: TaskRequest): Promise<PageResult> {
    switch (request.page) {
      case 'status':
        return this.#status(request)
      case 'evaluate':
        return { kind: 'verdict', verdict: packVerdict(await this.#evaluate(request)) }
      case 'consumer': {
        const topics = await this.#copy(request.cluster, request.group)
        return topics ? this.#bytes(writer => writeConsumerTopics(writer, topics)) : notFound
      }
      case 'consumers':
        return this.#names(await this.#union({ type: Code.FetchConsumers, cluster: request.cluster }))
      case 'topics':
        return this.#names(await this.#askFirst({ type: Code.FetchTopics, cluster: request.cluster }))
      case 'topic': {
        const { cluster, topic } = request
        const offsets = await this.#askFirst({ type: Code.FetchTopic, cluster, topic })
        return offsets ? this.#bytes(writer => writeIntegers(writer, offsets)) : notFound
      }
      case 'topic-consumers': {
        const { cluster, topic } = request
        return this.#names(await this.#union({ type: Code.FetchConsumersForTopic, cluster, topic }))
      }
      case 'explain':
        return this.#explain(request)
      case 'group-rows':
        return groupRows(this.#rowSources(), request)
      case 'group-changes':
        return groupChanges(this.#rowSources(), request)
      case 'groups-gone':
        return groupsGone(request)
      case 'topic-count': {
        const topics = await this.#askFirst({ type: Code.FetchTopics, cluster: request.cluster })
        return topics ? { kind: 'count', count: topics.length } : notFound
      }
      case 'group-list':
        return this.#bytes(writer => writeGroupList(writer, request, this.#clock.nowMs()))
      case 'metrics-groups':
      case 'metrics-figures':
      case 'metrics-topics':
      case 'metrics-part':
        return this.#metrics.answer(request)
      default:
        return unreachable(request)
    }
  }

  #rowSources(): GroupRowSources {
    return { groups: this.#groups, evaluator: this.#evaluator, settings: this.#settings, clock: this.#clock }
  }

  async #status({ cluster, group, showAll }: StatusPage): Promise<PageResult> {
    const nowSeconds = wholeSeconds(this.#clock)
    const asObject = (status: ConsumerGroupStatus): PageResult =>
      this.#bytes(writer => writeStatus(writer, status), status.status)
    const page = await this.#groups.read<PageResult>(cluster, group, {
      inPlace: located => {
        const status = this.#statusWriter.write(located, cluster, group, nowSeconds, showAll)
        if (typeof status === 'string') return status
        const body = this.#lender.copy(this.#statusWriter.page)
        this.#statusWriter.reset()
        return { kind: 'bytes', body, status }
      },
      fromCopy: topics => asObject(evaluateTopics(cluster, group, topics, this.#settings, nowSeconds, showAll))
    })
    return page ?? asObject(notFoundStatus(cluster, group))
  }

  async #evaluate({ cluster, group, showAll }: EvaluateRequest): Promise<ConsumerGroupStatus> {
    const nowSeconds = wholeSeconds(this.#clock)
    const status = await this.#groups.read<ConsumerGroupStatus>(cluster, group, {
      inPlace: located => this.#evaluator.evaluate(located, cluster, group, nowSeconds, showAll),
      fromCopy: topics => evaluateTopics(cluster, group, topics, this.#settings, nowSeconds, showAll)
    })
    return status ?? notFoundStatus(cluster, group)
  }

  /** From a copy of the windows, which are the evidence; judged by the rules that the copy's verdict comes from. */
  async #explain({ cluster, group, only, endOffsetSeconds }: ExplainPage): Promise<PageResult> {
    const topics = await this.#copy(cluster, group)
    if (!topics) return notFound
    const { expireGroupSeconds } = this.#groups
    const settings = { ...this.#settings, endOffsetSeconds, expireGroupSeconds }
    const nowSeconds = wholeSeconds(this.#clock)
    if (only === null) {
      const explained = explainGroup(cluster, group, topics, settings, nowSeconds)
      return this.#bytes(writer => writeGroupExplanation(writer, explained), explained.status)
    }
    const partition = topics.get(only.topic)?.[only.partition]
    if (!partition) return notFound
    const explained = explainPartition(only.topic, only.partition, partition, settings, nowSeconds)
    return this.#bytes(writer => writePartitionExplanation(writer, explained), explained.status)
  }

  #copy(cluster: string, group: string): Promise<ConsumerTopics | null> {
    return this.#groups.read<ConsumerTopics>(cluster, group, {
      inPlace: located => copyGroup(located, this.#settings.intervals, this.#counters),
      fromCopy: topics => topics
    })
  }

  /** Every shard knows all clusters, topics and end offsets. */
  #askFirst<Q extends StorageQuery>(query: Q): Promise<StorageReply<Q>> {
    return this.#ports.of(0).ask(query, { deadlineMs: storageDeadlineMs })
  }

  /** Groups are spread over the shards. All or nothing: a list without those of a shard would look as if they were gone. */
  async #union(
    query: Extract<StorageQuery, { type: typeof Code.FetchConsumers | typeof Code.FetchConsumersForTopic }>
  ): Promise<readonly string[] | null> {
    const lists = await Promise.all(this.#ports.all.map(port => port.ask(query, { deadlineMs: storageDeadlineMs })))
    const known = lists.filter(list => list !== null)
    return known.length === lists.length ? known.flat() : null
  }

  #names(names: readonly string[] | null): PageResult {
    if (names === null) return notFound
    const sorted = names.toSorted(compareUtf8)
    return this.#bytes(writer => writeStrings(writer, sorted))
  }

  #bytes(write: (writer: ByteWriter) => void, status = noStatus): PageResult {
    this.#writer.reset() // the last page may have failed half-way
    write(this.#writer)
    const body = this.#lender.copy(this.#writer.bytes.subarray(0, this.#writer.length))
    this.#writer.reset(writerBytesKept)
    return { kind: 'bytes', body, status }
  }
}

const notFound: PageResult = { kind: 'not-found' }
