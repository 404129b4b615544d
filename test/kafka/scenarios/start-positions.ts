import { expect } from 'chai'
import { groupNames, windowOffsets } from '../../support/burrow-api.ts'
import type { Suite } from '../suite.ts'
import { localCluster, programKinds, soon, startReady } from '../suite.ts'

const topic = 'earlier-and-later'
const earlier = 'earlier-readers'
const later = 'later-readers'

/** `start-latest`, alone and with `backfill-earliest` (spec 06, 2.1). */
export function startPositions(suite: () => Suite): void {
  for (const backfillEarliest of [false, true]) {
    const name = backfillEarliest ? 'start-latest with backfill-earliest brings' : 'start-latest leaves out'
    it(`${name} what was committed before the start`, async () => {
      const { kafka, client } = suite()
      await client.createTopic(topic)
      await client.produce(topic, 0, 10)
      for (const offset of [3, 6]) await client.commitOffset(earlier, topic, 0, offset)
      const config = { clusters: [localCluster(kafka)], startLatest: true, backfillEarliest }
      const programs = await Promise.all(programKinds().map(kind => startReady(kind, config)))
      try {
        let offset = 0
        await soon(programs, 'commits after the start', async program => {
          await client.commitOffset(later, topic, 0, ++offset)
          expect(await windowOffsets(program, 'local', later, topic, 0)).to.be.an('array').that.is.not.empty
        })
        if (backfillEarliest) {
          await soon(programs, 'commits before the start', async program => {
            expect((await windowOffsets(program, 'local', earlier, topic, 0))?.slice(-2)).to.deep.equal([3, 6])
          })
        } else {
          for (const program of programs) expect(await groupNames(program, 'local')).not.to.include(earlier)
        }
      } finally {
        await Promise.all(programs.map(program => program.kill()))
      }
    })
  }
}
