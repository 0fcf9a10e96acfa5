import { invariant } from './invariant.ts'

const FIRST_CAPACITY = 256

/**
 * Hands out small integers and takes them back, so that entities live in typed arrays and not in
 * objects. The owner makes its arrays `capacity` long when `onGrow` says so.
 */
export class SlotPool {
  private capacity = 0
  private free = new Int32Array(0)
  private freeCount = 0
  private readonly onGrow: (capacity: number) => void
  private readonly maximum: number
  private readonly what: string

  /** `what` names the entity in the message when more than `maximum` are alive at once. */
  constructor(what: string, onGrow: (capacity: number) => void, maximum = 50_000_000) {
    this.what = what
    this.onGrow = onGrow
    this.maximum = maximum
  }

  /** Slots in use. */
  get used(): number {
    return this.capacity - this.freeCount
  }

  /** The slot that was given back last, so that its memory is still at hand. */
  take(): number {
    if (this.freeCount === 0) this.grow()
    return this.free[--this.freeCount]!
  }

  give(slot: number): void {
    this.free[this.freeCount++] = slot
  }

  private grow(): void {
    const before = this.capacity
    invariant(before < this.maximum, () => `more than ${this.maximum} ${this.what} at once`)
    this.capacity = Math.max(FIRST_CAPACITY, before * 2)
    this.free = new Int32Array(this.capacity)
    this.freeCount = this.capacity - before
    for (let index = 0; index < this.freeCount; index++)
      this.free[index] = this.capacity - 1 - index
    this.onGrow(this.capacity)
  }
}

/** A copy of a typed array with room for `capacity` elements. */
export function grownInt32(from: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const into = new Int32Array(capacity)
  into.set(from)
  return into
}

export function grownFloat64(from: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const into = new Float64Array(capacity)
  into.set(from)
  return into
}
