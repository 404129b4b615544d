import { expect } from 'chai'
import { keyTypeName } from '../../../shared/codec/newer-records.ts'
import { encodeRecordBatch } from '../../../shared/codec/record-batch-writer.ts'
import { type CounterName, counterNames } from '../../../shared/counters.ts'
import { offsetsPartitionOf } from '../../../shared/kafka-api/offsets-partition.ts'
import { StorageRequestConstant } from '../../../shared/protocol/storage.ts'
import { recordCounterNames } from '../../../workers/kafka/record-counts.ts'
import { fixtureBytes, fixtureLines, fixtureNames, type Line } from '../../shared/codec/expected-lines.ts'
import { silentLogger } from '../../support/kafka-thread-fixture.ts'
import { ReplayedReader } from './replayed-reader.ts'

const { SetDeleteGroup } = StorageRequestConstant

/** As many partitions as any captured log names. */
const partitions = 300

/** A reader for a captured log: the topics that are named in the case exist, with the ids by which it names them. */
async function prepare(name: string, deny?: RegExp): Promise<ReplayedReader & { ids: ReadonlyMap<string, string> }> {
  const topics: Record<string, number> = {}
  const ids = new Map<string, string>()
  for (const other of fixtureNames.filter(each => each.slice(0, -1) === name.slice(0, -1))) {
    for (const line of fixtureLines(other)) {
      if (typeof line.topic === 'string') topics[line.topic] = partitions
      if (typeof line.topic === 'string' && line.topicId) ids.set(line.topic, hex(line.topicId))
      if (line.keyType !== 4 || line.tombstone) continue
      const value = line.value as { topics: { topicId: string; topicName: string }[] }
      for (const { topicId, topicName } of value.topics) ids.set(topicName, hex(topicId))
    }
  }
  return Object.assign(new ReplayedReader({ topics, ids, ...(deny && { deny }) }), { ids })
}

async function replay(name: string, deny?: RegExp): Promise<ReplayedReader> {
  const reader = await prepare(name, deny)
  expect(await reader.read(fixtureBytes(name))).to.equal(false)
  expect(reader.p.position).to.equal(fixtureLines(name)[0]!.nextOffset)
  return reader
}

/** `live-1: orders 0 2, payments 0` as what ReplayedReader.owners tells. */
function owned(byClient: Readonly<Record<string, string>>): Record<string, string> {
  const owners: Record<string, string> = {}
  for (const [clientId, list] of Object.entries(byClient)) {
    for (const part of list.split(', ')) {
      const [topic, ...numbers] = part.split(' ')
      for (const number of numbers) owners[`${topic}/${number}`] = `${clientId}@/127.0.0.1`
    }
  }
  return Object.fromEntries(Object.entries(owners).sort())
}

describe('workers/kafka: groups in captured logs', () => {
  it('counts records by the type of their key, each name from the codec', () => {
    const names = recordCounterNames()
    expect(names).to.have.length(25)
    expect(names[3]).to.equal('records_consumer_group_epoch')
    expect(names[24]).to.equal('records_streams_group_resolved_topics')
    const all = counterNames.filter(name => name.startsWith('records_'))
    expect([...all].sort()).to.deep.equal([...names, 'records_unknown_type'].sort())
  })

  for (const name of fixtureNames) {
    it(`${name}: as many of each type as there are`, async () => {
      const reader = await replay(name)
      const { control: _markers, ...keyTypes } = fixtureLines(name)[0]!.keyTypes as Record<string, number>
      const expected: Record<string, number> = {}
      for (const [type, count] of Object.entries(keyTypes)) {
        expected[`records_${keyTypeName(Number(type)).replaceAll(' ', '_')}`.replace(/unknown$/, 'unknown_type')] =
          count
      }
      const counted: Record<string, number> = {}
      for (const counter of counterNames.filter(each => each.startsWith('records_'))) {
        if (reader.count(counter) > 0) counted[counter] = reader.count(counter)
      }
      expect(counted).to.deep.equal(expected)
      expect(reader.count('records')).to.equal(Object.values(keyTypes).reduce((sum, count) => sum + count))
      reader.close()
    })
  }

  it('types that are newer than we are get one line together', async () => {
    const said: string[] = []
    const logger = { ...silentLogger, warn: (text: string) => said.push(text) }
    const reader = new ReplayedReader({ topics: {}, logger })
    const keys = Array.from({ length: 500 }, (_, i) => Buffer.from([0x40 + (i >> 8), i & 255, 0, 1, 0x67]))
    await reader.read(
      encodeRecordBatch({ baseOffset: 0, records: keys.map(key => ({ key, value: key, timestampMs: 1 })) })
    )
    expect(said).to.deep.equal(['a record type is newer than we are'])
    expect(reader.count('records_unknown_type' satisfies CounterName)).to.equal(500)
    reader.close()
  })

  for (const name of fixtureNames.filter(each => /^(groups|next|classic-4)/.test(each))) {
    it(`${name}: owners after each batch are those of the newest assignments`, async () => {
      const reader = await prepare(name)
      const newest = new NewestAssignments()
      const lines = fixtureLines(name)
      const bytes = fixtureBytes(name)
      let groupsWithOwners = 0
      for (const batch of lines.filter(line => line.kind === 'batch')) {
        const at = batch.position as number
        await reader.read(bytes.subarray(at, at + (batch.size as number)))
        for (const line of lines) if (isIn(line, batch)) newest.take(line)
        for (const [group, owners] of newest.owners(reader.ids)) {
          expect(reader.owners(group), `${group} after batch ${batch.baseOffset}`).to.deep.equal(owners)
          if (Object.keys(owners).length > 0) groupsWithOwners++
        }
      }
      expect(groupsWithOwners > 0).to.equal(lines.some(line => line.keyType === 8))
      expect(reader.p.members.changed.size).to.equal(0)
      reader.close()
    })
  }

  const upgraded: [offset: number, byClient: Record<string, string>][] = [
    [101, { old: 'orders 0 1 2 3' }],
    [113, { old: 'orders 0 1 2 3' }],
    [116, { old: 'orders 0 1 2 3' }], // asked to give 2 and 3 back, has not yet
    [118, { old: 'orders 0 1' }],
    [119, { old: 'orders 0 1', new: 'orders 2 3' }],
    [127, { new: 'orders 2 3' }],
    [130, { new: 'orders 0 1 2 3' }],
    [138, {}]
  ]
  it('groups-4.2.0-p2: reports-upgraded goes from one protocol to the other and keeps its owners', async () => {
    const reader = await prepare('groups-4.2.0-p2')
    for (const [offset, byClient] of upgraded) {
      await reader.read(upTo('groups-4.2.0-p2', offset))
      expect(reader.owners('reports-upgraded'), `${offset}`).to.deep.equal(owned(byClient))
    }
    reader.close()
  })

  it('groups-4.2.0-p1: reports-downgraded goes there and back', async () => {
    const reader = await prepare('groups-4.2.0-p1')
    await reader.read(upTo('groups-4.2.0-p1', 42))
    expect(reader.owners('reports-downgraded')).to.deep.equal(owned({ stays: 'orders 0 1', visits: 'orders 2 3' }))
    await reader.read(upTo('groups-4.2.0-p1', 59))
    expect(reader.owners('reports-downgraded')).to.deep.equal(owned({ stays: 'orders 0 1 2 3' }))
    await reader.read(fixtureBytes('groups-4.2.0-p1'))
    expect(reader.owners('reports-downgraded')).to.deep.equal({})
    reader.close()
  })

  const owners: [file: string, group: string, byClient: Record<string, string>][] = [
    ['groups-4.2.0-p2', 'grüppe-日本-next', { 'live-n': 'orders 0 1 2 3, payments 0 1 2' }],
    ['classic-4.1.1-p2', 'grüppe-日本-next', { 'live-n': 'orders 0 1 2 3, payments 0 1 2' }],
    ['classic-4.1.1-p2', 'warehouse-next', { 'orders-n2': 'orders 0 1 2 3, payments 0 1' }], // static: away, its place is kept
    ['classic-4.1.1-p2', 'reports-regex', {}],
    ['classic-4.1.1-p2', 'warehouse-live', { 'live-1': 'orders 0 2, payments 0', 'live-2': 'orders 1 3, payments 1' }],
    ['next-4.0.0-p0', 'grüppe-日本-next', { 'live-n': 'orders 0 1 2 3, payments 0 1 2' }],
    ['next-4.0.0-p0', 'warehouse-next', { 'orders-n2': 'orders 0 1 2 3, payments 0 1' }]
  ]
  for (const [file, group, byClient] of owners) {
    it(`${file}: owners of ${group} in the end`, async () => {
      const reader = await replay(file)
      expect(reader.owners(group)).to.deep.equal(owned(byClient))
      reader.close()
    })
  }

  /** Groups that have something to show when the whole log was read: those that commit, or have owners, and were not deleted. */
  const survivors: [file: string, groups: string[], gone: string[]][] = [
    ['groups-4.2.0-p0', ['old-clients-ids-1', 'warehouse', 'reports'], ['billing-deleted', 'billing-gone']],
    [
      'groups-4.2.0-p1',
      ['billing', 'grüppe-日本', 'g'.repeat(130), 'reports-downgraded', 'reports-offline', 'old-clients-ids-0'],
      ['orders-app']
    ],
    ['classic-4.1.1-p0', ['old-clients-ids-1', 'warehouse', 'reports'], ['billing-deleted', 'billing-gone']],
    ['next-4.0.0-p0', ['warehouse-next', 'reports-regex', 'billing', 'grüppe-日本-next'], ['billing-gone']]
  ]
  for (const [file, groups, gone] of survivors) {
    it(`${file}: ${gone.join(', ')} deleted, all others kept`, async () => {
      const reader = await replay(file)
      expect([...reader.shard.groups.keys()].sort()).to.deep.equal([...groups].sort())
      const deleted = reader.shard.commands.flatMap(each => (each.type === SetDeleteGroup ? [each.group] : []))
      expect([...new Set(deleted)]).to.deep.equal(gone)
      reader.close()
    })
  }

  it('groups that change their protocol keep every window', async () => {
    const reader = await replay('groups-4.2.0-p1')
    const other = await replay('groups-4.2.0-p2')
    for (const [{ shard }, group] of [
      [reader, 'reports-downgraded'],
      [reader, 'reports-offline'],
      [other, 'reports-upgraded']
    ] as const) {
      const kept = [...shard.groups.get(group)!].filter(([, { offset }]) => offset !== undefined)
      expect(kept.map(([key]) => key).sort()).to.deep.equal(['orders/0', 'orders/1', 'orders/2', 'orders/3'])
      expect(shard.commands.some(each => each.type === SetDeleteGroup && each.group === group)).to.equal(false)
    }
    reader.close()
    other.close()
  })

  it('every group is in the partition where we believe that Kafka keeps it', () => {
    let groups = 0
    for (const name of fixtureNames.filter(each => /^(groups|classic)/.test(each))) {
      for (const { group } of fixtureLines(name)) {
        if (typeof group !== 'string') continue
        expect(offsetsPartitionOf(group, 3), `${name} ${group}`).to.equal(Number(name.at(-1)))
        groups++
      }
    }
    expect(groups).to.be.greaterThan(500)
    expect(offsetsPartitionOf('polygenelubricants', 50)).to.equal(0) // its hash is -2^31, which has no positive
  })

  it('a deny list leaves out members and tombstones', async () => {
    const reader = await replay('groups-4.2.0-p2', /./)
    expect(reader.shard.commands).to.deep.equal([])
    expect(reader.p.members.oldestOffset).to.equal(Number.POSITIVE_INFINITY)
    reader.close()
  })
})

function isIn(line: Line, batch: Line): boolean {
  const offset = line.offset as number
  return line.kind === 'record' && offset >= (batch.baseOffset as number) && offset <= (batch.lastOffset as number)
}

/** The log up to the batch that has this offset. */
function upTo(name: string, offset: number): Uint8Array {
  const batch = fixtureLines(name).find(line => line.kind === 'batch' && (line.lastOffset as number) >= offset)!
  return fixtureBytes(name).subarray(0, (batch.position as number) + (batch.size as number))
}

type TopicIds = readonly { readonly topicId: string; readonly partitions: readonly number[] }[]

/** What the expectations say of KIP-848 groups, put together anew from all lines so far. */
class NewestAssignments {
  readonly #members = new Map<string, Map<string, { client?: string; has?: TopicIds }>>()

  take(line: Line): void {
    if (line.keyType !== 5 && line.keyType !== 8) return
    const members = this.#members.get(line.group as string) ?? new Map()
    this.#members.set(line.group as string, members)
    const member = members.get(line.memberId) ?? {}
    members.set(line.memberId, member)
    const value = line.value as Record<string, unknown>
    if (line.tombstone) members.delete(line.memberId)
    else if (line.keyType === 5) member.client = `${value.clientId}@${value.clientHost}`
    else member.has = [...(value.assignedPartitions as TopicIds), ...(value.partitionsPendingRevocation as TopicIds)]
  }

  /** Groups with members only: without, the group may be classic by now. */
  *owners(ids: ReadonlyMap<string, string>): Iterable<[group: string, owners: Record<string, string>]> {
    const nameById = new Map([...ids].map(([name, id]) => [id, name]))
    for (const [group, members] of this.#members) {
      if (members.size === 0) continue
      const owners: [string, string][] = []
      for (const { client, has } of members.values()) {
        for (const { topicId, partitions } of has ?? []) {
          const topic = nameById.get(hex(topicId))
          for (const partition of partitions) owners.push([`${topic}/${partition}`, client!])
        }
      }
      yield [group, Object.fromEntries(owners.sort(([a], [b]) => (a < b ? -1 : 1)))]
    }
  }
}

function hex(id: unknown): string {
  return Buffer.from(String(id), 'base64url').toString('hex')
}
