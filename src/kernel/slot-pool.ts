import { invariant } from './invariant.ts'

/**
 * Hands out small integers and takes them back, so that entities live in typed arrays and not in
 * objects. The owner grows its arrays to `capacity` when `onGrow` says so.
 */
export class SlotPool {
  capacity: number
  private free: Int32Array
  private freeCount: number
  private readonly onGrow: (capacity: number) => void
  private readonly maximum: number
  private readonly what: string

  /** `what` names the entity in the message when more than `maximum` are alive at once. */
  constructor(
    what: string,
    onGrow: (capacity: number) => void,
    maximum = 50_000_000,
    initial = 256,
  ) {
    this.what = what
    this.onGrow = onGrow
    this.maximum = maximum
    this.capacity = initial
    this.free = new Int32Array(initial)
    for (let slot = 0; slot < initial; slot++) this.free[slot] = initial - 1 - slot
    this.freeCount = initial
    onGrow(initial)
  }

  get used(): number {
    return this.capacity - this.freeCount
  }

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
    this.capacity = before * 2
    const free = new Int32Array(this.capacity)
    for (let index = 0; index < before; index++) free[index] = this.capacity - 1 - index
    this.free = free
    this.freeCount = before
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
