import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import type { LoggingSettings } from '../../main/config/app-config.ts'
import { filesToRemove, LogFile, rotatedName } from '../../main/log-file.ts'
import { tempFolder } from '../support/temp-folder.ts'

const megabyte = 1024 * 1024
const dayMs = 86_400_000

describe('log-file', () => {
  let folder = ''
  let settings: LoggingSettings
  beforeEach(() => {
    folder = tempFolder('log-file')
    settings = {
      level: 'info',
      filename: join(folder, 'burrow.log'),
      maxSizeMb: 1,
      maxBackups: 0,
      maxAgeDays: 0,
      useLocalTime: false,
      useCompression: false
    }
  })
  const end = (file: LogFile) => new Promise<void>(resolve => file.end(() => resolve()))
  const rotated = () => readdirSync(folder).filter(name => name !== 'burrow.log')

  it('goes on in the file that is there', async () => {
    writeFileSync(settings.filename, 'old\n')
    const file = new LogFile(settings)
    file.write('new\n')
    expect(readFileSync(settings.filename, 'utf8'), 'before it is closed').to.equal('old\nnew\n')
    await end(file)
  })

  it('begins a new file before the line that would not fit, and loses none', async () => {
    writeFileSync(settings.filename, 'a'.repeat(megabyte - 4))
    const file = new LogFile(settings)
    file.write('fit\n')
    expect(rotated()).to.deep.equal([])
    file.write('next\n')
    await end(file)
    expect(readFileSync(settings.filename, 'utf8')).to.equal('next\n')
    expect(rotated()).to.have.length(1)
    expect(rotated()[0]).to.match(/^burrow-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/)
    expect(readFileSync(join(folder, rotated()[0]!), 'utf8')).to.match(/a{1000}fit\n$/)
  })

  it('writes a line longer than a file into a file of its own', async () => {
    const file = new LogFile(settings)
    file.write('b'.repeat(megabyte + 1))
    file.write('c\n')
    await end(file)
    expect(readFileSync(settings.filename, 'utf8')).to.equal('c\n')
    expect(rotated()).to.have.length(1)
  })

  it('compresses the old file', async () => {
    writeFileSync(settings.filename, 'a'.repeat(megabyte))
    const file = new LogFile({ ...settings, useCompression: true })
    file.write('next\n')
    await end(file)
    expect(rotated()).to.have.length(1)
    expect(rotated()[0]).to.match(/\.log\.gz$/)
    expect(gunzipSync(readFileSync(join(folder, rotated()[0]!))).toString()).to.equal('a'.repeat(megabyte))
  })

  it('removes rotated files beyond number and age, and no other file', async () => {
    const nowMs = Date.UTC(2026, 10, 22, 12)
    const names = [10, 5, 3, 2, 1].map(days => rotatedName(settings.filename, new Date(nowMs - days * dayMs), false))
    for (const name of names) writeFileSync(name, '')
    for (const other of [
      'burrow.log',
      'burrow-notes.log',
      'burrow-2026-01-01.log',
      'other-2026-01-01T00-00-00.000.log'
    ]) {
      writeFileSync(join(folder, other), '')
    }
    const removed = (maxBackups: number, maxAgeDays: number) =>
      filesToRemove({ ...settings, maxBackups, maxAgeDays }, nowMs)
    expect(await removed(0, 0)).to.deep.equal([])
    expect(await removed(2, 0)).to.deep.equal(names.slice(0, 3))
    expect(await removed(0, 4)).to.deep.equal(names.slice(0, 2))
    expect(await removed(4, 4)).to.deep.equal(names.slice(0, 2))
    expect(await removed(9, 99)).to.deep.equal([])
  })

  it('goes on when the disk is full, and says so once', async function () {
    if (!existsSync('/dev/full')) this.skip()
    const said: string[] = []
    const write = process.stderr.write
    process.stderr.write = text => said.push(String(text)) > 0
    try {
      const file = new LogFile({ ...settings, filename: '/dev/full' })
      for (let line = 0; line < 3; line++) file.write('x\n')
      await end(file)
    } finally {
      process.stderr.write = write
    }
    expect(said).to.have.length(1)
    expect(said[0]).to.match(/^cannot write log file: ENOSPC/)
  })

  it('names rotated files by UTC or local time', () => {
    const at = new Date(Date.UTC(2026, 10, 22, 12, 50, 1, 7))
    expect(rotatedName('/x/burrow.log', at, false)).to.equal('/x/burrow-2026-11-22T12-50-01.007.log')
    const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(11, 13)
    expect(rotatedName('/x/burrow', at, true)).to.match(new RegExp(`^/x/burrow-2026-11-2[123]T${local}-`))
  })
})
