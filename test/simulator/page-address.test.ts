import { expect } from 'chai'
import { Child } from '../support/child-process.ts'
import { freePort } from '../support/free-port.ts'
import { ours, Program } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'

/** Needs the page, which `npm run build` builds beside the program. */
describe('simulator: address of the page', () => {
  it('is the first that `burrow demo` says, and is right', async () => {
    const port = await freePort()
    const child = new Child(ours.command, [...ours.args, 'demo', '--port', String(port)])
    try {
      await waitFor(() => child.stdout.includes('\n'), 'the first line', 20_000)
      expect(child.stdout.split('\n')[0]).to.equal(`Open http://127.0.0.1:${port}/ in a browser`)
      const page = await fetch(`http://127.0.0.1:${port}/`)
      expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8')
      const html = await page.text()
      const files = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path!)
      expect(files.length).to.be.at.least(2)
      for (const path of files) {
        const { status, headers } = await fetch(`http://127.0.0.1:${port}${path}`)
        expect(status, path).to.equal(200)
        expect(headers.get('cache-control'), path).to.contain('immutable')
      }
    } finally {
      child.kill('SIGTERM')
      await child.exited
    }
  })

  it('is said by `burrow run` on standard error, unless there is none', async () => {
    const toml = (more: string) => (address: string) => `[httpserver.default]\naddress = "${address}"\n${more}\n`
    const moved = await Program.start(ours, toml('page-path = "/ui"'))
    try {
      await waitFor(() => moved.child.stderr.includes('in a browser'), 'the address')
      expect(moved.child.stderr).to.contain(`Open http://${moved.address}/ui in a browser\n`)
    } finally {
      await moved.stop()
    }
    const without = await Program.start(ours, toml('page = false'))
    await without.stop()
    expect(without.child.said()).to.not.contain('in a browser')
  })
})
