import { existsSync, openSync, renameSync, writeSync } from 'node:fs'

/**
 * `general.stdout-logfile`: from now on, what this process writes to stdout and stderr goes into `file`; an older file gets its
 * time as a suffix first (spec 05 section 3). Throws if the file cannot be renamed or opened. What the runtime itself
 * prints while it dies cannot be caught this way and still goes to the real stderr.
 */
export function redirectOutput(file: string, now: Date): void {
  if (existsSync(file)) renameSync(file, `${file}.${suffixOf(now)}`)
  const fd = openSync(file, 'a', 0o644)
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, encodingOrDone?: unknown, done?: unknown): boolean => {
      writeSync(fd, typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
      const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done
      if (typeof callback === 'function') queueMicrotask(() => callback())
      return true
    }
  }
}

/** `2026-11-22_12:50:00`, local time. */
function suffixOf(now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', '_')
}
