/**
 * How an arrival rate changes over time: a sequence of segments, each constant or a straight ramp,
 * produced one at a time so that a pattern without end needs no memory.
 */
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'

/** A stretch of time on which the rate is constant or changes along a straight line. */
export interface RateSegment {
  readonly startUs: number
  /** Infinity for a constant rate without end. */
  readonly endUs: number
  readonly startRatePerSecond: number
  readonly endRatePerSecond: number
}

/** Segments in time order, without gaps or overlaps, starting at 0. */
export interface RateProfile {
  /** The next segment, or null: the rate is 0 from here on. */
  nextSegment(): RateSegment | null
}

/** The cumulative rate of a segment, that is the arrivals to expect in it. */
export function arrivalsIn(segment: RateSegment): number {
  const { startUs, endUs, startRatePerSecond, endRatePerSecond } = segment
  const ratesAdded = startRatePerSecond + endRatePerSecond
  // 0 for ever is 0, not NaN.
  return ratesAdded === 0 ? 0 : (ratesAdded * (endUs - startUs)) / (2 * MICROSECONDS_PER_SECOND)
}

/** The part of a segment before `untilUs`. */
function cut(segment: RateSegment, untilUs: number): RateSegment {
  if (segment.endUs <= untilUs) return segment
  const { startUs, endUs, startRatePerSecond, endRatePerSecond } = segment
  const rise = endRatePerSecond - startRatePerSecond
  const endRate =
    rise === 0
      ? startRatePerSecond
      : startRatePerSecond + (rise * (untilUs - startUs)) / (endUs - startUs)
  return { startUs, endUs: untilUs, startRatePerSecond, endRatePerSecond: endRate }
}

function fold(
  profile: RateProfile,
  untilUs: number,
  combine: (sum: number, segment: RateSegment) => number,
): number {
  let result = 0
  for (;;) {
    const segment = profile.nextSegment()
    if (segment === null || segment.startUs >= untilUs) return result
    result = combine(result, cut(segment, untilUs))
  }
}

/** The integral of the rate from 0 to `untilUs`. Consumes the profile. */
export function expectedArrivals(profile: RateProfile, untilUs: number): number {
  return fold(profile, untilUs, (sum, segment) => sum + arrivalsIn(segment))
}

/** The highest rate before `untilUs`, per second. Consumes the profile. */
export function highestRate(profile: RateProfile, untilUs: number): number {
  return fold(profile, untilUs, (highest, segment) =>
    Math.max(highest, segment.startRatePerSecond, segment.endRatePerSecond),
  )
}
