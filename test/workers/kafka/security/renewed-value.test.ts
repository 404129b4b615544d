import { expect } from 'chai'
import { failureRestMs, RenewedValue } from '../../../../workers/kafka/security/renewed-value.ts'

describe('workers/kafka/security: a value that is renewed before it expires', () => {
  let nowMs = 0
  let fetches = 0
  let failing = false
  const value = () =>
    new RenewedValue(
      async () => {
        fetches++
        if (failing) throw new Error('away')
        return { value: `v${fetches}`, expiresAtMs: nowMs + 10_000 }
      },
      lifetimeMs => lifetimeMs / 5,
      { nowMs: () => nowMs }
    )
  const failure = (work: Promise<string>) => work.catch((error: Error) => error.message)
  beforeEach(() => {
    nowMs = 1_000_000
    fetches = 0
    failing = false
  })

  it('one fetch for all who wait, and none while it is good', async () => {
    const token = value()
    expect(await Promise.all([token.get(), token.get(), token.get()])).to.deep.equal(['v1', 'v1', 'v1'])
    nowMs += 7_999
    expect(await token.get()).to.equal('v1')
    nowMs += 1
    expect(await Promise.all([token.get(), token.get()])).to.deep.equal(['v2', 'v2'])
  })

  it('the old one serves until its end while fetching fails, and nobody is asked at every call', async () => {
    const token = value()
    await token.get()
    failing = true
    nowMs += 8_500
    expect(await token.get()).to.equal('v1')
    expect(await token.get()).to.equal('v1')
    expect(fetches).to.equal(2)
    nowMs += 1_500
    expect(await failure(token.get())).to.equal('away')
    expect(fetches).to.equal(3)
    expect(await failure(token.get())).to.equal('away')
    expect(fetches).to.equal(3)
    failing = false
    nowMs += failureRestMs
    expect(await token.get()).to.equal('v4')
  })
})
