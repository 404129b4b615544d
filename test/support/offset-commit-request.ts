import type { RawRequest } from './broker-connection.ts'
import { WireReader, WireWriter } from './wire-format.ts'

const offsetCommitKey = 8

export interface CommitOfPartition {
  readonly partition: number
  readonly offset: number
  readonly metadata?: string | null
}

export interface CommitOfGroup {
  readonly group: string
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly CommitOfPartition[] }[]
}

/**
 * OffsetCommit by somebody who is not a member (generation -1, no member id), versions 2 to 9: what a tool or a consumer with
 * partitions of its own choice sends. A group can be committed for like this while it has no members.
 */
export function offsetCommitRequest({ group, topics }: CommitOfGroup, version = 8): RawRequest {
  const body = new WireWriter()
  const flexible = version >= 8
  if (flexible) body.compactString(group).int32(-1).compactString('').compactString(null)
  else {
    body.string(group).int32(-1).string('')
    if (version >= 7) body.string(null)
    if (version <= 4) body.int64(-1) // retention time: the broker's own
  }
  const write = (out: WireWriter, { partition, offset, metadata = '' }: CommitOfPartition) => {
    out.int32(partition).int64(offset)
    if (version >= 6) out.int32(-1)
    if (flexible) out.compactString(metadata).noTags()
    else out.string(metadata)
  }
  if (flexible) {
    body.compactArray(topics, (out, each) =>
      out.compactString(each.topic).compactArray(each.partitions, write).noTags()
    )
    body.noTags()
  } else body.array(topics, (out, each) => out.string(each.topic).array(each.partitions, write))
  return { apiKey: offsetCommitKey, apiVersion: version, flexible, body: body.finish() }
}

/** The error codes of an answer that are not 0, each once. */
export function offsetCommitErrors(answer: Buffer, version = 8): number[] {
  const reader = new WireReader(answer)
  if (version >= 3) reader.int32() // throttle time
  const errors =
    version >= 8
      ? reader.compactArray(topic => {
          topic.compactString()
          const codes = topic.compactArray(partition => {
            partition.int32()
            const code = partition.int16()
            partition.skipTags()
            return code
          })
          topic.skipTags()
          return codes
        })
      : reader.array(topic => {
          topic.string()
          return topic.array(partition => {
            partition.int32()
            return partition.int16()
          })
        })
  return [...new Set(errors.flat())].filter(code => code !== 0)
}
