import { expect } from 'chai'
import { groupDetail, groupNames, groupStatus } from '../../support/burrow-api.ts'
import type { Suite } from '../suite.ts'
import { isOurs, knownEnds, soon } from '../suite.ts'

const topic = 'odd'
const oddGroups = ['gruppe-äöü-日本-🜁', `q"uo'te\\back\tslash`, 'blank & <tag> %41 ?#', '__proto__']
const longGroup = 'L'.repeat(32_000)
const slashGroup = 'team/a/b'
const metadataLengths = [0, 126, 127, 128, 300]
const commitVersions = [2, 3, 4, 5, 6, 7, 8, 9]

/** Names and metadata that are legal in Kafka and easy to get wrong on the way to JSON and URLs. */
export function oddGroupNames(suite: () => Suite): void {
  it('groups with odd names are listed and answered for', async () => {
    const { client, programs } = suite()
    await client.createTopic(topic)
    await client.produce(topic, 0, 20)
    await knownEnds(programs, topic, [20])
    for (const group of [...oddGroups, longGroup, slashGroup]) await client.commitOffset(group, topic, 0, 20)
    await soon(programs, 'all odd names', async program => {
      expect(await groupNames(program, 'local')).to.include.members([...oddGroups, longGroup, slashGroup])
    })
    await soon(programs, 'statuses of the odd names', async program => {
      for (const group of [...oddGroups, longGroup]) {
        expect(await groupStatus(program, 'local', group), group.slice(0, 40)).to.include({ group, status: 'OK' })
      }
    })
    // To Burrow a slash ends a path parameter, encoded or not; ours has the name where it is encoded (spec 09, D3).
    for (const program of programs) {
      const { status } = await program.get(`/v3/kafka/local/consumer/${encodeURIComponent(slashGroup)}/status`)
      expect(status).to.equal(isOurs(program) ? 200 : 404)
    }
  })
}

/** Metadata goes by a length of one byte, then of two (spec 09, E1), and the request version decides the record's. */
export function oddCommits(suite: () => Suite): void {
  it('commits of every request version and with metadata of every length arrive whole', async () => {
    const { client, programs } = suite()
    const groups = [
      ...metadataLengths.map(length => ({ group: `metadata-${length}`, metadata: 'm'.repeat(length), version: 8 })),
      ...commitVersions.map(version => ({ group: `version-${version}`, metadata: 'ein wört', version }))
    ]
    const topicName = `${topic}-commits`
    await client.createTopic(topicName, 2)
    for (const partition of [0, 1]) await client.produce(topicName, partition, 100)
    await knownEnds(programs, topicName, [100, 100])
    const fromMs = Date.now()
    for (const { group, metadata, version } of groups) {
      const partitions = [0, 1].map(partition => ({ partition, offset: 40 + version + partition, metadata }))
      await client.commit({ group, topics: [{ topic: topicName, partitions }] }, version)
    }
    const toMs = Date.now()
    await soon(programs, 'all commits', async program => {
      for (const { group, version } of groups) {
        const windows = (await groupDetail(program, 'local', group))?.[topicName]
        expect(
          windows?.map(each => each.offsets.at(-1)?.offset),
          group
        ).to.deep.equal([40 + version, 41 + version])
        expect(
          windows?.map(each => each['current-lag']),
          group
        ).to.deep.equal([60 - version, 59 - version])
        if (!isOurs(program)) continue
        for (const each of windows ?? []) expect(each.offsets.at(-1)?.timestamp, group).to.be.within(fromMs, toMs)
      }
    })
  })
}
