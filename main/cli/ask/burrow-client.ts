import { AskFailed } from './ask-failed.ts'

/** Time for one answer; a list of 65,000 groups takes a second or two. */
export const answerDeadlineMs = 35_000
/** Longer than the explanation of a group with 50,000 partitions. */
export const answerBytesMax = 256 * 1024 * 1024

/** A running instance, over its HTTP interface. Everything throws AskFailed with words for a person. */
export class BurrowClient {
  readonly url: string
  readonly #deadlineMs: number

  constructor(url: string, deadlineMs = answerDeadlineMs) {
    this.url = url
    this.#deadlineMs = deadlineMs
  }

  /** The value `key` of an answer; null for 404. `path` begins with a slash, its names are escaped. */
  async get<T>(path: string, key: string): Promise<T | null> {
    const { status, text } = await this.#fetch(path)
    const body = parseObject(text)
    if (status === 404) {
      if (body?.request === undefined) throw new AskFailed(notBurrow(this.url, path))
      return null
    }
    if (status !== 200) {
      const said = typeof body?.message === 'string' ? body.message : `HTTP ${status}`
      throw new AskFailed(`Burrow at ${this.url} cannot answer: ${said}`)
    }
    if (body === null || typeof body[key] !== 'object' || body[key] === null) {
      throw new AskFailed(notBurrow(this.url, path))
    }
    return body[key] as T
  }

  async #fetch(path: string): Promise<{ status: number; text: string }> {
    const signal = AbortSignal.timeout(this.#deadlineMs)
    try {
      const response = await fetch(this.url + path, { signal, redirect: 'manual' })
      const chunks: Uint8Array[] = []
      let length = 0
      for await (const chunk of response.body ?? []) {
        length += chunk.length
        if (length > answerBytesMax)
          throw new AskFailed(`the answer of ${this.url} is longer than ${answerBytesMax} bytes`)
        chunks.push(chunk)
      }
      return { status: response.status, text: Buffer.concat(chunks).toString('utf8') }
    } catch (error) {
      if (error instanceof AskFailed) throw error
      throw new AskFailed(whyNot(this.url, error, this.#deadlineMs))
    }
  }
}

function whyNot(url: string, error: unknown, deadlineMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `${url} did not answer within ${deadlineMs / 1000} s`
  const { code, message } = causeOf(error)
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${url}; is Burrow running there? --url, --config-dir or BURROW_URL say where else to look`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host of that name: ${url}`
    default:
      return `could not ask ${url}: ${message}`
  }
}

/** fetch wraps what happened, and a host with two addresses wraps it once more. */
function causeOf(error: unknown): { code: string; message: string } {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  const { code = '', message = String(inner) } = (inner ?? {}) as { code?: string; message?: string }
  return { code, message }
}

function notBurrow(url: string, path: string): string {
  return `what answers at ${url} is no Burrow that knows ${path}`
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
