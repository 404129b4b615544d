import type { ConsumerGroupStatus, ConsumerOffset, PartitionStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'

const minuteMs = 60_000

/** A made-up group of three partitions, one of them in trouble if the status is worse than OK. */
export function exampleStatus(
  cluster: string,
  group: string,
  status: StatusConstant,
  nowMs: number
): ConsumerGroupStatus {
  const isBad = status > StatusConstant.OK
  const bad = partitionOf(status === StatusConstant.Warning ? StatusConstant.Warning : StatusConstant.Stop, nowMs)
  return {
    cluster,
    group,
    status,
    complete: 1,
    partitions: isBad ? [bad] : [],
    totalPartitions: status === StatusConstant.NotFound ? 0 : 3,
    maxlag: isBad ? bad : null,
    totalLag: isBad ? bad.currentLag : 0
  }
}

function partitionOf(status: StatusConstant, nowMs: number): PartitionStatus {
  return {
    topic: 'example-topic',
    partition: 1,
    owner: '/192.0.2.1',
    clientId: 'example-client',
    status,
    start: commitOf(1_000, 400, nowMs - 20 * minuteMs),
    end: commitOf(1_200, 900, nowMs - 11 * minuteMs),
    currentLag: 1_500,
    complete: 1
  }
}

function commitOf(offset: number, lag: number, timestampMs: number): ConsumerOffset {
  return { offset, order: offset, timestampMs, observedTimestampMs: timestampMs, lag }
}
