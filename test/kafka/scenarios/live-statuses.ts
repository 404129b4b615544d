import { expect } from 'chai'
import { groupDetail, groupStatus } from '../../support/burrow-api.ts'
import type { Suite } from '../suite.ts'
import { knownEnds, soon } from '../suite.ts'

const topic = 'live'
const intervals = 3
const roundsMax = 20
const firstEnd = 200
const endStep = 10

/** What a group commits in round r when the end offset is `end`; undefined: nothing any more. */
interface Behaviour {
  readonly expected: string
  readonly commitAt: (round: number, end: number) => number | undefined
}

const behaviours: Readonly<Record<string, Behaviour>> = {
  'live-ok': { expected: 'OK', commitAt: (_, end) => end },
  'live-warn': { expected: 'WARN', commitAt: round => 1 + round },
  'live-stall': { expected: 'STALL', commitAt: () => 1 },
  'live-rewind': { expected: 'REWIND', commitAt: round => 100 - 2 * round },
  'live-stop': { expected: 'STOP', commitAt: round => (round < 2 ? 10 + round : undefined) }
}

/** Brokers stamp commits themselves, so every status has to be lived through: one commit a round, about one a second. */
export function liveStatuses(suite: () => Suite): void {
  it('groups that behave well and badly get the statuses of the rules', async () => {
    const { client, programs } = suite()
    await client.createTopic(topic)
    const committed = new Map<string, number[]>(Object.keys(behaviours).map(group => [group, []]))
    const seen = new Set<string>()
    const wanted = programs.length * committed.size
    for (let round = 0; seen.size < wanted; round++) {
      if (round === roundsMax) throw new Error(`in ${roundsMax} rounds only these were seen: ${[...seen].join(', ')}`)
      const end = firstEnd + round * endStep
      await client.produce(topic, 0, round === 0 ? firstEnd : endStep)
      // Commits made before a program has seen the new end offset would get the lag of the round before.
      await knownEnds(programs, topic, [end])
      for (const [group, { commitAt }] of Object.entries(behaviours)) {
        const offset = commitAt(round, end)
        if (offset === undefined) continue
        await client.commitOffset(group, topic, 0, offset)
        committed.get(group)!.push(offset)
      }
      await soon(programs, 'the commits of the round', async program => {
        for (const [group, offsets] of committed) {
          const window = (await groupDetail(program, 'local', group))?.[topic]?.[0]
          const places = window?.offsets.map(commit => commit?.offset ?? null)
          const kept = offsets.slice(-intervals)
          expect(places, group).to.deep.equal([...Array(intervals - kept.length).fill(null), ...kept])
          expect(window?.['current-lag'], group).to.equal(Math.max(0, end - offsets.at(-1)!))
        }
      })
      if (round < intervals - 1) continue
      for (const program of programs) {
        for (const [group, { expected }] of Object.entries(behaviours)) {
          const { status, partitions } = await groupStatus(program, 'local', group)
          if ((partitions[0]?.status ?? status) === expected) seen.add(`${program.kind.name} ${group}`)
          if (expected === 'OK') expect(status).to.equal('OK')
        }
      }
    }
    const details = await Promise.all(programs.map(program => comparable(program)))
    for (const detail of details) expect(detail).to.deep.equal(details[0])
  })

  // Without observedAt, which is a process's own clock.
  async function comparable(program: Suite['programs'][number]) {
    const groups = Object.keys(behaviours).map(async group => {
      const partition = (await groupDetail(program, 'local', group))![topic]![0]!
      const offsets = partition.offsets.map(commit => commit && [commit.offset, commit.timestamp, commit.lag])
      return [group, offsets, partition['current-lag'], partition.owner, partition.client_id]
    })
    return Promise.all(groups)
  }
}
