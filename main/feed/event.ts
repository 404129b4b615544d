/** One server-sent event (HTML standard, section 9.2) as bytes; `json` is one line. Main thread. */
export function eventBytes(name: EventName, ...json: readonly (Uint8Array | string)[]): Uint8Array {
  return Buffer.concat([
    Buffer.from(`event: ${name}\ndata: `),
    ...json.map(part => (typeof part === 'string' ? Buffer.from(part) : part)),
    lineEnds
  ])
}

export type EventName = 'hello' | 'cluster' | 'groups' | 'health'

/** So many milliseconds a client waits before it comes again. */
export const retryLine = Buffer.from('retry: 2000\n\n')
/** Says only that the connection is alive. */
export const commentLine = Buffer.from(':\n\n')

const lineEnds = Buffer.from('\n\n')
