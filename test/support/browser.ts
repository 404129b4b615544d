import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where Chromium is: BURROW_CHROMIUM, or where distributions put it. Undefined = nowhere. */
export function chromiumPath(): string | undefined {
  return process.env.BURROW_CHROMIUM || places.find(place => existsSync(place))
}

export async function startBrowser(): Promise<Browser> {
  // Without its sandbox, because tests may run as root, and without shared memory, of which containers have little.
  return chromium.launch({ executablePath: chromiumPath()!, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

export interface ScreenOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** A page of a browser with what it should not have done written down. */
export class WatchedPage {
  readonly page: Page
  /** Whatever came to the console, errors nobody caught, dialogs. */
  readonly said: string[] = []
  readonly askedElsewhere: string[] = []

  private constructor(page: Page, origin: string) {
    this.page = page
    page.on('console', message => this.said.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', error => this.said.push(`error: ${error.message}`))
    page.on('dialog', dialog => {
      this.said.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', request => {
      const url = new URL(request.url())
      if (url.origin !== origin && url.protocol !== 'data:') this.askedElsewhere.push(request.url())
    })
  }

  static async open(browser: Browser, url: string, screen: ScreenOptions = {}): Promise<WatchedPage> {
    const { width = 1280, height = 800, colorScheme = 'light' } = screen
    const page = await browser.newPage({ viewport: { width, height }, colorScheme })
    const watched = new WatchedPage(page, new URL(url).origin)
    await page.goto(url)
    return watched
  }

  /** Rows that are drawn, by the name they show. */
  async statusByGroup(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.page.evaluate<[string, string][]>(
      `[...document.querySelectorAll('.grid-body [role=row]')].map(row =>
        [row.querySelector('.group')?.textContent ?? '', row.querySelector('.status')?.textContent ?? ''])`
    )
    return new Map(rows)
  }

  /** Rules of axe-core that the page breaks, those that are serious or worse. */
  async seriousFaults(): Promise<readonly string[]> {
    await this.page.evaluate(axeSource)
    return this.page.evaluate<string[]>(
      `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' | ')))`
    )
  }
}

/** By evaluation, which the page's content security policy does not forbid to the tests. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
