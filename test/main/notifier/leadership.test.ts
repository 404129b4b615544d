import { expect } from 'chai'
import { alwaysLeader, LeaderLoop, type Lease } from '../../../main/notifier/leadership.ts'
import { zookeeperLeadership } from '../../../main/notifier/zookeeper-leadership.ts'
import { waitFor } from '../../support/wait-for.ts'
import { kept, settled } from './fake-parts.ts'

function fakeLease(release: () => Promise<void> = async () => undefined) {
  let lose: () => void = () => undefined
  const lost = new Promise<void>(resolve => {
    lose = resolve
  })
  const lease: Lease & { held: boolean; released: number; lose(): void } = {
    held: true,
    lost,
    released: 0,
    release: () => {
      lease.released++
      return release()
    },
    lose: () => lose()
  }
  return lease
}

describe('main/notifier/leadership', () => {
  it('leads at once and says so when there is nobody to agree with', async () => {
    const { logger, logged } = kept()
    const loop = new LeaderLoop(alwaysLeader(logger), logger)
    const running = loop.run()
    await settled()
    expect(loop.leading).to.equal(true)
    expect(logged[0]!.message).to.contain('no zookeeper section')
    loop.stop()
    await running
    expect(loop.leading).to.equal(false)
  })

  it('leads again after a loss, even if the lock cannot be released', async () => {
    const { logger, logged } = kept()
    const leases = [fakeLease(() => Promise.reject(new Error('no node'))), fakeLease()]
    let acquired = 0
    const loop = new LeaderLoop({ acquire: async () => leases[acquired++]! }, logger)
    const running = loop.run()
    await settled()
    expect(loop.leading).to.equal(true)
    leases[0]!.lose()
    await waitFor(() => acquired === 2 && loop.leading, 'the second lease')
    expect(leases[0]!.released).to.equal(1)
    expect(logged.some(({ message }) => message.startsWith('could not release the lock'))).to.equal(true)
    loop.stop()
    await running
    expect(leases[1]!.released).to.equal(1)
  })

  it('tries again when the lock cannot be had', async () => {
    const { logger, logged } = kept()
    let tries = 0
    const acquire = async () => {
      tries++
      if (tries === 1) throw new Error('session lost')
      return fakeLease()
    }
    const loop = new LeaderLoop({ acquire }, logger)
    const running = loop.run()
    await waitFor(() => loop.leading, 'leadership')
    expect(logged[0]).to.deep.include({ message: 'failed to get zk lock', fields: { error: 'session lost' } })
    loop.stop()
    await running
  })

  it('does not lead a moment longer than it holds the lock', async () => {
    const { logger } = kept()
    const lease = fakeLease()
    const loop = new LeaderLoop({ acquire: async () => lease }, logger)
    const running = loop.run()
    await settled()
    expect(loop.leading).to.equal(true)
    lease.held = false
    expect(loop.leading).to.equal(false)
    loop.stop()
    await running
  })

  it('takes a lock of ZooKeeper, a new one each time', async () => {
    const { logger } = kept()
    const said: string[] = []
    const leases: { held: boolean; lose(reason: string): void }[] = []
    const leadership = zookeeperLeadership(() => {
      const number = leases.length + 1
      let lose: (reason: string) => void = () => undefined
      const lost = new Promise<string>(resolve => {
        lose = resolve
      })
      const lock = {
        held: false,
        lost,
        lose: (reason: string) => lose(reason),
        lock: async () => {
          lock.held = true
          said.push(`lock ${number}`)
        },
        unlock: async () => {
          lock.held = false
          said.push(`unlock ${number}`)
        }
      }
      leases.push(lock)
      return lock
    })
    const loop = new LeaderLoop(leadership, logger)
    const running = loop.run()
    await settled()
    expect(loop.leading).to.equal(true)
    leases[0]!.lose('expired')
    await waitFor(() => leases.length === 2 && loop.leading, 'the second lock')
    loop.stop()
    await running
    expect(said).to.deep.equal(['lock 1', 'unlock 1', 'lock 2', 'unlock 2'])
  })

  it('stops while it waits for the lock, and gives back a lock that comes too late', async () => {
    const { logger } = kept()
    const lease = fakeLease()
    let give: (lease: Lease) => void = () => undefined
    const acquire = () =>
      new Promise<Lease>(resolve => {
        give = resolve
      })
    const loop = new LeaderLoop({ acquire }, logger)
    const running = loop.run()
    loop.stop()
    await running
    give(lease)
    await settled()
    expect(lease.released).to.equal(1)
    expect(loop.leading).to.equal(false)
  })
})
