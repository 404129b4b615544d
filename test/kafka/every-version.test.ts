import { expect } from 'chai'
import { kafkaVersions } from '../support/kafka-jars.ts'
import { consoleGroups, consoleGroupsInTime } from './scenarios/console-groups.ts'
import { deletions } from './scenarios/deletions.ts'
import { liveStatuses } from './scenarios/live-statuses.ts'
import { newerGroups } from './scenarios/newer-groups.ts'
import { oddCommits, oddGroupNames } from './scenarios/odd-groups.ts'
import { startPositions } from './scenarios/start-positions.ts'
import { changingTopics } from './scenarios/topics.ts'
import { transactions } from './scenarios/transactions.ts'
import { suiteBoundMs, useKafka } from './suite.ts'

// One broker and one process of each program for all scenarios of a version: they live side by side as in a real cluster.
for (const version of kafkaVersions) {
  describe(`the program against Kafka ${version}`, function () {
    this.timeout(suiteBoundMs)
    this.slow(60_000)
    const suite = useKafka({ version })
    consoleGroups(suite)
    consoleGroupsInTime(suite)
    liveStatuses(suite)
    oddGroupNames(suite)
    oddCommits(suite)
    changingTopics(suite)
    deletions(suite)
    transactions(suite)
    if (version !== '3.9.1') newerGroups(suite, { share: version === '4.2.0' })
    startPositions(suite)

    // In a describe of its own: mocha runs what stands directly in a describe before the describes inside it.
    describe('at the end', () => {
      it('ends with code 0 when it is asked to', async () => {
        for (const program of suite().programs) {
          expect(await program.stop(), program.child.said()).to.deep.equal({ code: 0, signal: null })
        }
      })
    })
  })
}
