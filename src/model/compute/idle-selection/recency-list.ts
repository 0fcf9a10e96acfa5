import { type EnvironmentStore, NEWER, OLDER } from '../environment-store.ts'
import type { IdleSelectionEntry, IdleSet } from './idle-set.ts'

/** A doubly linked list through the environments' records, least recently used first. */
abstract class RecencyList implements IdleSet {
  size = 0
  protected oldest = -1
  protected newest = -1
  private readonly store: EnvironmentStore

  constructor(store: EnvironmentStore) {
    this.store = store
  }

  abstract take(): number

  add(environment: number): void {
    const { ints } = this.store
    ints[8 * environment + OLDER] = this.newest
    ints[8 * environment + NEWER] = -1
    if (this.newest < 0) this.oldest = environment
    else ints[8 * this.newest + NEWER] = environment
    this.newest = environment
    this.size++
  }

  addUnused(environment: number): void {
    const { ints } = this.store
    ints[8 * environment + OLDER] = -1
    ints[8 * environment + NEWER] = this.oldest
    if (this.oldest < 0) this.newest = environment
    else ints[8 * this.oldest + OLDER] = environment
    this.oldest = environment
    this.size++
  }

  remove(environment: number): void {
    const { ints } = this.store
    const older = ints[8 * environment + OLDER]!
    const newer = ints[8 * environment + NEWER]!
    if (newer < 0) this.newest = older
    else ints[8 * newer + OLDER] = older
    if (older < 0) this.oldest = newer
    else ints[8 * older + NEWER] = newer
    this.size--
  }

  anyMember(): number {
    return this.oldest
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
  create: (store) => new MostRecentlyUsed(store),
}

export const leastRecentlyUsed: IdleSelectionEntry = {
  kind: 'least-recently-used',
  summary: 'The environment that has been idle longest serves next; all stay young.',
  create: (store) => new LeastRecentlyUsed(store),
}
