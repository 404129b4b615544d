import { expect } from 'chai'
import fc from 'fast-check'
import { checkedCommand, checkedEvaluation, checkedQuery } from '../../../main/modules/checked-request.ts'
import { BurrowError } from '../../../shared/errors.ts'
import {
  StorageRequestConstant as Code,
  type StorageCommand,
  type StorageQuery
} from '../../../shared/protocol/storage.ts'

const where = { cluster: 'c', group: 'g', topic: 't', partition: 1 }
const commands: readonly StorageCommand[] = [
  {
    type: Code.SetBrokerOffset,
    cluster: 'c',
    topic: 't',
    partition: 1,
    topicPartitionCount: 2,
    offset: 3,
    timestampMs: 4
  },
  { type: Code.SetConsumerOffset, ...where, offset: 1, order: 2, timestampMs: 3 },
  { type: Code.SetConsumerOwner, ...where, owner: '', clientId: 'x' },
  { type: Code.SetDeleteTopic, cluster: 'c', topic: 't' },
  { type: Code.SetDeleteGroup, cluster: 'c', group: 'g' },
  { type: Code.SetDeleteGroup, cluster: 'c', group: 'g', topic: 't' },
  { type: Code.ClearConsumerOwners, cluster: 'c', group: 'g' }
]
const queries: readonly StorageQuery[] = [
  { type: Code.FetchClusters },
  { type: Code.FetchConsumers, cluster: 'c' },
  { type: Code.FetchTopics, cluster: 'elsewhere' },
  { type: Code.FetchConsumer, cluster: 'c', group: 'g' },
  { type: Code.FetchTopic, cluster: 'c', topic: 't' },
  { type: Code.FetchConsumersForTopic, cluster: 'c', topic: 't' }
]

describe('main/modules: requests of custom modules', () => {
  it('are passed on as they are, without fields that nobody knows', () => {
    for (const command of commands) {
      expect(checkedCommand({ ...command, callback: () => 1 }, ['c'])).to.deep.equal(command)
    }
    for (const query of queries) expect(checkedQuery({ ...query, extra: 1 })).to.deep.equal(query)
    expect(checkedEvaluation({ cluster: 'c', group: 'g', showAll: true, more: 1 })).to.deep.equal({
      cluster: 'c',
      group: 'g',
      showAll: true
    })
  })

  const commit = commands[1]!
  const endOffset = commands[0]!
  for (const [what, command, says] of [
    ['no object', null, 'must be an object'],
    ['a query', queries[0], 'cluster must be text'],
    ['an unknown type', { ...commit, type: 99 }, 'type is no command of storage, not 99'],
    ['an unknown cluster', { ...commit, cluster: 'C' }, "cluster must be one of c, not 'C'"],
    ['no group', { ...commit, group: '' }, 'group must not be empty'],
    ['a group that is no text', { ...commit, group: ['g'] }, 'group must be text'],
    ['a group without end', { ...commit, group: 'g'.repeat(40_000) }, 'group must be text of at most'],
    ['a partition below 0', { ...commit, partition: -1 }, 'partition must be a whole number'],
    ['half an offset', { ...commit, offset: 1.5 }, 'offset must be a whole number'],
    ['an offset as text', { ...commit, offset: '1' }, 'offset must be a whole number'],
    ['an order beyond 2^53', { ...commit, order: 2 ** 53 }, 'order must be a whole number'],
    ['a time that is none', { ...commit, timestampMs: Number.NaN }, 'timestampMs must be a whole number'],
    ['a bigint', { ...commit, offset: 1n }, 'offset must be a whole number'],
    ['a partition past the count', { ...endOffset, partition: 2 }, 'partition must be a whole number from 0 to 1'],
    ['a topic of too many partitions', { ...endOffset, topicPartitionCount: 2e9 }, 'topicPartitionCount must be']
  ] as const) {
    it(`are refused: ${what}`, () => {
      expect(() => checkedCommand(command, ['c']))
        .to.throw(BurrowError, says)
        .with.property('code', 'REQUEST_INVALID')
    })
  }

  it('never throw anything else, whatever is told', () => {
    const type = fc.oneof(fc.integer({ min: -1, max: 13 }), fc.anything())
    const fields = fc.dictionary(
      fc.constantFrom(
        'cluster',
        'group',
        'topic',
        'partition',
        'topicPartitionCount',
        'offset',
        'order',
        'timestampMs',
        'owner'
      ),
      fc.oneof(fc.constant('c'), fc.integer(), fc.anything({ withBigInt: true }))
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.tuple(type, fields).map(([of, more]) => ({ type: of, ...more }))
        ),
        request => {
          for (const check of [() => checkedCommand(request, ['c']), () => checkedQuery(request)]) {
            try {
              check()
            } catch (error) {
              expect((error as BurrowError).code).to.equal('REQUEST_INVALID')
            }
          }
        }
      )
    )
  })
})
