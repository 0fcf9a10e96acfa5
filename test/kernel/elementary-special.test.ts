import { describe, expect, it } from 'vitest'
import {
  gamma,
  incompleteBeta,
  logGamma,
  lowerGamma,
  lowerGammaInverse,
  normalProbability,
  normalQuantile,
  upperGamma,
} from '../../src/kernel/special-functions.ts'

function relativeError(actual: number, expected: number): number {
  return Math.abs((actual - expected) / expected)
}

describe('normal distribution', () => {
  it('gives the check values published with AS 241', () => {
    // Wichura (1988): PPND16 of 0.25, 0.001 and 1e-20, to about 1 part in 1e16.
    expect(relativeError(normalQuantile(0.25), -0.6744897501960817)).toBeLessThan(1e-15)
    expect(relativeError(normalQuantile(0.001), -3.090232306167814)).toBeLessThan(1e-15)
    expect(relativeError(normalQuantile(1e-20), -9.262340089798409)).toBeLessThan(1e-15)
  })

  it('has a quantile function that inverts its distribution function in both tails', () => {
    for (const x of [-37, -20, -8, -3.1, -1, -0.2, -1e-6, 0.4, 1, 2.5]) {
      // Rounding of P(X <= x) moves x by half a unit of P over the density, at most.
      const back = normalQuantile(normalProbability(x))
      expect(Math.abs(back - x)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(x)))
    }
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([
      -Infinity,
      0,
      Infinity,
    ])
  })

  it('is symmetric', () => {
    for (const x of [0.1, 0.7, 1.9, 3]) {
      expect(normalProbability(x) + normalProbability(-x)).toBeCloseTo(1, 15)
    }
  })
})

describe('gamma function', () => {
  it('gives factorials', () => {
    let factorial = 1
    for (let n = 1; n <= 170; n++) {
      // Four roundings of terms as large as s log s, where the recurrence reaches s >= 13.
      const terms = Math.max(13, n) * Math.log(Math.max(13, n))
      expect(relativeError(gamma(n), factorial)).toBeLessThan(4 * 1.12e-16 * terms)
      expect(Math.abs(logGamma(n) - Math.log(factorial))).toBeLessThan(
        5e-15 * Math.max(5, Math.log(factorial)),
      )
      factorial *= n
    }
  })

  it('gives the square root of pi at one half', () => {
    expect(relativeError(gamma(0.5), Math.sqrt(Math.PI))).toBeLessThan(1e-14)
    expect(relativeError(gamma(2.5), 0.75 * Math.sqrt(Math.PI))).toBeLessThan(1e-14)
  })
})

describe('incomplete gamma function', () => {
  it('is the Poisson sum for whole shapes', () => {
    for (const shape of [1, 2, 7, 30]) {
      for (const x of [0.1, 1, 5, 20, 60]) {
        let term = Math.exp(-x)
        let sum = 0
        for (let k = 0; k < shape; k++) {
          sum += term
          term *= x / (k + 1)
        }
        expect(relativeError(upperGamma(shape, x), sum)).toBeLessThan(1e-13)
        expect(lowerGamma(shape, x) + upperGamma(shape, x)).toBeCloseTo(1, 14)
      }
    }
  })

  it('is inverted for shapes from 0.05 to 1000 and probabilities in both tails', () => {
    for (const shape of [0.05, 0.3, 0.5, 1, 3.3, 50, 1000]) {
      for (const p of [1e-12, 1e-4, 0.05, 0.3, 0.5]) {
        const x = lowerGammaInverse(shape, p)
        expect(relativeError(lowerGamma(shape, x), p)).toBeLessThan(2e-12)
      }
      for (const q of [0.4, 0.1, 1e-4, 1e-9]) {
        const x = lowerGammaInverse(shape, 1 - q)
        // 1 - q is rounded to a multiple of 1.1e-16 before it gets there.
        expect(relativeError(upperGamma(shape, x), q)).toBeLessThan(2e-12 + 2e-16 / q)
      }
    }
    expect([lowerGammaInverse(3, 0), lowerGammaInverse(3, 1)]).toEqual([0, Infinity])
  })
})

describe('incomplete beta function', () => {
  it('is the binomial sum for whole parameters', () => {
    const binomial = (n: number, k: number): number =>
      k === 0 ? 1 : (binomial(n, k - 1) * (n - k + 1)) / k
    for (const [a, b] of [
      [1, 1],
      [2, 5],
      [8, 3],
    ] as const) {
      for (const x of [0.05, 0.3, 0.5, 0.9]) {
        const n = a + b - 1
        let sum = 0
        for (let k = a; k <= n; k++) sum += binomial(n, k) * x ** k * (1 - x) ** (n - k)
        expect(relativeError(incompleteBeta(a, b, x), sum)).toBeLessThan(1e-13)
      }
    }
    expect([incompleteBeta(2, 3, 0), incompleteBeta(2, 3, 1)]).toEqual([0, 1])
  })
})
