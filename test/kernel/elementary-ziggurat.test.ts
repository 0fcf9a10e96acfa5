import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Generator, namedGenerator } from '../../src/kernel/generator.ts'
import {
  fillExponential,
  fillNormal,
  standardExponential,
  standardNormal,
} from '../../src/kernel/ziggurat.ts'

const families = [
  {
    name: 'exponential',
    single: standardExponential,
    fill: (generator: Generator, values: Float64Array) => fillExponential(generator, values, 1),
  },
  { name: 'normal', single: standardNormal, fill: fillNormal },
]

describe.each(families)('$name draws', ({ single, fill }) => {
  it('are the same in blocks of any size and one at a time, and leave the same state', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 5 }),
        (name, sizes) => {
          const blocks = namedGenerator(name)
          const singles = namedGenerator(name)
          for (const size of sizes) {
            const block = new Float64Array(size)
            fill(blocks, block)
            for (const value of block) expect(value).toBe(single(singles))
          }
          expect({ ...blocks }).toEqual({ ...singles })
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('tails', () => {
  it('reach beyond the base layer as often as the densities say', () => {
    const count = 1_000_000
    const exponentials = new Float64Array(count)
    const normals = new Float64Array(count)
    fillExponential(new Generator().seed(1, 1, 1, 1), exponentials, 1)
    fillNormal(new Generator().seed(2, 2, 2, 2), normals)
    const share = (values: Float64Array, test: (value: number) => boolean) =>
      values.reduce((sum, value) => sum + (test(value) ? 1 : 0), 0) / count
    // Binomial deviation, 99.99 %: 3.89 sigma.
    const within = (observed: number, p: number) =>
      expect(Math.abs(observed - p)).toBeLessThan(3.89 * Math.sqrt((p * (1 - p)) / count))
    within(
      share(exponentials, (x) => x > 7.7),
      Math.exp(-7.7),
    )
    within(
      share(exponentials, (x) => x > 9),
      Math.exp(-9),
    )
    // P(Z > 3.66) and P(Z > 4), from tables of the normal distribution.
    within(
      share(normals, (x) => x > 3.66),
      1.2610762413e-4,
    )
    within(
      share(normals, (x) => x < -3.66),
      1.2610762413e-4,
    )
    within(
      share(normals, (x) => x > 4 || x < -4),
      2 * 3.1671241833e-5,
    )
  })
})
