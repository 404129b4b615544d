import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'

const keptChars = 200_000
const running = new Set<ChildProcess>()

// Whatever way the test run ends, its children end with it, each by its own pid. SIGKILL of the run itself is the one case
// this cannot see.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(signal === 'SIGTERM' ? 143 : 129))
}

export interface ExitStatus {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ChildOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Written to standard input, which is then closed. */
  readonly input?: string | Buffer
}

/** A child process whose output is kept (the newest part of it), and that never outlives this process. */
export class Child {
  readonly pid: number
  readonly exited: Promise<ExitStatus>
  exitStatus: ExitStatus | undefined
  stdout = ''
  stderr = ''
  readonly command: string
  readonly #process: ChildProcess

  constructor(command: string, args: readonly string[], options: ChildOptions = {}) {
    this.command = [command, ...args].join(' ')
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: 'pipe' })
    this.#process = child
    running.add(child)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout = (this.stdout + text).slice(-keptChars)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptChars)
    })
    // A child may end before it has read everything: its exit status says so, the pipe need not.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input)
    this.exited = new Promise((resolve, reject) => {
      child.once('error', error => {
        running.delete(child)
        reject(new Error(`could not start ${command}`, { cause: error }))
      })
      child.once('close', (code, signal) => {
        running.delete(child)
        this.exitStatus = { code, signal }
        resolve(this.exitStatus)
      })
    })
    this.exited.catch(() => {})
    this.pid = child.pid ?? -1
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Ends it by `signal` and, if it is still there after `boundMs`, by SIGKILL. */
  async stop(signal: NodeJS.Signals, boundMs: number): Promise<ExitStatus> {
    this.kill(signal)
    const late = setTimeout(() => this.kill('SIGKILL'), boundMs)
    try {
      return await this.exited
    } finally {
      clearTimeout(late)
    }
  }

  /** The end of what it said, for failure messages. */
  said(chars = 4000): string {
    return `--- ${this.command.slice(0, 200)}\n--- stdout\n${this.stdout.slice(-chars)}\n--- stderr\n${this.stderr.slice(-chars)}`
  }
}
