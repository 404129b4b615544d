/** A small seeded source of random numbers (xorshift32), so that a failing run can be repeated from its seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 0 || 1
  }

  /** 0 <= result < end. */
  below(end: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return (x >>> 0) % end
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0
  }
}
