import { expect } from 'chai'
import { depthMax, nestingMax, outputLengthMax, sourceLengthMax, stepsMax } from '../../../shared/template/limits.ts'
import { rendered } from './template-fixtures.ts'

describe('shared/template: limits', () => {
  const repeat = (text: string, count: number) => text.repeat(count)

  it('ends templates that call themselves', () => {
    expect(rendered('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', 'warn')).to.contain(
      `exceeded maximum template depth (${depthMax})`
    )
    const deep = `${repeat('{{if 1}}', 90)}{{template "a" .}}${repeat('{{end}}', 90)}`
    expect(rendered(`{{define "a"}}${deep}{{end}}{{template "a" .}}`, 'warn')).to.contain('exceeded maximum')
  })

  it('lets templates call each other as deep as it says', () => {
    const calls = `{{define "a"}}{{if .}}{{template "a" (slice . 1)}}{{else}}ground{{end}}{{end}}`
    const count = depthMax / 2 - 2
    expect(rendered(`${calls}{{template "a" "${repeat('x', count)}"}}`, 'warn')).to.equal('ground')
  })

  it('ends long loops', () => {
    const gaveUp = `gave up after ${stepsMax} steps`
    expect(rendered('{{range 9223372036854775807}}{{end}}', 'warn')).to.contain(gaveUp)
    expect(rendered('{{range 100000}}{{range 100000}}{{end}}{{end}}', 'warn')).to.contain(gaveUp)
  })

  it('ends texts that grow without end', () => {
    const tooLong = `text is longer than ${outputLengthMax} characters`
    expect(rendered('{{$x := "ab"}}{{range 64}}{{$x = print $x $x}}{{end}}', 'warn')).to.contain(tooLong)
    expect(rendered('{{range 100000}}{{printf "%0999999d" 1}}{{end}}', 'warn')).to.contain(tooLong)
    expect(rendered('{{$x := printf "%999999d" 1}}{{range 99}}{{$x}}{{end}}', 'warn')).to.contain(tooLong)
    expect(rendered('{{$x := printf "%999999d" 1}}{{range 64}}{{$x = html $x "<" $x}}{{end}}', 'warn')).to.contain(
      tooLong
    )
    for (const grower of ['jsonencoder $x', 'js $x', 'printf "%q" $x']) {
      expect(rendered(`{{$x := "\\"<"}}{{range 99}}{{$x = ${grower}}}{{end}}`, 'warn'), grower).to.contain(tooLong)
    }
  })

  it('ends what takes long without growing', () => {
    const gaveUp = 'gave up after'
    const format = '{{$f := "%["}}{{range 18}}{{$f = print $f $f}}{{end}}'
    expect(rendered(`${format}{{len (printf $f)}}`, 'warn')).to.contain(gaveUp)
    const variables = repeat('{{$a := 1}}', 20_000)
    expect(rendered(`{{$b := 1}}${variables}{{range 99999999}}{{if $b}}{{end}}{{end}}`, 'warn')).to.contain(gaveUp)
  })

  it('counts the handling of long texts as many steps', () => {
    expect(rendered('{{$x := printf "%999999d" 1}}{{range 1000000}}{{$y := len $x}}{{end}}', 'warn')).to.contain(
      'gave up after'
    )
  })

  it('refuses what is nested too deep, and what is too long', () => {
    const tooDeep = `template: t.tmpl:1: more than ${nestingMax} blocks and parentheses inside each other`
    const over = nestingMax + 1
    expect(rendered(`{{${repeat('(', over)}1${repeat(')', over)}}}`, 'warn')).to.equal(tooDeep)
    expect(rendered(`{{${repeat('(', nestingMax)}1${repeat(')', nestingMax)}}}`, 'warn')).to.equal('1')
    expect(rendered(repeat('{{if 1}}', 30_000), 'warn')).to.equal(tooDeep)
    expect(rendered(`{{if 0}}${repeat('{{else if 0}}', over)}{{end}}`, 'warn')).to.equal(tooDeep)
    expect(rendered(repeat('x', sourceLengthMax + 1), 'warn')).to.equal(
      `template: t.tmpl: longer than ${sourceLengthMax} characters`
    )
  })

  it('renders what is long but reasonable', () => {
    const text = rendered('{{range 20000}}{{if gt . 10}}{{printf "%d %s" . $.Group}}\n{{end}}{{end}}', 'warn')
    expect(text.split('\n')).to.have.length(19_990)
  })
})
