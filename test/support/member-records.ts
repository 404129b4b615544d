import type { RecordToWrite } from '../../shared/codec/record-batch-writer.ts'

/** 32 hex digits that stand for a topic in tests. */
export function testTopicId(topic: string): string {
  return Buffer.from(topic.padEnd(16, '.')).toString('hex')
}

/** Key type 5, or its tombstone: who a member of a KIP-848 group is. */
export function memberRecord(group: string, member: string, clientId: string | null, timestampMs = 1): RecordToWrite {
  const value =
    clientId === null ? null : bytes(0, 0, 0, 0, clientId.length + 1, clientId, 3, '/h', 1, 0, 0, 0, 0, 0, 0, 0)
  return { key: key(5, group, member), value, timestampMs }
}

/** Key type 8, or its tombstone: what a member has, by topic id (32 hex digits). */
export function assignmentRecord(
  group: string,
  member: string,
  assigned: Readonly<Record<string, readonly number[]>> | null,
  timestampMs = 1
): RecordToWrite {
  if (assigned === null) return { key: key(8, group, member), value: null, timestampMs }
  const topics = Object.entries(assigned).map(([topicId, partitions]) => {
    const numbers = Buffer.alloc(4 * partitions.length)
    for (const [index, partition] of partitions.entries()) numbers.writeInt32BE(partition, 4 * index)
    return Buffer.concat([Buffer.from(topicId, 'hex'), bytes(partitions.length + 1), numbers, bytes(0)])
  })
  const head = bytes(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, topics.length + 1) // version, epochs, state
  return { key: key(8, group, member), value: Buffer.concat([head, ...topics, bytes(1, 0)]), timestampMs }
}

function key(type: number, group: string, member: string): Buffer {
  return bytes(0, type, 0, group.length, group, 0, member.length, member)
}

function bytes(...parts: readonly (number | string)[]): Buffer {
  return Buffer.concat(parts.map(part => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))))
}
