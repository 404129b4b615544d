import { SingleBar as Bar, type SingleBar } from 'cli-progress'

/** How far the bench is, for people. */
export interface Progress {
  /** `done` of `total` steps of a suite. */
  step(suite: string, done: number, total: number, what: string): void
  end(): void
}

/** A bar on a terminal, a line per suite where there is none. Goes to standard error. The only file that knows cli-progress. */
export function createProgress(suites: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? new BarProgress(suites, stream) : new LineProgress(stream)
}

const stepsPerSuite = 1000

class BarProgress implements Progress {
  readonly #bar: SingleBar
  readonly #seen: string[] = []

  constructor(suites: number, stream: NodeJS.WriteStream) {
    const format = '{bar} {percentage} %  {duration_formatted}  {what}'
    this.#bar = new Bar({ format, stream, hideCursor: true, barsize: 30, clearOnComplete: true })
    this.#bar.start(suites * stepsPerSuite, 0, { what: '' })
  }

  step(suite: string, done: number, total: number, what: string): void {
    if (!this.#seen.includes(suite)) this.#seen.push(suite)
    const value = this.#seen.indexOf(suite) * stepsPerSuite + Math.round((done / total) * stepsPerSuite)
    this.#bar.update(value, { what: `${suite}: ${what}` })
  }

  end(): void {
    this.#bar.stop()
  }
}

class LineProgress implements Progress {
  readonly #stream: NodeJS.WriteStream
  #suite = ''

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  step(suite: string, _done: number, _total: number, what: string): void {
    if (suite === this.#suite) return
    this.#suite = suite
    this.#stream.write(`${suite}: ${what}\n`)
  }

  end(): void {}
}
