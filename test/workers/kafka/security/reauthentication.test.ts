import { expect } from 'chai'
import fc from 'fast-check'
import { tokenMarginMs } from '../../../../workers/kafka/security/bearer-token.ts'
import { reauthenticateBeforeMs } from '../../../../workers/kafka/security/reauthentication.ts'

describe('workers/kafka/security: when to log in again', () => {
  it('shortly before the end of a session, whole ms', () => {
    expect([900_000, 7_000, 2_000, 0].map(reauthenticateBeforeMs)).to.deep.equal([10_000, 1_000, 285, 0])
  })

  it('a session that lasts as long as its token finds a newer one', () => {
    const lifetimes = fc.integer({ min: 1, max: 86_400_000 })
    fc.assert(
      fc.property(lifetimes, fc.double({ min: 0, max: 1, noNaN: true }), (lifetimeMs, part) => {
        const sessionMs = lifetimeMs * part // the link was opened when that much of the token was left
        expect(reauthenticateBeforeMs(sessionMs)).to.be.at.most(tokenMarginMs(lifetimeMs))
      })
    )
  })
})
