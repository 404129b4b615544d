import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** What came of claiming a PID file. Texts are Burrow's (spec 05 section 8). */
export type PidFileClaim =
  | { readonly ok: true; readonly message: string | null }
  | { readonly ok: false; readonly message: string }

/** Two processes that start at once can each find the other's file; more often than this means something else is wrong. */
const attemptsMax = 5

/**
 * Makes `file` say `pid`, unless it names another live process. Main thread, at start.
 *
 * The file appears with its content in one step (a link to a finished file), so nobody can read it empty; a dead process's
 * file is moved aside first, and put back if it turns out that somebody else had just replaced it.
 */
export function claimPidFile(file: string, pid = process.pid): PidFileClaim {
  const finished = `${file}.${pid}.new`
  try {
    writeFileSync(finished, `${pid}\n`, { mode: 0o644 })
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      if (linked(finished, file)) return { ok: true, message: null }
      const read = readPidFile(file)
      if (read.kind === 'absent') continue
      if (read.kind === 'bad') return { ok: false, message: read.message }
      if (read.pid === pid) return { ok: true, message: 'Found existing pidfile matching current pid' }
      if (isAlive(read.pid)) {
        return { ok: false, message: `Existing process running on PID ${read.pid}. Exiting (my pid = ${pid})` }
      }
      moveAside(file, read.pid, pid)
    }
    return { ok: false, message: 'Cannot write PID file: other processes keep replacing it' }
  } catch (error) {
    return { ok: false, message: `Cannot write PID file: ${(error as Error).message}` }
  } finally {
    rmSync(finished, { force: true })
  }
}

/** Removes the file if it still says `pid`. Returns Burrow's sentence if that fails. */
export function releasePidFile(file: string, pid = process.pid): string | null {
  const read = readPidFile(file)
  if (read.kind === 'absent' || (read.kind === 'pid' && read.pid !== pid)) return null
  try {
    rmSync(file)
    return null
  } catch (error) {
    return `Failed to remove PID file: ${(error as Error).message}`
  }
}

type PidFileContent =
  | { readonly kind: 'absent' }
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'bad'; readonly message: string }

function readPidFile(file: string): PidFileContent {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'absent' }
    return { kind: 'bad', message: `Cannot read PID file: ${(error as Error).message}` }
  }
  const pid = /^\s*[1-9]\d*\s*$/.test(text) ? Number(text) : 0 // 0 and below would mean process groups
  if (pid > 0) return { kind: 'pid', pid }
  const shown = JSON.stringify(text.slice(0, 40))
  return { kind: 'bad', message: `Cannot interpret contents of PID file: ${shown} is no process id; remove ${file}` }
}

const pidMax = 2 ** 31 - 1

function isAlive(pid: number): boolean {
  if (pid > pidMax) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Hard links are missing on some file systems; an exclusive write is nearly as good there. */
function linked(finished: string, file: string): boolean {
  try {
    linkSync(finished, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error))) throw error
  }
  try {
    writeFileSync(file, readFileSync(finished), { flag: 'wx', mode: 0o644 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function moveAside(file: string, deadPid: number, pid: number): void {
  const aside = `${file}.${pid}.old`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const moved = readPidFile(aside)
  if (moved.kind === 'pid' && moved.pid !== deadPid) linked(aside, file)
  rmSync(aside, { force: true })
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}
