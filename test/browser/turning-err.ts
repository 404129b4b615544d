import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { type AppUnderTest, clusterToml, startAppUnderTest } from '../support/app-under-test.ts'
import { WatchedPage } from '../support/browser.ts'
import { waitFor } from '../support/wait-for.ts'
import type { Shared } from './shared.ts'

const colourOfReader = `getComputedStyle([...document.querySelectorAll('.grid-body .grid-row')]
  .find(row => row.textContent.includes('reader')).querySelector('.status')).color`

export function describeTurningErr(shared: () => Shared): void {
  describe('a group that turns ERR', function () {
    this.timeout(60_000)
    let simulator: Simulator
    let burrow: AppUnderTest
    before(async () => {
      simulator = await startSimulator({ brokers: 1, offsetsPartitions: 2 })
      simulator.cluster.createTopic('orders', 1)
      simulator.cluster.setEndOffset('orders', 0, 1000)
      commits('reader', [800, 850, 900], 40_000, 60_000) // a window of two minutes: OK for as long
      burrow = await startAppUnderTest(
        `${clusterToml('local', simulator.servers)}\n[storage.default]\nclass-name = "inmemory"\nintervals = 3`
      )
      await waitFor(() => burrow.isReady(), 'the program to be ready', 30_000)
    })
    after(async () => {
      await burrow?.app.stop()
      await simulator?.stop()
    })

    /** The last one was made `agoMs` ago. */
    function commits(group: string, offsets: readonly number[], agoMs: number, betweenMs: number): void {
      const lastMs = Date.now() - agoMs
      for (const [index, offset] of offsets.entries()) {
        const timestampMs = lastMs - (offsets.length - 1 - index) * betweenMs
        simulator.cluster.commit(group, 'orders', 0, offset, { timestampMs })
      }
    }

    it('turns red without a reload, in the list, in the card of its cluster, on its own page and for a screen reader', async () => {
      const url = `http://${burrow.app.addresses[0]}`
      const list = await WatchedPage.open(shared().browser, url)
      const own = await WatchedPage.open(shared().browser, `${url}/#/group/local/reader`)
      await list.page.evaluate('window.sameDocument = true')
      const row = list.page.locator('.grid-row', { hasText: 'reader' })
      await row.locator('.status.ok').waitFor()
      await own.page.locator('.verdict .status.ok').waitFor()
      await own.page.locator('.plot .uplot').first().waitFor()
      const colour = () => list.page.evaluate<string>(colourOfReader)
      const before = await colour()

      commits('reader', [950, 960, 700], 0, 10_000)
      await row.locator('.status.err').waitFor({ timeout: 15_000 })
      await list.page.locator('.card.err', { hasText: 'local' }).waitFor({ timeout: 15_000 })
      await own.page.locator('.verdict .status.err').waitFor({ timeout: 15_000 })
      await own.page.locator('.partition .status', { hasText: 'REWIND' }).waitFor()
      await list.page.locator('[role=status]', { hasText: 'local: 1 ERR, 0 WARN.' }).waitFor({ state: 'attached' })
      expect(await list.page.title()).to.equal('(1 ERR) Burrow')
      expect(await list.page.evaluate('window.sameDocument')).to.equal(true)
      expect([before, await colour()]).to.deep.equal(['rgb(26, 112, 56)', 'rgb(179, 32, 26)'])
      expect([...list.said, ...own.said, ...list.askedElsewhere, ...own.askedElsewhere]).to.deep.equal([])
      await list.page.close()
      await own.page.close()
    })
  })
}
