import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect } from 'chai'
import { configFromToml } from '../../main/config/load-config.ts'
import { createMainLogger, recordToLine, waitingBytesMax } from '../../main/logger.ts'
import { BurrowError } from '../../shared/errors.ts'
import { LogLevel, type LogLevelName } from '../../shared/log.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'

class Page extends Writable {
  text = ''
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
  lines(): Record<string, unknown>[] {
    return this.text
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
  }
}

function logging(level: LogLevelName, filename = '') {
  return { logging: { ...configFromToml('').logging, level, filename } }
}

describe('logger', () => {
  it("writes Burrow's lines: level, time in seconds, message, fields", async () => {
    const page = new Page()
    const main = createMainLogger(logging('info'), page)
    const before = Date.now() / 1000
    main.logger.info('Started Burrow')
    main.logger
      .child({ type: 'module', name: 'local' })
      .warn('late', { name: 'other', count: 3, error: new Error('no') })
    await main.close()
    expect(page.text).to.match(/^\{"level":"info","ts":\d+(\.\d+)?,"msg":"Started Burrow"\}\n/)
    const [first, second] = page.lines()
    expect(first!.ts).to.be.within(before, Date.now() / 1000)
    expect({ ...second, ts: 0 }).to.deep.equal({
      level: 'warn',
      ts: 0,
      msg: 'late',
      type: 'module',
      name: 'other',
      count: 3,
      error: 'no'
    })
  })

  it('follows the shared word at once, for children too', async () => {
    const page = new Page()
    const main = createMainLogger(logging('info'), page)
    const child = main.logger.child({ name: 'x' })
    child.debug('1')
    new Int32Array(main.levelWord)[0] = LogLevel.debug
    child.debug('2')
    new Int32Array(main.levelWord)[0] = LogLevel.fatal
    child.error('3')
    await main.close()
    expect(page.lines().map(line => line.msg)).to.deep.equal(['2'])
  })

  it('writes what a thread posted, at any level, as it is', async () => {
    const page = new Page()
    const main = createMainLogger(logging('error'), page)
    for (const level of Object.keys(LogLevel) as LogLevelName[]) {
      main.writeRecord({ level, timeMs: 1500, message: level, fields: { thread: 'kafka-0' } })
    }
    await main.close()
    expect(page.lines()).to.deep.equal(
      Object.keys(LogLevel).map(level => ({ level, ts: 1.5, msg: level, thread: 'kafka-0' }))
    )
  })

  it('loses no field and no line to what JSON cannot say', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const line = recordToLine({
      level: 'info',
      timeMs: 2000,
      message: 'm',
      fields: { big: 5n, circle, msg: 'mine', ok: 1 }
    })
    expect(JSON.parse(line)).to.deep.equal({
      level: 'info',
      ts: 2,
      msg: 'm',
      big: '5',
      circle: '[object Object]',
      msg_: 'mine',
      ok: 1
    })
  })

  it('drops lines that nobody takes, counts them and says so', async () => {
    let release: (() => void) | null = null
    let text = ''
    const slow = new Writable({
      write: (chunk: Buffer, _, done) => {
        text += chunk.toString().slice(0, 200)
        if (release === null) release = done
        else done()
      }
    })
    const main = createMainLogger(logging('info'), slow)
    const fields = { much: 'x'.repeat(1024 * 1024) }
    const lines = 20
    for (let n = 0; n < lines; n++) main.logger.info('big', fields)
    const kept = Math.ceil(waitingBytesMax / (1024 * 1024 + 50))
    expect(slow.writableLength).to.be.at.most(waitingBytesMax + 2 * 1024 * 1024)
    release!()
    await waitFor(() => slow.writableLength === 0, 'the slow reader to catch up')
    main.logger.info('small')
    await main.close()
    const lost = Number(/"msg":"log lines lost, their reader is too slow","lines":(\d+)/.exec(text)?.[1])
    expect(text.match(/"msg":"big"/g)!.length + lost).to.equal(lines)
    expect(lost).to.be.at.least(lines - kept - 1)
    expect(text).to.contain('"msg":"small"')
  })

  it('writes to a file, in a folder it makes', async () => {
    const file = join(tempFolder('logger'), 'logs', 'burrow.log')
    const page = new Page()
    const main = createMainLogger(logging('info', file), page)
    main.logger.info('in the file')
    await main.close()
    expect(JSON.parse(readFileSync(file, 'utf8')).msg).to.equal('in the file')
    expect(page.text).to.equal('')
  })

  it('refuses a file that cannot be opened, by its key', () => {
    const folder = tempFolder('logger')
    expect(existsSync(folder)).to.equal(true)
    expect(() => createMainLogger(logging('info', folder)))
      .to.throw(BurrowError, /^logging\.filename: cannot be opened: EISDIR/)
      .with.property('code', 'CONFIG_INVALID')
  })
})
