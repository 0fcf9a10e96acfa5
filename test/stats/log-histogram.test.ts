import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MICROSECONDS_PER_DAY } from '../../src/kernel/time.ts'
import { LogHistogram, QUANTILE_ERROR_BOUND } from '../../src/stats/log-histogram.ts'

const YEAR_US = 366 * MICROSECONDS_PER_DAY
/** Values of every size: uniform in the exponent. */
const values = fc
  .tuple(fc.integer({ min: 0, max: 44 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([octave, fraction]) => Math.min(YEAR_US, Math.floor(2 ** octave * (1 + fraction))))
const samples = fc.array(values, { minLength: 1, maxLength: 300 })
/** Thousandths, so that the true rank is an integer calculation. */
const thousandths = fc.integer({ min: 0, max: 1000 })

function histogramOf(sample: readonly number[]): LogHistogram {
  const histogram = new LogHistogram()
  for (const value of sample) histogram.record(value)
  return histogram
}

function orderStatistic(sample: readonly number[], thousandth: number): number {
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil((thousandth * sample.length) / 1000)) - 1]!
}

describe('LogHistogram', () => {
  it('has quantiles within its bound of the ceil(qn)-th smallest value', () => {
    fc.assert(
      fc.property(samples, thousandths, (sample, thousandth) => {
        const exact = orderStatistic(sample, thousandth)
        const estimate = histogramOf(sample).quantile(thousandth / 1000)
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(QUANTILE_ERROR_BOUND * exact)
        expect(estimate).toBeGreaterThanOrEqual(Math.min(...sample))
        expect(estimate).toBeLessThanOrEqual(Math.max(...sample))
      }),
      { numRuns: 1000 },
    )
  })

  it('is exact below 255', () => {
    const sample = Array.from({ length: 255 }, (_, value) => value)
    const histogram = histogramOf(sample)
    for (let value = 0; value < 255; value++) {
      expect(histogram.quantile((value + 1) / 255)).toBe(value)
    }
    expect([...histogram.buckets()]).toEqual(
      sample.map((value) => ({ low: value, high: value, count: 1 })),
    )
  })

  it('takes the rank that decimal probabilities mean, not the one their doubles round to', () => {
    // 0.07 * 100 is 7.000000000000001 in doubles.
    const histogram = histogramOf(Array.from({ length: 100 }, (_, value) => value))
    expect(histogram.quantile(0.07)).toBe(6)
    expect(histogram.quantile(0.99)).toBe(98)
  })

  it('keeps count, sum, minimum and maximum exactly', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const { count, sum, minimum, maximum } = histogramOf(sample)
        expect({ count, sum, minimum, maximum }).toEqual({
          count: sample.length,
          sum: sample.reduce((total, value) => total + value, 0),
          minimum: Math.min(...sample),
          maximum: Math.max(...sample),
        })
      }),
    )
  })

  it('rounds to the nearest integer first', () => {
    const histogram = histogramOf([0.4, 1.5, 2.49])
    expect([histogram.minimum, histogram.sum, histogram.maximum]).toEqual([0, 4, 2])
  })

  it('gives the same when two are merged as when one records all', () => {
    fc.assert(
      fc.property(fc.array(values), fc.array(values), (first, second) => {
        const merged = histogramOf(first)
        merged.merge(histogramOf(second))
        const single = histogramOf([...first, ...second])
        expect([...merged.buckets()]).toEqual([...single.buckets()])
        expect([merged.sum, merged.minimum, merged.maximum]).toEqual([
          single.sum,
          single.minimum,
          single.maximum,
        ])
      }),
    )
  })

  it('puts every value into the one bucket that holds it', () => {
    fc.assert(
      fc.property(values, (value) => {
        const [bucket, ...others] = histogramOf([value]).buckets()
        expect(others).toEqual([])
        expect(bucket!.low).toBeLessThanOrEqual(value)
        expect(bucket!.high).toBeGreaterThanOrEqual(value)
        // The bound's proof needs buckets that are no wider than this.
        expect(bucket!.high - bucket!.low).toBeLessThanOrEqual(value / 128)
      }),
      { numRuns: 1000 },
    )
  })

  it('is empty again after a reset', () => {
    const histogram = histogramOf([3, 70_000])
    histogram.reset()
    expect([histogram.count, histogram.sum, [...histogram.buckets()]]).toEqual([0, 0, []])
    expect(histogram.quantile(0.5)).toBeNaN()
    histogram.record(12)
    expect([histogram.quantile(0.5), histogram.minimum, histogram.maximum]).toEqual([12, 12, 12])
  })

  it('counts exactly beyond 2^31', () => {
    const histogram = histogramOf([1000, 2000])
    for (let doubling = 0; doubling < 40; doubling++) histogram.merge(histogram)
    histogram.record(5)
    expect(histogram.count).toBe(2 * 2 ** 40 + 1)
    expect(histogram.sum).toBe(3000 * 2 ** 40 + 5)
  })

  it('refuses what cannot be a duration', () => {
    for (const value of [-1, Number.NaN, Infinity, -Infinity, 2 ** 60]) {
      expect(() => histogramOf([7, value]), String(value)).toThrow('cannot record')
    }
  })
})
