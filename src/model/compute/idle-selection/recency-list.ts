import type { IdleSelectionEntry, IdleSet } from './idle-set.ts'

/** A doubly linked list through the environment slots, least recently used first. */
abstract class RecencyList implements IdleSet {
  size = 0
  protected oldest = -1
  protected newest = -1
  private newer = new Int32Array(64)
  private older = new Int32Array(64)

  abstract take(): number

  add(environment: number): void {
    if (environment >= this.newer.length) this.grow(environment)
    this.older[environment] = this.newest
    this.newer[environment] = -1
    if (this.newest < 0) this.oldest = environment
    else this.newer[this.newest] = environment
    this.newest = environment
    this.size++
  }

  remove(environment: number): void {
    const newer = this.newer[environment]!
    const older = this.older[environment]!
    if (newer < 0) this.newest = older
    else this.older[newer] = older
    if (older < 0) this.oldest = newer
    else this.newer[older] = newer
    this.size--
  }

  anyMember(): number {
    return this.oldest
  }

  private grow(environment: number): void {
    let capacity = this.newer.length
    while (capacity <= environment) capacity *= 2
    const newer = new Int32Array(capacity)
    const older = new Int32Array(capacity)
    newer.set(this.newer)
    older.set(this.older)
    this.newer = newer
    this.older = older
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
