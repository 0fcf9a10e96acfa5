import { describe, expect, it } from 'vitest'
import { cubeRoot, exp, expm1, log, log1p, pow } from '../../src/kernel/elementary.ts'
import { Generator } from '../../src/kernel/generator.ts'

const DRAWS = 200_000
/** Our bound of 1e-15 and that of the engine we compare with, whose results are within 1 ulp. */
const BOUND = 1.3e-15

function worst(
  draw: (uniform: number) => number,
  own: (x: number) => number,
  reference: (x: number) => number,
): number {
  const generator = new Generator().seed(1, 2, 3, 4)
  let largest = 0
  for (let index = 0; index < DRAWS; index++) {
    const x = draw(generator.nextUniform())
    const expected = reference(x)
    largest = Math.max(largest, Math.abs((own(x) - expected) / expected))
  }
  return largest
}

describe('exp', () => {
  it('is within its bound over all arguments with a normal result', () => {
    expect(worst((u) => -708 + u * 1417.7, exp, Math.exp)).toBeLessThan(BOUND)
    expect(worst((u) => -1 + 2 * u, exp, Math.exp)).toBeLessThan(BOUND)
    expect(worst((u) => 1e-9 * (u - 0.5), exp, Math.exp)).toBeLessThan(BOUND)
  })

  it('meets its limits: overflow, underflow, subnormal results, infinities and NaN', () => {
    expect([710, Infinity, -746, -Infinity].map(exp)).toEqual([Infinity, Infinity, 0, 0])
    expect(exp(0)).toBe(1)
    expect(exp(Number.NaN)).toBeNaN()
    // A subnormal result has an absolute precision of one unit, two with the reference's own.
    for (const x of [-708.5, -720, -740, -745.1]) {
      expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(1e-15 * Math.exp(x) + 1e-323)
    }
    expect(exp(709.7) / Math.exp(709.7) - 1).toBeLessThan(BOUND)
  })
})

describe('log', () => {
  it('is within its bound over all positive doubles', () => {
    expect(worst((u) => Math.exp(-708 + u * 1417), log, Math.log)).toBeLessThan(BOUND)
    expect(worst((u) => 5e-324 + u * 2.2e-308, log, Math.log)).toBeLessThan(BOUND)
  })

  it('keeps its relative precision around 1, where the result is small', () => {
    expect(worst((u) => 0.9 + 0.2 * u, log, Math.log)).toBeLessThan(BOUND)
    expect(worst((u) => 1 + (u - 0.3) * 1e-9, log, Math.log)).toBeLessThan(BOUND)
  })

  it('meets its limits', () => {
    expect(log(1)).toBe(0)
    expect(log(0)).toBe(-Infinity)
    expect(log(Infinity)).toBe(Infinity)
    expect(log(-1)).toBeNaN()
    expect(log(Number.NaN)).toBeNaN()
  })
})

describe('log1p and expm1', () => {
  it('keep their precision for tiny arguments of either sign', () => {
    for (const sign of [1, -1]) {
      const draw = (u: number) => sign * Math.exp(-40 * u) * 0.99
      expect(worst(draw, log1p, Math.log1p)).toBeLessThan(BOUND)
      expect(worst(draw, expm1, Math.expm1)).toBeLessThan(BOUND)
    }
    expect(worst((u) => 1 + 100 * u, expm1, Math.expm1)).toBeLessThan(BOUND)
  })

  it('meet their limits', () => {
    expect([0, -1, Infinity].map(log1p)).toEqual([0, -Infinity, Infinity])
    expect([0, -800, 800].map(expm1)).toEqual([0, -1, Infinity])
  })
})

describe('pow', () => {
  it('is within its stated bound', () => {
    const generator = new Generator().seed(5, 6, 7, 8)
    for (let index = 0; index < DRAWS; index++) {
      const base = generator.nextUniform() * 100
      const exponent = (generator.nextUniform() - 0.5) * 50
      const expected = base ** exponent
      const bound = 4e-16 * (1 + Math.abs(Math.log(expected))) + 2.3e-16
      expect(Math.abs(pow(base, exponent) / expected - 1) <= bound).toBe(true)
    }
  })

  it('is exact where the exponent is 0, 1 or one half, or the base 0 or 1', () => {
    expect([pow(7, 0), pow(7, 1), pow(7, 0.5), pow(1, 9), pow(0, 3)]).toEqual([
      1,
      7,
      Math.sqrt(7),
      1,
      0,
    ])
  })
})

describe('cubeRoot', () => {
  it('is within 3e-16 of the true value, relative, over forty octaves', () => {
    // Cubes of 17 bits are exact, and so is the comparison: (r (1 + e))^3 = n (1 + 3 e + ...).
    for (let root = 1; root < 131_072; root++) {
      const error = Math.abs(cubeRoot(root * root * root) - root) / root
      expect(error).toBeLessThan(3e-16)
    }
    expect(worst((u) => exp(-300 + 600 * u), cubeRoot, Math.cbrt)).toBeLessThan(6e-16)
  })

  it('is odd, grows with its argument, and meets its limits', () => {
    expect(cubeRoot(-27)).toBe(-cubeRoot(27))
    for (let x = 1; x < 1_000; x++) expect(cubeRoot(x)).toBeLessThan(cubeRoot(x + 1))
    expect(cubeRoot(0)).toBe(0)
    expect(cubeRoot(Infinity)).toBe(Infinity)
    expect(cubeRoot(Number.NaN)).toBeNaN()
    expect(cubeRoot(5e-324)).toBeCloseTo(1.7e-108, 109)
  })
})

describe('the same bits everywhere', () => {
  it('sums many results to committed bits', () => {
    let sum = 0
    for (let index = 1; index <= 100_000; index++) {
      sum += exp(-index / 7001) + log(index) * pow(index, -0.37)
    }
    expect(sum).toMatchInlineSnapshot(`29257.4885017468`)
  })
})
