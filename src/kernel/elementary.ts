/**
 * Elementary functions that give the same bits on every machine. ECMAScript leaves the precision
 * of Math.exp, log and pow to the engine; these use only operations that IEEE 754 fixes
 * (+ - * / and exact integer work on the bits). Their tables come from exact big-integer
 * arithmetic at load, rounded once.
 *
 * exp and log stay within 1e-15 of the true value, relative, over all doubles.
 */

const TABLE_BITS = 6
const TABLE_SIZE = 64
const GRID = 128

/** Fixed-point numbers of the table builders: integers in units of 2^-120. */
const FIXED_BITS = 120n
const FIXED_ONE = 1n << FIXED_BITS

/** Adding and subtracting 1.5 * 2^52 rounds a double below 2^51 to the nearest integer. */
const ROUNDER = 6755399441055744
const TWO_POW_32 = 4294967296
const TWO_POW_54 = 18014398509481984
const SQRT_2 = Math.sqrt(2)

const FIXED_LN2 = fixedLogarithm(2n, 1n)
/** ln 2 in two parts; the first keeps 32 bits, so that its multiples below 2^21 are exact. */
const LN2_HIGH = Number(FIXED_LN2 >> (FIXED_BITS - 32n)) / TWO_POW_32
const LN2_LOW = fixedToDouble(FIXED_LN2 & ((1n << (FIXED_BITS - 32n)) - 1n))

const STEP_HIGH = LN2_HIGH / TABLE_SIZE
const STEP_LOW = LN2_LOW / TABLE_SIZE
const STEPS_PER_UNIT = TABLE_SIZE / fixedToDouble(FIXED_LN2)

/** 2^(j / 64) for j from 0 to 63. */
const ROOTS_OF_TWO = rootsOfTwo()
/** 2^(j - 1023) at index j. */
const POWERS_OF_TWO = powersOfTwo()
/** log(j / 128) for j from 90 to 182, at index j. */
const GRID_LOGARITHMS = gridLogarithms()

/** Which 32-bit half of a double holds its sign and exponent on this machine. */
export const HIGH_WORD: number = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

const scratch = new Float64Array(1)
const scratchWords = new Int32Array(scratch.buffer)

/** e to the power x. */
export function exp(x: number): number {
  if (!(x > -708 && x < 709)) return expAtTheLimits(x)
  const steps = x * STEPS_PER_UNIT + ROUNDER - ROUNDER
  // |r| <= ln 2 / 128, where the sixth term of the series is below 4e-17.
  const r = x - steps * STEP_HIGH - steps * STEP_LOW
  const r2 = r * r
  const excess = r + r2 * (0.5 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120)))
  const index = steps | 0
  const root = ROOTS_OF_TWO[index & (TABLE_SIZE - 1)]!
  return (root + root * excess) * POWERS_OF_TWO[(index >> TABLE_BITS) + 1023]!
}

/** Overflow, subnormal results and NaN: squaring the half rounds once more and no worse. */
function expAtTheLimits(x: number): number {
  if (x > 710) return Infinity
  if (x < -746) return 0
  if (Number.isNaN(x)) return x
  const half = exp(x * 0.5)
  return half * half
}

/** Natural logarithm; -Infinity at 0 and NaN below. */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x < Infinity)) return logAtTheLimits(x)
  scratch[0] = x
  let exponent = (scratchWords[HIGH_WORD]! >>> 20) - 1023
  // Scaling by a power of two is exact, and faster than writing the exponent bits back.
  let mantissa = x * POWERS_OF_TWO[1023 - exponent]!
  if (mantissa > SQRT_2) {
    mantissa *= 0.5
    exponent += 1
  }
  // The nearest grid point takes out all but 2 atanh(s) with |s| <= 0.0028; the grid point of
  // numbers near 1 is 1 itself, so that the result keeps its relative precision there.
  const gridIndex = (mantissa * GRID + 0.5) | 0
  const gridPoint = gridIndex * (1 / GRID)
  const s = (mantissa - gridPoint) / (mantissa + gridPoint)
  const s2 = s * s
  const correction = s * s2 * (2 / 3 + s2 * (2 / 5 + s2 * (2 / 7)))
  const base = exponent * LN2_HIGH + GRID_LOGARITHMS[gridIndex]!
  return base + (2 * s + (correction + exponent * LN2_LOW))
}

function logAtTheLimits(x: number): number {
  if (x === 0) return -Infinity
  if (x < 0 || Number.isNaN(x)) return Number.NaN
  if (x === Infinity) return Infinity
  return log(x * TWO_POW_54) - 54 * LN2_HIGH - 54 * LN2_LOW
}

/** log(1 + x) that keeps its precision for small x (Kahan's correction of the rounded sum). */
export function log1p(x: number): number {
  const sum = 1 + x
  if (sum === 1) return x
  if (!(sum > 0) || sum === Infinity) return log(sum)
  return (log(sum) * x) / (sum - 1)
}

/** exp(x) - 1 that keeps its precision for small x (Kahan's correction, as in log1p). */
export function expm1(x: number): number {
  const power = exp(x)
  if (power === 1) return x
  const difference = power - 1
  if (difference === -1 || power === Infinity || !(x > -1 && x < 1)) return difference
  return (difference * x) / log(power)
}

/**
 * base to the power exponent, for base >= 0. The relative error grows with the size of the
 * result's logarithm: at most 4e-16 (1 + |ln result|), far below what a simulated time needs.
 */
export function pow(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1
  if (exponent === 1) return base
  if (exponent === 0.5) return Math.sqrt(base)
  return exp(exponent * log(base))
}

/**
 * The cube root, also of negative numbers, within 3e-16 of the true value, relative: Newton's step
 * squares the error of exp and log, which is below 1e-13, and leaves only its own rounding.
 */
export function cubeRoot(x: number): number {
  if (x < 0) return -cubeRoot(-x)
  if (!(x > 0 && x < Infinity)) return x
  const root = exp(log(x) / 3)
  const square = root * root
  return root - (root - x / square) / 3
}

/** The double nearest to a fixed-point number; dividing by a power of two is exact. */
function fixedToDouble(fixed: bigint): number {
  return Number(fixed) / Number(FIXED_ONE)
}

/** log(numerator / denominator) = 2 atanh((n - d) / (n + d)) by its series. */
function fixedLogarithm(numerator: bigint, denominator: bigint): bigint {
  const difference = numerator - denominator
  const total = numerator + denominator
  let power = (FIXED_ONE * difference) / total
  let sum = 0n
  for (let odd = 1n; power !== 0n; odd += 2n) {
    sum += power / odd
    power = (power * difference * difference) / (total * total)
  }
  return 2n * sum
}

/** Floor of the square root of a fixed-point number, by Newton's iteration from above. */
function fixedSquareRoot(fixed: bigint): bigint {
  const square = fixed << FIXED_BITS
  let root = 2n * FIXED_ONE
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

function rootsOfTwo(): Float64Array {
  let step = 2n * FIXED_ONE
  for (let bit = 0; bit < TABLE_BITS; bit++) step = fixedSquareRoot(step)
  const table = new Float64Array(TABLE_SIZE)
  let value = FIXED_ONE
  for (let index = 0; index < TABLE_SIZE; index++) {
    table[index] = fixedToDouble(value)
    value = (value * step) >> FIXED_BITS
  }
  return table
}

function powersOfTwo(): Float64Array {
  const table = new Float64Array(2047)
  table[1023] = 1
  for (let index = 1024; index < 2047; index++) table[index] = table[index - 1]! * 2
  for (let index = 1022; index >= 0; index--) table[index] = table[index + 1]! / 2
  return table
}

function gridLogarithms(): Float64Array {
  const table = new Float64Array(183)
  for (let index = 90; index <= 182; index++) {
    table[index] = fixedToDouble(fixedLogarithm(BigInt(index), BigInt(GRID)))
  }
  return table
}
