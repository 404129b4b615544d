import { expect } from 'chai'
import { expectedStatuses } from '../../main/simulator/demo.ts'
import { WatchedPage } from '../support/browser.ts'
import { demoBoundMs } from '../support/demo-bound.ts'
import { waitFor } from '../support/wait-for.ts'
import { type Shared, startDemoOn } from './shared.ts'

/** main/httpserver/page/live/live.ts */
const asleepAfterMs = 60_000
/** main/httpserver/page/parts/search-field.tsx */
const searchTypingMs = 150
const places = ['#/', '#/group/demo-east/clickstream-archive', '#/topics', '#/topic/demo-east/orders', '#/monitor']

export function describeDemo(shared: () => Shared): void {
  describe('the demo', function () {
    this.timeout(demoBoundMs + 60_000)
    let url: string
    before(async () => {
      url = `http://127.0.0.1:${shared().demoPort}/`
      await waitFor(() => shared().demo.stdout.includes('Ctrl-C'), 'the demo to start', 30_000)
    })
    // A test that failed leaves its page open, and an open page is a client of the feed that others count.
    afterEach(async () => {
      for (const context of shared().browser.contexts()) await context.close()
    })
    const open = (hash: string, screen: Parameters<typeof WatchedPage.open>[2] = {}) =>
      WatchedPage.open(shared().browser, url + hash, screen)

    it('prints the address of the page first', () => {
      expect(shared().demo.stdout.split('\n')[0]).to.contain(url)
    })

    for (const screen of [
      { width: 1280, colorScheme: 'light' },
      { width: 380, colorScheme: 'dark' }
    ] as const) {
      it(`axe-core finds nothing serious: ${screen.colorScheme}, ${screen.width} pixels`, async () => {
        for (const place of places) {
          const watched = await open(place, screen)
          await loaded(watched)
          expect(await watched.seriousFaults(), place).to.deep.equal([])
          expect([...watched.said, ...watched.askedElsewhere]).to.deep.equal([])
          await watched.page.close()
        }
      })
    }

    it('fits on screens of 380, 1280 and 2560 pixels: nothing sticks out', async () => {
      for (const width of [380, 1280, 2560]) {
        const watched = await open('#/monitor', { width })
        for (const place of places) {
          await watched.page.goto(url + place)
          await loaded(watched)
          expect(await watched.page.evaluate('document.documentElement.scrollWidth'), `${place}`).to.equal(width)
        }
        await watched.page.close()
      }
    })

    it('works by keyboard: search, rows, open, back, help', async () => {
      const watched = await open('#/', { height: 1200 })
      const { page } = watched
      await settled(watched) // until then rows change places
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await page.locator('.grid-row[aria-rowindex="3"] a:focus').waitFor()
      await page.keyboard.press('k')
      await page.locator('.grid-row[aria-rowindex="2"] a:focus').waitFor()
      const name = await page.locator('.grid-row[aria-rowindex="2"] .group').textContent()
      await page.keyboard.press('Enter')
      await page.locator('h1.name').getByText(name!, { exact: true }).waitFor()
      await page.keyboard.press('Escape')
      await page.locator('input[type=search]').waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('orders-exp')
      await page.locator('.found', { hasText: /^1 group:/ }).waitFor()
      expect(page.url()).to.match(/#\/\?search=orders-exp$/)
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await page.locator('dialog[open]').waitFor()
      await page.keyboard.press('Escape')
      await page.locator('dialog').waitFor({ state: 'detached' })
      expect(watched.said).to.deep.equal([])
      await page.close()
    })

    it('loses no key of a search, however late it draws', async () => {
      const { page } = await open('#/group/demo-east/orders-export')
      await page.locator('.pulse.live').waitFor()
      const field = page.locator('input[type=search]')
      await page.clock.install()
      await page.clock.pauseAt(Date.now() + 1000) // nothing is painted from here on but by the clock
      await page.keyboard.press('Escape')
      await field.waitFor({ state: 'attached' })
      await page.keyboard.press('/')
      for (const letter of 'orders-exp') {
        await page.keyboard.type(letter)
        await page.clock.runFor(searchTypingMs)
      }
      expect(await field.inputValue()).to.equal('orders-exp')
      await page.clock.resume()
      await page.locator('.found', { hasText: /^1 group:/ }).waitFor()
      await page.goBack()
      await page.locator('h1.name').getByText('orders-export', { exact: true }).waitFor()
      await page.goForward()
      await field.waitFor()
      expect(await field.inputValue()).to.equal('orders-exp')
      await page.close()
    })

    it('what is chosen is in the address, and an address shows what it says', async () => {
      const watched = await open('#/')
      const { page } = watched
      await loaded(watched)
      await page.getByRole('button', { name: 'ERR', exact: true }).click()
      await page.getByRole('button', { name: 'Name', exact: true }).click()
      await page.locator('.card', { hasText: 'demo-west' }).click()
      expect(page.url()).to.match(/#\/\?cluster=demo-west&status=err&sort=name$/)
      const other = await open(new URL(page.url()).hash)
      const shown = async () => [...(await other.statusByGroup())]
      await waitFor(async () => (await shown()).length === 2, 'the rows')
      expect(await shown()).to.deep.equal([
        ['email-bounces', 'ERR'],
        ['price-cache', 'ERR']
      ])
      await page.goBack()
      await page.goBack()
      expect(page.url()).to.match(/status=err$/)
      await page.close()
      await other.page.close()
    })

    it('shows every status: groups in the list, partitions on their pages', async () => {
      const watched = await open('#/', { height: 1200 })
      await settled(watched)
      expect(new Set(expectedStatuses().map(({ status }) => status))).to.deep.equal(new Set(['OK', 'WARN', 'ERR']))
      const seen = new Set<string>()
      for (const { cluster, group, notOk } of expectedStatuses()) {
        if (Object.keys(notOk).length === 0) continue
        await watched.page.goto(`${url}#/group/${cluster}/${group}?bad=1`)
        await watched.page.locator('h1.name').getByText(group, { exact: true }).waitFor()
        await watched.page.locator('.partition').first().waitFor()
        for (const status of await watched.page.locator('.partition header .status').allTextContents()) seen.add(status)
      }
      expect([...seen].sort()).to.deep.equal(['REWIND', 'STALL', 'STOP', 'WARN'])
      expect([...watched.said, ...watched.askedElsewhere]).to.deep.equal([])
      await watched.page.close()
    })

    it('lets its stream go when nobody sees it, and takes it up again', async () => {
      const { page } = await open('#/')
      await page.locator('.pulse.live').waitFor()
      const hide = (hidden: boolean) =>
        page.evaluate(`Object.defineProperty(document, 'hidden', { get: () => ${hidden}, configurable: true })
          document.dispatchEvent(new Event('visibilitychange'))`)
      const clients = async () => {
        const listening = await WatchedPage.open(shared().browser, `${url}#/monitor`)
        const row = listening.page.locator('tr', { hasText: 'event clients' })
        const count = Number(await row.locator('td').last().textContent())
        await listening.page.close()
        return count
      }
      await page.clock.install()
      await hide(true)
      await page.clock.fastForward(asleepAfterMs + 1000)
      await page.locator('.pulse.connecting').waitFor({ state: 'attached' })
      await waitFor(async () => (await clients()) === 1, 'the stream to be let go', 20_000)
      await hide(false)
      await page.locator('.pulse.live').waitFor()
      await waitFor(async () => (await clients()) === 2, 'the stream to be taken up', 20_000)
      await page.close()
    })

    it('says when the monitor is gone, and goes on by itself when it is back', async () => {
      const { page } = await open('#/')
      await page.locator('.pulse.live').waitFor()
      await page.evaluate('window.sameDocument = true')
      await shared().demo.stop('SIGTERM', 10_000)
      await page.locator('.banner', { hasText: 'Disconnected.' }).waitFor({ timeout: 20_000 })
      await page.locator('.grid-row', { hasText: 'orders-export' }).waitFor() // what was known stays
      shared().demo = startDemoOn(shared().demoPort)
      await page.locator('.pulse.live').waitFor({ timeout: 40_000 })
      await page.locator('.banner', { hasText: 'Disconnected.' }).waitFor({ state: 'detached' })
      await page.locator('.grid-row', { hasText: 'orders-export' }).waitFor()
      expect(await page.evaluate('window.sameDocument')).to.equal(true)
      await page.close()
    })

    async function loaded({ page }: WatchedPage): Promise<void> {
      await page.locator('.pulse.live').waitFor({ timeout: 30_000 })
      const something = '.group a, .partition .uplot, .topics a, .offsets dd, .tile'
      await page.locator(something).first().waitFor({ timeout: 30_000 })
    }
  })
}

/** Every group is shown with the status that the demo gives it in the end. The screen must have room for all rows. */
async function settled(watched: WatchedPage): Promise<void> {
  const expected = expectedStatuses()
  const isSettled = async () => {
    const shown = await watched.statusByGroup()
    return expected.every(({ group, status }) => shown.get(group) === status)
  }
  await waitFor(isSettled, 'the demo to settle', demoBoundMs)
}
