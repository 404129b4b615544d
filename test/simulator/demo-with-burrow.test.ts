import { expect } from 'chai'
import { type Demo, expectedStatuses, startDemo } from '../../main/simulator/demo.ts'
import { groupNames, groupStatus } from '../support/burrow-api.ts'
import { demoBoundMs } from '../support/demo-bound.ts'
import { burrowReference, Program } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'

/** Burrow itself looks at the demo over its own client and says of every group what we say of it. */
describe('simulator: the demo, seen by Burrow 1.9.5', () => {
  let demo: Demo
  let burrow: Program
  before(async function () {
    this.timeout(60_000)
    const reference = burrowReference()
    if (!reference) {
      console.error('\n!!! BURROW REFERENCE NOT FOUND (BURROW_REFERENCE): the demo is not compared !!!\n')
      this.skip()
    }
    demo = await startDemo()
    const clusters = demo.clusters.map(({ name, simulator }) => ({ name, servers: simulator.servers }))
    burrow = await Program.start(reference, {
      clusters,
      intervals: 10,
      offsetRefreshSeconds: 2,
      groupsReaperRefreshSeconds: 2
    })
  })
  after(async () => {
    await burrow?.stop()
    await demo?.stop()
  })

  /** Groups of which it says something else than we, in words; [] = it agrees. */
  async function differences(): Promise<string[]> {
    const found: string[] = []
    for (const { cluster, group, status, notOk } of expectedStatuses()) {
      const said = await groupStatus(burrow, cluster, group)
      const saidNotOk = said.partitions.map(({ topic, partition, status }) => [`${topic}/${partition}`, status])
      const [ours, theirs] = [Object.entries(notOk), saidNotOk].map(list => `${list.map(String).sort()}`)
      if (said.status !== status || ours !== theirs)
        found.push(`${group}: ${said.status} ${theirs}, not ${status} ${ours}`)
    }
    return found
  }

  it('agrees on every status', async function () {
    this.timeout(demoBoundMs + 60_000)
    let last: string[] = []
    const agree = async () => {
      last = await differences()
      return last.length === 0
    }
    await waitFor(agree, 'agreement', demoBoundMs).catch(error => {
      throw new Error(`${error.message}\n${last.join('\n')}\n${burrow.child.said()}`)
    })
  })

  it('knows all groups, and owners with their clients', async () => {
    for (const { name } of demo.clusters) {
      const expected = expectedStatuses().filter(({ cluster }) => cluster === name)
      expect(await groupNames(burrow, name)).to.include.members(expected.map(({ group }) => group))
    }
    const { partitions } = await groupStatus(burrow, 'demo-east', 'search-indexer')
    expect(partitions.map(({ owner }) => owner)).to.satisfy((owners: string[]) =>
      owners.every(each => /^\/10\./.test(each))
    )
    expect(new Set(partitions.map(each => each.client_id))).to.deep.equal(new Set(['indexer-1', 'indexer-2']))
  })

  it('still agrees a while later', async () => {
    for (let look = 0; look < 3; look++) {
      const before = demo.clusters[0]!.simulator.cluster.endOffset('payments', 0)
      const moved = () => demo.clusters[0]!.simulator.cluster.endOffset('payments', 0) > before + 80
      await waitFor(moved, 'the demo to go on', 10_000)
      expect(await differences()).to.deep.equal([])
    }
  })
})
