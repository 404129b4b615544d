import { expect } from 'chai'
import fc from 'fast-check'
import { safeText } from '../../../../main/cli/terminal/safe-text.ts'
import { paint, screenOf } from '../../../../main/cli/terminal/screen.ts'
import { type Column, tableLines } from '../../../../main/cli/terminal/table.ts'
import { fitText, textWidth, wrapText } from '../../../../main/cli/terminal/text-width.ts'

const plain = { colours: false, width: null }

describe('text for a terminal', () => {
  it('shows what a terminal would obey', () => {
    expect(safeText('a\x1b[2Jb\r\nc\x07\x7f\x9b')).to.equal('a\\x1b[2Jb\\x0d\\x0ac\\x07\\x7f\\x9b')
    expect(safeText('pay\u202egro\u200b\u2028\ud800')).to.equal('pay\\u{202e}gro\\u{200b}\\u{2028}\\u{d800}')
    expect(safeText('日本語 ü 🦡')).to.equal('日本語 ü 🦡')
    expect(safeText('\\x1b')).to.equal('\\\\x1b')
  })

  it('leaves nothing in any text that moves the cursor or hides', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(safeText(text)).to.not.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      })
    )
  })

  it('measures columns, not characters', () => {
    expect(['abc', '日本', '🦡', 'e\u0301'].map(textWidth)).to.deep.equal([3, 4, 2, 1])
    expect(fitText('日本語', 5)).to.equal('日本…')
    expect(fitText('日本語', 4)).to.equal('日… ')
    expect(fitText('7', 3, 'right')).to.equal('  7')
    expect(fitText('abc', 0)).to.equal('')
  })

  it('wraps at blanks, and in a word that is too long', () => {
    expect(wrapText('one two three', 7)).to.deep.equal(['one two', 'three'])
    expect(wrapText('a 日本語日本語', 6)).to.deep.equal(['a', '日本語', '日本語'])
  })

  it('colours only for terminals that want them', () => {
    expect(screenOf({}, {})).to.deep.equal(plain)
    expect(screenOf({ isTTY: true, columns: 100 }, {})).to.deep.equal({ colours: true, width: 100 })
    expect(screenOf({ isTTY: true, columns: 100 }, { NO_COLOR: '1' }).colours).to.equal(false)
    expect(screenOf({ isTTY: true }, { TERM: 'dumb' })).to.deep.equal({ colours: false, width: 80 })
    expect(paint('ERR', 'ERR', { colours: true, width: 80 })).to.equal('\x1b[1;31mERR\x1b[0m')
    expect(paint('\x1b', 'no status', { colours: true, width: 80 })).to.equal('\x1b')
  })
})

describe('table', () => {
  const columns: readonly Column[] = [
    { title: 'STATUS' },
    { title: 'GROUP', narrowest: 6 },
    { title: 'LAG', align: 'right' },
    { title: 'CLIENT', narrowest: 4, expendable: 1 }
  ]
  const rows = [
    { status: 'ERR', cells: ['ERR', 'a long name of a group', '1,204', 'some client'] },
    { status: 'OK', cells: ['OK', '日本', '7', ''] }
  ]

  it('is as wide as it is, when nobody limits it', () => {
    expect(tableLines(columns, rows, plain)).to.deep.equal([
      'STATUS  GROUP                     LAG  CLIENT',
      'ERR     a long name of a group  1,204  some client',
      'OK      日本                        7'
    ])
  })

  it('cuts the widest, then leaves out what it can do without', () => {
    expect(tableLines(columns, rows, { colours: false, width: 40 })[1]).to.equal(
      'ERR     a long name…  1,204  some client'
    )
    expect(tableLines(columns, rows, { colours: false, width: 26 })[1]).to.equal('ERR     a long nam…  1,204')
  })

  it('is never wider than the screen, down to what it must show', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 40 }).map(safeText)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { maxLength: 5 }),
        fc.integer({ min: 21, max: 120 }),
        (cells, width) => {
          const some = cells.map(([group, client]) => ({ status: 'OK', cells: ['OK', group, '12345', client] }))
          for (const line of tableLines(columns, some, { colours: false, width })) {
            expect(textWidth(line)).to.be.at.most(width)
          }
        }
      )
    )
  })
})
