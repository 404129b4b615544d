import type { ExplainPage } from '../../shared/actor/evaluator-tasks.ts'
import type { ClusterSettings } from '../../shared/settings.ts'
import type { Answer } from './answer.ts'
import { type Envelope, envelopeHead } from './envelope.ts'
import { type PageSource, resultAnswer } from './kafka-routes.ts'
import type { Route, RouteRequest } from './routes.ts'

/** Why a verdict is what it is (docs/explain.md). Ours, so these go into the router's additions. Main thread. */
export function explainRoutes(envelope: Envelope, pages: PageSource, clusters: readonly ClusterSettings[]): Route[] {
  const secondsByCluster = new Map(clusters.map(({ name, offsetRefreshSeconds }) => [name, offsetRefreshSeconds]))
  const ask = async ({ url, parameters }: RouteRequest, only: ExplainPage['only']): Promise<Answer> => {
    const [cluster = '', group = ''] = parameters
    const endOffsetSeconds = secondsByCluster.get(cluster)
    const form = only === null ? groupForm : partitionForm
    if (endOffsetSeconds === undefined) return envelope.error(404, form.notFound, url)
    const result = await pages.page({ page: 'explain', cluster, group, only, endOffsetSeconds })
    return resultAnswer(envelope, result, form, url)
  }
  return [
    { method: 'GET', pattern: '/v3/kafka/:cluster/consumer/:consumer/explain', answer: request => ask(request, null) },
    {
      method: 'GET',
      pattern: '/v3/kafka/:cluster/consumer/:consumer/explain/:topic/:partition',
      answer: request => {
        const [, , topic = '', number = ''] = request.parameters
        if (!/^\d{1,9}$/.test(number)) return envelope.error(404, partitionForm.notFound, request.url)
        return ask(request, { topic, partition: Number(number) })
      }
    }
  ]
}

const groupForm = {
  head: envelopeHead('consumer status explained', 'explanation'),
  notFound: 'cluster or consumer not found'
}
const partitionForm = {
  head: envelopeHead('partition status explained', 'explanation'),
  notFound: 'cluster, consumer, topic or partition not found'
}
