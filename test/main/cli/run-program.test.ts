import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Child } from '../../support/child-process.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/wait-for.ts'

const program = fileURLToPath(new URL('run-program.child.js', import.meta.url))
const date = '[A-Z][a-z]+ \\d{1,2}, \\d{4} at \\d{1,2}:\\d\\d[ap]m \\([^)]+\\)\n'
const stopped = new RegExp(`^Stopped Burrow at ${date}$`)
const failed = (what: string) => new RegExp(`^${what}\nBurrow failed at ${date}$`)

describe('cli: run-program', () => {
  let folder = ''
  let pidFile = ''
  beforeEach(() => {
    folder = tempFolder('run-program')
    pidFile = join(folder, 'burrow.pid')
  })
  const start = (does: string, more = '') =>
    new Child(process.execPath, [program, does, `[general]\npidfile = "${pidFile}"\n${more}`], { cwd: folder })
  const messages = (child: Child) =>
    child.stdout
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line).msg)
  const saying = (child: Child, message: string) =>
    waitFor(() => messages(child).includes(message), `the line "${message}"`, 10_000)

  it('stops cleanly on each of the three signals', async () => {
    const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const
    const ends = signals.map(async signal => {
      const file = join(tempFolder('run-program'), 'burrow.pid')
      const child = new Child(process.execPath, [program, 'works', `[general]\npidfile = "${file}"`])
      await saying(child, 'running')
      expect(readFileSync(file, 'utf8')).to.equal(`${child.pid}\n`)
      child.kill(signal)
      expect(await child.exited).to.deep.equal({ code: 0, signal: null })
      expect(child.stderr).to.match(stopped)
      expect(messages(child)).to.deep.equal([
        'cluster: there is no section [cluster.NAME], so nothing is watched',
        'running',
        'stopping',
        'asked to stop'
      ])
      expect(existsSync(file)).to.equal(false)
    })
    await Promise.all(ends)
  })

  it('ends at once on the second signal, whatever hangs', async () => {
    const child = start('hangs')
    await saying(child, 'running')
    child.kill('SIGTERM')
    await saying(child, 'asked to stop')
    child.kill('SIGTERM')
    expect(await child.exited).to.deep.equal({ code: 1, signal: null })
    expect(messages(child).at(-1)).to.equal('second signal (SIGTERM), not waiting any longer')
    expect(existsSync(pidFile)).to.equal(false)
  })

  it('says why it could not start', async () => {
    const child = start('fails-to-start')
    expect(await child.exited).to.deep.equal({ code: 1, signal: null })
    expect(child.stderr).to.match(failed('no room at the inn'))
    expect(messages(child).at(-1)).to.equal('cannot go on')
    expect(existsSync(pidFile)).to.equal(false)
  })

  it('stops what runs when the program gives up', async () => {
    const child = start('gives-up')
    expect(await child.exited).to.deep.equal({ code: 1, signal: null })
    expect(child.stderr).to.match(failed('thread died too often'))
    expect(messages(child).slice(-2)).to.deep.equal(['asked to stop', 'cannot go on'])
  })

  it('ends with 2 and a stack when its own code is broken', async () => {
    const child = start('crashes')
    expect(await child.exited).to.deep.equal({ code: 2, signal: null })
    expect(child.stderr).to.match(/^TypeError: broken promise\n {4}at /)
    const line = JSON.parse(child.stdout.trim().split('\n').at(-1)!)
    expect([line.level, line.msg, line.error]).to.deep.equal(['fatal', 'crashed', 'broken promise'])
    expect(existsSync(pidFile)).to.equal(false)
  })

  it('does not start beside a live one, and leaves its file alone', async () => {
    writeFileSync(pidFile, `${process.pid}`)
    const child = start('works')
    expect(await child.exited).to.deep.equal({ code: 1, signal: null })
    expect(child.stdout).to.equal(`Existing process running on PID ${process.pid}. Exiting (my pid = ${child.pid})\n`)
    expect(child.stderr).to.match(new RegExp(`^Burrow failed at ${date}$`))
    expect(readFileSync(pidFile, 'utf8')).to.equal(`${process.pid}`)
  })

  it('writes what it prints into stdout-logfile, after renaming the old one', async () => {
    const log = join(folder, 'console.log')
    writeFileSync(log, 'old\n')
    const child = start('gives-up', `stdout-logfile = "${log}"`)
    expect((await child.exited).code).to.equal(1)
    expect([child.stdout, child.stderr]).to.deep.equal(['', ''])
    const text = readFileSync(log, 'utf8')
    expect(text)
      .to.contain('"msg":"running"')
      .and.to.match(new RegExp(`Burrow failed at ${date}$`))
    const renamed = readdirSync(folder).filter(name => /^console\.log\.\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d$/.test(name))
    expect(renamed.map(name => readFileSync(join(folder, name), 'utf8'))).to.deep.equal(['old\n'])
  })

  it('ends when the log file cannot be opened', async () => {
    const child = start('works', `[logging]\nfilename = "${folder}"`)
    expect((await child.exited).code).to.equal(1)
    expect(child.stderr).to.match(failed(`logging\\.filename: cannot be opened: EISDIR[^\n]*`))
    expect(existsSync(pidFile)).to.equal(false)
  })
})
