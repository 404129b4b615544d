import type { BodyStream } from './answer.ts'
import { corsHeaders } from './envelope.ts'
import type { Route } from './routes.ts'

/** What happens, as a stream for each client (main/feed). */
export interface FeedSource {
  /** Throws BurrowError QUEUE_FULL if there are clients enough. */
  open(): BodyStream
  /** Ends all streams; there are no more after it. */
  stop(): void
}

/** `/v3/events`: server-sent events (docs/http-api.md). Ours, so it goes into the router's additions. Main thread. */
export function eventsRoute(corsOrigin: string, feed: FeedSource): Route {
  const headers = {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Accel-Buffering': 'no', // a proxy that gathers bytes would make everything late
    ...corsHeaders(corsOrigin)
  }
  return {
    method: 'GET',
    pattern: '/v3/events',
    answer: () => ({ status: 200, headers, body: [], stream: feed.open() })
  }
}
