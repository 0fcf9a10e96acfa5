import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { namedGenerator } from '../../src/kernel/generator.ts'
import type { Distribution } from '../../src/model/distributions/distribution.ts'
import { distributionSchema, distributions } from '../../src/model/distributions/index.ts'
import { duration } from '../../src/model/units.ts'
import { cases, distributionOf } from '../model/distributions/cases.ts'
import {
  type GoldenDraws,
  goldenDraws,
  goldenTableText,
} from '../model/distributions/golden-draws.ts'

const DRAWS = 200_000
const GOLDEN_FILE = new URL('../golden/draws.json', import.meta.url)
/** Two-sided normal quantile of 99.99 %. */
const Z = 3.8906
/** sup |F_n - F| stays below this in 99.99 % of samples (Dvoretzky, Kiefer, Wolfowitz, Massart). */
const SUPREMUM_BOUND = Math.sqrt(Math.log(2 / 1e-4) / (2 * DRAWS))

/** SPILLWAY_UPDATE_GOLDEN=1 writes the table anew: whatever was drawn before then changes. */
async function goldenTable(): Promise<Record<string, GoldenDraws>> {
  if (process.env.SPILLWAY_UPDATE_GOLDEN === '1') {
    writeFileSync(GOLDEN_FILE, await goldenTableText())
  }
  return JSON.parse(readFileSync(GOLDEN_FILE, 'utf8'))
}

let golden: Record<string, GoldenDraws>
beforeAll(async () => {
  golden = await goldenTable()
})

it('every listed family has a case here', () => {
  const kinds = cases.map(({ written }) =>
    typeof written === 'object' && written !== null ? Object.keys(written)[0] : 'constant',
  )
  expect([...new Set(kinds)].sort()).toEqual(distributions.map(({ kind }) => kind).sort())
})

it('the schema is available as JSON Schema for editors, with every family', () => {
  const { anyOf } = z.toJSONSchema(distributionSchema(duration), {
    target: 'draft-07',
    io: 'input',
  })
  const [bare, ...families] = anyOf as { type: string; required?: string[] }[]
  expect(bare!.type).toBe('string')
  expect(families.flatMap(({ required }) => required)).toEqual(
    distributions.map(({ kind }) => kind),
  )
})

describe.each(cases)('$name', (each) => {
  let distribution: Distribution
  let values: Float64Array
  beforeAll(async () => {
    distribution = await distributionOf(each)
    values = new Float64Array(DRAWS)
    distribution.fill(namedGenerator(`contract/${each.name}`), values)
  })

  it('draws finite values that are never negative', () => {
    expect(values.every((value) => value >= 0 && value < Infinity)).toBe(true)
  })

  it('draws the committed values, bit for bit', () => {
    expect(goldenDraws(each.name, distribution)).toEqual(golden[each.name])
  })

  it('draws the same in blocks of any size and one at a time', () => {
    const singles = namedGenerator('blocks')
    const blocks = namedGenerator('blocks')
    for (const size of [1, 7, 0, 256, 2000]) {
      const block = new Float64Array(size)
      distribution.fill(blocks, block)
      expect(block).toEqual(Float64Array.from(block, () => distribution.sample(singles)))
    }
    expect({ ...blocks }).toEqual({ ...singles })
  })

  it('has the mean and variance it states', () => {
    const { mean, variance } = distribution
    const deviations = values.map((value) => value - mean)
    const moment = (power: number) =>
      deviations.reduce((sum, deviation) => sum + deviation ** power, 0) / DRAWS
    const rounding = 1e-12 * mean
    expect(Math.abs(moment(1))).toBeLessThanOrEqual(Z * Math.sqrt(variance / DRAWS) + rounding)
    const second = moment(2)
    const standardError = Math.sqrt(Math.max(0, moment(4) - second * second) / DRAWS)
    expect(Math.abs(second - variance)).toBeLessThanOrEqual(Z * standardError + rounding * mean)
  })

  it('draws from the distribution function it states', () => {
    const sorted = values.slice().sort()
    let supremum = 0
    for (let index = 0; index < DRAWS; index++) {
      const value = sorted[index]!
      if (index === 0 || sorted[index - 1]! < value) {
        const justBelow = distribution.cumulative(value * (1 - 2e-16))
        supremum = Math.max(supremum, Math.abs(justBelow - index / DRAWS))
      }
      if (index === DRAWS - 1 || sorted[index + 1]! > value) {
        const at = distribution.cumulative(value)
        supremum = Math.max(supremum, Math.abs(at - (index + 1) / DRAWS))
      }
    }
    expect(supremum).toBeLessThan(SUPREMUM_BOUND)
  })

  it('has quantiles that invert its distribution function and never decrease', () => {
    let previous = 0
    for (const p of [0, 1e-6, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.999999, 1]) {
      const quantile = distribution.quantile(p)
      expect(quantile).toBeGreaterThanOrEqual(previous)
      previous = quantile
      if (quantile === Infinity) {
        expect(p).toBe(1)
        continue
      }
      // The smallest value that has the probability: a hair below is not enough, above is.
      expect(distribution.cumulative(quantile * (1 + 1e-11))).toBeGreaterThanOrEqual(p - 1e-12)
      const below = distribution.cumulative(quantile * (1 - 1e-11))
      if (p > 0) expect(below).toBeLessThanOrEqual(p)
    }
  })
})
