/**
 * Timeouts of one length, in the order they were armed, which is also the order they end in.
 * Only the head needs an event; arming and disarming cost a few writes whatever the number of
 * timers, and a disarmed one leaves nothing behind.
 *
 * Timers are slots of the owner. The owner schedules one event for `headDueUs` whenever it finds
 * none armed, and when that event comes takes slots off with `takeDue` until there is none.
 */
export class TimerLane {
  readonly lengthUs: number
  /** True while the owner has an event in the queue for this lane. */
  isArmed = false

  private head = -1
  private tail = -1
  private next: Int32Array
  private previous: Int32Array
  private due: Float64Array

  constructor(lengthUs: number, capacity = 256) {
    this.lengthUs = lengthUs
    this.next = new Int32Array(capacity).fill(-1)
    this.previous = new Int32Array(capacity).fill(-1)
    this.due = new Float64Array(capacity).fill(-1)
  }

  /** When the oldest timer ends; Infinity without one. */
  get headDueUs(): number {
    return this.head < 0 ? Number.POSITIVE_INFINITY : this.due[this.head]!
  }

  /** Starts the timer of a slot that has none running. */
  start(slot: number, nowUs: number): void {
    if (slot >= this.due.length) this.grow(slot)
    // An instant: a length may have a fraction of a microsecond.
    this.due[slot] = Math.floor(nowUs + this.lengthUs + 0.5)
    this.next[slot] = -1
    this.previous[slot] = this.tail
    if (this.tail < 0) this.head = slot
    else this.next[this.tail] = slot
    this.tail = slot
  }

  /** Stops the timer of a slot; without effect when none is running. */
  cancel(slot: number): void {
    if (slot >= this.due.length || this.due[slot]! < 0) return
    const next = this.next[slot]!
    const previous = this.previous[slot]!
    if (previous < 0) this.head = next
    else this.next[previous] = next
    if (next < 0) this.tail = previous
    else this.previous[next] = previous
    this.due[slot] = -1
  }

  /** The next slot whose timer has ended by `nowUs`, taken off the lane; -1 when there is none. */
  takeDue(nowUs: number): number {
    const slot = this.head
    if (slot < 0 || this.due[slot]! > nowUs) return -1
    this.cancel(slot)
    return slot
  }

  private grow(slot: number): void {
    const capacity = Math.max(slot + 1, this.due.length * 2)
    const next = new Int32Array(capacity).fill(-1)
    const previous = new Int32Array(capacity).fill(-1)
    const due = new Float64Array(capacity).fill(-1)
    next.set(this.next)
    previous.set(this.previous)
    due.set(this.due)
    this.next = next
    this.previous = previous
    this.due = due
  }
}
