import type { IdleSelectionEntry, IdleSet } from './idle-set.ts'

/**
 * A doubly linked list through the environment slots, least recently used first. The two
 * neighbours of a slot lie side by side, so that a step costs one cache line.
 */
abstract class RecencyList implements IdleSet {
  size = 0
  protected oldest = -1
  protected newest = -1
  /** Slot s: its older neighbour at 2s, its newer one at 2s + 1; -1 at the ends. */
  private neighbours = new Int32Array(128)

  abstract take(): number

  add(environment: number): void {
    this.reserve(environment)
    this.neighbours[2 * environment] = this.newest
    this.neighbours[2 * environment + 1] = -1
    if (this.newest < 0) this.oldest = environment
    else this.neighbours[2 * this.newest + 1] = environment
    this.newest = environment
    this.size++
  }

  addUnused(environment: number): void {
    this.reserve(environment)
    this.neighbours[2 * environment] = -1
    this.neighbours[2 * environment + 1] = this.oldest
    if (this.oldest < 0) this.newest = environment
    else this.neighbours[2 * this.oldest] = environment
    this.oldest = environment
    this.size++
  }

  remove(environment: number): void {
    const older = this.neighbours[2 * environment]!
    const newer = this.neighbours[2 * environment + 1]!
    if (newer < 0) this.newest = older
    else this.neighbours[2 * newer] = older
    if (older < 0) this.oldest = newer
    else this.neighbours[2 * older + 1] = newer
    this.size--
  }

  anyMember(): number {
    return this.oldest
  }

  private reserve(environment: number): void {
    if (2 * environment + 1 < this.neighbours.length) return
    let capacity = this.neighbours.length
    while (capacity <= 2 * environment + 1) capacity *= 2
    const neighbours = new Int32Array(capacity)
    neighbours.set(this.neighbours)
    this.neighbours = neighbours
  }
}

class MostRecentlyUsed extends RecencyList {
  take(): number {
    const environment = this.newest
    if (environment >= 0) this.remove(environment)
    return environment
  }
}

class LeastRecentlyUsed extends RecencyList {
  take(): number {
    const environment = this.oldest
    if (environment >= 0) this.remove(environment)
    return environment
  }
}

export const mostRecentlyUsed: IdleSelectionEntry = {
  kind: 'most-recently-used',
  summary: 'The environment that became idle last serves next; the others age.',
  create: () => new MostRecentlyUsed(),
}

export const leastRecentlyUsed: IdleSelectionEntry = {
  kind: 'least-recently-used',
  summary: 'The environment that has been idle longest serves next; all stay young.',
  create: () => new LeastRecentlyUsed(),
}
