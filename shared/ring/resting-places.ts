import type { SlabView } from './slabs.ts'

/**
 * Freed places of one size, oldest first. A place rests before it is used again, so that a reader that was in the middle of it
 * has long finished: the generation tells a slow reader that the tenant has changed, the rest makes that the rare case.
 */
export class RestingPlaces {
  #oldest: Place | null = null
  #newest: Place | null = null
  #count = 0

  get count(): number {
    return this.#count
  }

  add(slab: SlabView, at: number, freedAtMs: number): void {
    const place: Place = { slab, at, freedAtMs, next: null }
    if (this.#newest) this.#newest.next = place
    else this.#oldest = place
    this.#newest = place
    this.#count++
  }

  /** The longest freed place, if it was freed at or before `restedSinceMs`. */
  take(restedSinceMs: number): { readonly slab: SlabView; readonly at: number } | null {
    const place = this.#oldest
    if (!place || place.freedAtMs > restedSinceMs) return null
    this.#oldest = place.next
    if (!this.#oldest) this.#newest = null
    this.#count--
    return place
  }
}

interface Place {
  readonly slab: SlabView
  readonly at: number
  readonly freedAtMs: number
  next: Place | null
}
