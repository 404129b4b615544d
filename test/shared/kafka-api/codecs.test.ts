import { expect } from 'chai'
import fc from 'fast-check'
import { BurrowError } from '../../../shared/errors.ts'
import { errorName, isRetriable, isStaleMetadata } from '../../../shared/kafka-api/error-codes.ts'
import { decodeFetch, encodeFetchRequest } from '../../../shared/kafka-api/fetch.ts'
import {
  decodeListOffsets,
  encodeListOffsetsRequest,
  ListOffsetsAnswer,
  OffsetOf
} from '../../../shared/kafka-api/list-offsets.ts'
import { decodeMetadata, encodeMetadataByIdRequest, encodeMetadataRequest } from '../../../shared/kafka-api/metadata.ts'
import { chooseVersion } from '../../../shared/kafka-api/version-choice.ts'
import { WireReader } from '../../../shared/kafka-api/wire-reader.ts'
import { WireWriter } from '../../../shared/kafka-api/wire-writer.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const topicId = '00112233445566778899aabbccddeeff'

describe('shared/kafka-api', () => {
  describe('metadata', () => {
    it('asks for all topics in the words of each version', () => {
      expect(hex(encodeMetadataRequest(1, null))).to.equal('ffffffff')
      expect(hex(encodeMetadataRequest(4, null))).to.equal('ffffffff00')
      expect(hex(encodeMetadataRequest(8, null))).to.equal('ffffffff000000')
      expect(hex(encodeMetadataRequest(9, null))).to.equal('000000000000')
      expect(hex(encodeMetadataRequest(12, null))).to.equal('0000000000')
    })

    it('asks for topics by name', () => {
      expect(hex(encodeMetadataRequest(1, ['ab']))).to.equal(`00000001${'0002'}6162`)
      expect(hex(encodeMetadataRequest(9, ['ab']))).to.equal('00' + '02' + '03616200' + '000000' + '00')
      expect(hex(encodeMetadataRequest(10, ['ab']))).to.equal(`0002${'0'.repeat(32)}0361620000000000`)
    })

    it('asks for topics by id', () => {
      expect(hex(encodeMetadataByIdRequest(12, [topicId]))).to.equal(`0002${topicId}0000${'0000'}00`)
      expect(() => encodeMetadataByIdRequest(12, ['xy'])).to.throw(RangeError)
    })

    for (const version of range(1, 12)) {
      it(`reads version ${version}, errors of topics and partitions kept apart`, () => {
        const metadata = decodeMetadata(metadataAnswer(version), version)
        expect(metadata.brokers).to.deep.equal([{ nodeId: 1, host: '::1', port: 9092 }])
        expect(metadata.clusterId).to.equal(version >= 2 ? 'id' : null)
        expect(metadata.controllerId).to.equal(1)
        const [good, bad] = metadata.topics
        expect(good).to.include({ errorCode: 0, name: 'good', internal: true, id: version >= 10 ? topicId : null })
        expect([...good!.leaders]).to.deep.equal([1, -1])
        expect([...good!.leaderEpochs]).to.deep.equal(version >= 7 ? [7, 8] : [-1, -1])
        expect(bad).to.include({ errorCode: 29, name: 'bad', id: null })
        expect(bad!.leaders).to.have.length(0)
      })
    }

    it('refuses an answer cut at any byte, naming a field', () => {
      for (const version of [1, 8, 12]) refusesCut(metadataAnswer(version), bytes => decodeMetadata(bytes, version))
    })

    it('refuses partition numbers that are not there', () => {
      const bytes = Buffer.from(metadataAnswer(1))
      const at = bytes.indexOf('good') + 'good'.length + 1 + 4 // name, internal, count; the first partition
      bytes.writeInt32BE(2_000_000_000, at + 2)
      expect(codeOf(() => decodeMetadata(bytes, 1))).to.equal('PROTOCOL_DECODE partition_index')
    })
  })

  describe('list offsets', () => {
    const wanted = [
      { topic: 'a', partitions: [0, 2] },
      { topic: 'bc', partitions: [1] }
    ]
    const names = [Buffer.from('a'), Buffer.from('bc')]

    it('asks in the words of each version', () => {
      const body = (isolation: string, epoch: string) =>
        `ffffffff${isolation}00000002000161000000020000000${`0${epoch}ffffffffffffffff`}00000002${epoch}ffffffffffffffff` +
        `0002626300000001${`00000001${epoch}`}ffffffffffffffff`
      expect(hex(encodeListOffsetsRequest(1, wanted, OffsetOf.end))).to.equal(body('', ''))
      expect(hex(encodeListOffsetsRequest(2, wanted, OffsetOf.end))).to.equal(body('00', ''))
      expect(hex(encodeListOffsetsRequest(5, wanted, OffsetOf.end))).to.equal(body('00', 'ffffffff'))
      expect(hex(encodeListOffsetsRequest(1, [wanted[1]!], OffsetOf.start))).to.contain('fffffffffffffffe')
    })

    for (const version of range(1, 5)) {
      it(`reads version ${version} into arrays, in any order of topics, errors by partition`, () => {
        const answer = new ListOffsetsAnswer()
        for (const topics of [
          ['a', 'bc'],
          ['bc', 'a']
        ]) {
          decodeListOffsets(listAnswer(version, topics), version, names, answer)
          const rows = range(0, answer.count - 1).map(i => [
            names[answer.topics[i]!]!.toString(),
            answer.partitions[i],
            answer.errorCodes[i],
            answer.offsets[i]
          ])
          expect(rows).to.have.deep.members([
            ['a', 0, 0, 2 ** 40],
            ['a', 2, 6, -1],
            ['bc', 0, 0, 2 ** 40],
            ['bc', 2, 6, -1]
          ])
        }
      })
    }

    it('does not round an offset beyond 2^53 - 1', () => {
      const answer = new ListOffsetsAnswer()
      const bytes = Buffer.from(listAnswer(1, ['a']))
      bytes.writeBigInt64BE(2n ** 53n, bytes.indexOf(Buffer.from('0000010000000000', 'hex')))
      decodeListOffsets(bytes, 1, names, answer)
      expect(answer.offsets[0]).to.be.NaN
    })

    it('takes a big answer into arrays that are used again', () => {
      const answer = new ListOffsetsAnswer()
      const partitions = range(0, 999)
      const writer = new WireWriter().int32(1).string('a', false).int32(partitions.length)
      for (const partition of partitions)
        writer
          .int32(partition)
          .int16(0)
          .int64(-1)
          .int64(partition * 3)
      const bytes = writer.finish()
      decodeListOffsets(bytes, 1, names, answer)
      const { offsets } = answer
      decodeListOffsets(bytes, 1, names, answer)
      expect(answer.count).to.equal(1000)
      expect(answer.offsets).to.equal(offsets)
      expect(answer.offsets[999]).to.equal(2997)
    })

    it('refuses what is cut, and a topic that was not asked for', () => {
      const answer = new ListOffsetsAnswer()
      refusesCut(listAnswer(5, ['a', 'bc']), bytes => decodeListOffsets(bytes, 5, names, answer))
      expect(codeOf(() => decodeListOffsets(listAnswer(1, ['x']), 1, names, answer))).to.equal('PROTOCOL_DECODE name')
    })
  })

  describe('fetch', () => {
    it('asks in the words of each version', () => {
      const request = {
        topic: 't',
        maxWaitMs: 500,
        minBytes: 1,
        maxBytes: 16,
        partitions: [{ partition: 3, offset: 9, maxBytes: 8 }]
      }
      const start = 'ffffffff000001f4000000010000001000'
      const [topic, offset, max] = ['0000000100017400000001', '0000000000000009', '00000008']
      const none = 'ffffffffffffffff'
      expect(hex(encodeFetchRequest(4, request))).to.equal(`${start}${topic}00000003${offset}${max}`)
      expect(hex(encodeFetchRequest(5, request))).to.equal(`${start}${topic}00000003${offset}${none}${max}`)
      expect(hex(encodeFetchRequest(7, request))).to.equal(
        `${start}00000000ffffffff${topic}00000003${offset}${none}${max}00000000`
      )
      expect(hex(encodeFetchRequest(11, request))).to.equal(
        `${start}00000000ffffffff${topic}00000003ffffffff${offset}${none}${max}000000000000`
      )
    })

    for (const version of range(4, 11)) {
      it(`reads version ${version}; records are views of the answer`, () => {
        const bytes = fetchAnswer(version)
        const answer = decodeFetch(bytes, version)
        expect(answer.errorCode).to.equal(version >= 7 ? 70 : 0)
        const [good, bad] = answer.partitions
        expect(good).to.include({ topic: 't', partition: 3, errorCode: 0, highWatermark: 12 })
        expect(good!.logStartOffset).to.equal(version >= 5 ? 2 : -1)
        expect([...good!.records]).to.deep.equal([1, 2, 3])
        expect(good!.records.buffer).to.equal(bytes.buffer)
        expect(bad).to.include({ partition: 4, errorCode: 1 })
        expect(bad!.records).to.have.length(0)
      })
    }

    it('refuses what is cut', () => {
      refusesCut(fetchAnswer(11), bytes => decodeFetch(bytes, 11))
    })
  })

  it('garbage ends in PROTOCOL_DECODE or in an answer, quickly and with no more than the bytes say', () => {
    const answer = new ListOffsetsAnswer()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 12 }), (bytes, version) => {
        for (const decode of [
          () => decodeMetadata(bytes, version),
          () => decodeListOffsets(bytes, Math.min(version, 5), [Buffer.from('a')], answer),
          () => decodeFetch(bytes, Math.max(4, Math.min(version, 11)))
        ]) {
          const code = codeOf(decode)
          expect(code === '' || code.startsWith('PROTOCOL_DECODE ')).to.equal(true)
        }
      }),
      { numRuns: 500 }
    )
  })

  it('int64 and strings come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.nat(),
        (number, text, count) => {
          const bytes = new WireWriter(1).int64(number).string(text, true).string(text, false).varint(count).finish()
          const reader = new WireReader(bytes, 'test')
          expect(reader.int64('n')).to.equal(number)
          const wellFormed = Buffer.from(text).toString()
          expect(reader.string('s', true)).to.equal(wellFormed)
          expect(reader.string('s', false)).to.equal(wellFormed)
          expect(reader.varint('v')).to.equal(count)
          expect(reader.at).to.equal(bytes.length)
        }
      )
    )
  })

  it('chooses the highest version both speak, and names the API where there is none', () => {
    const api = { key: 2, name: 'ListOffsets', minVersion: 1, maxVersion: 5 }
    expect(chooseVersion(api, { 2: { minVersion: 0, maxVersion: 9 } })).to.equal(5)
    expect(chooseVersion(api, { 2: { minVersion: 1, maxVersion: 3 } })).to.equal(3)
    for (const versions of [{ 2: { minVersion: 6, maxVersion: 9 } }, { 2: { minVersion: 0, maxVersion: 0 } }, {}]) {
      expect(() => chooseVersion(api, versions))
        .to.throw(BurrowError, /ListOffsets/)
        .with.property('code', 'UNSUPPORTED')
    }
  })

  it('knows what errors mean, and takes one it does not know for retriable', () => {
    expect([errorName(6), isRetriable(6), isStaleMetadata(6)]).to.deep.equal(['NOT_LEADER_OR_FOLLOWER', true, true])
    expect([errorName(29), isRetriable(29), isStaleMetadata(29)]).to.deep.equal([
      'TOPIC_AUTHORIZATION_FAILED',
      false,
      false
    ])
    expect([errorName(999), isRetriable(999), isStaleMetadata(999)]).to.deep.equal(['ERROR_999', true, false])
  })
})

function metadataAnswer(version: number): Uint8Array {
  const flexible = version >= 9
  const writer = new WireWriter()
  const tags = () => flexible && writer.noTags()
  const string = (value: string | null) => {
    if (value !== null) writer.string(value, flexible)
    else if (flexible) writer.varint(0)
    else writer.int16(-1)
  }
  tags()
  if (version >= 3) writer.int32(0)
  writer.count(1, flexible).int32(1)
  string('::1')
  writer.int32(9092)
  string(null)
  tags()
  if (version >= 2) string('id')
  writer.int32(1)
  writer.count(2, flexible)
  for (const name of ['good', 'bad']) {
    const isGood = name === 'good'
    writer.int16(isGood ? 0 : 29)
    string(name)
    if (version >= 10) for (let i = 0; i < 16; i++) writer.int8(isGood ? ((i * 17) << 24) >> 24 : 0)
    writer.int8(isGood ? 1 : 0)
    writer.count(isGood ? 2 : 0, flexible)
    for (const [index, leader] of isGood ? [1, -1].entries() : []) {
      writer
        .int16(leader < 0 ? 5 : 0)
        .int32(index)
        .int32(leader)
      if (version >= 7) writer.int32(7 + index)
      for (const list of [[1, 2], [1], ...(version >= 5 ? [[2]] : [])]) {
        writer.count(list.length, flexible)
        for (const id of list) writer.int32(id)
      }
      tags()
    }
    if (version >= 8) writer.int32(0)
    tags()
  }
  if (version >= 8 && version <= 10) writer.int32(0)
  tags()
  return writer.finish()
}

function listAnswer(version: number, topics: readonly string[]): Uint8Array {
  const writer = new WireWriter()
  if (version >= 2) writer.int32(0)
  writer.int32(topics.length)
  for (const topic of topics) {
    writer.string(topic, false).int32(2)
    for (const [partition, code, offset] of [
      [0, 0, 2 ** 40],
      [2, 6, -1]
    ] as const) {
      writer.int32(partition).int16(code).int64(-1).int64(offset)
      if (version >= 4) writer.int32(3)
    }
  }
  return writer.finish()
}

function fetchAnswer(version: number): Uint8Array {
  const writer = new WireWriter().int32(0)
  if (version >= 7) writer.int16(70).int32(0)
  writer.int32(1).string('t', false).int32(2)
  writer.int32(3).int16(0).int64(12).int64(11)
  if (version >= 5) writer.int64(2)
  writer.int32(1).int64(5).int64(6) // one aborted transaction
  if (version >= 11) writer.int32(-1)
  writer.int32(3).int8(1).int8(2).int8(3)
  writer.int32(4).int16(1).int64(-1).int64(-1)
  if (version >= 5) writer.int64(-1)
  writer.int32(-1)
  if (version >= 11) writer.int32(-1)
  writer.int32(-1)
  return Uint8Array.from(writer.finish())
}

/** The tail that a decoder does not need may be missing; anything shorter must be refused with a field. */
function refusesCut(bytes: Uint8Array, decode: (bytes: Uint8Array) => unknown): void {
  let refused = 0
  for (let length = 0; length < bytes.length; length++) {
    const code = codeOf(() => decode(bytes.subarray(0, length)))
    if (code !== '') refused++
    expect(code === '' || /^PROTOCOL_DECODE \w+$/.test(code), code).to.equal(true)
  }
  expect(refused).to.be.at.least(bytes.length - 6)
}

function codeOf(action: () => unknown): string {
  try {
    action()
    return ''
  } catch (error) {
    if (error instanceof BurrowError) return `${error.code} ${error.facts.field}`
    throw error
  }
}
