/**
 * Arrivals drawn in operational time: a process of rate 1 (evenly spaced, or Poisson) is bent to
 * the wanted rate by the inverse of the cumulative rate. Arrival k comes when the cumulative rate
 * reaches the k-th point of the unit process, so that a higher rate meets the same customers,
 * faster. Source: E. Cinlar, Introduction to Stochastic Processes (1975), section 4.7: a Poisson
 * process of cumulative rate L(t) is a unit Poisson process read at L(t).
 */
import type { Sampler } from '../../kernel/block-stream.ts'
import type { Generator } from '../../kernel/generator.ts'
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import type { ArrivalProcess } from './arrival-process.ts'
import { arrivalsIn, type RateProfile, type RateSegment } from './rate-profile.ts'

const BLOCK_SIZE = 256

/** The state after the last segment: whatever is reached there is reached never. */
const SILENCE: RateSegment = {
  startUs: Number.POSITIVE_INFINITY,
  endUs: Number.POSITIVE_INFINITY,
  startRatePerSecond: 1,
  endRatePerSecond: 1,
}

export interface OperationalTimeOptions {
  /** Distances between successive points of the unit process; their mean is 1. */
  readonly spacings: Sampler
  readonly generator: Generator
  /** Operational time from which the first spacing counts: 0, or -1/2 for evenly spaced points. */
  readonly origin: number
  readonly profile: RateProfile
  /** No arrival at or after it is wanted. */
  readonly durationUs: number
}

/** Evenly spaced points. With origin -1/2 point k is k + 1/2. */
export const EVEN_SPACINGS: Sampler = {
  fill(_generator: Generator, values: Float64Array): void {
    values.fill(1)
  },
}

/**
 * The one class for all open processes that are not read from a file, because the call site of
 * `next` in the engine is only fast while it sees one class. Times are computed a block ahead;
 * arrival k depends on the name of its stream and on k alone, so the block cannot be seen.
 *
 * Precision: the position in operational time is relative to the start of its segment and carries
 * the rounding error of its sum along (a compensated sum), so that after 10^8 arrivals in one
 * segment it is still right to a few units in the last place; each segment adds one rounding.
 * Spacings are never rounded, only the resulting time is, to the nearest microsecond.
 */
export class OperationalTimeArrivals implements ArrivalProcess {
  private readonly spacings: Sampler
  private readonly generator: Generator
  private readonly profile: RateProfile
  private readonly durationUs: number
  private readonly block = new Float64Array(BLOCK_SIZE)
  private cursor = BLOCK_SIZE
  /** Operational time since the start of the segment ... */
  private position = Number.NaN
  /** ... and what rounding has taken from that sum. */
  private remainder = Number.NaN
  /** Operational time that the segment holds. */
  private capacity = Number.NaN
  private segment: RateSegment = {
    startUs: 0,
    endUs: 0,
    startRatePerSecond: 0,
    endRatePerSecond: 0,
  }
  private previousUs = Number.NaN

  constructor({ spacings, generator, origin, profile, durationUs }: OperationalTimeOptions) {
    this.spacings = spacings
    this.generator = generator
    this.position = origin
    this.remainder = 0
    this.capacity = 0
    this.previousUs = 0
    this.profile = profile
    this.durationUs = durationUs
  }

  next(): number {
    if (this.cursor === BLOCK_SIZE) this.fillBlock()
    return this.block[this.cursor++]!
  }

  private fillBlock(): void {
    const { block, durationUs } = this
    this.spacings.fill(this.generator, block)
    let index = this.fillWithinSegment(0)
    while (index < BLOCK_SIZE) {
      // The point lies behind the segment: it is placed in a later one, without a new spacing.
      this.enterSegment()
      block[index] = 0
      index = this.fillWithinSegment(index)
    }
    if (this.previousUs >= durationUs) {
      for (let late = BLOCK_SIZE - 1; late >= 0 && block[late]! >= durationUs; late--) {
        block[late] = Number.POSITIVE_INFINITY
      }
    }
    this.cursor = 0
  }

  /**
   * Turns spacings into times from `from` on, up to the first point behind the segment; returns its
   * index. State is held in locals and the body has no call on a constant rate: 3 ns per arrival
   * less than with the change of segments inside.
   */
  private fillWithinSegment(from: number): number {
    const { block, capacity } = this
    const { startUs, startRatePerSecond: rate, endRatePerSecond } = this.segment
    const isConstant = rate === endRatePerSecond
    let { position, remainder, previousUs } = this
    let index = from
    for (; index < BLOCK_SIZE; index++) {
      const spacing = block[index]!
      const sum = position + spacing
      remainder += spacing - (sum - position)
      position = sum
      const reached = position + remainder
      if (reached > capacity) break
      const exactUs = isConstant
        ? startUs + (reached * MICROSECONDS_PER_SECOND) / rate
        : this.timeOnRamp(reached)
      // Math.round takes a branch on the fraction, which costs 10 ns where fractions are random;
      // and rounding may not turn two arrivals round.
      previousUs = Math.max(previousUs, Math.floor(exactUs + 0.5))
      block[index] = previousUs
    }
    this.position = position
    this.remainder = remainder
    this.previousUs = previousUs
    return index
  }

  /** Moves on to the segment that holds the point, and makes its position relative to that. */
  private enterSegment(): void {
    // Where the point is close behind the segment's end, the first difference is exact (Sterbenz).
    let reached = this.position - this.capacity + this.remainder
    for (;;) {
      const next = this.profile.nextSegment()
      this.segment = next === null || next.startUs >= this.durationUs ? SILENCE : next
      this.capacity = this.segment === SILENCE ? Number.POSITIVE_INFINITY : arrivalsIn(this.segment)
      if (reached <= this.capacity) break
      reached -= this.capacity
    }
    this.position = reached
    this.remainder = 0
  }

  /**
   * The time t at which a ramp from a to b over T has accumulated n of its N arrivals: the root of
   * a t + (b - a) t^2 / (2 T) = n. This form of the root cancels nothing, whichever way the ramp
   * goes, and holds when a or b is 0.
   */
  private timeOnRamp(reached: number): number {
    const { startUs, endUs, startRatePerSecond, endRatePerSecond } = this.segment
    const growth =
      (endRatePerSecond - startRatePerSecond) *
      (endRatePerSecond + startRatePerSecond) *
      (reached / this.capacity)
    const rate = Math.sqrt(Math.max(0, startRatePerSecond * startRatePerSecond + growth))
    const ratesAdded = startRatePerSecond + rate
    if (ratesAdded === 0) return startUs
    return Math.min(endUs, startUs + (2 * reached * MICROSECONDS_PER_SECOND) / ratesAdded)
  }
}
