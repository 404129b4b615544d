import { expect } from 'chai'
import { Counters, createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import { statusToJson } from '../../../shared/json/write-consumer.ts'
import type { ConsumerGroupStatus } from '../../../shared/protocol/consumer.ts'
import { statusToText } from '../../../shared/protocol/status.ts'
import { runHeader, summaryAt, summaryF64 } from '../../../shared/ring/ring-layout.ts'
import { type EvaluationSettings, evaluateTopics } from '../../../shared/rules/evaluate.ts'
import { copyGroup } from '../../../workers/evaluator/copy-group.ts'
import type { LocatedGroup } from '../../../workers/evaluator/directory-cache.ts'
import { GroupEvaluator } from '../../../workers/evaluator/evaluate-group.ts'
import { StatusWriter, writerBytesKept } from '../../../workers/evaluator/status-writer.ts'
import { nowMs, RandomGroups } from '../../support/random-group.ts'
import { randomFrom } from '../../support/random-history.ts'

const cluster = 'dc "1"'
const group = '<group> 😀'
const nowSeconds = nowMs / 1000
const settingsTried: readonly EvaluationSettings[] = [
  { intervals: 1, minimumComplete: 0, allowedLag: 0 },
  { intervals: 10, minimumComplete: 0, allowedLag: 0 },
  { intervals: 10, minimumComplete: Math.fround(0.9), allowedLag: 3 },
  { intervals: 7, minimumComplete: 1, allowedLag: 0 },
  { intervals: 10, minimumComplete: 1.5, allowedLag: 0 }
]

describe('a status written straight from the rings', () => {
  it('is to the byte what the objects are written as, and what a copy of the windows is judged as', () => {
    const seen = new Map<string, number>()
    for (const [seed, settings] of settingsTried.entries()) {
      const { groups, evaluator, writer } = begin(seed, settings)
      for (let round = 0; round < 60; round++) {
        const located = groups.next()
        for (const showAll of [false, true]) {
          const page = written(writer, located, showAll)
          const objects = evaluator.evaluate(located, cluster, group, nowSeconds, showAll)
          expect(page).to.equal(statusToJson(objects as ConsumerGroupStatus))
          expect(page).to.equal(fromCopy(located, settings, showAll))
          for (const [, status] of page.matchAll(/"status":"(\w+)"/g)) seen.set(status!, (seen.get(status!) ?? 0) + 1)
        }
      }
      groups.close()
    }
    for (const status of ['OK', 'WARN', 'ERR', 'STOP', 'STALL', 'REWIND']) {
      expect(seen.get(status), status).to.be.greaterThan(100)
    }
  })

  it('counts what it has judged, and gives the status of the group', () => {
    const { groups, writer, count } = begin(1, settingsTried[1]!)
    let partitions = 0
    for (let round = 0; round < 20; round++) {
      const located = groups.next()
      for (const { windows } of located.directory.topics) partitions += windows.partitions
      const status = writer.write(located, cluster, group, nowSeconds, false)
      expect(text(writer)).to.include(`"status":"${statusToText(status as number)}","complete"`)
    }
    expect([count('evaluations'), count('evaluated_partitions')]).to.deep.equal([20, partitions])
    groups.close()
  })

  it('a read that met the writer starts over, and shows nothing of what it saw before', () => {
    let met = 0
    for (const [seed, settings] of settingsTried.entries()) {
      const { groups, writer, count } = begin(seed + 100, settings)
      for (let round = 0; round < 100; round++) {
        const located = groups.next()
        const page = written(writer, meddled(located), round % 2 === 0)
        expect(page).to.equal(fromCopy(located, settings, round % 2 === 0))
      }
      met += count('ring_retries')
      groups.close()
    }
    expect(met).to.be.greaterThan(200)
  })

  it('gives up the memory of a huge page', () => {
    const { groups, writer } = begin(3, settingsTried[1]!)
    let located = groups.next()
    while (located.directory.topics.length === 0) located = groups.next()
    const [topic] = located.directory.topics
    const bytesOfPage = (topics: number): number => {
      const directory = { ...located.directory, topics: Array.from({ length: topics }, () => topic!) }
      writer.write({ ...located, directory }, cluster, group, nowSeconds, true)
      return writer.page.length
    }
    expect(bytesOfPage(20_000)).to.be.greaterThan(writerBytesKept)
    writer.reset()
    expect(bytesOfPage(1)).to.be.lessThan(writer.page.buffer.byteLength)
    expect(writer.page.buffer.byteLength).to.be.lessThan(writerBytesKept)
    groups.close()
  })
})

function begin(seed: number, settings: EvaluationSettings) {
  const block = createCounterBlock()
  const counters = new Counters(block)
  return {
    groups: new RandomGroups(randomFrom(seed), settings.intervals, settings.allowedLag),
    evaluator: new GroupEvaluator(settings, counters),
    writer: new StatusWriter(settings, counters),
    count: (name: 'evaluations' | 'evaluated_partitions' | 'ring_retries') => sumCounters([block])[name]
  }
}

function written(writer: StatusWriter, located: LocatedGroup, showAll: boolean): string {
  expect(writer.write(located, cluster, group, nowSeconds, showAll)).to.be.a('number')
  return text(writer)
}

function text(writer: StatusWriter): string {
  return Buffer.from(writer.page).toString()
}

function fromCopy(located: LocatedGroup, settings: EvaluationSettings, showAll: boolean): string {
  const topics = copyGroup(located, settings.intervals, new Counters(createCounterBlock()))
  if (typeof topics === 'string') throw new Error(topics)
  return statusToJson(evaluateTopics(cluster, group, topics, settings, nowSeconds, showAll))
}

/**
 * In the first try of every topic all its partitions seem to have committed offset 0. When its name is written, which is in the middle of
 * the read, that is set right, and the read has to be done again.
 */
function meddled({ port, directory }: LocatedGroup): LocatedGroup {
  const topics = directory.topics.map(topic => {
    const { at, slab, partitions } = topic.windows
    const { f64, i32 } = port.slabs.get(slab)
    const lastOffsetAt = (partition: number): number => (summaryAt(at, partition) >> 3) + summaryF64.lastOffset
    const lastOffsets = Array.from({ length: partitions }, (_, partition) => f64[lastOffsetAt(partition)]!)
    for (let partition = 0; partition < partitions; partition++) f64[lastOffsetAt(partition)] = 0
    let tries = 0
    return {
      ...topic,
      get topic() {
        if (tries++ === 0) {
          for (const [partition, offset] of lastOffsets.entries()) f64[lastOffsetAt(partition)] = offset
          Atomics.add(i32, (at >> 2) + runHeader.seq, 2)
        }
        return topic.topic
      }
    }
  })
  return { port, directory: { ...directory, topics } }
}
