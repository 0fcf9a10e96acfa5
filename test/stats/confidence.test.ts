import { describe, expect, it } from 'vitest'
import { namedGenerator } from '../../src/kernel/generator.ts'
import { standardNormal } from '../../src/kernel/ziggurat.ts'
import {
  pairedInterval,
  studentInterval,
  studentProbability,
  studentQuantile,
} from '../../src/stats/confidence.ts'

const probabilities = [0.0005, 0.025, 0.2, 0.5, 0.6, 0.9, 0.975, 0.995, 0.99995]

function relativeError(actual: number, expected: number): number {
  return expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1)
}

describe('studentQuantile', () => {
  // Closed forms for 1, 2 and 4 degrees of freedom: Shaw, J. Computational Finance 9 (2006).
  it('agrees with the closed forms', () => {
    for (const p of probabilities) {
      const alpha = 4 * p * (1 - p)
      const root = Math.sqrt(alpha)
      const q = Math.cos(Math.acos(root) / 3) / root
      const one = p === 0.5 ? 0 : Math.tan(Math.PI * (p - 0.5))
      const two = 2 * (p - 0.5) * Math.sqrt(2 / alpha)
      const four = Math.sign(p - 0.5) * 2 * Math.sqrt(Math.max(0, q - 1))
      expect(relativeError(studentQuantile(p, 1), one)).toBeLessThan(1e-11)
      expect(relativeError(studentQuantile(p, 2), two)).toBeLessThan(1e-11)
      expect(relativeError(studentQuantile(p, 4), four)).toBeLessThan(1e-11)
    }
  })

  it.each([
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, critical values.
    [0.95, 5, 2.015],
    [0.975, 9, 2.262],
    [0.975, 19, 2.093],
    [0.995, 30, 2.75],
    [0.999, 100, 3.174],
  ])('of %d with %d degrees of freedom is %d in the tables', (p, degreesOfFreedom, tabulated) => {
    expect(Math.abs(studentQuantile(p, degreesOfFreedom) - tabulated)).toBeLessThanOrEqual(0.0005)
  })

  it('inverts the distribution function', () => {
    for (const degreesOfFreedom of [1, 3, 7, 29, 1000]) {
      for (const p of probabilities) {
        const back = studentProbability(studentQuantile(p, degreesOfFreedom), degreesOfFreedom)
        expect(relativeError(back, p)).toBeLessThan(1e-12)
      }
    }
    expect(studentQuantile(1, 3)).toBe(Infinity)
  })
})

describe('studentInterval', () => {
  it('is mean +- t s / sqrt n', () => {
    // Mean 5, s = 2, n = 4: half-width 3.1824463... (t of 0.975 with 3 degrees) x 2 / 2.
    const { mean, low, high, halfWidth } = studentInterval([3, 4, 5, 8])
    const spread = Math.sqrt((4 + 1 + 0 + 9) / 3)
    expect(mean).toBe(5)
    expect(relativeError(halfWidth, (3.182446305284263 * spread) / 2)).toBeLessThan(1e-12)
    expect([low, high]).toEqual([5 - halfWidth, 5 + halfWidth])
  })

  it('of equal values is exactly that value, without width', () => {
    // A sum of thirty times 0.1, divided by thirty, is not always 0.1.
    for (let count = 2; count <= 30; count++) {
      const values = Array<number>(count).fill(0.1)
      expect(studentInterval(values)).toEqual({ mean: 0.1, low: 0.1, high: 0.1, halfWidth: 0 })
    }
  })

  it('is wider with more confidence, and without bounds for one value', () => {
    const values = [1, 2, 4]
    expect(studentInterval(values, 0.99).halfWidth).toBeGreaterThan(
      studentInterval(values, 0.95).halfWidth,
    )
    expect(studentInterval([7])).toEqual({
      mean: 7,
      low: -Infinity,
      high: Infinity,
      halfWidth: Infinity,
    })
    expect(() => studentInterval([])).toThrow('at least one value')
  })

  it('covers the true mean as often as it promises', () => {
    const generator = namedGenerator('coverage')
    const trials = 20_000
    let covered = 0
    for (let trial = 0; trial < trials; trial++) {
      const values = Array.from({ length: 5 }, () => 3 + standardNormal(generator))
      const { low, high } = studentInterval(values, 0.9)
      if (low <= 3 && 3 <= high) covered += 1
    }
    // Binomial deviation, 99.99 %.
    expect(Math.abs(covered / trials - 0.9)).toBeLessThan(3.89 * Math.sqrt((0.9 * 0.1) / trials))
  })
})

describe('pairedInterval', () => {
  it('is the interval of the differences second - first', () => {
    const first = [10, 20, 30]
    const second = [11, 22, 33]
    expect(pairedInterval(first, second)).toEqual(studentInterval([1, 2, 3]))
    expect(pairedInterval(first, second, 0.5)).toEqual(studentInterval([1, 2, 3], 0.5))
    expect(() => pairedInterval([1], [1, 2])).toThrow('differ in number')
  })
})
