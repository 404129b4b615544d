import { chromiumPath, startBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { describeDemo } from './demo.ts'
import { describeHostileNames } from './hostile-names.ts'
import { describeManyGroups } from './many-groups.ts'
import { type Shared, startDemoOn } from './shared.ts'
import { describeTurningErr } from './turning-err.ts'

/** The page in a real Chromium. The demo needs more than a minute to show WARN: it starts first and is looked at last. */
describe('browser: the page', () => {
  let shared: Shared
  before(async function () {
    this.timeout(60_000)
    if (chromiumPath() === undefined) {
      const line = 'Chromium is not there (Debian: apt-get install chromium)'
      if (process.env.CI === 'true') throw new Error(line)
      console.log(`      SKIPPED: ${line}`)
      this.skip()
    }
    const demoPort = await freePort()
    shared = { browser: await startBrowser(), demoPort, demo: startDemoOn(demoPort) }
  })
  after(async () => {
    await shared?.browser.close()
    await shared?.demo.stop('SIGTERM', 10_000)
  })

  describeTurningErr(() => shared)
  describeHostileNames(() => shared)
  describeManyGroups(() => shared)
  describeDemo(() => shared)
})
