import { expect } from 'chai'
import { waitFor } from '../support/wait-for.ts'
import { useClients } from '../support/zookeeper-clients.ts'
import { Contender, type Hold, overlaps } from '../support/zookeeper-contender.ts'
import { TcpRelay } from '../support/zookeeper-relay.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'

const rounds = 20
/** Four of them are longer than a session: a hole must be able to outlast one. */
const roundMs = 600

describe('zookeeper: lock under random faults', function () {
  this.timeout(120_000)
  const zookeeper = useZookeeper()
  const connect = useClients()

  it('never has two holders, and always comes back', async () => {
    const holds: Hold[] = []
    const relays: TcpRelay[] = []
    const contenders: Contender[] = []
    for (const who of ['a', 'b', 'c']) {
      const relay = await TcpRelay.start(zookeeper().port)
      relays.push(relay)
      contenders.push(new Contender(who, await connect(relay.server), '/faults/notifier', holds))
    }
    for (let round = 0; round < rounds; round++) {
      // Half of the faults hit whoever holds: that is where a second holder would come from.
      const holding = contenders.findIndex(each => each.holding)
      const relay = relays[round % 2 === 0 && holding >= 0 ? holding : Math.floor(Math.random() * relays.length)]!
      const fault = round % 4 === 0 ? 1 : Math.floor(Math.random() * 4)
      if (fault === 0) relay.cut()
      else if (fault === 1) relay.blackHole()
      else if (fault === 2) relay.dropAnswers()
      else contenders.find(each => each.holding)?.leave()
      const before = holds.length
      await waitFor(() => holds.length > before + 1, 'two more holds', roundMs).catch(() => undefined)
      if (round % 4 === 3) for (const each of relays) each.heal()
    }
    for (const relay of relays) relay.heal()
    await waitFor(() => contenders.some(each => each.lock.held), 'a holder at the end', 20_000)
    await Promise.all(contenders.map(each => each.stop()))
    await Promise.all(relays.map(relay => relay.stop()))
    expect(overlaps(holds)).to.deep.equal([])
    expect(holds.length).to.be.greaterThan(3)
  })
})
