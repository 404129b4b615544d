import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync
} from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { LoggingSettings } from './config/app-config.ts'

/**
 * A log file that is renamed to `<name>-<time><ext>` before it grows past its size, as the original's log library does it
 * (spec 05 section 4), so that a tail on the name and tools for the old files keep working. Main thread.
 *
 * Writes are synchronous: a line costs microseconds, nothing waits in memory, and what was logged before a crash is there.
 */
export class LogFile extends Writable {
  readonly #settings: LoggingSettings
  readonly #maxBytes: number
  #fd: number
  #bytes: number
  #linesLost = 0
  #tidying: Promise<void> = Promise.resolve()

  /** Throws if the file cannot be opened. */
  constructor(settings: LoggingSettings) {
    super({ decodeStrings: true })
    this.#settings = settings
    this.#maxBytes = settings.maxSizeMb * 1024 * 1024
    mkdirSync(dirname(settings.filename), { recursive: true })
    this.#fd = openSync(settings.filename, 'a', 0o644)
    this.#bytes = fstatSync(this.#fd).size
  }

  override _write(line: Buffer, _encoding: string, done: () => void): void {
    try {
      if (this.#bytes > 0 && this.#bytes + line.length > this.#maxBytes) this.#rotate()
      this.#append(line)
      if (this.#linesLost > 0) this.#tellLost()
    } catch (error) {
      // A full disk must not end the program. Said once on stderr, and counted in the file as soon as it can be written.
      if (this.#linesLost++ === 0) process.stderr.write(`cannot write log file: ${(error as Error).message}\n`)
    }
    done()
  }

  override _final(done: () => void): void {
    closeSync(this.#fd)
    this.#tidying.then(done)
  }

  #append(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) at += writeSync(this.#fd, bytes, at)
    this.#bytes += bytes.length
  }

  #tellLost(): void {
    const lines = this.#linesLost
    this.#append(
      Buffer.from(`${JSON.stringify({ level: 'warn', ts: Date.now() / 1000, msg: 'log lines lost', lines })}\n`)
    )
    this.#linesLost = 0
  }

  #rotate(): void {
    const { filename } = this.#settings
    const rotated = rotatedName(filename, new Date(), this.#settings.useLocalTime)
    renameSync(filename, rotated)
    closeSync(this.#fd)
    this.#fd = openSync(filename, 'a', 0o644)
    this.#bytes = 0
    this.#tidying = this.#tidying
      .then(() => this.#tidy(rotated))
      .catch(error => {
        process.stderr.write(`cannot tidy log files: ${(error as Error).message}\n`)
      })
  }

  /** Compresses the newest rotated file, then removes those beyond number and age. */
  async #tidy(rotated: string): Promise<void> {
    if (this.#settings.useCompression) await compress(rotated)
    for (const file of await filesToRemove(this.#settings, Date.now())) await rm(file, { force: true })
  }
}

/** `burrow-2026-11-22T12-50-00.123.log` for `burrow.log`. */
export function rotatedName(filename: string, at: Date, localTime: boolean): string {
  const shifted = localTime ? new Date(at.getTime() - at.getTimezoneOffset() * 60_000) : at
  const time = shifted.toISOString().slice(0, -1).replaceAll(':', '-')
  const extension = extname(filename)
  return join(dirname(filename), `${basename(filename, extension)}-${time}${extension}`)
}

/** Names sort by time, so the newest are the last. The age is that of the name: copying a file does not renew it. */
export async function filesToRemove(settings: LoggingSettings, nowMs: number): Promise<string[]> {
  const { filename, maxBackups, maxAgeDays, useLocalTime } = settings
  const extension = extname(filename)
  const prefix = `${basename(filename, extension)}-`
  const oldest = basename(rotatedName(filename, new Date(nowMs - maxAgeDays * 86_400_000), useLocalTime))
  const rotated = (await readdir(dirname(filename)))
    .filter(name => name.startsWith(prefix) && isRotated(name.slice(prefix.length), extension))
    .sort()
  const tooMany = maxBackups === 0 ? 0 : Math.max(0, rotated.length - maxBackups)
  return rotated
    .filter((name, index) => index < tooMany || (maxAgeDays > 0 && name < oldest))
    .map(name => join(dirname(filename), name))
}

function isRotated(rest: string, extension: string): boolean {
  const plain = rest.endsWith('.gz') ? rest.slice(0, -3) : rest
  return (
    plain.endsWith(extension) &&
    /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}$/.test(plain.slice(0, plain.length - extension.length))
  )
}

async function compress(file: string): Promise<void> {
  const unfinished = `${file}.gz.unfinished`
  await pipeline(createReadStream(file), createGzip(), createWriteStream(unfinished))
  await rename(unfinished, `${file}.gz`)
  await rm(file)
}
