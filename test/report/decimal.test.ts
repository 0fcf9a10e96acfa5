import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantViolation } from '../../src/kernel/invariant.ts'
import { formatDecimal } from '../../src/report/decimal.ts'

describe('a number in a file', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [12, '12'],
    [-12, '-12'],
    [0.1, '0.1'],
    [1.5, '1.5'],
    [100, '100'],
    [1 / 3, '0.333333'],
    [2 / 3, '0.666667'],
    [0.000001, '0.000001'],
    [0.0000004, '0'],
    [-0.0000004, '0'],
    [1e-7, '0'],
    [1e20, '100000000000000000000'],
    [1e21, '1000000000000000000000'],
    [123456789.25, '123456789.25'],
  ])('%d is written %s', (value, text) => {
    expect(formatDecimal(value)).toBe(text)
  })

  test.each([Number.NaN, Infinity, -Infinity])('%d is a defect, not a value', (value) => {
    expect(() => formatDecimal(value)).toThrow(InvariantViolation)
  })

  test('is always plain decimal with at most six decimals and no trailing zeros', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatDecimal(value)
        expect(text).toMatch(/^-?(0|[1-9][0-9]*)(\.[0-9]{0,5}[1-9])?$/)
        expect(text).not.toBe('-0')
      }),
    )
  })

  test('reads back to within half of the sixth decimal', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        // Beside the rounding itself, both readings are doubles: below 1e6 their spacing is 2^-33.
        const bound = 0.5e-6 + 2 ** -33
        expect(Math.abs(Number(formatDecimal(value)) - value)).toBeLessThanOrEqual(bound)
      }),
    )
  })

  test('whole numbers are written exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(Number(formatDecimal(value))).toBe(value === 0 ? 0 : value)
      }),
    )
  })
})
