/**
 * The partition of the offsets topic that keeps a group: Java's String.hashCode, made positive by negation (-2^31: 0), modulo the
 * partitions (Kafka's `partitionFor` and `Utils.abs`; the captured files agree). Any thread.
 */
export function offsetsPartitionOf(group: string, partitions: number): number {
  let hash = 0
  for (let index = 0; index < group.length; index++) hash = (Math.imul(hash, 31) + group.charCodeAt(index)) | 0
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitions
}
