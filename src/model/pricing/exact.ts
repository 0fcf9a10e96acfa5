/** Money without rounding: fractions of whole numbers of any size, written as decimals at the end. */
import { invariant } from '../../kernel/invariant.ts'

/** A fraction; the denominator is positive. Not reduced: there are few steps. */
export interface Exact {
  readonly numerator: bigint
  readonly denominator: bigint
}

export const ZERO: Exact = { numerator: 0n, denominator: 1n }

/** A whole number that a double holds exactly. */
export function whole(value: number): Exact {
  invariant(Number.isSafeInteger(value), () => `${value} is no whole number that can be billed`)
  return { numerator: BigInt(value), denominator: 1n }
}

/** `0.0000166667`. */
export function decimal(text: string): Exact {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text)
  invariant(match !== null, () => `${text} is no decimal number`)
  const fraction = match![2] ?? ''
  return { numerator: BigInt(match![1] + fraction), denominator: powerOfTen(fraction.length) }
}

export function ratio(numerator: number, denominator: number): Exact {
  return { numerator: whole(numerator).numerator, denominator: whole(denominator).numerator }
}

export function sum(one: Exact, other: Exact): Exact {
  if (one.denominator === other.denominator) {
    return { numerator: one.numerator + other.numerator, denominator: one.denominator }
  }
  return {
    numerator: one.numerator * other.denominator + other.numerator * one.denominator,
    denominator: one.denominator * other.denominator,
  }
}

export function product(one: Exact, other: Exact): Exact {
  return {
    numerator: one.numerator * other.numerator,
    denominator: one.denominator * other.denominator,
  }
}

export function quotient(one: Exact, other: Exact): Exact {
  invariant(other.numerator > 0n, () => 'a quantity is divided by nothing')
  return {
    numerator: one.numerator * other.denominator,
    denominator: one.denominator * other.numerator,
  }
}

export function negative({ numerator, denominator }: Exact): Exact {
  return { numerator: -numerator, denominator }
}

export function difference(one: Exact, other: Exact): Exact {
  return sum(one, negative(other))
}

export function smaller(one: Exact, other: Exact): Exact {
  return isPositive(difference(one, other)) ? other : one
}

export function isPositive({ numerator }: Exact): boolean {
  return numerator > 0n
}

export function isZero({ numerator }: Exact): boolean {
  return numerator === 0n
}

/** As a decimal of at most so many places, halves away from zero, without trailing zeros. */
export function written({ numerator, denominator }: Exact, places: number): string {
  const size = numerator < 0n ? -numerator : numerator
  const scaled = (2n * size * powerOfTen(places) + denominator) / (2n * denominator)
  const digits = scaled.toString().padStart(places + 1, '0')
  const cut = digits.length - places
  const fraction = digits.slice(cut).replace(/0+$/, '')
  const text = fraction === '' ? digits.slice(0, cut) : `${digits.slice(0, cut)}.${fraction}`
  return numerator < 0n && scaled > 0n ? `-${text}` : text
}

function powerOfTen(places: number): bigint {
  return BigInt(`1${'0'.repeat(places)}`)
}
