/**
 * Runs jobs a few at a time, in the order in which they were added. The library's parser and the server both suffer when everything
 * is asked at once. The queue needs no bound of its own: each node and topic adds itself at most once (see its users). Main thread.
 */
export class ReadWindow {
  readonly #parallelMax: number
  readonly #onIdle: () => void
  #jobs: (() => Promise<void>)[] = []
  #next = 0
  #running = 0

  /** `onIdle` is called each time the last job ends. A job must not reject. */
  constructor(parallelMax: number, onIdle: () => void = () => undefined) {
    this.#parallelMax = parallelMax
    this.#onIdle = onIdle
  }

  get isIdle(): boolean {
    return this.#running === 0 && this.#next === this.#jobs.length
  }

  add(job: () => Promise<void>): void {
    this.#jobs.push(job)
    this.#run()
  }

  /** Forgets the jobs that have not begun. */
  clear(): void {
    this.#jobs = []
    this.#next = 0
  }

  #run(): void {
    while (this.#running < this.#parallelMax && this.#next < this.#jobs.length) {
      const job = this.#jobs[this.#next++]!
      if (this.#next === this.#jobs.length) this.clear()
      this.#running++
      void job().finally(() => this.#ended())
    }
  }

  #ended(): void {
    this.#running--
    this.#run()
    if (this.isIdle) this.#onIdle()
  }
}
