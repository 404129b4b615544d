import { expect } from 'chai'
import { lettersOfFile, zoneLetters } from '../../../../shared/template/time/zone-letters.ts'

/** A file with two times in its table and a rule behind them. */
function zoneFile(rule: string): Buffer {
  const header = (times: number, kinds: number, letters: number) => {
    const bytes = Buffer.alloc(44)
    bytes.write('TZif2')
    bytes.writeUInt32BE(times, 32)
    bytes.writeUInt32BE(kinds, 36)
    bytes.writeUInt32BE(letters, 40)
    return bytes
  }
  const times = Buffer.alloc(16)
  times.writeBigInt64BE(-1000n, 0)
  times.writeBigInt64BE(5000n, 8)
  const kind = (offset: number, isDaylight: number, letters: number) => {
    const bytes = Buffer.alloc(6)
    bytes.writeInt32BE(offset)
    bytes[4] = isDaylight
    bytes[5] = letters
    return bytes
  }
  const kinds = Buffer.concat([kind(3208, 0, 0), kind(3600, 0, 4), kind(7200, 1, 8)])
  const old = Buffer.concat([header(0, 1, 4), kind(0, 0, 0), Buffer.from('OLD\0')])
  return Buffer.concat([
    old,
    header(2, 3, 13),
    times,
    Buffer.of(1, 2),
    kinds,
    Buffer.from('LMT\0CET\0CEST\0'),
    Buffer.from(`\n${rule}\n`)
  ])
}

describe('shared/template/time/zone-letters', () => {
  it('reads the table, before, inside and behind it', () => {
    const letters = lettersOfFile(zoneFile(''))
    expect(letters(-1001, 3208)).to.equal('LMT')
    expect(letters(-1000, 3600)).to.equal('CET')
    expect(letters(4999, 3600)).to.equal('CET')
    expect(letters(5000, 7200)).to.equal('CEST')
    expect(letters(9_000_000_000, 7200)).to.equal('CEST')
  })

  it('does not call a zone by the letters of another offset', () => {
    expect(lettersOfFile(zoneFile(''))(0, 7200)).to.equal(null)
  })

  const rules: readonly [string, number, string | null][] = [
    ['CET-1CEST,M3.5.0,M10.5.0/3', 3600, 'CET'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', 7200, 'CEST'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', 0, null],
    ['EST5EDT,M3.2.0,M11.1.0', -18_000, 'EST'],
    ['EST5EDT,M3.2.0,M11.1.0', -14_400, 'EDT'],
    ['NST3:30NDT,M3.2.0,M11.1.0', -12_600, 'NST'],
    ['<+0330>-3:30', 12_600, '+0330'],
    ['IST-1GMT0,M10.5.0,M3.5.0/1', 0, 'GMT'],
    ['IST-1GMT0,M10.5.0,M3.5.0/1', 3600, 'IST']
  ]
  for (const [rule, offset, expected] of rules) {
    it(`goes on by the rule ${rule}: ${offset} s is ${expected}`, () => {
      expect(lettersOfFile(zoneFile(rule))(6000, offset)).to.equal(expected)
    })
  }

  it('knows nothing from what is no such file', () => {
    expect(zoneLetters('Nowhere/At-All')(0, 0)).to.equal(null)
    expect(lettersOfFile(Buffer.alloc(0))(0, 0)).to.equal(null)
    expect(lettersOfFile(Buffer.from('TZif'))(0, 0)).to.equal(null)
    expect(lettersOfFile(Buffer.alloc(100, 'x'))(0, 0)).to.equal(null)
  })
})
