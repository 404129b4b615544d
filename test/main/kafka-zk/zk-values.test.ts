import { expect } from 'chai'
import { readOffset, readOwner, readPartition } from '../../../main/kafka-zk/zk-values.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('kafka_zk: values', () => {
  it('offsets are decimal, as in Go', () => {
    for (const [text, offset] of [
      ['81234', 81234],
      ['0', 0],
      ['-1', -1],
      ['+7', 7],
      ['007', 7],
      ['9007199254740991', Number.MAX_SAFE_INTEGER]
    ] as const) {
      expect(readOffset(bytes(text)), text).to.deep.equal({ offset })
    }
    for (const text of ['', ' 1', '1 ', '1\n', '1.0', '1e3', '0x10', '1_000', '--1', '١', '9'.repeat(100)]) {
      expect(readOffset(bytes(text)), text).to.deep.equal({ refused: 'undecodable' })
    }
    for (const text of ['9007199254740992', '-9007199254740993', '9223372036854775807']) {
      expect(readOffset(bytes(text)), text).to.deep.equal({ refused: 'out of range' })
    }
    expect(Object.is((readOffset(bytes('-0')) as { offset: number }).offset, 0)).to.equal(true)
  })

  it('partitions are numbers without leading zeros', () => {
    expect(readPartition('0')).to.equal(0)
    expect(readPartition('2147483647')).to.equal(2147483647)
    for (const name of ['', '00', '01', '-1', '1a', '2147483648', '99999999999']) {
      expect(readPartition(name), name).to.equal(null)
    }
  })

  it('owners are text, of bounded length', () => {
    expect(readOwner(bytes('group_host-1-abc-0'))).to.equal('group_host-1-abc-0')
    expect(readOwner(bytes('x'.repeat(5000))).length).to.equal(1024)
  })
})
