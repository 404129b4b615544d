import { expect } from 'chai'
import fc from 'fast-check'
import { nearSpelling } from '../../../main/config/near-spelling.ts'

describe('config: near-spelling', () => {
  const keys = ['servers', 'class-name', 'client-profile', 'offset-refresh', 'topic-refresh']
  const pairs: readonly (readonly [word: string, near: string | null])[] = [
    ['server', 'servers'],
    ['sevrers', 'servers'],
    ['classname', 'class-name'],
    ['client-profle', 'client-profile'],
    ['ofset-refersh', 'offset-refresh'],
    ['servers', 'servers'],
    ['sasl', null],
    ['x', null],
    ['', null],
    ['s'.repeat(1000), null]
  ]
  for (const [word, near] of pairs) {
    it(`takes ${word.slice(0, 20)} for ${near}`, () => expect(nearSpelling(word, keys)).to.equal(near))
  }

  it('finds every word again after one slip anywhere', () => {
    const slip = fc.record({
      key: fc.constantFrom(...keys),
      at: fc.nat(),
      letter: fc.constantFrom('x', '-', '7'),
      kind: fc.nat(2)
    })
    fc.assert(
      fc.property(slip, ({ key, at, letter, kind }) => {
        const place = at % key.length
        const rest = key.slice(place)
        const slipped = key.slice(0, place) + [letter + rest, letter + rest.slice(1), rest.slice(1)][kind]!
        expect(nearSpelling(slipped, keys)).to.equal(key)
      })
    )
  })
})
