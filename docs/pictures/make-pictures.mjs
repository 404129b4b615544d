// Makes the pictures of the README from the demo: node main/ensure-built.mjs && node docs/pictures/make-pictures.mjs [DIST]
// Takes some two minutes: the demo shows WARN after more than one. Needs Chromium (BURROW_CHROMIUM, or where Debian puts it).
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const cli = join(resolve(here, '../..', process.argv[2] ?? 'dist'), 'main', 'cli.js')
const settleBoundMs = 150_000
const trendMs = 45_000 // until the trends have something to show
const size = { width: 1280, height: 800 }

const demo = spawn(process.execPath, [cli, 'demo', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  const [line] = await once(createInterface(demo.stdout), 'line')
  const url = /http:\/\/[^\s]+/.exec(line)[0].replace(/\/$/, '')
  await settled(url)
  const browser = await chromium.launch({
    executablePath: process.env.BURROW_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox']
  })
  await Promise.all([
    picture(browser, 'page-light.png', 'light', `${url}/#/`, '.grid-row .trend'),
    picture(browser, 'page-dark.png', 'dark', `${url}/#/group/demo-east/clickstream-archive`, '.partition .uplot')
  ])
  await terminal(browser, url)
  await browser.close()
} finally {
  demo.kill('SIGTERM')
}

/** Until every status is there. */
async function settled(url) {
  const endMs = Date.now() + settleBoundMs
  for (;;) {
    const answer = await fetch(`${url}/v3/kafka/demo-east/status`).then(response => response.json())
    const counts = answer.status?.counts ?? {}
    if (counts.WARN > 0 && counts.ERR > 0 && counts.OK > 0) return
    if (Date.now() > endMs) throw new Error(`the demo does not settle: ${JSON.stringify(counts)}`)
    await pause(1000)
  }
}

async function picture(browser, name, colorScheme, url, awaited) {
  const page = await browser.newPage({ viewport: size, colorScheme })
  await page.goto(url)
  await page.locator(awaited).first().waitFor({ timeout: 30_000 })
  await pause(trendMs)
  await page.screenshot({ path: join(here, name) })
  await page.close()
}

/** What `burrow status` and `burrow explain` print, in the colours they have on a terminal. */
async function terminal(browser, url) {
  const run = (...args) => {
    const { stdout } = spawnSync(process.execPath, [cli, ...args, '--url', url], { encoding: 'utf8' })
    return `<b>$ burrow ${args.join(' ')}</b>\n${coloured(stdout)}`
  }
  const explained = run('explain', 'demo-east', 'orders-export').split('\n').slice(0, 9).join('\n')
  const page = await browser.newPage({ viewport: { width: 1100, height: 200 } })
  await page.setContent(`<style>
    body { margin: 0; background: #10151d; color: #d5dce6; font: 14px/1.4 ui-monospace, Menlo, Consolas, monospace }
    pre { display: inline-block; margin: 0; padding: 16px 20px; min-width: 1060px }
    b { color: #fff } .ERR { color: #ff8a80 } .WARN { color: #f0b64c } .OK { color: #6fcf8b }
    </style><pre>${run('status')}\n${explained}</pre>`)
  await page.locator('pre').screenshot({ path: join(here, 'terminal.png') })
  await page.close()
}

function coloured(text) {
  const classOf = { STOP: 'ERR', STALL: 'ERR', REWIND: 'ERR' }
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\b(ERR|WARN|OK|STOP|STALL|REWIND)\b/g, word => `<span class="${classOf[word] ?? word}">${word}</span>`)
}

function pause(ms) {
  return new Promise(done => setTimeout(done, ms))
}
