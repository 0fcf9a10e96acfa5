/**
 * A histogram of non-negative integers (durations in us) with 128 buckets per octave.
 *
 * Buckets divide y = value + 1, so that 0 needs no branch: bucket j of octave k holds
 * 2^k (1 + j / 128) <= y < 2^k (1 + (j + 1) / 128). Up to k = 7 a bucket holds at most one
 * integer: values below 255 are exact. Above, with w = 2^k / 128 integers in a bucket, its middle
 * is at most (w - 1) / 2 from each of them, and the smallest of them is at least 128 w - 1, so the
 * relative error is at most (w - 1) / (256 w - 2) < 1 / 256 < 0.4 %. Clamping to the exact minimum
 * and maximum, which the true order statistic respects too, only brings the estimate closer.
 *
 * Memory is 512 bytes per octave from the smallest to the largest value's: 13 kB for 1 us to one
 * minute, 23 kB for 1 us to one year, and twice that once it has taken in another one or counted
 * to 2^32 in one bucket. One unbroken array is a third faster than one per octave.
 */
import { HIGH_WORD } from '../kernel/elementary.ts'
import { invariant } from '../kernel/invariant.ts'

const BUCKETS_PER_OCTAVE = 128
/** The high word of a double without these bits is its exponent and 7 bits of its mantissa. */
const DROPPED_BITS = 13
const INDEX_OF_ONE = 1023 * BUCKETS_PER_OCTAVE
const MOST_IN_32_BITS = 0xffffffff
const scratch = new Float64Array(1)
const scratchWords = new Int32Array(scratch.buffer)

/** The relative error of a quantile is below this. */
export const QUANTILE_ERROR_BOUND = 1 / 256

/** The integers from `low` to `high`, both included, and how often they were recorded. */
export interface HistogramBucket {
  readonly low: number
  readonly high: number
  readonly count: number
}

export class LogHistogram {
  /** 32 bits as long as they do, because less memory misses the cache less; doubles reach 2^53. */
  private counts: Uint32Array | Float64Array = new Uint32Array(0)
  /** Bucket number of the first count. */
  private base = INDEX_OF_ONE
  count = Number.NaN
  /** Of all recorded values after rounding; exact below 2^53. */
  sum = Number.NaN
  /** Infinity while empty. */
  minimum = Infinity
  /** -Infinity while empty. */
  maximum = -Infinity

  constructor() {
    this.count = 0
    this.sum = 0
  }

  /** Counts a value from 0 to 2^53 - 2, rounded to the nearest integer. */
  record(value: number): void {
    const rounded = Math.floor(value + 0.5)
    scratch[0] = rounded + 1
    const index = (scratchWords[HIGH_WORD]! >>> DROPPED_BITS) - this.base
    const counts = this.counts
    if (index >>> 0 >= counts.length) {
      this.extendTo(rounded)
      this.record(rounded)
      return
    }
    const count = counts[index]! + 1
    if (count > MOST_IN_32_BITS && !this.isWide) {
      this.widen()
      this.record(rounded)
      return
    }
    counts[index] = count
    this.count++
    this.sum += rounded
    if (rounded < this.minimum) this.minimum = rounded
    if (rounded > this.maximum) this.maximum = rounded
  }

  /** Counts the first `length` of `values`, as `record` does one by one. */
  recordAll(values: Float64Array, length: number): void {
    const { counts, base } = this
    let { sum, minimum, maximum } = this
    for (let place = 0; place < length; place++) {
      const rounded = Math.floor(values[place]! + 0.5)
      scratch[0] = rounded + 1
      const index = (scratchWords[HIGH_WORD]! >>> DROPPED_BITS) - base
      if (index >>> 0 >= counts.length || counts[index] === MOST_IN_32_BITS) {
        this.count += place
        this.sum = sum
        this.minimum = minimum
        this.maximum = maximum
        this.record(rounded)
        this.recordAll(values.subarray(place + 1), length - place - 1)
        return
      }
      counts[index]! += 1
      sum += rounded
      if (rounded < minimum) minimum = rounded
      if (rounded > maximum) maximum = rounded
    }
    this.count += length
    this.sum = sum
    this.minimum = minimum
    this.maximum = maximum
  }

  /**
   * The ceil(probability x count)-th smallest value (the smallest for 0), within
   * `QUANTILE_ERROR_BOUND` and never outside [minimum, maximum]; NaN while empty.
   */
  quantile(probability: number): number {
    const { count, counts } = this
    if (count === 0) return Number.NaN
    let rank = Math.min(count, Math.max(1, Math.ceil(probability * count)))
    // The product may be rounded up to just above a whole rank; the quotient tells.
    if ((rank - 1) / count >= probability) rank -= 1
    if (rank <= 1) return this.minimum
    if (rank === count) return this.maximum
    let index = 0
    let seen = counts[0]!
    while (seen < rank) seen += counts[++index]!
    const middle = 0.5 * (this.lowOf(index) + this.lowOf(index + 1) - 1)
    return Math.min(this.maximum, Math.max(this.minimum, middle))
  }

  /** Adds everything that `other` has recorded. */
  merge(other: LogHistogram): void {
    if (other.maximum === -Infinity) return
    this.widen()
    if (!this.covers(other.minimum)) this.extendTo(other.minimum)
    if (!this.covers(other.maximum)) this.extendTo(other.maximum)
    const shift = other.base - this.base
    const from = other.counts
    const into = this.counts
    for (let index = 0; index < from.length; index++) {
      const count = from[index]!
      if (count > 0) into[index + shift]! += count
    }
    this.count += other.count
    this.sum += other.sum
    this.minimum = Math.min(this.minimum, other.minimum)
    this.maximum = Math.max(this.maximum, other.maximum)
  }

  /** Forgets every value and keeps the memory for the next period. */
  reset(): void {
    this.counts.fill(0)
    this.count = 0
    this.sum = 0
    this.minimum = Infinity
    this.maximum = -Infinity
  }

  /** Every bucket with a count, from the smallest values up. */
  *buckets(): IterableIterator<HistogramBucket> {
    for (let index = 0; index < this.counts.length; index++) {
      const count = this.counts[index]!
      if (count > 0) yield { low: this.lowOf(index), high: this.lowOf(index + 1) - 1, count }
    }
  }

  /** The smallest integer in a bucket. */
  private lowOf(index: number): number {
    const bucket = this.base + index - INDEX_OF_ONE
    const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE)
    let scale = 1 / BUCKETS_PER_OCTAVE
    for (let step = 0; step < octave; step++) scale *= 2
    return Math.ceil(scale * (BUCKETS_PER_OCTAVE + (bucket & (BUCKETS_PER_OCTAVE - 1)))) - 1
  }

  private covers(value: number): boolean {
    return (bucketOf(value) - this.base) >>> 0 < this.counts.length
  }

  private get isWide(): boolean {
    return this.counts instanceof Float64Array
  }

  private widen(): void {
    if (!this.isWide) this.counts = Float64Array.from(this.counts)
  }

  /** Makes room for a value: whole octaves from the present ones to its own. */
  private extendTo(value: number): void {
    invariant(
      value >= 0 && value < Number.MAX_SAFE_INTEGER,
      () => `a histogram cannot record ${value}`,
    )
    const octaveStart = bucketOf(value) & -BUCKETS_PER_OCTAVE
    const octaveEnd = octaveStart + BUCKETS_PER_OCTAVE
    const isFirst = this.counts.length === 0
    const start = isFirst ? octaveStart : Math.min(this.base, octaveStart)
    const end = isFirst ? octaveEnd : Math.max(this.base + this.counts.length, octaveEnd)
    const extended = this.isWide ? new Float64Array(end - start) : new Uint32Array(end - start)
    extended.set(this.counts, isFirst ? 0 : this.base - start)
    this.counts = extended
    this.base = start
  }
}

function bucketOf(value: number): number {
  scratch[0] = value + 1
  return scratchWords[HIGH_WORD]! >>> DROPPED_BITS
}
