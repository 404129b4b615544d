import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { claimPidFile, releasePidFile } from '../../main/pid-file.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

describe('pid-file', () => {
  let file = ''
  beforeEach(() => {
    file = join(tempFolder('pid'), 'burrow.pid')
  })
  afterEach(() => {
    const left = readdirSync(join(file, '..')).filter(name => name !== 'burrow.pid')
    expect(left, 'helper files left behind').to.deep.equal([])
  })

  it('creates the file with the pid, and removes it', () => {
    expect(claimPidFile(file)).to.deep.equal({ ok: true, message: null })
    expect(readFileSync(file, 'utf8')).to.equal(`${process.pid}\n`)
    expect(releasePidFile(file)).to.equal(null)
    expect(existsSync(file)).to.equal(false)
    expect(releasePidFile(file)).to.equal(null)
  })

  it('accepts its own pid, as a restarted container finds it', () => {
    writeFileSync(file, `${process.pid}`)
    expect(claimPidFile(file)).to.deep.equal({ ok: true, message: 'Found existing pidfile matching current pid' })
  })

  it('refuses while the other process lives', () => {
    writeFileSync(file, `${process.ppid}\n`)
    expect(claimPidFile(file)).to.deep.equal({
      ok: false,
      message: `Existing process running on PID ${process.ppid}. Exiting (my pid = ${process.pid})`
    })
    expect(readFileSync(file, 'utf8')).to.equal(`${process.ppid}\n`)
  })

  it('takes over the file of a dead process, without its digits', () => {
    for (const stale of [String(deadPid()), '99999999', '999999999999999999', ` ${deadPid()}\n`]) {
      writeFileSync(file, stale)
      expect(claimPidFile(file), stale).to.deep.equal({ ok: true, message: null })
      expect(readFileSync(file, 'utf8')).to.equal(`${process.pid}\n`)
    }
  })

  for (const content of ['', 'abc', '12 34', '-1', '0', '12.5', '0x10']) {
    it(`does not guess what ${JSON.stringify(content)} means`, () => {
      writeFileSync(file, content)
      const claim = claimPidFile(file)
      expect(claim.ok).to.equal(false)
      expect(claim.message).to.match(/^Cannot interpret contents of PID file: /)
      expect(readFileSync(file, 'utf8')).to.equal(content)
    })
  }

  it('says so when it cannot read or write', () => {
    mkdirSync(file)
    expect(claimPidFile(file).message).to.match(/^Cannot read PID file: EISDIR/)
    expect(claimPidFile(join(file, 'missing', 'burrow.pid')).message).to.match(/^Cannot write PID file: ENOENT/)
  })

  it('does not remove a file that names somebody else by now', () => {
    writeFileSync(file, `${process.ppid}`)
    expect(releasePidFile(file)).to.equal(null)
    expect(existsSync(file)).to.equal(true)
  })

  it('is won by one of several that find a dead process at the same time', async () => {
    writeFileSync(file, `${deadPid()}\n`)
    const program = fileURLToPath(new URL('pid-file.child.js', import.meta.url))
    const children: ChildProcess[] = []
    try {
      const words = Array.from({ length: 3 }, () => {
        const child = spawn(process.execPath, [program, file], { stdio: ['pipe', 'pipe', 'inherit'] })
        children.push(child)
        const said: string[] = []
        child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(...text.trim().split('\n')))
        return said
      })
      await waitFor(() => words.every(said => said.includes('ready')), 'all to be ready', 10_000)
      for (const child of children) child.stdin!.write('go\n')
      await waitFor(() => words.every(said => said.length === 2), 'all to have claimed', 10_000)
      const winner = words.findIndex(said => said[1] === 'won')
      expect(words.filter(said => said[1] === 'won')).to.have.length(1)
      expect(readFileSync(file, 'utf8')).to.equal(`${children[winner]!.pid}\n`)
    } finally {
      for (const child of children) child.stdin!.end()
    }
  })
})
