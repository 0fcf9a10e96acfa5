import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { type ArrivalSource, RowError } from './format.ts'

/** Rows that may be out of order: 8 MB of memory. A file with fewer rows is sorted whole. */
const SORTING_WINDOW = 1_048_576

/**
 * Puts arrival times in order with bounded memory: a window of times is sorted, and its earlier
 * half let go when it is full. A time before the last one let go comes too late.
 */
export class SortedTimes implements ArrivalSource {
  private readonly capacity: number
  private window: Float64Array
  private size = 0
  /** Sorted times that may go: `window` from `first` to `last`. */
  private ready = new Float64Array(0)
  private first = 0
  private letGoUs = Number.NEGATIVE_INFINITY

  constructor(capacity: number = SORTING_WINDOW) {
    this.capacity = capacity
    this.window = new Float64Array(Math.min(capacity, 1_024))
  }

  push(timeUs: number): void {
    if (timeUs < this.letGoUs) {
      throw new RowError(
        `it arrives at ${timeUs / MICROSECONDS_PER_SECOND} s, and what arrives at ` +
          `${this.letGoUs / MICROSECONDS_PER_SECOND} s is on its way: sort the file by arrival time ` +
          `(up to ${this.capacity / 2} rows may be out of order)`,
      )
    }
    if (this.size === this.window.length) this.makeRoom()
    this.window[this.size++] = timeUs
  }

  end(): void {
    this.letGo(this.size)
  }

  take(block: Float64Array): number {
    const count = Math.min(block.length, this.ready.length - this.first)
    block.set(this.ready.subarray(this.first, this.first + count))
    this.first += count
    return count
  }

  private makeRoom(): void {
    if (this.size < this.capacity) {
      const larger = new Float64Array(Math.min(this.capacity, this.size * 2))
      larger.set(this.window)
      this.window = larger
    } else {
      this.letGo(this.size / 2)
    }
  }

  /** Hands the earliest `count` times over, behind those that still wait to be taken. */
  private letGo(count: number): void {
    this.window.subarray(0, this.size).sort()
    const waiting = this.ready.subarray(this.first)
    const ready = new Float64Array(waiting.length + count)
    ready.set(waiting)
    ready.set(this.window.subarray(0, count), waiting.length)
    this.ready = ready
    this.first = 0
    this.letGoUs = Math.max(this.letGoUs, ready.at(-1) ?? this.letGoUs)
    this.window.copyWithin(0, count, this.size)
    this.size -= count
  }
}
