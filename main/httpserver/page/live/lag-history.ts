/** Lag of groups as this browser has seen it: nobody else remembers. */
export interface LagSample {
  readonly atMs: number
  readonly lag: number
}

const samplesMax = 40
const groupsMax = 3000
const none: readonly LagSample[] = []

export class LagHistory {
  readonly #samplesByKey = new Map<string, LagSample[]>()

  add(cluster: string, group: string, lag: number, atMs: number): void {
    const key = keyOf(cluster, group)
    const samples = this.#samplesByKey.get(key) ?? []
    const last = samples.at(-1)
    if (last && atMs - last.atMs < 1000) return
    samples.push({ atMs, lag })
    if (samples.length > samplesMax) samples.shift()
    // The groups that were seen longest ago are forgotten first.
    this.#samplesByKey.delete(key)
    this.#samplesByKey.set(key, samples)
    if (this.#samplesByKey.size <= groupsMax) return
    for (const oldest of this.#samplesByKey.keys()) {
      this.#samplesByKey.delete(oldest)
      break
    }
  }

  of(cluster: string, group: string): readonly LagSample[] {
    return this.#samplesByKey.get(keyOf(cluster, group)) ?? none
  }
}

export const lagHistory = new LagHistory()

const keyOf = (cluster: string, group: string): string => `${cluster}\n${group}`
