import { type Answer, textAnswer } from './answer.ts'
import { corsHeaders } from './envelope.ts'
import type { Route } from './routes.ts'

/** Health (spec 04 section 4.1). Main thread; answered from memory, whatever state the other threads are in. */
export function adminRoutes(corsOrigin: string, isReady: () => boolean): Route[] {
  const plain = { 'Content-Type': 'text/plain; charset=utf-8', ...corsHeaders(corsOrigin) }
  const good = textAnswer(200, plain, 'GOOD')
  const ready = textAnswer(200, plain, 'READY')
  const starting = textAnswer(503, plain, 'STARTING')
  return [
    { method: 'GET', pattern: '/burrow/admin', answer: () => good },
    { method: 'GET', pattern: '/burrow/admin/ready', answer: () => (isReady() ? ready : starting) }
  ]
}

/** The program's own state as JSON. Ours: Burrow has no such path, so it goes into the router's additions. */
export function healthRoute(corsOrigin: string, health: () => Promise<object>): Route {
  const headers = { 'Content-Type': 'application/json', ...corsHeaders(corsOrigin) }
  return {
    method: 'GET',
    pattern: '/burrow/admin/health',
    answer: async (): Promise<Answer> => textAnswer(200, headers, JSON.stringify(await health()))
  }
}
