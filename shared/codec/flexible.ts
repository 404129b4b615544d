import type { ByteReader } from './byte-reader.ts'

/** Parts that the records of newer groups share (flexible encoding, KIP-482; spec 06 section 5.3). */

/** Partitions of a topic, named by id: base64url of 16 bytes without padding, as Kafka prints it. */
export interface TopicIdPartitions {
  readonly topicId: string
  readonly partitions: number[]
  /** One for each partition; later than Kafka 4.2.0. */
  readonly assignmentEpochs?: number[]
}

export interface NamedValue {
  readonly key: string
  readonly value: string
}

export function strings(reader: ByteReader, field: string): string[] {
  return reader.compactArray(field, () => reader.compactString(field))
}

export function int32s(reader: ByteReader, field: string): number[] {
  return reader.compactArray(field, () => reader.int32(field))
}

export function topicIdPartitions(reader: ByteReader, field: string): TopicIdPartitions[] {
  return reader.compactArray(field, () => {
    const topicId = reader.uuid(field)
    const partitions = int32s(reader, field)
    const epochs = int32sInTag(reader, 0, field)
    return { topicId, partitions, ...(epochs && { assignmentEpochs: epochs }) }
  })
}

export function namedValues(reader: ByteReader, field: string): NamedValue[] {
  return reader.compactArray(field, () => namedValue(reader, field))
}

function namedValue(reader: ByteReader, field: string): NamedValue {
  const pair = { key: reader.compactString(field), value: reader.compactString(field) }
  reader.taggedFields(field)
  return pair
}

/** Reads the tagged fields of a struct, of which one may be a list of int32. */
export function int32sInTag(reader: ByteReader, wanted: number, field: string): number[] | undefined {
  let found: number[] | undefined
  reader.taggedFields(field, (tag, inside) => {
    if (tag === wanted) found = int32s(inside, field)
  })
  return found
}
