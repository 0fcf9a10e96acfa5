/**
 * The number of users of a closed loop over time, and when each of them comes and goes.
 * Users leave in the reverse order of their coming: user i takes part while the profile, rounded
 * to a whole number, is above i, that is while it is at least i + 1/2.
 */

/** A corner of a piecewise-linear profile. Two corners at one time are a jump to the second. */
export interface UserPoint {
  readonly atUs: number
  readonly count: number
}

/** A half-open interval in which a user takes part. */
export interface ActiveInterval {
  readonly fromUs: number
  /** Infinity: until the end of the run. */
  readonly untilUs: number
}

/** How many users ever take part at the same time: users 0 to this number less one. */
export function mostUsers(points: readonly UserPoint[]): number {
  return points.reduce((most, { count }) => Math.max(most, Math.floor(count + 0.5)), 0)
}

/** When the line between two corners passes `level`, to the nearest microsecond. */
function crossing(from: UserPoint, to: UserPoint, level: number): number {
  const share = (level - from.count) / (to.count - from.count)
  return Math.floor(from.atUs + (to.atUs - from.atUs) * share + 0.5)
}

/**
 * The intervals in which user `user` (from 0) takes part, in time order. After the last corner its
 * count stays; before the first there is nobody. Neighbouring intervals never touch.
 */
export function activeIntervals(points: readonly UserPoint[], user: number): ActiveInterval[] {
  const level = user + 0.5
  const intervals: ActiveInterval[] = []
  let previous: UserPoint = { atUs: points[0]?.atUs ?? 0, count: 0 }
  let fromUs: number | null = null
  for (const point of points) {
    const isActive = point.count >= level
    if (isActive && fromUs === null) {
      fromUs = crossing(previous, point, level)
      // Rounding can close a short absence altogether.
      if (intervals.at(-1)?.untilUs === fromUs) fromUs = intervals.pop()!.fromUs
    } else if (!isActive && fromUs !== null) {
      const untilUs = crossing(previous, point, level)
      if (untilUs > fromUs) intervals.push({ fromUs, untilUs })
      fromUs = null
    }
    previous = point
  }
  if (fromUs !== null) intervals.push({ fromUs, untilUs: Number.POSITIVE_INFINITY })
  return intervals
}
