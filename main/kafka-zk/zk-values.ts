/**
 * What old clients wrote into ZooKeeper, as text. Any thread.
 */
export type OffsetText = { readonly offset: number } | { readonly refused: 'undecodable' | 'out of range' }

/** A decimal int64, as Go's ParseInt takes it: a sign, digits, nothing around them. Beyond ±(2^53 - 1) we refuse. */
export function readOffset(data: Uint8Array): OffsetText {
  const text = data.length <= offsetBytesMax ? Buffer.from(data).toString('latin1') : ''
  if (!/^[+-]?\d+$/.test(text)) return { refused: 'undecodable' }
  const offset = Number(text)
  return Number.isSafeInteger(offset) ? { offset: offset + 0 } : { refused: 'out of range' }
}

const offsetBytesMax = 64

/** The name of a partition's node; null if it is no partition number. */
export function readPartition(name: string): number | null {
  if (!/^(?:0|[1-9]\d{0,9})$/.test(name)) return null
  const partition = Number(name)
  return partition <= partitionMax ? partition : null
}

/** Partitions are int32 in Kafka. */
const partitionMax = 0x7fff_ffff

/** Consumers write `group_host-time-uuid-thread`. Longer than any of these is cut. */
export function readOwner(data: Uint8Array): string {
  return Buffer.from(data.subarray(0, ownerBytesMax)).toString('utf8')
}

const ownerBytesMax = 1024
