import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { burrowReference, ours, Program } from '../support/program.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'

const leads = 'leads: starts to evaluate'

/** Whoever moves runs both for a while with one file (docs/moving-from-burrow.md): one of the two sends, not both. */
describe('zookeeper: notifiers beside Burrow 1.9.5', function () {
  this.timeout(90_000)
  const zookeeper = useZookeeper()
  const programs: Program[] = []
  let tool: ZookeeperTool | undefined
  afterEach(async () => {
    await Promise.all(programs.splice(0).map(program => program.kill()))
    await tool?.close()
  })

  it('share one lock: who comes second waits for the first to stop', async function () {
    const reference = burrowReference()
    if (!reference) {
      console.error('\n!!! BURROW REFERENCE NOT FOUND (BURROW_REFERENCE): the lock is not shared with it !!!\n')
      this.skip()
    }
    const template = join(tempFolder('beside-burrow'), 'open.tmpl')
    writeFileSync(template, '{{.Group}}')
    const toml = (address: string) => `
[zookeeper]
servers = ["${zookeeper().server}"]
timeout = 2
root-path = "/shared/burrow"
[httpserver.default]
address = "${address}"
[notifier.none]
class-name = "null"
template-open = "${template}"
`
    const start = async (kind: typeof ours) => {
      const program = await Program.start(kind, toml)
      programs.push(program)
      return program
    }
    const burrow = await start(reference)
    tool = await ZookeeperTool.connect(zookeeper().server)
    const queue = () => tool!.children('/shared/burrow/notifier').catch(() => [])
    await waitFor(async () => (await queue()).length === 1, 'the node of Burrow', 15_000)
    const second = await start(ours)
    await waitFor(async () => (await queue()).length === 2, 'our node behind it', 15_000)
    for (const name of await queue()) expect(name).to.match(/^_c_[0-9a-f]{32}-lock-\d{10}$/)
    expect(second.child.said()).not.to.contain(leads)
    await burrow.stop()
    await waitFor(() => second.child.said().includes(leads), 'us to lead', 15_000)
    await start(reference)
    await waitFor(async () => (await queue()).length === 2, 'Burrow to queue behind us', 15_000)
    expect(second.child.said()).not.to.contain('leads no more')
  })
})
