/** What was measured on Lambda in 2020 against the engine: a shorter version of the record. */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { normalProbability } from '../../src/kernel/special-functions.ts'
import { CLAIM_SHARE, Claims } from '../theory/interval.ts'
import { compare, deviationProbability, judge, type RateComparison } from './comparison.ts'
import {
  compileRate,
  type MeasuredRate,
  measuredRates,
  simulateRun,
  VARIANTS,
} from './model-2020.ts'
import { csvHeader, csvLine, recordedRuns } from './record-2020.ts'

const claims = new Claims('measurements of 2020')

const PRESET = VARIANTS[0]
const RECORD = new URL('../../results/validation/lambda-2020.csv', import.meta.url)

/** The busiest three rates take most of the time; the record has them. */
const HIGHEST_RATE = 0.4

async function simulate(rate: MeasuredRate, runCount: number): Promise<RateComparison> {
  const compiled = await compileRate(rate, PRESET)
  const runs = []
  for (let seed = 1; seed <= runCount; seed++) runs.push(await simulateRun(compiled, seed))
  return compare(rate, runs)
}

/** A score that a true model reaches or exceeds, on either side, more often than its share allows. */
function expectWithin(score: number): void {
  expect(2 * normalProbability(-Math.abs(score))).toBeGreaterThan(claims.take())
}

test('what was measured lies where the preset predicts it, at each of seven rates', async () => {
  const rates = measuredRates().filter((rate) => Number(rate.ratePerSecond) < HIGHEST_RATE)
  expect(rates).toHaveLength(7)
  const comparisons: RateComparison[] = []
  for (const rate of rates) comparisons.push(await simulate(rate, 20))
  for (const { coldStarts, instances } of comparisons) {
    expectWithin(coldStarts.score)
    expectWithin(instances.score)
  }
  for (const figure of ['coldStarts', 'instances'] as const) {
    const { probability } = judge(comparisons.map((comparison) => comparison[figure]))
    expect(probability).toBeGreaterThan(claims.take())
  }
})

describe('the committed record', () => {
  const lines = readFileSync(RECORD, 'utf8').split('\n')
  const rows: Record<string, string>[] = parse(readFileSync(RECORD), { columns: true })
  const probability = (variant: string, column: string): number => {
    const scores = rows.filter((row) => row.variant === variant).map((row) => Number(row[column]))
    expect(scores).toHaveLength(10)
    return deviationProbability(scores)
  }

  test('is what the engine gives, at the lowest rate to the last digit', async () => {
    const [lowest] = measuredRates()
    expect(`${lines[0]}\n`).toBe(csvHeader())
    const comparison = await simulate(lowest!, recordedRuns(lowest!))
    expect(`${lines[1]}\n`).toBe(csvLine(PRESET, comparison))
  })

  test('has every model at every rate', () => {
    const rates = measuredRates().map(({ ratePerSecond }) => ratePerSecond)
    const expected = VARIANTS.flatMap(({ id }) => rates.map((rate) => `${id} ${rate}`))
    expect(rows.map((row) => `${row.variant} ${row.arrival_rate_per_s}`)).toEqual(expected)
  })

  test('finds the preset compatible with what was measured at all ten rates', () => {
    expect(probability('preset', 'score')).toBeGreaterThan(claims.take())
    expect(probability('preset', 'instances_score')).toBeGreaterThan(claims.take())
  })

  test('finds a fixed idle timeout of ten minutes incompatible', () => {
    expect(probability('fixed-600s', 'instances_score')).toBeLessThan(CLAIM_SHARE)
  })
})
