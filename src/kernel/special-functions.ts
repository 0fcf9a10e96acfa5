/**
 * Special functions that quantiles, confidence intervals and known answers need, built on the
 * bit-deterministic elementary functions of this folder.
 */
import { exp, log, log1p } from './elementary.ts'
import { invariant } from './invariant.ts'

const EPSILON = 2.220446049250313e-16
const TINY = 1e-300
const SQRT_2_PI = 2.5066282746310002
const HALF_LOG_2_PI = 0.9189385332046728
const MAXIMUM_ITERATIONS = 100_000

/** B(2k) / (2k (2k - 1)): the coefficients of Stirling's series, from the Bernoulli numbers. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
]

/** Logarithm of the gamma function for x > 0: Stirling's series, reached by the recurrence. */
export function logGamma(x: number): number {
  let shifted = x
  let product = 1
  while (shifted < 13) {
    product *= shifted
    shifted += 1
  }
  const inverse = 1 / shifted
  const inverseSquare = inverse * inverse
  let series = 0
  for (let index = STIRLING.length - 1; index >= 0; index--) {
    series = series * inverseSquare + STIRLING[index]!
  }
  const stirling = (shifted - 0.5) * log(shifted) - shifted + HALF_LOG_2_PI + series * inverse
  return stirling - log(product)
}

/** Gamma function for x > 0; Infinity beyond 171.6. */
export function gamma(x: number): number {
  if (x > 171.7) return Infinity
  if (x > 13) return exp(logGamma(x))
  // Small arguments through the recurrence lose nothing to the logarithm of the product.
  let product = 1
  let shifted = x
  while (shifted < 13) {
    product *= shifted
    shifted += 1
  }
  return exp(logGamma(shifted)) / product
}

/** Standard normal density. */
export function normalDensity(x: number): number {
  return exp(-0.5 * x * x) / SQRT_2_PI
}

/** Standard normal distribution function, precise in both tails. */
export function normalProbability(x: number): number {
  const half = 0.5 * x * x
  return x < 0 ? 0.5 * upperGamma(0.5, half) : 0.5 + 0.5 * lowerGamma(0.5, half)
}

// Wichura (1988), Algorithm AS 241, PPND16: relative accuracy about 1e-16. Coefficients of the
// numerators and denominators from the constant term up, for the centre, shoulder and tail.
const CENTRE_NUMERATOR = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
]
const CENTRE_DENOMINATOR = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
]
const SHOULDER_NUMERATOR = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
]
const SHOULDER_DENOMINATOR = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
]
const TAIL_NUMERATOR = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
]
const TAIL_DENOMINATOR = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
]

function rational(numerator: readonly number[], denominator: readonly number[], x: number): number {
  let top = 0
  let bottom = 0
  for (let index = numerator.length - 1; index >= 0; index--) {
    top = top * x + numerator[index]!
    bottom = bottom * x + denominator[index]!
  }
  return top / bottom
}

/** Inverse of the standard normal distribution function; infinite at 0 and 1. */
export function normalQuantile(probability: number): number {
  const q = probability - 0.5
  if (q >= -0.425 && q <= 0.425) {
    return q * rational(CENTRE_NUMERATOR, CENTRE_DENOMINATOR, 0.180625 - q * q)
  }
  if (probability <= 0) return -Infinity
  if (probability >= 1) return Infinity
  const r = Math.sqrt(-log(q < 0 ? probability : 1 - probability))
  const size =
    r <= 5
      ? rational(SHOULDER_NUMERATOR, SHOULDER_DENOMINATOR, r - 1.6)
      : rational(TAIL_NUMERATOR, TAIL_DENOMINATOR, r - 5)
  return q < 0 ? -size : size
}

/** Regularised lower incomplete gamma function P(a, x), a > 0, x >= 0. */
export function lowerGamma(a: number, x: number): number {
  if (x <= 0) return 0
  if (x === Infinity) return 1
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x). */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

/** P(a, x) by its power series, which converges fast below the mean. */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < MAXIMUM_ITERATIONS && term > sum * EPSILON * 0.1; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum * exp(a * log(x) - x - logGamma(a))
}

/** Q(a, x) by its continued fraction, evaluated by Lentz's method. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let value = d
  for (let n = 1; n < MAXIMUM_ITERATIONS; n++) {
    const numerator = -n * (n - a)
    b += 2
    d = 1 / awayFromZero(numerator * d + b)
    c = awayFromZero(b + numerator / c)
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < EPSILON) break
  }
  return value * exp(a * log(x) - x - logGamma(a))
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** The x with P(a, x) = probability: Newton's method kept inside a shrinking bracket. */
export function lowerGammaInverse(a: number, probability: number): number {
  if (probability <= 0) return 0
  if (probability >= 1) return Infinity
  const logGammaA = logGamma(a)
  let low = 0
  let high = Infinity
  let x = gammaInverseGuess(a, probability, logGammaA)
  for (let iteration = 0; iteration < 400; iteration++) {
    // The smaller tail carries the precision.
    const excess =
      probability < 0.5 ? lowerGamma(a, x) - probability : 1 - probability - upperGamma(a, x)
    if (excess === 0) return x
    if (excess > 0) high = x
    else low = x
    const density = exp((a - 1) * log(x) - x - logGammaA)
    let next = x - excess / density
    if (!(next > low && next < high)) next = high === Infinity ? x * 2 : 0.5 * (low + high)
    if (Math.abs(next - x) <= 2 * EPSILON * next || next === 0) return next
    x = next
  }
  return x
}

/** Wilson and Hilferty's cube of a normal quantile; near zero the leading term of the series. */
function gammaInverseGuess(a: number, probability: number, logGammaA: number): number {
  const ninth = 1 / (9 * a)
  const root = 1 - ninth + normalQuantile(probability) * Math.sqrt(ninth)
  const cube = a * root * root * root
  if (a >= 1 && cube > 0.1 * a) return cube
  return Math.max(exp((log(probability) + logGammaA + log(a)) / a), TINY)
}

/** Regularised incomplete beta function I_x(a, b), a and b > 0, x between 0 and 1. */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
  // The continued fraction converges fast on the near side of the mean only.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

function betaFraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < MAXIMUM_ITERATIONS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < EPSILON) return value
  }
  invariant(false, () => `incomplete beta function did not converge at a=${a}, b=${b}, x=${x}`)
}
