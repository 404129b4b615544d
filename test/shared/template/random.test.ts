import { expect } from 'chai'
import fc from 'fast-check'
import { BurrowError } from '../../../shared/errors.ts'
import { parseTemplate } from '../../../shared/template/template.ts'
import { dataByName, goCases, rendered } from './template-fixtures.ts'

/** Whatever is written into a template: a text, or one of the two errors. `rendered` throws on at anything else. */
describe('shared/template: random templates', () => {
  const pieces = [
    ...['{{', '}}', '{{- ', ' -}}', '(', ')', '|', '.', '$', '$x', ':=', '=', ',', '"', '`', "'", ' ', '\n', '%'],
    ...['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue', 'nil', 'true'],
    ...['1', '-1', '2.5', '9223372036854775807', '"%d"', '"%[1]*.*v"', '"a"', '/*', '*/', 'é', '\\', '\u0000', '😀'],
    ...['print', 'printf', 'index', 'slice', 'len', 'eq', 'lt', 'and', 'or', 'not', 'html', 'js', 'urlquery', 'call'],
    ...['jsonencoder', 'topicsbystatus', 'partitioncounts', 'maxlag', 'add', 'divide', 'formattimestamp'],
    ...['.Group', '.Extras', '.Result', '.Result.Partitions', '.Result.Maxlag', '.Start', '.Start.Format', '.Lag']
  ]
  const dataName = fc.constantFrom(...Object.keys(dataByName))

  it('of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), dataName, (text, data) => {
        expect(rendered(text, data)).to.be.a('string')
      }),
      { numRuns: 200 }
    )
  })

  it('of pieces of the language', () => {
    const template = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map(words => words.join(''))
    fc.assert(
      fc.property(template, dataName, (text, data) => {
        expect(rendered(text, data)).to.be.a('string')
      }),
      { numRuns: 1000 }
    )
  })

  it('of real templates with something taken out, put in, or cut off', () => {
    const real = fc.constantFrom(...goCases.map(({ template }) => template).filter(text => text.length > 10))
    const edit = fc.record({ at: fc.nat(2000), remove: fc.nat(4), insert: fc.constantFrom('', ...pieces) })
    fc.assert(
      fc.property(real, fc.array(edit, { minLength: 1, maxLength: 4 }), dataName, (text, edits, data) => {
        const edited = edits.reduce((sum, { at, remove, insert }) => {
          const place = at % (sum.length + 1)
          return sum.slice(0, place) + insert + sum.slice(place + remove)
        }, text)
        expect(rendered(edited, data)).to.be.a('string')
      }),
      { numRuns: 1000 }
    )
  })

  it('over random names, each of which comes out of jsonencoder as it went in', () => {
    const template = parseTemplate('t', '{"a":{{jsonencoder .Group}},"b":{{jsonencoder .Extras}}}')
    const { data } = dataByName.warn!
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (group, key) => {
        const read = JSON.parse(template.render({ ...data, group, extras: { [key]: group } }))
        expect(read).to.deep.equal({ a: group, b: JSON.parse(JSON.stringify({ [key]: group })) })
      }),
      { numRuns: 200 }
    )
  })

  it('never asks more of a value than the value has: an error is a BurrowError', () => {
    for (const operand of [
      '.',
      '.Group',
      '.Extras',
      '.Start',
      '.Result.Maxlag',
      '.Result.Partitions',
      'nil',
      '1',
      '2.5'
    ]) {
      for (const name of pieces.filter(piece => /^[a-z]{2,}$/.test(piece))) {
        for (const call of [`{{${name} ${operand}}}`, `{{${operand} | ${name} 1}}`, `{{${name} "a" ${operand}}}`]) {
          try {
            parseTemplate('t', call).render(dataByName.close!.data)
          } catch (error) {
            expect(error, call).to.be.instanceOf(BurrowError)
          }
        }
      }
    }
  })
})
