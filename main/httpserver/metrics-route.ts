import type { Scrape, ScrapeRequest } from '../metrics/scraper.ts'
import { takesCoding } from './accept-encoding.ts'
import { type Answer, textAnswer } from './answer.ts'
import type { Route } from './routes.ts'

/** Pages of metrics (main/metrics). */
export interface MetricsSource {
  begin(request: ScrapeRequest): Promise<Scrape | null>
}

/** `/metrics` (spec 04 section 7): text, whatever `Accept` prefers; compressed when the client takes gzip. Main thread. */
export function metricsRoute(metrics: MetricsSource): Route {
  return {
    method: 'GET',
    pattern: '/metrics',
    answer: async ({ header, isGone }): Promise<Answer> => {
      const gzip = takesCoding(header('accept-encoding'), 'gzip')
      const stream = await metrics.begin({ gzip, isGone })
      if (!stream) return nobodyThere
      const headers = { 'Content-Type': contentType, ...(gzip ? { 'Content-Encoding': 'gzip' } : {}) }
      return { status: 200, headers, body: [], stream }
    }
  }
}

const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'
const nobodyThere = textAnswer(503, {}, '')
