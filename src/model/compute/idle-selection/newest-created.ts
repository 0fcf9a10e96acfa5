import { type EnvironmentStore, ORDINAL } from '../environment-store.ts'
import type { IdleSelectionEntry, IdleSet } from './idle-set.ts'

/** A binary max-heap by creation ordinal that knows where each environment sits. */
class NewestCreated implements IdleSet {
  private readonly heap: number[] = []
  private readonly positions = new Map<number, number>()
  private readonly store: EnvironmentStore

  constructor(store: EnvironmentStore) {
    this.store = store
  }

  get size(): number {
    return this.heap.length
  }

  add(environment: number): void {
    this.heap.push(environment)
    this.positions.set(environment, this.heap.length - 1)
    this.siftUp(this.heap.length - 1)
  }

  addUnused(environment: number): void {
    this.add(environment)
  }

  take(): number {
    const environment = this.anyMember()
    if (environment >= 0) this.remove(environment)
    return environment
  }

  remove(environment: number): void {
    const position = this.positions.get(environment)!
    const last = this.heap.pop()!
    this.positions.delete(environment)
    if (last === environment) return
    this.heap[position] = last
    this.positions.set(last, position)
    this.siftUp(position)
    this.siftDown(this.positions.get(last)!)
  }

  anyMember(): number {
    return this.heap[0] ?? -1
  }

  private siftUp(start: number): void {
    let position = start
    while (position > 0) {
      const parent = (position - 1) >> 1
      if (this.ordinalAt(parent) > this.ordinalAt(position)) return
      this.swap(parent, position)
      position = parent
    }
  }

  private siftDown(start: number): void {
    let position = start
    for (;;) {
      let child = 2 * position + 1
      if (child >= this.heap.length) return
      if (child + 1 < this.heap.length && this.ordinalAt(child + 1) > this.ordinalAt(child)) child++
      if (this.ordinalAt(position) > this.ordinalAt(child)) return
      this.swap(position, child)
      position = child
    }
  }

  private ordinalAt(position: number): number {
    return this.store.ints[8 * this.heap[position]! + ORDINAL]!
  }

  private swap(one: number, other: number): void {
    const held = this.heap[one]!
    this.heap[one] = this.heap[other]!
    this.heap[other] = held
    this.positions.set(this.heap[one]!, one)
    this.positions.set(held, other)
  }
}

export const newestCreated: IdleSelectionEntry = {
  kind: 'newest',
  summary: 'The environment that was created last serves next, as SimFaaS assumes.',
  create: (store) => new NewestCreated(store),
}
