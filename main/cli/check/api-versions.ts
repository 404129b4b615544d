import { WireReader } from '../../../shared/kafka-api/wire-reader.ts'
import { WireWriter } from '../../../shared/kafka-api/wire-writer.ts'

/**
 * ApiVersions version 0 (Kafka protocol, KIP-35), which every broker from 0.10 on speaks. Before it: the size of what follows.
 *
 *   request   int16 key 18, int16 version 0, int32 correlation id, string16 client id
 *   answer    int32 correlation id, int16 error, int32 count, count times: int16 key, int16 lowest, int16 highest version
 */
const apiVersionsKey = 18
const correlationId = 1
/** A broker of today answers with less than 1 KiB. */
export const answerBytesMax = 65_536

/** The APIs that this program needs, by key. */
const neededApis: ReadonlyMap<number, string> = new Map([
  [1, 'Fetch'],
  [2, 'ListOffsets'],
  [3, 'Metadata']
])

export function apiVersionsRequest(clientId: string): Uint8Array {
  const body = new WireWriter().int16(apiVersionsKey).int16(0).int32(correlationId).string(clientId, false).finish()
  return Buffer.concat([new WireWriter(4).int32(body.length).finish(), body])
}

/** One line about the broker, or null while the answer is not complete. Throws if it is no answer of a broker. */
export function describeApiVersions(received: Buffer): string | null {
  if (received.length < 4) return null
  const size = received.readInt32BE(0)
  if (received[0] === 0x15 && received[1] === 0x03) throw new Error('answers with TLS, and the profile has none')
  if (size < 10 || size > answerBytesMax) throw new Error('does not answer as a Kafka broker')
  if (received.length < 4 + size) return null
  const reader = new WireReader(received.subarray(4, 4 + size), 'ApiVersions v0')
  if (reader.int32('correlation_id') !== correlationId) throw new Error('does not answer as a Kafka broker')
  const error = reader.int16('error_code')
  if (error !== 0) throw new Error(`refuses ApiVersions with error ${error}`)
  const count = reader.count('api_keys', false, 6)
  const highestByKey = new Map<number, number>()
  for (let left = count; left > 0; left--) {
    const key = reader.int16('api_key')
    reader.int16('min_version')
    highestByKey.set(key, reader.int16('max_version'))
  }
  const missing = [...neededApis].filter(([key]) => !highestByKey.has(key)).map(([, name]) => name)
  if (missing.length > 0) throw new Error(`a broker without ${missing.join(', ')}`)
  const versions = [...neededApis].map(([key, name]) => `${name} ${highestByKey.get(key)}`)
  return `a Kafka broker with ${count} APIs (${versions.join(', ')})`
}
