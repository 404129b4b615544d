import { expect } from 'chai'
import {
  fallBehind,
  fallSilent,
  follow,
  type PartitionInTime,
  rest,
  rewind,
  standStill,
  takeTurns
} from '../../../../main/simulator/demo/behaviours.ts'
import { demoScene, expectedStatuses } from '../../../../main/simulator/demo/scene.ts'

const startMs = 1_800_000_000_000
const partition: PartitionInTime = { startMs, endOffsetAt: ms => 1_000_000 + Math.floor((ms - startMs) / 10) }
const seconds = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => startMs + (from + index * step) * 1000)

describe('simulator: demo scene', () => {
  it('shows every status', () => {
    const statuses = new Set(expectedStatuses().flatMap(({ notOk }) => Object.values(notOk)))
    expect([...statuses].sort()).to.deep.equal(['REWIND', 'STALL', 'STOP', 'WARN'])
    expect(new Set(expectedStatuses().map(({ status }) => status))).to.deep.equal(new Set(['OK', 'WARN', 'ERR']))
    expect(expectedStatuses().length).to.be.greaterThan(11)
  })

  it('reads only topics and partitions that are there', () => {
    for (const { topics, groups } of demoScene) {
      for (const { topic, except = {} } of groups.flatMap(({ reads }) => reads)) {
        const count = topics.find(({ name }) => name === topic)?.partitions ?? 0
        expect(count, topic).to.be.greaterThan(0)
        for (const index of Object.keys(except)) expect(Number(index)).to.be.below(count)
      }
    }
  })

  it('never has an offset past the end, in history and for a day', () => {
    for (const behaviour of [follow, fallBehind, fallSilent, standStill, rewind, takeTurns]) {
      const historySeconds = behaviour === fallSilent ? 600 : 120
      for (const timeMs of [...seconds(-historySeconds, 4000, 1), ...seconds(4000, 86_400, 61)]) {
        const offset = behaviour.committedAt(timeMs, partition)
        if (offset === undefined) continue
        expect(offset).to.be.within(0, partition.endOffsetAt(timeMs))
        expect(Number.isInteger(offset)).to.equal(true)
      }
    }
  })

  it('rests on a topic into which nothing is produced', () => {
    const resting = demoScene.flatMap(({ topics, groups }) =>
      groups.flatMap(({ reads }) =>
        reads
          .filter(read => read.behaviour === rest)
          .map(({ topic }) => topics.find(({ name }) => name === topic)?.rate)
      )
    )
    expect(resting).to.deep.equal([0, 0])
  })

  it('rewinds in every ten commits, never as far again as before', () => {
    const commits = seconds(-100, 2000, 2).map(timeMs => rewind.committedAt(timeMs, partition)!)
    for (let from = 0; from + 10 <= commits.length; from++) {
      const window = commits.slice(from, from + 10)
      const back = window.findIndex((offset, index) => index > 0 && offset < window[index - 1]!)
      expect(back).to.be.greaterThan(0)
      expect(Math.max(...window.slice(back))).to.be.below(window[back - 1]!)
    }
  })

  it('falls behind by more with each commit, as seen with end offsets up to five seconds old', () => {
    const commits = seconds(0, 700, 7)
    for (const refreshMs of [1000, 2000, 3000, 5000]) {
      const lags = commits.map(timeMs => {
        const lookedMs = startMs + Math.floor((timeMs - startMs) / refreshMs) * refreshMs
        return partition.endOffsetAt(lookedMs) - fallBehind.committedAt(timeMs, partition)!
      })
      for (const [index, lag] of lags.entries()) if (index > 0) expect(lag).to.be.at.least(lags[index - 1]!)
    }
  })
})
