import { expect } from 'chai'
import { windowOffsets } from '../../support/burrow-api.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { Suite } from '../suite.ts'
import { isOurs, knownEnds, soon } from '../suite.ts'

const topic = 'sent-in-transactions'
const group = 'transactional-readers'

/** Offsets sent in a transaction count when it commits, and never if it aborts (spec 09, E12). Burrow counts all of them. */
export function transactions(suite: () => Suite): void {
  it('offsets committed in a transaction count once it has committed, aborted ones never', async () => {
    const { client, programs } = suite()
    await client.createTopic(topic, 2)
    for (const partition of [0, 1]) await client.produce(topic, partition, 100)
    await knownEnds(programs, topic, [100, 100])
    const producer = client.kafka.producer({ transactionalId: 'burrow-test', idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    try {
      const send = async (offset: number) => {
        const transaction = await producer.transaction()
        const partitions = [{ partition: 0, offset: `${offset}` }]
        const sent = async () => {
          await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic, partitions }] })
          return true
        }
        // The broker refuses while it still writes the markers of the transaction before.
        await waitFor(sent, `offset ${offset} in a transaction`, 20_000)
        return transaction
      }
      await (await send(11)).commit()
      await (await send(22)).abort()
      const open = await send(33)
      // A plain commit of the same group comes later in the same partition: whoever has seen it has passed the others.
      await client.commitOffset(group, topic, 1, 50)
      await soon(programs.filter(isOurs), 'what is committed and no more', async program => {
        expect(await windowOffsets(program, 'local', group, topic, 1)).to.deep.equal([50])
        expect(await windowOffsets(program, 'local', group, topic, 0)).to.deep.equal([11])
      })
      await open.commit()
      await soon(programs.filter(isOurs), 'the last transaction', async program => {
        expect(await windowOffsets(program, 'local', group, topic, 0)).to.deep.equal([11, 33])
      })
    } finally {
      await producer.disconnect()
    }
  })
}
