import { expect } from 'chai'
import { burrowDate } from '../../../main/cli/burrow-date.ts'

describe('cli: burrow-date', () => {
  const zone = process.env.TZ
  beforeEach(() => {
    process.env.TZ = 'UTC'
  })
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('writes the date as the original does', () => {
    expect(burrowDate(new Date('2026-11-22T12:50:00Z'))).to.equal('November 22, 2026 at 12:50pm (UTC)')
    expect(burrowDate(new Date('2026-03-01T00:05:59Z'))).to.equal('March 1, 2026 at 12:05am (UTC)')
    expect(burrowDate(new Date('2026-07-09T21:39:40Z'))).to.equal('July 9, 2026 at 9:39pm (UTC)')
  })

  it('uses the local time', () => {
    process.env.TZ = 'America/New_York'
    expect(burrowDate(new Date('2026-07-09T03:00:00Z'))).to.equal('July 8, 2026 at 11:00pm (EDT)')
  })
})
