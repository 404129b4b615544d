import { BrokerConnection } from './broker-connection.ts'
import { waitFor } from './wait-for.ts'
import { WireReader, WireWriter } from './wire-format.ts'

/** Brokers let nobody else write into their own topics. */
export const adminClientId = '__admin_client'
const produceKey = 0
const produceVersion = 7
const acksOfAll = -1
const requestTimeoutMs = 30_000
const inFlightMax = 8
// A new partition whose broker has not yet heard that it leads it.
const passingErrors = new Set([3, 5, 6])

/** A whole batch of format 2 for one partition. */
export interface BatchOfPartition {
  readonly topic: string
  readonly partition: number
  readonly batch: Uint8Array
}

/**
 * Writes batches as they are, several requests in flight; each request is for several partitions of one topic. Resolves when
 * the broker has all of them, rejects when it refuses one.
 */
export async function produceBatches(
  server: string,
  clientId: string,
  requests: () => Iterable<readonly BatchOfPartition[]>
): Promise<void> {
  const connection = await BrokerConnection.open(server, clientId)
  const open = new Set<Promise<void>>()
  let isFirst = true
  try {
    for (const batches of requests()) {
      const answered = produce(connection, batches).finally(() => open.delete(answered))
      open.add(answered)
      // The first one alone: it may have to be sent again to brokers that have just heard of a topic, and those behind it
      // would overtake it.
      if (isFirst || open.size >= inFlightMax) await Promise.race(open)
      isFirst = false
    }
    await Promise.all(open)
  } finally {
    connection.close()
  }
}

async function produce(connection: BrokerConnection, batches: readonly BatchOfPartition[]): Promise<void> {
  let left = batches
  const taken = async () => {
    const errorByPartition = await produceOnce(connection, left)
    left = left.filter(({ partition }) => errorByPartition.get(partition) !== 0)
    const refused = [...errorByPartition.values()].find(error => error !== 0 && !passingErrors.has(error))
    if (refused !== undefined) throw new Error(`the broker refused a batch: error ${refused}`)
    return left.length === 0
  }
  await waitFor(taken, `${batches.length} batches in ${batches[0]!.topic}`, requestTimeoutMs)
}

async function produceOnce(
  connection: BrokerConnection,
  batches: readonly BatchOfPartition[]
): Promise<Map<number, number>> {
  const body = new WireWriter().string(null).int16(acksOfAll).int32(requestTimeoutMs)
  body.array([batches[0]!.topic], (out, name) =>
    out.string(name).array(batches, (each, { partition, batch }) => each.int32(partition).bytes(batch))
  )
  const answer = await connection.send({ apiKey: produceKey, apiVersion: produceVersion, body: body.finish() })
  const topics = new WireReader(answer).array(reader => {
    reader.string()
    return reader.array(partition => {
      const answered = [partition.int32(), partition.int16()] as const
      for (let field = 0; field < 3; field++) partition.int64() // base offset, append time, log start
      return answered
    })
  })
  return new Map(topics.flat())
}
