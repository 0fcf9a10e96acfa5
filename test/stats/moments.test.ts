import fc from 'fast-check'
import { mean, sampleVariance, variance } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { Moments } from '../../src/stats/moments.ts'

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 2,
  maxLength: 50,
})

function momentsOf(values: readonly number[]): Moments {
  const moments = new Moments()
  for (const value of values) moments.add(value)
  return moments
}

/** Rounding of sums of some fifty squares of up to 1e6. */
const ROUNDING = 1e12 * 50 * 50 * 2.3e-16

describe('Moments', () => {
  it('agrees with the two-pass formulas', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const moments = momentsOf(values)
        expect(Math.abs(moments.mean - mean(values))).toBeLessThanOrEqual(1e6 * 50 * 2.3e-16)
        expect(Math.abs(moments.variance - variance(values))).toBeLessThanOrEqual(ROUNDING)
        expect(Math.abs(moments.sampleVariance - sampleVariance(values))).toBeLessThanOrEqual(
          ROUNDING,
        )
      }),
    )
  })

  it('keeps a small variance beside a large mean', () => {
    const { variance: ofShifted } = momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    expect(ofShifted).toBe(22.5)
  })

  it('merges two series into what one would have been', () => {
    fc.assert(
      fc.property(numbers, numbers, (first, second) => {
        const merged = momentsOf(first)
        merged.merge(momentsOf(second))
        const whole = momentsOf([...first, ...second])
        expect(merged.count).toBe(whole.count)
        expect(Math.abs(merged.mean - whole.mean)).toBeLessThanOrEqual(1e6 * 100 * 2.3e-16)
        expect(Math.abs(merged.variance - whole.variance)).toBeLessThanOrEqual(2 * ROUNDING)
      }),
    )
  })

  it('has no variance of too few values', () => {
    const moments = new Moments()
    expect(moments.variance).toBeNaN()
    moments.merge(new Moments())
    moments.add(5)
    expect([moments.mean, moments.variance]).toEqual([5, 0])
    expect(moments.sampleVariance).toBeNaN()
  })
})
