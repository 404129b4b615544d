import {
  encodeListOffsetsRequest,
  ListOffsetsAnswer,
  OffsetOf,
  type WantedOffsets
} from '../../shared/kafka-api/list-offsets.ts'
import type { SweptTopic } from './swept-topic.ts'

/** What one broker is asked in a sweep: the partitions it leads. The request's bytes are kept until leaders change. */
export class SweepPlan {
  readonly nodeId: number
  readonly topics: SweptTopic[] = []
  readonly topicNames: Uint8Array[] = []
  readonly answer = new ListOffsetsAnswer()
  readonly #wanted: WantedOffsets[] = []
  readonly #bytesByVersion = new Map<number, Uint8Array>()

  constructor(nodeId: number) {
    this.nodeId = nodeId
  }

  add(topic: SweptTopic, partitions: readonly number[]): void {
    this.topics.push(topic)
    this.topicNames.push(topic.nameBytes)
    this.#wanted.push({ topic: topic.name, partitions })
  }

  request(version: number): Uint8Array {
    let bytes = this.#bytesByVersion.get(version)
    if (!bytes) {
      bytes = encodeListOffsetsRequest(version, this.#wanted, OffsetOf.end)
      this.#bytesByVersion.set(version, bytes)
    }
    return bytes
  }
}

/** A plan per broker that leads something. Partitions without a leader are in none. */
export function planSweep(topics: Iterable<SweptTopic>): Map<number, SweepPlan> {
  const planByNode = new Map<number, SweepPlan>()
  for (const topic of topics) {
    const partitionsByNode = new Map<number, number[]>()
    for (const [partition, nodeId] of topic.leaders.entries()) {
      if (nodeId < 0) continue
      const partitions = partitionsByNode.get(nodeId)
      if (partitions) partitions.push(partition)
      else partitionsByNode.set(nodeId, [partition])
    }
    for (const [nodeId, partitions] of partitionsByNode) {
      let plan = planByNode.get(nodeId)
      if (!plan) {
        plan = new SweepPlan(nodeId)
        planByNode.set(nodeId, plan)
      }
      plan.add(topic, partitions)
    }
  }
  return planByNode
}
