import { expect } from 'chai'
import { planRows } from '../../../../main/httpserver/page/live/row-plan.ts'

const clusters = [
  { name: 'a', counts: { ERR: 2, WARN: 0, OK: 3 } },
  { name: 'b', counts: { ERR: 1, WARN: 4, OK: 0 } }
]
const rows = (status: 'ok' | 'warn' | 'err', sort: 'worst' | 'lag') =>
  planRows(clusters, { status, sort }).flatMap(({ cluster, from, count }) =>
    Array.from({ length: count }, (_, index) => `${cluster}${from + index}`)
  )

describe('page: one list of several clusters', () => {
  it('worst first: ERR of all clusters before WARN of any, each row once', () => {
    expect(rows('ok', 'worst').join(' ')).to.equal('a0 a1 b0 b1 b2 b3 b4 a2 a3 a4')
    expect(rows('warn', 'worst').join(' ')).to.equal('a0 a1 b0 b1 b2 b3 b4')
    expect(rows('err', 'worst').join(' ')).to.equal('a0 a1 b0')
  })

  it('in other orders: one cluster after the other, and only what the filter lets through', () => {
    expect(rows('ok', 'lag').join(' ')).to.equal('a0 a1 a2 a3 a4 b0 b1 b2 b3 b4')
    expect(rows('warn', 'lag').join(' ')).to.equal('a0 a1 b0 b1 b2 b3 b4')
  })
})
