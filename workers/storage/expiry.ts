import type { Group } from './directory.ts'
import { removeGroup } from './groups.ts'
import type { StorageState } from './storage-state.ts'

/**
 * How long a group that has expired is kept when nobody asks for it. Long enough that the original's way shows (it is listed
 * until somebody fetches it: spec 02 section 6.9), short enough that groups with names used once do not fill the memory.
 */
export const expiredKeptMs = 60 * 60 * 1000
/** Groups that one turn of the sweep looks at: about a tenth of a millisecond. */
export const sweepGroupsMax = 1000
/** Between two turns of the sweep; a million groups are looked at in under 17 minutes. */
export const sweepTurnMs = 1000

/**
 * The newest commit is older than `expire-group` (spec 02 section 6.10). A group that never committed counts from its
 * creation when it comes to deleting it (spec 09 B7), but is not found from the start.
 */
export function hasExpired(state: StorageState, group: Group): boolean {
  return state.expiredBeforeMs() > group.lastCommitMs
}

export function mayBeDeleted(state: StorageState, group: Group, keptMs = 0): boolean {
  const livedUntilMs = group.lastCommitMs === 0 ? group.createdMs : group.lastCommitMs
  return state.expiredBeforeMs() - keptMs > livedUntilMs
}

/** What a fetch does with an expired group. */
export function deleteExpired(state: StorageState, group: Group): void {
  if (!mayBeDeleted(state, group)) return
  removeGroup(state, group)
  state.counters.add('expired_groups')
}

/** Gives back the memory of expired groups that nobody asks for, a few groups a turn. */
export class ExpirySweep {
  readonly #state: StorageState
  #groups: Iterator<Group>

  constructor(state: StorageState) {
    this.#state = state
    this.#groups = everyGroup(state)
  }

  turn(): void {
    for (let looked = 0; looked < sweepGroupsMax; looked++) {
      const next = this.#groups.next()
      if (next.done) {
        this.#groups = everyGroup(this.#state)
        return
      }
      if (!mayBeDeleted(this.#state, next.value, expiredKeptMs)) continue
      removeGroup(this.#state, next.value)
      this.#state.counters.add('expired_groups')
    }
  }
}

/** Groups may come and go between two steps: a Map's iterator bears that. */
function* everyGroup(state: StorageState): Generator<Group> {
  for (const cluster of state.clusterByName.values()) yield* cluster.groupByName.values()
}
