/** Student-t confidence intervals over independent replications. */
import { mean as meanOf, sampleStandardDeviation } from 'simple-statistics'
import { exp, log, log1p } from '../kernel/elementary.ts'
import { invariant } from '../kernel/invariant.ts'
import { incompleteBeta, logGamma, normalQuantile } from '../kernel/special-functions.ts'

const LOG_PI = log(Math.PI)

export interface ConfidenceInterval {
  readonly mean: number
  readonly low: number
  readonly high: number
  readonly halfWidth: number
}

/** P(T <= t) of Student's t distribution. */
export function studentProbability(t: number, degreesOfFreedom: number): number {
  const tail = studentTail(t < 0 ? -t : t, degreesOfFreedom)
  return t < 0 ? tail : 1 - tail
}

/** P(T > t) for t >= 0, precise however small it is. */
function studentTail(t: number, degreesOfFreedom: number): number {
  const square = t * t
  // Of the two complementary arguments the smaller one is exact.
  return square < degreesOfFreedom
    ? 0.5 * (1 - incompleteBeta(0.5, 0.5 * degreesOfFreedom, square / (degreesOfFreedom + square)))
    : 0.5 *
        incompleteBeta(0.5 * degreesOfFreedom, 0.5, degreesOfFreedom / (degreesOfFreedom + square))
}

/**
 * The t with P(T <= t) = probability. Newton's method from the normal quantile, which lies below
 * the root in the upper half: the distribution function is concave there, so no step overshoots.
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability === 0.5) return 0
  if (probability < 0.5) return -upperStudentPoint(probability, degreesOfFreedom)
  return upperStudentPoint(1 - probability, degreesOfFreedom)
}

function upperStudentPoint(tail: number, degreesOfFreedom: number): number {
  if (tail <= 0) return Infinity
  const half = 0.5 * (degreesOfFreedom + 1)
  const logScale =
    logGamma(half) - logGamma(0.5 * degreesOfFreedom) - 0.5 * (log(degreesOfFreedom) + LOG_PI)
  let t = -normalQuantile(tail)
  for (let iteration = 0; iteration < 500; iteration++) {
    const density = exp(logScale - half * log1p((t * t) / degreesOfFreedom))
    const step = (studentTail(t, degreesOfFreedom) - tail) / density
    t += step
    if (Math.abs(step) <= 1e-14 * t) break
  }
  return t
}

/**
 * Mean of independent values and its two-sided Student-t interval. One value has the interval
 * from -Infinity to Infinity: nothing is known about its spread.
 */
export function studentInterval(values: readonly number[], confidence = 0.95): ConfidenceInterval {
  invariant(values.length > 0, () => 'an interval needs at least one value')
  // As distances from the first one, so that equal values have exactly their own mean, no spread.
  const first = values[0]!
  const distances = values.map((value) => value - first)
  const mean = first + meanOf(distances)
  const count = values.length
  const halfWidth =
    count < 2
      ? Infinity
      : (studentQuantile(0.5 + 0.5 * confidence, count - 1) * sampleStandardDeviation(distances)) /
        Math.sqrt(count)
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth }
}

/**
 * Mean of the differences second - first, replication by replication, and its interval. With
 * common random numbers it is much narrower than the two means' own intervals.
 */
export function pairedInterval(
  first: readonly number[],
  second: readonly number[],
  confidence = 0.95,
): ConfidenceInterval {
  invariant(
    first.length === second.length,
    () => `paired values differ in number: ${first.length} and ${second.length}`,
  )
  return studentInterval(
    first.map((value, index) => second[index]! - value),
    confidence,
  )
}
