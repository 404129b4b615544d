import { expect } from 'chai'
import { groupDetail, groupNames, windowOffsets } from '../../support/burrow-api.ts'
import { runTool } from '../../support/kafka-tools.ts'
import type { Suite } from '../suite.ts'
import { isOurs, knownEnds, soon } from '../suite.ts'

const topics = ['kept', 'cleared']
const groups = ['deleted-group', 'cleared-group', 'reset-group']

/** What Kafka's own tool does to groups, seen from here (spec 09, E5, E7). */
export function deletions(suite: () => Suite): void {
  it('a deleted group, deleted offsets and reset offsets are followed', async () => {
    const { kafka, client, programs } = suite()
    for (const topic of topics) {
      await client.createTopic(topic)
      await client.produce(topic, 0, 30)
    }
    for (const topic of topics) await knownEnds(programs, topic, [30])
    for (const group of groups) {
      for (const topic of topics) await client.commitOffset(group, topic, 0, 20)
    }
    await soon(programs, 'the groups', async program => {
      for (const group of groups) {
        for (const topic of topics) {
          expect((await windowOffsets(program, 'local', group, topic, 0))?.at(-1)).to.equal(20)
        }
      }
    })
    await Promise.all([
      runTool(kafka, 'consumer-groups', ['--delete', '--group', 'deleted-group']),
      runTool(kafka, 'consumer-groups', ['--delete-offsets', '--group', 'cleared-group', '--topic', 'cleared']),
      runTool(kafka, 'consumer-groups', [
        ...['--reset-offsets', '--group', 'reset-group', '--topic', 'kept'],
        ...['--shift-by', '-5', '--execute']
      ])
    ])
    await soon(programs.filter(isOurs), 'no group where it was deleted', async program => {
      expect(await groupDetail(program, 'local', 'deleted-group')).to.equal(undefined)
      expect(await groupNames(program, 'local')).not.to.include('deleted-group')
    })
    await soon(programs, 'the reset offset', async program => {
      const offsets = await windowOffsets(program, 'local', 'reset-group', 'kept', 0)
      expect(offsets?.slice(-2)).to.deep.equal([20, 15])
    })
    await soon(programs.filter(isOurs), 'no window where offsets were deleted', async program => {
      expect((await windowOffsets(program, 'local', 'cleared-group', 'cleared', 0)) ?? []).to.deep.equal([])
      expect((await windowOffsets(program, 'local', 'cleared-group', 'kept', 0))?.at(-1)).to.equal(20)
    })
  })
}
