import { expect } from 'chai'
import fc from 'fast-check'
import { ByteWriter } from '../../../shared/json/byte-writer.ts'
import { writeGroupExplanation } from '../../../shared/json/write-explanation.ts'
import type { ConsumerPartition } from '../../../shared/protocol/consumer.ts'
import { StatusConstant, statusToText } from '../../../shared/protocol/status.ts'
import { evaluateTopics } from '../../../shared/rules/evaluate.ts'
import { type ExplainSettings, explainGroup, explainPartition } from '../../../shared/rules/explain.ts'
import { judgePartition, Rule } from '../../../shared/rules/lag-rules.ts'
import { type EvaluatorVector, evaluatorVectors, factsOf } from '../../support/evaluator-vectors.ts'
import { expectAgreement } from '../../support/explain-oracle.ts'
import { compareOnRandomHistories } from '../../support/random-history.ts'

const settings: ExplainSettings = {
  intervals: 10,
  minimumComplete: 0,
  allowedLag: 0,
  endOffsetSeconds: 10,
  expireGroupSeconds: 604_800
}

describe('explanation of a partition', () => {
  it('agrees with the verdict on all rows of the specification', () => {
    for (const row of evaluatorVectors) {
      const explained = explainRow(row)
      const verdict = judgePartition(factsOf(row))
      expect(statusToText(explained.status), row.id).to.equal(row.status)
      expect(explained.rule, row.id).to.equal(verdict.rule)
      expect(explained.tried.at(-1)!.compared, row.id).to.deep.equal(verdict.compared)
      expect(explained.sentence, row.id).to.match(new RegExp(`^${row.status}: `))
    }
  })

  it('agrees with the verdict, from the window and from the summary, on random histories', () => {
    const checks = compareOnRandomHistories(20_261_123, 10_000, expectAgreement)
    for (const [name, rule] of Object.entries(Rule)) {
      if (rule !== Rule.NotJudged) expect(checks[rule], name).to.be.greaterThan(25)
    }
  })

  it('shows the rules in the order in which they were tried, and ends with the one that decided', () => {
    for (const row of evaluatorVectors) {
      const { tried } = explainRow(row)
      expect(tried.map(({ decides }) => decides)).to.deep.equal(tried.map((_, index) => index === tried.length - 1))
      expect(tried.map(({ rule }) => rule)).to.deep.equal(tried.map((_, index) => index + 1))
    }
  })

  const sentences: readonly (readonly [string, readonly string[]])[] = [
    ['T8', ['OK: no record waits']],
    ['R32', ['OK: 10 records wait, and 10 may']],
    [
      'T2',
      ['200 records wait, none may', 'STOP: the last commit is 500 s old, the window spans 400 s, and 200 records wait']
    ],
    [
      'R29',
      ['3 records wait, none may', 'STOP: the last commit is 10 s old, the window spans 9.999 s, and 3 records wait']
    ],
    [
      'T15',
      [
        '300 records wait, none may',
        'not stopped: the last commit is 100 s old, no longer than the window spans (400 s)',
        'REWIND: the group went back from offset 3,000 to 2,000 and has come no further than 2,500 since'
      ]
    ],
    [
      'R6',
      [
        '40 records wait, none may',
        'not stopped: the last commit is 30 s old and the window spans only 0 s, but a remembered end offset (500) is not beyond the last commit (500): the group had read all there was',
        'not rewound: no commit went back',
        'OK: within the window the group had caught up'
      ]
    ],
    [
      'R25',
      [
        '3 records wait, none may',
        'not stopped: the last commit is 11 min 40 s ahead of this clock, no longer than the window spans (13 min 20 s)',
        'not rewound: no commit went back',
        'not seen caught up: no commit in the window was closer than 3 records',
        'not stalled: the offset moved once in 2 commits',
        'WARN: the group moves but does not catch up: lag stayed at 3 within the window, and 3 records wait'
      ]
    ],
    [
      'R11',
      [
        '6 records wait, none may',
        'not stopped: the last commit is 5 s old, no longer than the window spans (10 s)',
        'not rewound: no commit went back',
        'not seen caught up: of no commit in the window the lag is known',
        'not stalled: the offset moved once in 2 commits',
        'WARN: the group moves but does not catch up: of no commit the lag is known, and 6 records wait'
      ]
    ],
    [
      'R36',
      [
        '7 records wait, none may',
        'not stopped: the last commit is 5 s old, no longer than the window spans (20 s)',
        'not rewound: no commit went back',
        'not seen caught up: no commit in the window was closer than 7 records',
        'STALL: all 3 commits are at offset 100, and 7 records wait'
      ]
    ],
    [
      'T14',
      [
        '300 records wait, 99 may',
        'not stopped: the last commit is 100 s old, no longer than the window spans (400 s)',
        'not rewound: the group went back from offset 3,000 to 2,000, but has reached 4,000 since',
        'not seen caught up: no commit in the window was closer than 100 records, and 99 may wait',
        'not stalled: the offset moved 4 times in 5 commits',
        'not falling behind all the time: of 5 known lags one is smaller than the one before',
        'OK: lag fell from 1,250 to 300 within the window, so the group does catch up, and 300 records wait'
      ]
    ]
  ]
  for (const [id, expected] of sentences) {
    it(`says of ${id} what a tired person understands`, () => {
      const { tried } = explainRow(evaluatorVectors.find(row => row.id === id)!)
      expect(tried.map(({ sentence }) => sentence)).to.deep.equal(expected)
    })
  }

  it('says that a window without commits, or with too few, is not judged', () => {
    const none = explainPartition('t', 0, partitionOf([], 0, [7]), settings, 100)
    expect(none.sentence).to.equal('OK: there is no commit here, so there is nothing to judge')
    const commits = [{ offset: 5, order: 1, timestampMs: 1000, observedTimestampMs: 1000, lag: 9 }]
    const few = partitionOf([...Array<null>(9).fill(null), ...commits], 9, [14])
    const strict = { ...settings, minimumComplete: Math.fround(0.5) }
    const explained = explainPartition('t', 0, few, strict, 100)
    expect(explained).to.include({ status: StatusConstant.OK, rule: Rule.NotJudged, forecast: null })
    expect(explained.sentence).to.equal(
      'OK: not judged yet: the window holds 1 of 10 commits, and minimum-complete asks for a share of 0.5'
    )
    expect(explainPartition('t', 0, few, settings, 100).status).to.equal(StatusConstant.Stop)
  })
})

describe('explanation of a group', () => {
  it('adds up as the verdict does, whatever the group', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...evaluatorVectors), { maxLength: 8 }), fc.boolean(), (rows, twoTopics) => {
        const half = twoTopics ? Math.ceil(rows.length / 2) : rows.length
        const topics = new Map([
          ['z', rows.slice(0, half).map(partitionOfRow)],
          ['a', rows.slice(half).map(partitionOfRow)]
        ])
        const now = rows[0]?.nowSeconds ?? 0
        const explained = explainGroup('c', 'g', topics, settings, now)
        const verdict = evaluateTopics('c', 'g', topics, settings, now, true)
        const { status, complete, totalLag, totalPartitions } = explained
        expect({ status, complete, totalLag, totalPartitions }).to.deep.equal({
          status: verdict.status,
          complete: verdict.complete,
          totalLag: verdict.totalLag,
          totalPartitions: verdict.totalPartitions
        })
        const place = (each: { topic: string; partition: number; status: number } | null) =>
          each && [each.topic, each.partition, each.status]
        expect(explained.partitions.map(place)).to.deep.equal(verdict.partitions.map(place))
        expect(place(explained.maxlag)).to.deep.equal(place(verdict.maxlag))
        const worst = explained.partitions.reduce((most, each) => Math.max(most, each.status), 0)
        if (status === StatusConstant.OK) expect(explained.worst).to.equal(null)
        else expect(explained.worst!.status).to.equal(worst)
        const counted = [...explained.countByStatus.values()].reduce((sum, count) => sum + count, 0)
        expect(counted).to.equal(totalPartitions)
      })
    )
  })

  it('says which partition made it worst, and how many others are bad', () => {
    const ids = ['T0', 'T2', 'T5', 'R8']
    const rows = ids.map(id => evaluatorVectors.find(row => row.id === id)!)
    const topics = new Map([['orders', rows.map(partitionOfRow)]])
    const { sentence, worst } = explainGroup('c', 'g', topics, settings, 600)
    expect(worst!.partition).to.equal(2)
    expect(sentence).to.equal(
      'ERR: 1 STALL, 1 STOP of 4 partitions; worst is orders/2, STALL: all 5 commits are at offset 1,000, and 300 records wait'
    )
  })

  it('says when the group turns and when it is forgotten', () => {
    const row = evaluatorVectors.find(({ id }) => id === 'T0')!
    const explained = explainGroup('c', 'g', new Map([['t', [partitionOfRow(row)]]]), settings, 600)
    expect(explained.forecast).to.deep.equal({
      status: StatusConstant.Error,
      atSeconds: 901,
      endOffsetLooks: 0,
      sentence: 'ERR in 301 s (1970-01-01T00:15:01Z) if no commit arrives and the end offset stays'
    })
    expect(explained.expiresAtSeconds).to.equal(500 + 1 + 604_800)
  })

  it('a group without partitions, or with good ones only', () => {
    const empty = explainGroup('c', 'g', new Map(), settings, 0)
    expect(empty).to.deep.include({ sentence: 'OK: the group has no partitions', worst: null, expiresAtSeconds: null })
    const good = evaluatorVectors.find(({ id }) => id === 'T8')!
    const one = explainGroup('c', 'g', new Map([['t', [partitionOfRow(good)]]]), settings, 1000)
    expect(one.sentence).to.equal('OK: its one partition is OK; 0 records behind in all')
    expect(one.forecast).to.equal(null)
  })

  it('is JSON, key by key', () => {
    const row = evaluatorVectors.find(({ id }) => id === 'T2')!
    const writer = new ByteWriter()
    writeGroupExplanation(writer, explainGroup('c', 'g\x1b', new Map([['t', [partitionOfRow(row)]]]), settings, 1000))
    const text = Buffer.from(writer.take()).toString()
    const short = {
      topic: 't',
      partition: 0,
      status: 'STOP',
      rule: 'stopped',
      sentence: 'STOP: the last commit is 500 s old, the window spans 400 s, and 200 records wait',
      current_lag: 200
    }
    expect(JSON.parse(text)).to.deep.equal({
      cluster: 'c',
      group: 'g\x1b',
      status: 'ERR',
      sentence: `ERR: 1 STOP of 1 partitions; worst is t/0, ${short.sentence}`,
      evaluated_at: 1_000_000,
      settings: { intervals: 10, minimum_complete: 0, allowed_lag: 0, offset_refresh: 10, expire_group: 604_800 },
      complete: 1,
      partition_count: 1,
      totallag: 200,
      counts: { OK: 0, WARN: 0, STOP: 1, STALL: 0, REWIND: 0 },
      worst: short,
      maxlag: short,
      forecast: null,
      expires_at: 605_301_000,
      partitions: [
        {
          ...short,
          owner: '',
          client_id: '',
          complete: 1,
          tried: [
            {
              rule: 'current-lag-allowed',
              decides: false,
              compared: { current_lag: 200, allowed_lag: 0 },
              sentence: '200 records wait, none may'
            },
            {
              rule: 'stopped',
              decides: true,
              compared: {
                since_last_commit_ms: 500_000,
                window_span_ms: 400_000,
                last_offset: 5000,
                smallest_end_offset: 5200
              },
              sentence: short.sentence
            }
          ],
          forecast: null,
          commits: row.window.map(([offset, timestamp, lag]) => ({ offset, timestamp, observedAt: 0, lag })),
          end_offsets: [5200]
        }
      ]
    })
  })
})

function explainRow(row: EvaluatorVector) {
  return explainPartition('t', 0, partitionOfRow(row), { ...settings, allowedLag: row.allowedLag }, row.nowSeconds)
}

function partitionOfRow(row: EvaluatorVector): ConsumerPartition {
  const offsets = row.window.map(([offset, timestampMs, lag], order) => ({
    offset,
    order,
    timestampMs,
    observedTimestampMs: 0,
    lag
  }))
  return partitionOf(offsets, row.currentLag, row.brokerOffsets)
}

function partitionOf(
  offsets: ConsumerPartition['offsets'],
  currentLag: number,
  brokerOffsets: readonly number[]
): ConsumerPartition {
  return { offsets, brokerOffsets, owner: '', clientId: '', currentLag }
}
