import { expect } from 'chai'
import { hrefOf } from '../../main/httpserver/page/place.ts'
import { visibleName } from '../../main/httpserver/page/words/visible-name.ts'
import type { Simulator } from '../../main/simulator/simulator.ts'
import type { AppUnderTest } from '../support/app-under-test.ts'
import { WatchedPage } from '../support/browser.ts'
import { hostileCluster, hostileGroups, hostileTopics, startHostileCluster } from '../support/hostile-names.ts'
import { waitFor } from '../support/wait-for.ts'
import type { Shared } from './shared.ts'

const rightToLeft = 'תשלומים-النظام'

export function describeHostileNames(shared: () => Shared): void {
  describe('hostile names', function () {
    this.timeout(60_000)
    let simulator: Simulator
    let burrow: AppUnderTest
    let url: string
    before(async () => {
      const started = await startHostileCluster()
      simulator = started.simulator
      burrow = started.app
      url = `http://${burrow.app.addresses[0]}/`
      simulator.cluster.commit(rightToLeft, 't', 0, 90)
    })
    after(async () => {
      await burrow?.app.stop()
      await simulator?.stop()
    })

    it('are text in the list, each in its own direction, whole or cut', async () => {
      const { page, said, askedElsewhere, statusByGroup } = await open('#/?cluster=local&sort=name', 3000)
      const names = [...hostileGroups, rightToLeft]
      const shown = await waitFor(async () => {
        const shown = await statusByGroup()
        return shown.size > names.length && shown
      }, 'the rows')
      for (const name of names) expect(shown.has(visibleName(name)), visibleName(name, 60)).to.equal(true)
      expect(shown.has(rightToLeft)).to.equal(true)
      expect(await page.locator('.grid-body script, .grid-body .group a:has(> bdi):empty').count()).to.equal(0)
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(wide).to.equal(0)
      expect([...said, ...askedElsewhere]).to.deep.equal([])
      await page.close()
    })

    it('have pages of their own, by links that can be shared', async () => {
      const { page, said } = await open('#/monitor')
      for (const cluster of ['local', hostileCluster]) {
        for (const group of [...hostileGroups, rightToLeft]) {
          await page.goto(url + hrefOf({ page: 'group', cluster, group, bad: false }))
          const title = page.locator('h1.name')
          await waitFor(async () => (await title.textContent()) === visibleName(group, 40_000), visibleName(group, 60))
          // No browser asks for a path that ends in dots.
          if (group === '.' || group === '..') await page.locator('.banner', { hasText: 'cannot ask' }).waitFor()
          else await page.locator('.partition h3', { hasText: ' / ' }).first().waitFor()
        }
      }
      expect(said).to.deep.equal([])
      await page.close()
    })

    it('of topics too', async () => {
      const { page, said } = await open('#/topics?cluster=local')
      for (const topic of hostileTopics) {
        await page.locator('.topics bdi').getByText(visibleName(topic), { exact: true }).waitFor()
      }
      for (const topic of hostileTopics) {
        await page.goto(url + hrefOf({ page: 'topic', cluster: 'local', topic }))
        await page.locator('table').getByText('<script>alert(1)</script>&amp;').waitFor()
      }
      expect(said).to.deep.equal([])
      await page.close()
    })

    async function open(hash: string, height = 800) {
      const watched = await WatchedPage.open(shared().browser, url + hash, { height })
      const { page, said, askedElsewhere } = watched
      return { page, said, askedElsewhere, statusByGroup: () => watched.statusByGroup() }
    }
  })
}
