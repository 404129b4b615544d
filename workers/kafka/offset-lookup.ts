import { errorName } from '../../shared/kafka-api/error-codes.ts'
import {
  decodeListOffsets,
  encodeListOffsetsRequest,
  ListOffsetsAnswer,
  listOffsetsApi,
  type OffsetOf
} from '../../shared/kafka-api/list-offsets.ts'
import type { ClusterClient } from './cluster-client.ts'

/**
 * First or end offsets of a few partitions of one topic from the broker that leads them. Kafka threads. The answer has an
 * offset, or the name of an error, by partition. Rejects with BurrowError.
 */
export async function lookUpOffsets(
  client: ClusterClient,
  nodeId: number,
  topic: string,
  partitions: readonly number[],
  which: (typeof OffsetOf)[keyof typeof OffsetOf]
): Promise<Map<number, number | string>> {
  const { bytes, version } = await client.send(nodeId, listOffsetsApi, each =>
    encodeListOffsetsRequest(each, [{ topic, partitions }], which)
  )
  const answer = new ListOffsetsAnswer()
  try {
    decodeListOffsets(bytes, version, [Buffer.from(topic)], answer)
  } catch (error) {
    client.distrust(nodeId)
    throw error
  }
  const offsetByPartition = new Map<number, number | string>()
  for (let row = 0; row < answer.count; row++) {
    const code = answer.errorCodes[row]!
    const offset = answer.offsets[row]!
    const found = code === 0 && offset >= 0 ? offset : code === 0 ? 'an offset out of range' : errorName(code)
    offsetByPartition.set(answer.partitions[row]!, found)
  }
  return offsetByPartition
}
