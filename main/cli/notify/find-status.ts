import { BurrowError } from '../../../shared/errors.ts'
import type { ConsumerGroupStatus } from '../../../shared/protocol/consumer.ts'
import { AskFailed } from '../ask/ask-failed.ts'
import { BurrowClient } from '../ask/burrow-client.ts'
import { findUrl, type WhereToAsk } from '../ask/find-url.ts'
import { groupUnknown } from '../ask/near-names.ts'
import { statusFromJson } from './status-from-json.ts'

export type FoundStatus =
  | { readonly found: true; readonly status: ConsumerGroupStatus; readonly url: string }
  /** `why` is for people, and fit for a terminal. */
  | { readonly found: false; readonly why: string }

/** Whoever sets up notifiers has a made-up example to fall back on, so does not wait long. */
const answerDeadlineMs = 10_000

/** Asks a running Burrow, ours or the original, how a group is doing. `cluster` is in lower case. */
export async function findStatus(where: WhereToAsk, cluster: string, group: string): Promise<FoundStatus> {
  try {
    const client = new BurrowClient(findUrl(where, process.env), answerDeadlineMs)
    const path = `/v3/kafka/${encodeURIComponent(cluster)}/consumer/${encodeURIComponent(group)}/status`
    const answer = await client.get<object>(path, 'status')
    if (answer === null) throw await groupUnknown(client, [cluster], group)
    return { found: true, status: statusFromJson(answer), url: client.url }
  } catch (error) {
    const isAnswer = error instanceof AskFailed || (error instanceof BurrowError && error.code === 'PROTOCOL_DECODE')
    if (!isAnswer) throw error
    return { found: false, why: error.message }
  }
}
