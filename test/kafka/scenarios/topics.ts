import { expect } from 'chai'
import { endOffsets, groupNames, topicNames, windowOffsets } from '../../support/burrow-api.ts'
import { runTool } from '../../support/kafka-tools.ts'
import type { Suite } from '../suite.ts'
import { isOurs, knownEnds, soon } from '../suite.ts'

/** Topics that come, grow, go and come again while the program runs (spec 09, B11, B12, E11). */
export function changingTopics(suite: () => Suite): void {
  describe('topics that change while the program runs', () => {
    it('the first commits to a new topic and to a new partition are kept', async () => {
      const { kafka, client, programs } = suite()
      const topic = 'fresh'
      await client.createTopic(topic, 1)
      await client.commitOffset('fresh-readers', topic, 0, 0)
      await soon(programs.filter(isOurs), 'the only commit to a new topic', async program => {
        expect(await windowOffsets(program, 'local', 'fresh-readers', topic, 0)).to.deep.equal([0])
      })
      await runTool(kafka, 'topics', ['--alter', '--topic', topic, '--partitions', '3'])
      await client.commitOffset('fresh-readers', topic, 2, 0)
      await soon(programs.filter(isOurs), 'the only commit to a new partition', async program => {
        expect(await windowOffsets(program, 'local', 'fresh-readers', topic, 2)).to.deep.equal([0])
      })
      await client.produce(topic, 2, 7)
      await soon(programs, 'the end offsets of the new partitions', async program => {
        expect(await endOffsets(program, 'local', topic)).to.deep.equal([0, 0, 7])
      })
    })

    it('a deleted topic goes, with the groups that knew no other, and comes again empty', async () => {
      const { client, programs } = suite()
      const topic = 'passing'
      await client.createTopic(topic)
      await client.produce(topic, 0, 50)
      await knownEnds(programs, topic, [50])
      for (const offset of [10, 20]) await client.commitOffset('passing-readers', topic, 0, offset)
      await soon(programs, 'the group', async program => {
        expect(await windowOffsets(program, 'local', 'passing-readers', topic, 0)).to.deep.equal([10, 20])
      })
      await (await client.admin()).deleteTopics({ topics: [topic] })
      await soon(programs, 'no such topic', async program => {
        expect(await topicNames(program, 'local')).not.to.include(topic)
        expect(await windowOffsets(program, 'local', 'passing-readers', topic, 0)).to.equal(undefined)
      })
      await soon(programs.filter(isOurs), 'no such group', async program => {
        expect(await groupNames(program, 'local')).not.to.include('passing-readers')
      })
      await client.createTopic(topic)
      await client.produce(topic, 0, 5)
      await client.commitOffset('passing-readers', topic, 0, 3)
      await soon(programs.filter(isOurs), 'a window of the new topic only', async program => {
        expect(await windowOffsets(program, 'local', 'passing-readers', topic, 0)).to.deep.equal([3])
        expect(await endOffsets(program, 'local', topic)).to.deep.equal([5])
      })
    })

    it('a topic recreated at once is not taken for the old one', async () => {
      const { client, programs } = suite()
      const topic = 'recreated'
      await client.createTopic(topic)
      await client.produce(topic, 0, 90)
      for (const offset of [70, 80]) await client.commitOffset('recreated-readers', topic, 0, offset)
      await soon(programs.filter(isOurs), 'the group', async program => {
        expect(await windowOffsets(program, 'local', 'recreated-readers', topic, 0)).to.deep.equal([70, 80])
      })
      await (await client.admin()).deleteTopics({ topics: [topic] })
      await client.createTopic(topic)
      await client.produce(topic, 0, 9)
      await client.commitOffset('recreated-readers', topic, 0, 4)
      await soon(programs.filter(isOurs), 'a window of the new topic only', async program => {
        expect(await endOffsets(program, 'local', topic)).to.deep.equal([9])
        expect(await windowOffsets(program, 'local', 'recreated-readers', topic, 0)).to.deep.equal([4])
      })
    })
  })
}
