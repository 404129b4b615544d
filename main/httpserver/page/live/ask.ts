import { encodeName } from '../words/encode-name.ts'

/** An answer that is no 2xx, or none at all (status 0). */
export class AskError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const answerBoundMs = 30_000

/** GET of a path of the API; the value under `key`. Rejects with AskError; with AbortError when `signal` says so. */
export async function ask<T>(path: string, key: string, signal?: AbortSignal): Promise<T> {
  const bound = AbortSignal.timeout(answerBoundMs)
  let response: Response
  try {
    response = await fetch(path, { signal: signal ? AbortSignal.any([signal, bound]) : bound })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new AskError(0, 'the monitor does not answer')
  }
  const body: unknown = await response.json().catch(() => null)
  const answer = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  if (!response.ok) throw new AskError(response.status, String(answer.message ?? `answered ${response.status}`))
  return answer[key] as T
}

/**
 * A name as one segment of a path. Of `.` and `..` a browser makes another path, however they are written, so that they cannot be
 * asked for: AskError.
 */
export function segment(name: string): string {
  if (name === '.' || name === '..') {
    throw new AskError(0, `a browser cannot ask for the name "${name}"; burrow explain can`)
  }
  return encodeName(name)
}

export const pathOf = {
  groups: (cluster: string) => `/v3/kafka/${segment(cluster)}/status`,
  explain: (cluster: string, group: string) => `/v3/kafka/${segment(cluster)}/consumer/${segment(group)}/explain`,
  status: (cluster: string, group: string) => `/v3/kafka/${segment(cluster)}/consumer/${segment(group)}/status`,
  topics: (cluster: string) => `/v3/kafka/${segment(cluster)}/topic`,
  topic: (cluster: string, topic: string) => `/v3/kafka/${segment(cluster)}/topic/${segment(topic)}`,
  consumers: (cluster: string, topic: string) => `/v3/kafka/${segment(cluster)}/topic/${segment(topic)}/consumers`
}
