// @ts-check
import { open } from 'node:fs/promises'

/** Reads what is appended to a file of JSON lines, once a second. A line that is not whole yet waits for its rest. */
export class LinesFollower {
  #path
  #onLine
  #at = 0
  #rest = ''
  /** @type {NodeJS.Timeout | undefined} */
  #timer
  #isReading = false

  /**
   * @param {string} path
   * @param {(line: any) => void} onLine what it throws is a failure of the module, which the program counts
   */
  constructor(path, onLine) {
    this.#path = path
    this.#onLine = onLine
  }

  start() {
    this.#timer = setInterval(() => this.#read(), 1000)
  }

  stop() {
    clearInterval(this.#timer)
  }

  async #read() {
    if (this.#isReading) return
    this.#isReading = true
    try {
      const lines = `${this.#rest}${await this.#appended()}`.split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) this.#onLine(JSON.parse(line))
    } finally {
      this.#isReading = false
    }
  }

  async #appended() {
    const file = await open(this.#path)
    try {
      const { bytesRead, buffer } = await file.read({ position: this.#at })
      this.#at += bytesRead
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  }
}
