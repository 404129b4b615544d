import { expect } from 'chai'
import type { RawAnswer } from '../support/raw-http.ts'
import { answerTree } from './answer-tree.ts'
import { type Allowance, compareTrees } from './compare-trees.ts'
import { scanJson } from './json-tree.ts'

const answer = (body: string, head: readonly string[] = ['HTTP/1.1 200 OK', 'Content-Type: application/json']) => {
  const headers = Object.fromEntries(head.slice(1).map(field => field.toLowerCase().split(': ')))
  return answerTree({ status: 200, head, headers, body } as RawAnswer)
}
const compared = (burrow: string, ours: string, allowances: readonly Allowance[] = []) =>
  compareTrees('GET /x', answer(burrow), answer(ours), allowances)

/** The comparison itself: whatever could be different has to be seen. */
describe('side by side: the comparison of two answers', () => {
  const differing: Readonly<Record<string, readonly [string, string]>> = {
    'a number in another form': ['{"a":1}', '{"a":1.0}'],
    'a number beyond 2^53': ['{"a":9007199254740993}', '{"a":9007199254740992}'],
    'an escape written otherwise': ['{"a":"\\u003c"}', '{"a":"<"}'],
    'keys in another order': ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    'a key that is missing': ['{"a":1,"b":2}', '{"a":1}'],
    'a key that is too many': ['{"a":1}', '{"a":1,"b":null}'],
    'a key twice': ['{"a":1}', '{"a":1,"a":1}'],
    'items in another order': ['[1,2]', '[2,1]'],
    'another length': ['[1,2]', '[1,2,3]'],
    'null and an empty list': ['{"a":null}', '{"a":[]}'],
    'text and a number': ['{"a":"1"}', '{"a":1}'],
    'blanks between tokens': ['{"a":1}', '{"a": 1}'],
    'a line end behind': ['{"a":1}\n', '{"a":1}'],
    'text that is no JSON': ['GOOD', 'good'],
    'no body': ['{}', '']
  }
  for (const [what, [burrow, ours]] of Object.entries(differing)) {
    it(`sees ${what}`, () => {
      expect(compared(burrow, ours).differences).to.not.deep.equal([])
      expect(compared(ours, burrow).differences).to.not.deep.equal([])
      expect(compared(burrow, burrow).differences).to.deep.equal([])
    })
  }

  it('sees status lines and headers, in any order and case of their names', () => {
    const tree = (...head: string[]) => answer('{}', head)
    const differences = (left: string[], right: string[]) =>
      compareTrees('GET /x', tree(...left), tree(...right), []).differences.length
    const usual = ['HTTP/1.1 200 OK', 'Allow: GET', 'X: y']
    expect(differences(usual, ['HTTP/1.1 200 OK', 'x: y', 'ALLOW: GET', 'Content-Length: 2'])).to.equal(0)
    expect(differences(usual, ['HTTP/1.1 200 Fine', 'Allow: GET', 'X: y'])).to.equal(1)
    expect(differences(usual, ['HTTP/1.1 200 OK', 'Allow: get', 'X: y'])).to.equal(1)
    expect(differences(usual, ['HTTP/1.1 200 OK', 'X: y'])).to.equal(1)
    expect(differences(usual, [...usual, 'X: y'])).to.be.greaterThan(0)
  })

  it('sees families, series, help, order and numbers of a page of metrics', () => {
    const page = (...lines: string[]) =>
      answer(lines.map(line => `${line}\n`).join(''), ['HTTP/1.1 200 OK', 'Content-Type: text/plain; version=0.0.4'])
    const lines = ['# HELP burrow_kafka_a Text', '# TYPE burrow_kafka_a gauge', 'burrow_kafka_a{x="1 2"} 1e+06']
    const differences = (...other: string[]) => compareTrees('GET /x', page(...lines), page(...other), []).differences
    expect(differences(...lines)).to.deep.equal([])
    for (const [index, line] of [
      [0, '# HELP burrow_kafka_a text'],
      [1, '# TYPE burrow_kafka_a counter'],
      [2, 'burrow_kafka_a{x="1 2"} 1000000'],
      [2, 'burrow_kafka_a{x="1  2"} 1e+06'],
      [2, 'burrow_kafka_b{x="1 2"} 1e+06']
    ] as const) {
      expect(differences(...lines.with(index, line)), line).to.not.deep.equal([])
    }
    expect(differences(lines[1]!, lines[0]!, lines[2]!)).to.not.deep.equal([])
    expect(differences(...lines, 'burrow_kafka_a{x="2"} 1')).to.not.deep.equal([])
    expect(differences(...lines, '# TYPE other gauge')).to.not.deep.equal([])
  })

  it('allows what an entry allows, there and nowhere else, and says which entry it was', () => {
    const one: Allowance = { request: /^GET \/x$/, place: /^body\/a$/, check: (_, ours) => ours?.raw === '2' }
    const set: Allowance = { request: /./, place: /^body\/list$/, asSet: item => item.raw }
    const { differences, used } = compared('{"a":1,"list":[1,2]}', '{"a":2,"list":[2,1]}', [one, set])
    expect(differences).to.deep.equal([])
    expect([...used]).to.deep.equal([one, set])
    expect(compared('{"a":1}', '{"a":3}', [one]).differences).to.have.length(1)
    expect(compared('{"b":1}', '{"b":2}', [one]).differences).to.have.length(1)
    expect(compared('{"list":[1,2]}', '{"list":[2,3]}', [set]).differences).to.have.length(2)
    expect(compareTrees('GET /y', answer('{"a":1}'), answer('{"a":2}'), [one]).differences).to.have.length(1)
    expect(compared('{"a":1,"list":[1,2]}', '{"a":1,"list":[1,2]}', [one, set]).used.size).to.equal(0)
  })

  it('takes no JSON that is cut short or wrong', () => {
    const text = '{"a":[1,-2.5e+3,"\\u00fc\\"",true,null],"b":{}}'
    expect(scanJson(text)?.after).to.equal('')
    for (let length = 0; length < text.length; length++) expect(scanJson(text.slice(0, length))).to.equal(undefined)
    for (const wrong of ['{a:1}', '[1,]', '{"a"}', '{"a":}', '"\n"', ':']) expect(scanJson(wrong)).to.equal(undefined)
  })
})
