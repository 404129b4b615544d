import { expect } from 'chai'
import { type Demo, expectedStatuses, startDemo } from '../../main/simulator/demo.ts'
import { type AppUnderTest, clusterToml, startAppUnderTest } from '../support/app-under-test.ts'
import { Child } from '../support/child-process.ts'
import { demoBoundMs } from '../support/demo-bound.ts'
import { freePort } from '../support/free-port.ts'
import { ours } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'

/** `burrow status` and `burrow explain` as people and checks call them, against the demo's clusters. */
describe('simulator: the terminal view of the demo', () => {
  let demo: Demo
  let burrow: AppUnderTest
  let url: string
  before(async function () {
    this.timeout(demoBoundMs + 60_000)
    demo = await startDemo()
    burrow = await startAppUnderTest(
      demo.clusters.map(({ name, simulator }) => clusterToml(name, simulator.servers)).join('\n')
    )
    url = `http://${burrow.app.addresses[0]}`
    const settled = async () => {
      for (const { cluster, group, status } of expectedStatuses()) {
        const { status: said } = (await burrow.get(`/v3/kafka/${cluster}/consumer/${group}/status`)) as {
          status: { status: string }
        }
        if (said.status !== status) return false
      }
      return true
    }
    await waitFor(settled, 'the demo to settle', demoBoundMs)
  })
  after(async () => {
    await burrow?.app.stop()
    await demo?.stop()
  })

  async function cli(...args: readonly string[]): Promise<Child> {
    const child = new Child(ours.command, [...ours.args, ...args], { env: { ...process.env, BURROW_URL: url } })
    await child.exited
    return child
  }

  it('status lists every group, worst first, plain when piped, with exit code 2 for ERR', async () => {
    const { exitStatus, stdout } = await cli('status')
    expect(exitStatus?.code).to.equal(2)
    expect(stdout).to.match(/^BURROW ERR - \d+ groups: \d+ ERR, \d+ WARN, \d+ OK\n\nSTATUS {2}GROUP/)
    expect(stdout).to.not.contain('\x1b')
    const shown = [...stdout.matchAll(/^(ERR|WARN|OK) +(\S+)/gm)]
    for (const { group, status } of expectedStatuses()) {
      expect(shown.map(([, said, name]) => `${name} ${said}`)).to.include(`${group} ${status}`)
    }
    const order = shown.map(([, status]) => ['ERR', 'WARN', 'OK'].indexOf(status!))
    expect(order).to.deep.equal(order.toSorted((a, b) => a - b))
  })

  it('the exit code of one group is 0, 1 or 2', async () => {
    for (const [status, code] of [
      ['OK', 0],
      ['WARN', 1],
      ['ERR', 2]
    ] as const) {
      const { cluster, group } = expectedStatuses().find(each => each.status === status)!
      const child = await cli('status', '--cluster', cluster, '--group', group)
      expect(child.exitStatus?.code, child.said()).to.equal(code)
      expect(child.stdout).to.match(new RegExp(`^BURROW ${status} - 1 group: 1 ${status}\n`))
      const explained = await cli('explain', cluster, group)
      expect(explained.exitStatus?.code, explained.said()).to.equal(code)
      expect(explained.stdout).to.match(new RegExp(`^${group} in ${cluster}: ${status}\n${status}: `))
    }
  })

  it('--json is a document', async () => {
    const status = await cli('status', '--json', '--limit', '3')
    const { exit_code, groups } = JSON.parse(status.stdout)
    expect([exit_code, groups.length]).to.deep.equal([2, 3])
    const { cluster, group } = expectedStatuses().find(each => each.status === 'ERR')!
    const explained = JSON.parse((await cli('explain', cluster, group, '--json')).stdout)
    expect(explained).to.include({ cluster, group, status: 'ERR' })
    const { topic, partition } = explained.worst
    const one = JSON.parse((await cli('explain', cluster, group, topic, String(partition), '--json')).stdout)
    expect([one.topic, one.partition]).to.deep.equal([topic, partition])
    expect(one.tried.at(-1).sentence).to.equal(one.sentence)
  })

  it('what cannot be found out is exit code 3, in one line of clear words', async () => {
    const { cluster, group } = expectedStatuses()[0]!
    const nobody = `http://127.0.0.1:${await freePort()}`
    const asked: readonly (readonly [readonly string[], RegExp])[] = [
      [['status', '--url', nobody], /^BURROW UNKNOWN - nothing listens at http:[^\n]+\n$/],
      [
        ['status', '--cluster', 'demo-est'],
        /no cluster demo-est; did you mean demo-east\? \(there are: demo-east, demo-west\)\n$/
      ],
      [['status', '--group', `${group}x`], new RegExp(`no group ${group}x; did you mean ${group}\\?\n$`)],
      [['explain', cluster, 'no\x1b[2Jsuch'], /no group no\\x1b\[2Jsuch in cluster/],
      [['explain', cluster, group, 'no-topic', '0'], /reads no topic no-topic\n$/]
    ]
    for (const [args, words] of asked) {
      const { exitStatus, stdout } = await cli(...args)
      expect(stdout).to.match(words)
      expect(exitStatus?.code).to.equal(3)
    }
    const usage = await cli('status', '--limit', 'x')
    expect([usage.exitStatus?.code, usage.stdout]).to.deep.equal([3, ''])
  })

  it('--watch looks again, and ends by Ctrl-C', async () => {
    const child = new Child(ours.command, [...ours.args, 'status', '--watch', '--url', url])
    await waitFor(() => child.stdout.split('BURROW ERR').length > 2, 'the second look', 20_000)
    child.kill('SIGINT')
    expect(await child.exited).to.deep.equal({ code: 0, signal: null })
    expect(child.stderr).to.equal('')
  })
})
