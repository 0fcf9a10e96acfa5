import fc from 'fast-check'
import { mean, standardDeviation } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { type Generator, namedGenerator } from '../../src/kernel/generator.ts'
import { normalDensity, normalProbability } from '../../src/kernel/special-functions.ts'
import {
  fillExponential,
  fillNormal,
  standardExponential,
  standardNormal,
} from '../../src/kernel/ziggurat.ts'

const TAIL_DRAWS = 20_000_000

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

/** Number of draws above `threshold` in size, and mean and deviation of their excess over it. */
function tailOf(fill: (generator: Generator, values: Float64Array) => void, threshold: number) {
  const generator = namedGenerator('tail')
  const block = new Float64Array(100_000)
  const excesses: number[] = []
  for (let drawn = 0; drawn < TAIL_DRAWS; drawn += block.length) {
    fill(generator, block)
    for (const value of block) {
      const size = Math.abs(value)
      if (size > threshold) excesses.push(size - threshold)
    }
  }
  return { count: excesses.length, mean: mean(excesses), deviation: standardDeviation(excesses) }
}

describe.each([
  // Without memory: the mean excess is 1 beyond any threshold.
  { family: families[0]!, threshold: 7.7, share: Math.exp(-7.7), meanExcess: 1 },
  // Both tails of the normal; the mean of what lies beyond t is its density over its tail.
  {
    family: families[1]!,
    threshold: 3.66,
    share: 2 * normalProbability(-3.66),
    meanExcess: normalDensity(3.66) / normalProbability(-3.66) - 3.66,
  },
])('the tail of $family.name draws', ({ family, threshold, share, meanExcess }) => {
  it('is as heavy as the density says', () => {
    const { count, mean: observed, deviation } = tailOf(family.fill, threshold)
    // 99.99 % intervals: binomial for the count, normal for the mean.
    const countDeviation = Math.sqrt(TAIL_DRAWS * share * (1 - share))
    expect(Math.abs(count - TAIL_DRAWS * share)).toBeLessThan(3.89 * countDeviation)
    expect(Math.abs(observed - meanExcess)).toBeLessThan((3.89 * deviation) / Math.sqrt(count))
  })
})
