import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { expectedStatuses } from '../../main/simulator/demo.ts'
import { Child } from '../support/child-process.ts'
import { demoBoundMs } from '../support/demo-bound.ts'
import { freePort } from '../support/free-port.ts'
import { cliFile } from '../support/paths.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'

/** The whole program runs beside simulated clusters; `burrow notify` asks it, and shows what a notifier would say. */
describe('simulator: burrow notify --dry-run', () => {
  const folder = tempFolder('notify')
  let demo: Child
  let url: string

  before(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    writeFileSync(
      join(folder, 'burrow.toml'),
      `[httpserver.default]
       address = ":${port}"
       [notifier.pager]
       class-name = "pagerduty"
       routing-key = "${'K'.repeat(32)}"
       send-close = true`
    )
    demo = new Child(process.execPath, [cliFile, 'demo', '--port', String(port)])
  })
  after(() => demo.stop('SIGTERM', 5_000))

  async function notify(cluster: string, group: string) {
    const args = [
      cliFile,
      'notify',
      '--dry-run',
      '--config-dir',
      folder,
      '--cluster',
      cluster,
      '--group',
      group,
      '--json'
    ]
    const child = new Child(process.execPath, args, { env: {} })
    const { code } = await child.exited
    return { code, stdout: child.stdout, stderr: child.stderr }
  }

  it('shows the message about a group in trouble, with its real partitions', async function () {
    this.timeout(demoBoundMs + 60_000)
    const { cluster, group, notOk } = expectedStatuses().find(({ status }) => status === 'ERR')!
    const inTrouble = async () => {
      const { code, stdout } = await notify(cluster, group)
      if (code !== 0) return null
      const shown = JSON.parse(stdout)
      return shown.status === 'ERR' ? shown : null
    }
    const shown = await waitFor(inTrouble, 'the group in trouble', demoBoundMs)
    expect(shown.source).to.deep.equal({ kind: 'running', url })
    const [pager] = shown.notifiers
    expect(pager).to.deep.include({ name: 'pager', className: 'pagerduty', silentBecause: null })
    const event = JSON.parse(pager.open.messages[0].body)
    expect(event).to.deep.include({ event_action: 'trigger', routing_key: '***' })
    const [topicAndPartition] = Object.keys(notOk)
    expect(event.payload.custom_details.partitions.join('\n')).to.contain(topicAndPartition!.replace('/', ':'))
    expect(JSON.parse(pager.close.messages[0].body).dedup_key).to.equal(event.dedup_key)
  })

  it('says that a group of another name is meant', async () => {
    const { cluster, group } = expectedStatuses()[0]!
    const { code, stderr } = await notify(cluster, `${group}x`)
    expect(stderr).to.contain(`there is no group ${group}x in cluster ${cluster}; did you mean ${group}?`)
    expect(code).to.equal(1)
  })
})
