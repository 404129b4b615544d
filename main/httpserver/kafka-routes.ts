import type { PageRequest, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { giveBack } from '../../shared/actor/lent-memory.ts'
import type { StorageRef } from '../../shared/protocol/application-context.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { Answer } from './answer.ts'
import { type Envelope, envelopeHead } from './envelope.ts'
import { plainJson } from './plain-json.ts'
import type { Route, RouteRequest } from './routes.ts'

/** Finished pages come from the evaluator pool. */
export interface PageSource {
  page(request: PageRequest): Promise<PageResult>
}

export interface KafkaRouteSources {
  readonly pages: PageSource
  readonly storage: StorageRef
  clusterNames(): readonly string[]
}

/**
 * What is known of clusters, topics and groups (spec 04 sections 4.2, 4.4 to 4.10). Main thread: it asks for finished bytes and
 * wraps them, it renders nothing but the list of clusters.
 */
export function kafkaRoutes(envelope: Envelope, sources: KafkaRouteSources): Route[] {
  const page = (pattern: string, form: PageForm): Route => ({
    method: 'GET',
    pattern,
    answer: request => pageAnswer(envelope, sources.pages, form, request)
  })
  return [
    { method: 'GET', pattern: '/v3/kafka', answer: request => clusterList(envelope, sources, request) },
    page('/v3/kafka/:cluster/topic', topicList),
    page('/v3/kafka/:cluster/topic/:topic', topicDetail),
    page('/v3/kafka/:cluster/topic/:topic/consumers', topicConsumers),
    page('/v3/kafka/:cluster/consumer', consumerList),
    page('/v3/kafka/:cluster/consumer/:consumer', consumerDetail),
    page('/v3/kafka/:cluster/consumer/:consumer/status', consumerStatus),
    page('/v3/kafka/:cluster/consumer/:consumer/lag', consumerLag),
    ...['/v3/kafka/:cluster/consumer/:consumer', '/v3/kafka/:cluster/consumer/:consumer/topic/:topic'].map(
      (pattern): Route => ({
        method: 'DELETE',
        pattern,
        answer: request => deleteGroup(envelope, sources.storage, request)
      })
    )
  ]
}

interface PageForm {
  /** Envelope up to the value. */
  readonly head: Uint8Array
  readonly notFound: string
  /** `name` is the topic or the group, '' where the path has none. */
  readonly request: (cluster: string, name: string) => PageRequest
}

const topicList: PageForm = {
  head: envelopeHead('topic list returned', 'topics'),
  notFound: 'cluster not found',
  request: cluster => ({ page: 'topics', cluster })
}

const topicDetail: PageForm = {
  head: envelopeHead('topic offsets returned', 'offsets'),
  notFound: 'cluster or topic not found',
  request: (cluster, topic) => ({ page: 'topic', cluster, topic })
}

const topicConsumers: PageForm = {
  head: envelopeHead('consumers of topic returned', 'consumers'),
  notFound: 'cluster not found',
  request: (cluster, topic) => ({ page: 'topic-consumers', cluster, topic })
}

const consumerList: PageForm = {
  head: envelopeHead('consumer list returned', 'consumers'),
  notFound: 'cluster not found',
  request: cluster => ({ page: 'consumers', cluster })
}

const consumerDetail: PageForm = {
  head: envelopeHead('consumer detail returned', 'topics'),
  notFound: 'cluster or consumer not found',
  request: (cluster, group) => ({ page: 'consumer', cluster, group })
}

const consumerStatus: PageForm = statusForm(false)
const consumerLag: PageForm = statusForm(true)

function statusForm(showAll: boolean): PageForm {
  return {
    head: envelopeHead('consumer status returned', 'status'),
    notFound: 'cluster or consumer not found', // not used: a status page is always found
    request: (cluster, group) => ({ page: 'status', cluster, group, showAll })
  }
}

async function pageAnswer(
  envelope: Envelope,
  pages: PageSource,
  form: PageForm,
  { url, parameters }: RouteRequest
): Promise<Answer> {
  const [cluster = '', name = ''] = parameters
  const request = form.request(cluster, name)
  const result = await pages.page(request)
  // A group that does not exist: 404, but the page of a status with "error":false (spec 09, C7).
  const missing = request.page === 'status' && result.kind === 'bytes' && result.status === StatusConstant.NotFound
  return resultAnswer(envelope, result, form, url, missing ? 404 : 200)
}

/** A page of the pool in its envelope. */
export function resultAnswer(
  envelope: Envelope,
  result: PageResult,
  form: Pick<PageForm, 'head' | 'notFound'>,
  url: string,
  status = 200
): Answer {
  switch (result.kind) {
    case 'bytes': {
      const { body, validToMs } = result
      const answer = { ...envelope.value(status, form.head, body, url), release: () => giveBack(body) }
      return validToMs === undefined ? answer : { ...answer, validToMs }
    }
    case 'not-found':
      return envelope.error(404, form.notFound, url)
    case 'error':
      return envelope.error(503, `${result.code}: ${result.message}`, url)
    default:
      throw new TypeError(`a page is not answered with ${result.kind}`)
  }
}

function clusterList(envelope: Envelope, sources: KafkaRouteSources, { url }: RouteRequest): Answer {
  return envelope.value(200, clusterListHead, plainJson(sources.clusterNames()), url)
}

const clusterListHead = envelopeHead('cluster list returned', 'clusters')

/** Told, not asked: 200 whether or not there was such a group (spec 09, D4). */
function deleteGroup(envelope: Envelope, storage: StorageRef, { url, parameters }: RouteRequest): Answer {
  const [cluster = '', group = '', topic] = parameters
  const type = StorageRequestConstant.SetDeleteGroup
  storage.tell(topic === undefined ? { type, cluster, group } : { type, cluster, group, topic })
  return envelope.message('consumer group removed', url)
}
