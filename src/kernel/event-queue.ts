import { grownFloat64, grownInt32 } from './slot-pool.ts'

/**
 * The future event set: a 4-ary heap on typed arrays, ordered by time, then tie key.
 *
 * Heap positions hold (time, slot); a slot holds the rest of the event. Choosing the smallest of
 * four children by arithmetic instead of branches made it a third faster than a branching heap
 * in a hold test; the extra comparison for equal times costs little because ties are rare.
 */
export class EventQueue {
  /** Time of the earliest event; Infinity when empty. */
  nextUs = Number.POSITIVE_INFINITY
  /** What `pop` took out. */
  poppedKind = 0
  poppedSubject = 0

  private size = 0
  private times: Float64Array
  private slots: Int32Array
  /** Per slot 16 bytes: its tie key, then kind and subject (the same memory as int32). */
  private keys: Float64Array
  private payloads: Int32Array
  private freeSlots: Int32Array

  constructor(initialCapacity = 256) {
    this.times = new Float64Array(initialCapacity)
    this.slots = new Int32Array(initialCapacity)
    this.keys = new Float64Array(2 * initialCapacity)
    this.payloads = new Int32Array(this.keys.buffer)
    this.freeSlots = Int32Array.from({ length: initialCapacity }, (_, index) => index)
  }

  get length(): number {
    return this.size
  }

  /** Tie key of the earliest event; only to be asked when there is one. */
  get nextKey(): number {
    return this.keys[2 * this.slots[0]!]!
  }

  /** What the earliest event happens to; only to be asked when there is one. */
  get nextSubject(): number {
    return this.payloads[4 * this.slots[0]! + 3]!
  }

  push(timeUs: number, key: number, kind: number, subject: number): void {
    if (this.size === this.times.length) this.grow()
    const slot = this.freeSlots[this.size]!
    this.keys[2 * slot] = key
    this.payloads[4 * slot + 2] = kind
    this.payloads[4 * slot + 3] = subject
    this.siftUp(this.size++, timeUs, key, slot)
    this.nextUs = this.times[0]!
  }

  /** Takes the earliest event into `poppedKind` and `poppedSubject`. The queue must not be empty. */
  pop(): void {
    const slot = this.slots[0]!
    this.poppedKind = this.payloads[4 * slot + 2]!
    this.poppedSubject = this.payloads[4 * slot + 3]!
    const last = --this.size
    this.freeSlots[last] = slot
    if (last === 0) {
      this.nextUs = Number.POSITIVE_INFINITY
      return
    }
    this.siftDown(last)
    this.nextUs = this.times[0]!
  }

  /** Moves the earliest event to another time, where it is the last to come among its ties. */
  postponeTop(timeUs: number, key: number): void {
    const { size } = this
    if (size === this.times.length) this.grow()
    const slot = this.slots[0]!
    this.keys[2 * slot] = key
    if (size === 1) this.times[0] = timeUs
    else {
      // By way of the place behind the last one, where nothing is.
      this.times[size] = timeUs
      this.slots[size] = slot
      this.siftDown(size)
    }
    this.nextUs = this.times[0]!
  }

  clear(): void {
    while (this.size > 0) this.pop()
  }

  private siftUp(start: number, timeUs: number, key: number, slot: number): void {
    const times = this.times
    const slots = this.slots
    let position = start
    while (position > 0) {
      const parent = (position - 1) >> 2
      const parentTime = times[parent]!
      if (parentTime < timeUs) break
      if (parentTime === timeUs && this.keys[2 * slots[parent]!]! < key) break
      times[position] = parentTime
      slots[position] = slots[parent]!
      position = parent
    }
    times[position] = timeUs
    slots[position] = slot
  }

  /** Moves the element at `last` into the hole at the top. */
  private siftDown(last: number): void {
    const times = this.times
    const slots = this.slots
    const keys = this.keys
    const timeUs = times[last]!
    const slot = slots[last]!
    let position = 0
    let first = 1
    while (first + 3 < last) {
      const time0 = times[first]!
      const time3 = times[first + 3]!
      const left = first + +(times[first + 1]! < time0)
      const right = first + 2 + +(time3 < times[first + 2]!)
      const leftTime = times[left]!
      const rightTime = times[right]!
      let child = left + (right - left) * +(rightTime < leftTime)
      const childTime = times[child]!
      if (timeUs < childTime) break
      const isTie =
        leftTime === rightTime || time0 === times[first + 1] || time3 === times[first + 2]
      if (isTie) child = this.smallestChild(first, first + 4)
      if (timeUs === childTime && keys[2 * slot]! < keys[2 * slots[child]!]!) break
      times[position] = childTime
      slots[position] = slots[child]!
      position = child
      first = 4 * position + 1
    }
    if (first < last && first + 3 >= last) {
      const child = this.smallestChild(first, last)
      const childTime = times[child]!
      const isEarlier =
        childTime < timeUs || (childTime === timeUs && keys[2 * slots[child]!]! < keys[2 * slot]!)
      if (isEarlier) {
        times[position] = childTime
        slots[position] = slots[child]!
        position = child
      }
    }
    times[position] = timeUs
    slots[position] = slot
  }

  private smallestChild(first: number, end: number): number {
    let best = first
    for (let child = first + 1; child < end; child++) {
      const childTime = this.times[child]!
      const bestTime = this.times[best]!
      if (
        childTime < bestTime ||
        (childTime === bestTime &&
          this.keys[2 * this.slots[child]!]! < this.keys[2 * this.slots[best]!]!)
      ) {
        best = child
      }
    }
    return best
  }

  private grow(): void {
    const before = this.times.length
    const capacity = before * 2
    this.times = grownFloat64(this.times, capacity)
    this.slots = grownInt32(this.slots, capacity)
    this.keys = grownFloat64(this.keys, 2 * capacity)
    this.payloads = new Int32Array(this.keys.buffer)
    this.freeSlots = grownInt32(this.freeSlots, capacity)
    for (let slot = before; slot < capacity; slot++) this.freeSlots[slot] = slot
  }
}
