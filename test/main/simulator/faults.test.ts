import { expect } from 'chai'
import { Faults } from '../../../main/simulator/faults.ts'

const disconnect = { kind: 'disconnect' } as const

describe('simulator: faults', () => {
  it('strike where they are told to, as often as they are told to', () => {
    const faults = new Faults()
    faults.add({ api: 'Fetch', broker: 2, times: 2, effect: disconnect })
    const strikes = [
      faults.strike('Fetch', 1),
      faults.strike('Metadata', 2),
      faults.strike('Fetch', 2),
      faults.strike('Fetch', 2),
      faults.strike('Fetch', 2)
    ]
    expect(strikes.map(Boolean)).to.deep.equal([false, false, true, true, false])
    expect(faults.struck).to.equal(2)
  })

  it('stand until they are cleared, one or all; the oldest goes first', () => {
    const faults = new Faults()
    const clear = faults.add({ effect: disconnect })
    faults.add({ effect: { kind: 'blackHole' } })
    expect(faults.strike('Fetch', 1)?.effect.kind).to.equal('disconnect')
    clear()
    expect(faults.strike('Fetch', 1)?.effect.kind).to.equal('blackHole')
    faults.clear()
    expect(faults.strike('Fetch', 1)).to.equal(undefined)
  })
})
