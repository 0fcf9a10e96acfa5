/** What holds of every bill, whatever was run. */
import '../support/fixed-seed.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeBills } from '../../src/experiment/bill.ts'
import type { Bill, BillLine } from '../../src/experiment/result.ts'
import type { BillingPlan } from '../../src/model/pricing/billing-plan.ts'
import { decimal, difference, product, sum, written, ZERO } from '../../src/model/pricing/exact.ts'
import { priceListOf } from '../../src/model/pricing/index.ts'
import { costCsv } from '../../src/report/csv.ts'
import { run } from '../support/run.ts'
import { smallScenario } from './arbitrary-scenario.ts'
import { topology } from './topology/scenario.ts'
import { watch } from './topology/watched.ts'

const plan: fc.Arbitrary<BillingPlan> = fc.record({
  represents: fc.oneof(
    fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    fc.integer({ min: 1, max: 100_000 }).map((timesPerMonth) => ({ timesPerMonth })),
  ),
  freeTier: fc.boolean(),
  savingsPlan: fc.constantFrom(null, 'one-year-no-upfront', 'three-years-all-upfront'),
})

const tariffOf = (billingPlan: BillingPlan | null) => ({
  list: priceListOf('us-east-1')!,
  startsAtMs: Date.UTC(2026, 2, 2),
  plan: billingPlan,
})

const total = (values: readonly (string | null)[]) =>
  written(values.map((value) => decimal(value ?? '0')).reduce(sum, ZERO), 12)

/** A trillionth for each of quantity and cost that was rounded. */
const ROUNDING = 1e-9

const PLAIN_ROW =
  /^[a-z]+(,[A-Za-z0-9._-]+){2},-?\d+(\.\d+)?,[A-Za-z-]+(,-?\d+(\.\d+)?){2},(-?\d+(\.\d+)?)?$/i

function linesHold(bill: Bill): void {
  const { lines, costUsd, monthlyUsd } = bill
  expect(costUsd.value).toBe(total(lines.map((line) => line.costUsd)))
  if (monthlyUsd !== null)
    expect(monthlyUsd.value).toBe(total(lines.map((line) => line.monthlyUsd)))
  const keys = lines.map(({ scope, name, item }) => `${scope} ${name} ${item}`)
  expect(new Set(keys).size).toBe(keys.length)
  for (const line of lines) lineHolds(line)
}

function lineHolds({ scope, quantity, unitPriceUsd, costUsd, monthlyUsd }: BillLine): void {
  const cost = product(decimal(quantity), decimal(unitPriceUsd))
  const off = Number(written(difference(cost, decimal(costUsd)), 16))
  expect(Math.abs(off)).toBeLessThanOrEqual(ROUNDING)
  if (scope !== 'account') {
    expect(Number(quantity)).toBeGreaterThan(0)
    expect(Number(costUsd)).toBeGreaterThanOrEqual(0)
  } else expect(Number(monthlyUsd)).toBeLessThanOrEqual(0)
}

describe('any bill', () => {
  it('of functions is the sum of its lines, which are the metrics at their price', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, plan, async (scenario, billingPlan) => {
        // Without a warm-up the summary has the whole run.
        const { output } = await run(scenario, { set: ['warmUp=0s'] })
        for (const each of [null, billingPlan]) linesHold(mergeBills([output], tariffOf(each))!)
        const { lines } = mergeBills([output], tariffOf(null))!
        const sumOf = (name: string, metric: string) =>
          output.summary.find((row) => row.name === name && row.metric === metric)?.value ?? 0
        for (const { name, item, quantity } of lines) {
          if (item === 'lambda-requests') expect(Number(quantity)).toBe(sumOf(name, 'Invocations'))
        }
        for (const [name, { memorySize }] of Object.entries(scenario.functions)) {
          const seconds = lines
            .filter((line) => line.name === name && /-duration-/.test(line.item))
            .reduce((sofar, { quantity }) => sofar + Number(quantity), 0)
          // Inits without an invocation come on top.
          const invoked = (sumOf(name, 'BilledDuration') * memorySize) / 1_024_000
          expect(seconds).toBeGreaterThanOrEqual(invoked * (1 - ROUNDING))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('of any topology is the sum of its lines', async () => {
    await fc.assert(
      fc.asyncProperty(topology, plan, async (scenario, billingPlan) => {
        const { view } = await watch(scenario)
        for (const each of [null, billingPlan]) {
          const bill = mergeBills([view.output], tariffOf(each))!
          linesHold(bill)
          const rows = costCsv(bill).trimEnd().split('\n').slice(1)
          for (const row of rows) expect(row).toMatch(PLAIN_ROW)
        }
      }),
      { numRuns: 12 },
    )
  })

  it('of several replications is the mean of theirs', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, plan, async (scenario, billingPlan) => {
        const outputs = [
          (await run(scenario, { replication: 0 })).output,
          (await run(scenario, { replication: 1 })).output,
        ]
        const tariff = tariffOf(billingPlan)
        const both = mergeBills(outputs, tariff)!
        linesHold(both)
        const alone = outputs.map((output) => Number(mergeBills([output], tariff)!.costUsd.value))
        const mean = (alone[0]! + alone[1]!) / 2
        expect(Number(both.costUsd.value)).toBeCloseTo(mean, 9)
        const { ci95Low, ci95High } = both.costUsd
        expect(Number(ci95Low)).toBeLessThanOrEqual(mean + ROUNDING)
        expect(Number(ci95High)).toBeGreaterThanOrEqual(mean - ROUNDING)
      }),
      { numRuns: 8 },
    )
  })
})
