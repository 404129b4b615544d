import type { Answer } from './answer.ts'

/**
 * What a route is. A further endpoint is a function that returns a list of these, added to the list in
 * http-coordinator.ts; router and listeners need no change. Main thread.
 */
export interface Route {
  readonly method: RouteMethod
  /** `/v3/kafka/:cluster/topic`; a `:name` is a whole segment, which may be empty. */
  readonly pattern: string
  /** Rejects with a BurrowError (503 then) or anything else (500). */
  readonly answer: (request: RouteRequest) => Answer | Promise<Answer>
}

export const routeMethods = ['GET', 'POST', 'DELETE'] as const
export type RouteMethod = (typeof routeMethods)[number]

export interface RouteRequest {
  /** The decoded path without query, as answers repeat it; see bytesToText. */
  readonly url: string
  /** As it came, with its question mark; '' when there is none. */
  readonly query: string
  /** In the order of the pattern, decoded. */
  readonly parameters: readonly string[]
  /** The body of the request; null if it is longer than `requestBodyBytesMax`. */
  readonly readBody: () => Promise<Buffer | null>
  /** A header of the request, by its name in lower case; '' if there is none. */
  readonly header: (name: string) => string
  /** The client has left: nobody will read the answer. */
  readonly isGone: () => boolean
}

export const requestBodyBytesMax = 64 * 1024
