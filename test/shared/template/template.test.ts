import { expect } from 'chai'
import { BurrowError } from '../../../shared/errors.ts'
import { parseTemplate } from '../../../shared/template/template.ts'
import { dataByName, rendered } from './template-fixtures.ts'

describe('shared/template: what is our own', () => {
  const { data } = dataByName.warn!

  function errorOf(run: () => unknown): BurrowError {
    try {
      run()
    } catch (error) {
      if (error instanceof BurrowError) return error
      throw error
    }
    throw new Error('no error')
  }

  it('says where a template is wrong, when it is parsed', () => {
    const error = errorOf(() => parseTemplate('slack.tmpl', 'a\n{{nope}}'))
    expect(error.code).to.equal('TEMPLATE_INVALID')
    expect(error.message).to.equal('template: slack.tmpl:2: function "nope" not defined')
    expect(error.facts).to.deep.equal({ template: 'slack.tmpl', line: 2 })
  })

  it('says where a template failed, when it is rendered', () => {
    const template = parseTemplate('slack.tmpl', 'a\n  {{.Nope}}')
    const error = errorOf(() => template.render(data))
    expect(error.code).to.equal('TEMPLATE_FAILED')
    expect(error.message).to.match(
      /^template: slack\.tmpl:2:4: executing "slack\.tmpl" at <\.Nope>: can't evaluate field Nope/
    )
    expect(error.facts).to.deep.equal({ template: 'slack.tmpl', line: 2, column: 4 })
  })

  it('can be rendered again after a failure, with nothing left of it', () => {
    const template = parseTemplate('t', '{{$x := 1}}{{range .Result.Partitions}}{{.End.Lag.Value}}{{end}}{{$x}}')
    expect(() => template.render(data)).to.throw('nil pointer evaluating *protocol.Lag.Value')
    expect(template.render(dataByName.nasty!.data)).to.equal('90071992547409911')
  })

  it('arithmetic takes any numbers, and a division by zero names its line (F14)', () => {
    const lag = rendered('{{.Result.TotalLag}}', 'warn')
    expect(rendered('{{add .Result.TotalLag 1}}', 'warn')).to.equal(String(Number(lag) + 1))
    expect(rendered('{{minus .Result.TotalLag .Result.TotalLag}} {{divide 7 2}} {{multiply 1.5 3}}', 'warn')).to.equal(
      '0 3 4.5'
    )
    const error = errorOf(() => parseTemplate('mail.tmpl', 'a\n{{divide .Result.TotalLag 0}}').render(data))
    expect(error.facts).to.deep.include({ template: 'mail.tmpl', line: 2 })
    expect(error.message).to.contain('divide by zero')
  })

  it('takes the text outside of all defines, wherever they stand (A14)', () => {
    expect(rendered('{{define "a"}}A{{end}}main {{template "a"}}{{define "z"}}Z{{end}}', 'warn')).to.equal('main A')
  })

  it('refuses a file of nothing but defines, which would send empty messages', () => {
    const error = errorOf(() => parseTemplate('x.tmpl', '{{define "a"}}A{{end}}\n'))
    expect(error.message).to.equal('template: x.tmpl: there is nothing outside of its define blocks')
  })

  it('finds nothing that only JavaScript objects have', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'length']) {
      expect(rendered(`{{.${name}}}`, 'warn')).to.contain(`can't evaluate field ${name}`)
      expect(rendered(`{{.Start.${name}}}`, 'warn')).to.contain(`can't evaluate field ${name}`)
      expect(rendered(`{{.Result.Status.${name}}}`, 'warn')).to.contain(`can't evaluate field ${name}`)
      expect(rendered(`{{.Extras.${name}}}|{{index .Extras "${name}"}}`, 'warn')).to.equal('<no value>|')
      expect(rendered(`{{${name}}}`, 'warn')).to.equal(`template: t.tmpl:1: function "${name}" not defined`)
      expect(rendered(`{{template "${name}"}}`, 'warn')).to.contain(`template "${name}" not defined`)
      expect(rendered(`{{$${name}}}`, 'warn')).to.contain('undefined variable')
    }
  })

  it('shows what pointers inside of structs and lists point at, where Go shows addresses', () => {
    expect(rendered('{{(index .Result.Partitions 0).Start}}', 'warn')).to.equal(
      '{10 901 1700000000000 1700000001000 &{5}}'
    )
    expect(rendered('{{printf "%+v" (slice .Result.Partitions 0 0)}}', 'warn')).to.equal('[]')
    expect(rendered('{{.Result.Partitions}}', 'warn')).to.equal(
      '[&{orders 1   WARN &{10 901 1700000000000 1700000001000 &{5}} &{20 999 1700000010000 1700000011000 <nil>} 7 1}]'
    )
  })

  it('refuses comparisons that Go refuses', () => {
    expect(rendered('{{eq .Result .Result}}', 'warn')).to.contain('non-comparable type {local g1 WARN')
    expect(rendered('{{eq .Extras .Result.Partitions}}', 'warn')).to.contain('non-comparable types map[')
    expect(rendered('{{eq .Result.Maxlag (index .Result.Partitions 0)}}', 'warn')).to.equal('false')
    expect(rendered('{{with .Result.Maxlag}}{{eq . $.Result.Maxlag}}{{end}}', 'warn')).to.equal('true')
  })

  it('shows times in the zone it is told', () => {
    expect(rendered('{{.Start.Format "15:04 -0700"}}', 'warn', { timeZone: 'Asia/Kolkata' })).to.equal('09:35 +0530')
    expect(() => parseTemplate('t', '', { timeZone: 'Mars/Olympus' })).to.throw(RangeError)
  })

  describe('in URLs (F16)', () => {
    const url = (template: string) => rendered(template, 'nasty', { kind: 'url' })

    it('escapes values', () => {
      expect(url('http://host/{{.Cluster}}?lag={{.Result.TotalLag}}&x={{index .Extras "html"}}')).to.equal(
        'http://host/local?lag=9007199254740991&x=%3Cb%3Ex%3C%2Fb%3E'
      )
      const group = url('http://host/?g={{.Group}}').slice('http://host/?g='.length)
      expect(group).to.match(/^[A-Za-z0-9%._~-]+$/)
      expect(decodeURIComponent(group)).to.equal(dataByName.nasty!.data.group)
    })

    it('does not escape twice what went through urlquery', () => {
      expect(url('http://h/?x={{urlquery "a b"}}&y={{"a b" | urlquery}}&z={{"a b"}}')).to.equal(
        'http://h/?x=a+b&y=a+b&z=a%20b'
      )
    })

    it('leaves a value alone that begins the URL', () => {
      const base = { ...data, extras: { base: 'https://hooks.example/a?b=c' } }
      const template = parseTemplate('url-open', '{{.Extras.base}}&id={{.ID}}{{"&"}}', { kind: 'url' })
      expect(template.render(base)).to.equal(`https://hooks.example/a?b=c&id=${data.id}%26`)
    })
  })
})
