import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { endOffsets, windowOffsets } from '../support/burrow-api.ts'
import { MetricsParser } from '../support/metrics-parser.ts'
import { burrowReference, ours, Program } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'

const cluster = 'metrics'
const intervals = 3
const partitionCountByTopic: Readonly<Record<string, number>> = { orders: 12, 'audit.log': 2, nobody: 3 }
const firstOffset = 2_999_990
/** End offsets rise by this between two rounds of commits. */
const step = 100

/** How far behind a group is after each round of commits, by its name; the newest commits are `null` = none any more. */
const lagsByGroup: Readonly<Record<string, readonly (number | null)[]>> = {
  'at-the-end': [0, 0, 0],
  'catching-up': [90, 60, 30],
  'falls-behind': [10, 20, 30],
  'stands-still': [5, 5 + step, 5 + 2 * step],
  'went-back': [5, 6, 5 + 3 * step],
  'one-commit': [40, null, null],
  'two commits & more': [40, 35, null],
  'quote " and \\ back': [1, 2, 3],
  'new\nline': [3, 2, 1],
  'Füße 😀': [7, 7, 7]
}

/** Burrow 1.9.5 and ours look at the same cluster; their pages must be the same, line by line. */
describe('simulator: /metrics beside Burrow 1.9.5', function () {
  this.timeout(90_000)
  let simulator: Simulator
  let programs: readonly Program[] = []
  before(async function () {
    const reference = burrowReference()
    if (!reference) {
      console.error('\n!!! BURROW REFERENCE NOT FOUND (BURROW_REFERENCE): /metrics is not compared !!!\n')
      this.skip()
    }
    simulator = await startSimulator({ name: cluster, offsetsPartitions: 5 })
    for (const [topic, count] of Object.entries(partitionCountByTopic)) simulator.cluster.createTopic(topic, count)
    setEndOffsets(0)
    const config = { clusters: [{ name: cluster, servers: simulator.servers }], intervals }
    programs = await Promise.all([Program.start(reference, config), Program.start(ours, config)])
  })
  after(async () => {
    await Promise.all(programs.map(program => program.stop()))
    await simulator?.stop()
  })

  it('is the same in every line about groups and topics', async () => {
    const nowMs = Date.now()
    for (let round = 0; round < intervals; round++) {
      setEndOffsets(round)
      await waitFor(() => allKnowEndOffsets(round), `the end offsets of round ${round}`, 20_000)
      // An hour apart, so that nobody counts as silent while the test runs.
      commitRound(round, nowMs - (intervals - 1 - round) * 3_600_000)
      // A lag is taken from the end offset known when the commit is read: the next round's must not be known before that.
      await waitFor(() => allKnowCommits(round), `the commits of round ${round}`, 20_000)
    }
    const page = await samePage()
    const statuses = page.filter(line => line.startsWith('burrow_kafka_consumer_status{'))
    expect(statuses).to.have.length(Object.keys(lagsByGroup).length)
    const values = new Set(
      page.filter(line => line.startsWith('burrow_kafka_topic_partition_status{')).map(line => line.split('} ')[1])
    )
    expect([...values].sort()).to.deep.equal(['1', '2', '5', '6'])
    expect(page.filter(line => line.startsWith('# TYPE'))).to.have.length(6)
    expect(page).to.include(
      'burrow_kafka_topic_partition_offset{cluster="metrics",partition="0",topic="nobody"} 3.00019e+06'
    )
  })

  it('is the same once a group has stopped', async () => {
    const hour = 3_600_000
    for (let round = 0; round < intervals; round++) {
      simulator.cluster.commit('stopped', 'orders', 3, firstOffset + round, {
        timestampMs: Date.now() - 9 * hour + round
      })
    }
    const page = await samePage(lines =>
      lines.some(line => line.includes('"stopped",partition="3"') && line.endsWith(' 4'))
    )
    expect(page.filter(line => line.includes('"stopped"'))).to.have.length(3 + partitionCountByTopic.orders! + 1)
  })

  it('has our own families beside it, in one page of good form', async () => {
    const page = await programs[1]!.getText('/metrics')
    const parser = new MetricsParser()
    parser.feed(Buffer.from(page))
    parser.finish()
    const { sumByFamily, countByFamily } = parser
    expect(sumByFamily.get('burrow_group_lag')).to.equal(sumByFamily.get('burrow_kafka_consumer_lag_total'))
    expect(sumByFamily.get('burrow_group_status')).to.equal(countByFamily.get('burrow_group_lag'))
    expect(page).to.contain('burrow_cluster_up{cluster="metrics"} 1\n')
    expect(page).to.contain('burrow_consumer_ready{cluster="metrics",consumer="metrics"} 1\n')
    expect(page).to.contain('burrow_thread_restarts_total{kind="kafka"} 0\n')
    expect(sumByFamily.get('burrow_stored_commits_total')).to.be.greaterThan(3 * 14 * 7)
    expect(sumByFamily.get('process_start_time_seconds')! * 1000).to.be.closeTo(Date.now(), 120_000)
  })

  it('is the same after groups were deleted', async () => {
    const path = `/v3/kafka/${cluster}/consumer/`
    for (const program of programs) {
      await program.delete(`${path}falls-behind`)
      await program.delete(`${path}${encodeURIComponent('two commits & more')}`)
    }
    const page = await samePage(lines => !lines.some(line => /"falls-behind"|"two commits/.test(line)))
    expect(page.filter(line => line.startsWith('burrow_kafka_consumer_lag_total{'))).to.have.length(
      Object.keys(lagsByGroup).length - 2 + 1
    )
  })

  function setEndOffsets(round: number): void {
    for (const [topic, count] of Object.entries(partitionCountByTopic)) {
      for (let partition = 0; partition < count; partition++) {
        simulator.cluster.setEndOffset(topic, partition, endOffset(round, partition))
      }
    }
  }

  async function allKnowEndOffsets(round: number): Promise<boolean> {
    for (const program of programs) {
      for (const [topic, count] of Object.entries(partitionCountByTopic)) {
        const expected = Array.from({ length: count }, (_, partition) => endOffset(round, partition))
        if (`${await endOffsets(program, cluster, topic)}` !== `${expected}`) return false
      }
    }
    return true
  }

  /** The last partition that is committed of each group tells of the others: a group's commits are read in order. */
  async function allKnowCommits(round: number): Promise<boolean> {
    for (const program of programs) {
      for (const [group, lags] of Object.entries(lagsByGroup)) {
        const lag = lags[round] ?? null
        if (lag === null) continue
        const partition = partitionCountByTopic['audit.log']! - 1
        const window = await windowOffsets(program, cluster, group, 'audit.log', partition)
        if (window?.at(-1) !== endOffset(round, partition) - lag) return false
      }
    }
    return true
  }

  function commitRound(round: number, timestampMs: number): void {
    for (const [group, lags] of Object.entries(lagsByGroup)) {
      const lag = lags[round]
      if (lag === null || lag === undefined) continue
      for (const topic of ['orders', 'audit.log']) {
        for (let partition = 0; partition < partitionCountByTopic[topic]!; partition++) {
          simulator.cluster.commit(group, topic, partition, endOffset(round, partition) - lag, { timestampMs })
        }
      }
    }
  }

  /** Lines about groups and topics, once both say the same and `settled`. */
  async function samePage(settled: (lines: readonly string[]) => boolean = hasAllGroups): Promise<string[]> {
    let pages: string[][] = []
    const same = async () => {
      pages = await Promise.all(programs.map(pageOf))
      return settled(pages[0]!) && pages[0]!.join('\n') === pages[1]!.join('\n')
    }
    await waitFor(same, 'equal pages', 20_000).catch((error: Error) => {
      const [theirs = [], mine = []] = pages
      const [onlyTheirs, onlyMine] = [new Set(theirs), new Set(mine)]
      for (const line of mine) onlyTheirs.delete(line)
      for (const line of theirs) onlyMine.delete(line)
      throw new Error([error.message, ...onlyTheirs, '--- ours:', ...onlyMine].slice(0, 40).join('\n'))
    })
    return pages[0]!
  }
})

function endOffset(round: number, partition: number): number {
  return firstOffset + round * step + partition
}

/** Without Burrow's own group and its topic: it commits all the time, and the two see it at different moments. */
async function pageOf(program: Program): Promise<string[]> {
  const page = await program.getText('/metrics')
  const lines = page.split('\n').filter(line => /^(# \w+ )?burrow_kafka_/.test(line))
  return lines.filter(line => !line.includes(`"burrow-${cluster}"`) && !line.includes('"__consumer_offsets"'))
}

function hasAllGroups(lines: readonly string[]): boolean {
  const groups = lines.filter(line => line.startsWith('burrow_kafka_consumer_status{'))
  const full = lines.filter(line => line.startsWith('burrow_kafka_topic_partition_status{'))
  return groups.length === Object.keys(lagsByGroup).length && full.length === 8 * 14
}
