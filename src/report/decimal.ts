import { invariant } from '../kernel/invariant.ts'

const DECIMALS = 6
/** From here on `toFixed` and `String` would write an exponent. */
const EXPONENT_STARTS_AT = 1e21

/**
 * A number as every CSV file and `run.json` reader expects it: plain decimal, at most six
 * decimals, no exponent, no trailing zeros, no negative zero. What is not finite is no result, so
 * meeting it is a defect.
 */
export function formatDecimal(value: number): string {
  invariant(Number.isFinite(value), () => `a result is ${value}, which no file can hold`)
  if (Math.abs(value) >= EXPONENT_STARTS_AT) return BigInt(value).toString()
  if (Number.isInteger(value)) return String(value === 0 ? 0 : value)
  const digits = value.toFixed(DECIMALS)
  let end = digits.length
  while (digits[end - 1] === '0') end--
  if (digits[end - 1] === '.') end--
  const trimmed = digits.slice(0, end)
  return trimmed === '-0' ? '0' : trimmed
}
