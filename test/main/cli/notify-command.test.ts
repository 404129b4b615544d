import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type NotifyOptions, notifyCommand } from '../../../main/cli/notify-command.ts'
import { statusToJson } from '../../../shared/json/write-consumer.ts'
import type { ConsumerGroupStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { Child } from '../../support/child-process.ts'
import { freePort } from '../../support/free-port.ts'
import { cliFile } from '../../support/paths.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { groupStatus } from '../notifier/fake-parts.ts'
import { type LocalHttpServer, localHttpServer } from '../notifier/local-http-server.ts'

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const folder = tempFolder('notify')
const wrongTemplate = join(folder, 'wrong.tmpl')
writeFileSync(join(folder, 'open.tmpl'), '{{.Group}} is {{.Result.Status}}')
writeFileSync(wrongTemplate, '{{.Nothing}}')

const secret = 'sesame-open'
const notifiers = `
[notifier.pager]
class-name = "pagerduty"
routing-key = "${'K'.repeat(32)}"
threshold = 3
send-close = true
[notifier.hook]
class-name = "http"
url-open = "https://hooks.example.org/${secret}/{{.Group}}"
template-open = "${join(folder, 'open.tmpl')}"
headers = { Token = "${secret}" }
`

/** Runs `burrow notify --dry-run` about a group of the cluster `local` in this process, with that configuration. */
async function notify(toml: string, group: string, changes: Partial<NotifyOptions> = {}): Promise<Outcome> {
  const configDir = tempFolder('notify')
  writeFileSync(join(configDir, 'burrow.toml'), toml)
  const [stdout, stderr]: [string[], string[]] = [[], []]
  const code = await notifyCommand(
    {
      configDir,
      cluster: 'local',
      group,
      notifier: null,
      status: null,
      url: null,
      showSecrets: false,
      json: false,
      ...changes
    },
    { log: line => stdout.push(`${line}\n`), error: line => stderr.push(`${line}\n`) }
  )
  return { code, stdout: stdout.join(''), stderr: stderr.join('') }
}

/** The whole command, in a process of its own. */
async function run(...args: readonly string[]): Promise<Outcome> {
  const child = new Child(process.execPath, [cliFile, 'notify', ...args], { cwd: folder, env: {} })
  const { code } = await child.exited
  return { code, stdout: child.stdout, stderr: child.stderr }
}

describe('cli: notify', () => {
  let burrow: LocalHttpServer
  let listening: string
  let statusByGroup: Record<string, ConsumerGroupStatus>
  before(async () => {
    burrow = await localHttpServer((response, { url: path }) => {
      const answer = (status: number, body: string) => response.writeHead(status).end(body)
      const group = decodeURIComponent(/^\/v3\/kafka\/local\/consumer\/([^/]+)\/status$/.exec(path)?.[1] ?? '')
      if (path === '/v3/kafka') answer(200, '{"error":false,"clusters":["local","other"]}')
      else if (path === '/v3/kafka/local/consumer') {
        answer(200, JSON.stringify({ error: false, consumers: Object.keys(statusByGroup) }))
      } else if (group !== '') {
        const status = statusByGroup[group] ?? groupStatus(StatusConstant.NotFound, { group })
        answer(
          status.status === StatusConstant.NotFound ? 404 : 200,
          `{"error":false,"status":${statusToJson(status)},"request":{}}`
        )
      } else answer(404, '{"error":true,"message":"no","request":{}}')
    })
    listening = `[httpserver.default]\naddress = "${new URL(burrow.url).host}"\n`
  })
  beforeEach(() => {
    statusByGroup = {
      payments: groupStatus(StatusConstant.Warning, { group: 'payments' }),
      'g\u001b[31m\n': groupStatus(StatusConstant.Error, { group: 'g\u001b[31m\n' })
    }
  })
  after(() => burrow.close())

  it('shows by module whether it would send, why not, and what', async () => {
    const { code, stdout, stderr } = await notify(listening + notifiers, 'payments')
    expect(stderr).to.equal('')
    expect(stdout.split('\n').slice(0, 8)).to.deep.equal([
      `Group payments of cluster local: WARN, 1 of 3 partitions behind, total lag 42 (says ${burrow.url})`,
      'Nothing is sent.',
      '',
      'notifier.pager (pagerduty): would send nothing: its threshold is 3',
      '  open:',
      '    POST https://events.pagerduty.com/***',
      '    content-type: application/json',
      ''
    ])
    expect(stdout).to.contain('"event_action": "resolve"')
    expect(stdout.slice(stdout.indexOf('notifier.hook'))).to.equal(
      [
        'notifier.hook (http): would send the open message',
        '  open:',
        '    POST https://hooks.example.org/***',
        '    content-type: application/json',
        '    token: ***',
        '',
        '    payments is WARN',
        '  close: none (send-close is off)\n'
      ].join('\n')
    )
    expect(stdout).not.to.contain(secret).and.not.to.contain('KKKK')
    expect(code).to.equal(0)
  })

  it('shows secrets only when asked to, and JSON for programs', async () => {
    const { code, stdout } = await notify(listening + notifiers, 'payments', {
      notifier: 'hook',
      showSecrets: true,
      json: true
    })
    const { notifiers: shown, ...rest } = JSON.parse(stdout)
    expect(rest).to.deep.equal({
      cluster: 'local',
      group: 'payments',
      status: 'WARN',
      source: { kind: 'running', url: burrow.url },
      sent: false
    })
    expect(shown).to.have.length(1)
    expect(shown[0].open.messages[0]).to.deep.equal({
      kind: 'http',
      method: 'POST',
      url: `https://hooks.example.org/${secret}/payments`,
      headers: { 'content-type': 'application/json', token: secret },
      body: 'payments is WARN'
    })
    expect(code).to.equal(0)
  })

  it('asks the program that --url names', async () => {
    const { code, stdout } = await notify(notifiers, 'payments', { url: burrow.url })
    expect(stdout).to.contain(`(says ${burrow.url})`)
    expect(code).to.equal(0)
  })

  it('makes an example up, and says so, when the group is not like that or nothing runs', async () => {
    const other = await notify(listening + notifiers, 'payments', { status: StatusConstant.Error })
    expect(other.stdout).to.contain('Group payments of cluster local: ERR')
    expect(other.stdout).to.contain(
      `An example, made up with that status: the group is WARN now, says ${burrow.url}\nNothing is sent.\n`
    )
    expect(other.stdout).to.contain('notifier.pager (pagerduty): would send the open message')
    const same = await notify(listening + notifiers, 'payments', { status: StatusConstant.Warning })
    expect(same.stdout).to.contain(`(says ${burrow.url})`).and.not.to.contain('An example')
    const dead = `[httpserver.default]\naddress = "127.0.0.1:${await freePort()}"\n`
    const nothing = await notify(dead + notifiers, 'payments', { status: StatusConstant.Error })
    expect(nothing.stdout).to.match(/An example, made up with that status: nothing listens at http:/)
    expect([other.code, same.code, nothing.code]).to.deep.equal([0, 0, 0])
  })

  it('says why it cannot, and what would help', async () => {
    const dead = `[httpserver.default]\naddress = "127.0.0.1:${await freePort()}"\n`
    const good = listening + notifiers
    const cases: [RegExp, string, string, Partial<NotifyOptions>?][] = [
      [/^error: nothing listens at http:\/\/127\.0\.0\.1:\d+; .*\n--status WARN/, dead + notifiers, 'x'],
      [/listens on a port that is chosen at start; --url/, `[httpserver.default]\naddress = ":0"\n${notifiers}`, 'x'],
      [/there is no group paymentz in cluster local; did you mean payments\?/, good, 'paymentz'],
      [/there is no group q in cluster local\n/, good, 'q'],
      [/there is no cluster locl; did you mean local\?/, good, 'x', { cluster: 'locl' }],
      [/no section \[notifier\.NAME\], so nothing is ever sent/, listening, 'payments'],
      [/no section \[notifier\.pagr\]; did you mean pager\?/, good, 'payments', { notifier: 'pagr' }],
      [/^Invalid configuration, 1 mistake in /, '[notifier.x]\nclass-name = "slack"\n', 'payments']
    ]
    const outcomes = await Promise.all(cases.map(([, toml, group, changes]) => notify(toml, group, changes)))
    for (const [index, { code, stdout, stderr }] of outcomes.entries()) {
      expect(stderr).to.match(cases[index]![0])
      expect(stdout, stderr).to.equal('')
      expect(code, stderr).to.equal(1)
    }
  })

  it('says that a message cannot be made, and ends with 1', async () => {
    const wrong = notifiers.replace(join(folder, 'open.tmpl'), wrongTemplate)
    const { code, stdout } = await notify(listening + wrong, 'payments', { notifier: 'hook' })
    expect(stdout).to.contain('  open: FAILS: template: wrong.tmpl:1:2: executing')
    expect(code).to.equal(1)
  })

  it('lets no name of a group write to the terminal', async () => {
    const { code, stdout } = await notify(listening + notifiers, 'g\u001b[31m\n', { notifier: 'hook' })
    expect(stdout).to.contain('Group g\\x1b[31m\\x0a of').and.not.to.contain('\u001b')
    expect(code).to.equal(0)
  })

  it('teaches with --help', async () => {
    const { code, stdout } = await run('--help')
    expect(code).to.equal(0)
    for (const flag of [
      '--dry-run',
      '--cluster',
      '--group',
      '--notifier',
      '--status',
      '--url',
      '--show-secrets',
      '--json'
    ]) {
      expect(stdout).to.contain(flag)
    }
    expect(stdout).to.contain('\nExamples:\n  burrow notify --dry-run').and.to.contain('Exit codes:')
  })

  it('refuses a wrong command line with 2', async () => {
    const about = ['--dry-run', '--cluster', 'local', '--group', 'x']
    const wrong = await Promise.all([
      run('--cluster', 'a', '--group', 'b'),
      run(...about.slice(0, 3)),
      run(...about, '--status', 'REWIND'),
      run(...about, 'more')
    ])
    const said = ['say --dry-run', "'--group <name>' not specified", 'OK, WARN or ERR', "command 'more'"]
    for (const [index, { code, stderr }] of wrong.entries()) {
      expect(stderr).to.contain(said[index])
      expect(code, stderr).to.equal(2)
    }
  })
})
