import type { Scrape, ScrapeRequest } from '../metrics/scraper.ts'
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
      const gzip = takesGzip(header('accept-encoding'))
      const stream = await metrics.begin({ gzip, isGone })
      if (!stream) return nobodyThere
      const headers = { 'Content-Type': contentType, ...(gzip ? { 'Content-Encoding': 'gzip' } : {}) }
      return { status: 200, headers, body: [], stream }
    }
  }
}

/** The name is there, and not with a weight of 0 (RFC 9110 section 12.5.3). */
export function takesGzip(acceptEncoding: string): boolean {
  return acceptEncoding.split(',').some(item => {
    const [coding = '', ...parameters] = item.split(';').map(part => part.trim().toLowerCase())
    return coding === 'gzip' && !parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter))
  })
}

const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'
const nobodyThere = textAnswer(503, {}, '')
