/** What holds of every month, whatever was used in it. */
import '../support/fixed-seed.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/experiment/simulate.ts'
import { billOf, type ExactLine, type RestOfMonth } from '../../src/model/pricing/bill.ts'
import type { BillingPlan } from '../../src/model/pricing/billing-plan.ts'
import type { Usage } from '../../src/model/pricing/charge.ts'
import {
  difference,
  type Exact,
  isPositive,
  negative,
  product,
  sum,
  whole,
  written,
  ZERO,
} from '../../src/model/pricing/exact.ts'
import { priceListOf } from '../../src/model/pricing/index.ts'
import { PRODUCTS, type ProductId } from '../../src/model/pricing/products.ts'

const HOUR_US = 3_600_000_000
const HOURS_OF_MONTH = 730

const list = priceListOf('us-east-1')!
const startsAtMs = Date.UTC(2026, 2, 2)

/** From nothing to far beyond the last tier of requests and of GB-seconds. */
const amount = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, zeros]) => digits * 10 ** zeros)

const usages: fc.Arbitrary<readonly Usage[]> = fc.uniqueArray(
  fc.record({
    scope: fc.constant('function' as const),
    name: fc.constantFrom('a', 'b'),
    product: fc.constantFrom(...(Object.keys(PRODUCTS) as ProductId[])),
    amount,
    times: fc.constantFrom(1, 128, 1_024),
  }),
  { selector: ({ name, product: id }) => `${name} ${id}`, minLength: 1, maxLength: 8 },
)

const agreed = fc.record({
  freeTier: fc.boolean(),
  savingsPlan: fc.constantFrom(null, 'one-year-no-upfront', 'three-years-all-upfront'),
})

const times = fc.integer({ min: 1, max: 729 }).map((timesPerMonth) => ({ timesPerMonth }))

const represents: fc.Arbitrary<BillingPlan['represents']> = fc.oneof(
  fc.constantFrom('day', 'week', 'month'),
  times,
)

const rest: fc.Arbitrary<RestOfMonth | null> = fc.option(
  usages.map((used) => ({ usages: used, run: { lengthUs: HOUR_US }, periodUs: 24 * HOUR_US })),
)

function billed(used: readonly Usage[], plan: BillingPlan, other: RestOfMonth | null) {
  return billOf(used, { list, startsAtMs, plan }, { lengthUs: HOUR_US }, other)
}

const monthOf = (lines: readonly ExactLine[]): Exact =>
  lines.map(({ monthlyUsd }) => monthlyUsd!).reduce(sum, ZERO)

const runOf = (lines: readonly ExactLine[]): Exact =>
  lines.map(({ costUsd }) => costUsd).reduce(sum, ZERO)

const isNegative = (value: Exact) => isPositive(negative(value))
const isLess = (one: Exact, other: Exact) => isPositive(difference(other, one))
const text = (value: Exact) => written(value, 12)

describe('a month', () => {
  it('never costs less for more of anything, in the runs or in the rest of it', () => {
    const more = fc.record({ index: fc.nat(), amount, isInRest: fc.boolean() })
    fc.assert(
      fc.property(usages, agreed, represents, rest, more, (used, deal, period, other, change) => {
        const plan = { ...deal, represents: period }
        const grown = (of: readonly Usage[]) =>
          of.map((each, index) =>
            index === change.index % of.length
              ? { ...each, amount: each.amount + change.amount }
              : each,
          )
        const before = billed(used, plan, other)
        const after =
          change.isInRest && other !== null
            ? billed(used, plan, { ...other, usages: grown(other.usages) })
            : billed(grown(used), plan, other)
        expect(isLess(monthOf(after), monthOf(before))).toBe(false)
        if (!change.isInRest) expect(isLess(runOf(after), runOf(before))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('costs at least nothing, and no line of it is there twice', () => {
    fc.assert(
      fc.property(usages, agreed, represents, rest, (used, deal, period, other) => {
        const lines = billed(used, { ...deal, represents: period }, other)
        expect(isNegative(monthOf(lines))).toBe(false)
        expect(isNegative(runOf(lines))).toBe(false)
        const keys = lines.map(({ scope, name, item }) => `${scope} ${name} ${item}`)
        expect(new Set(keys).size).toBe(keys.length)
        for (const { scope, quantity, unitPriceUsd, costUsd, monthlyUsd } of lines) {
          expect(text(costUsd)).toBe(text(product(quantity, unitPriceUsd)))
          expect(isNegative(monthlyUsd!)).toBe(scope === 'account')
        }
      }),
      { numRuns: 300 },
    )
  })

  it('of some runs and the same scenario otherwise is one of as many runs as fill it', () => {
    fc.assert(
      fc.property(usages, agreed, times, (used, deal, some) => {
        const run = { lengthUs: HOUR_US }
        const itself = { usages: used, run, periodUs: HOUR_US }
        const both = billed(used, { ...deal, represents: some }, itself)
        const all = { ...deal, represents: { timesPerMonth: HOURS_OF_MONTH } }
        const lines = billed(used, all, null)
        expect(text(monthOf(both))).toBe(text(monthOf(lines)))
        expect(text(runOf(both))).toBe(text(runOf(lines)))
      }),
      { numRuns: 200 },
    )
  })

  it('is the runs at their cost and the rest, which costs no less than nothing', () => {
    fc.assert(
      fc.property(usages, agreed, times, usages, (used, deal, some, others) => {
        const other = { usages: others, run: { lengthUs: HOUR_US }, periodUs: HOUR_US }
        const lines = billed(used, { ...deal, represents: some }, other)
        const runs = product(runOf(lines), whole(some.timesPerMonth))
        expect(isLess(monthOf(lines), runs)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a scenario without traffic', () => {
  const lambda = { runtime: 'nodejs22.x', memorySize: 1024, coldStart: 'none' }
  const handler = { duration: '10ms', calls: [{ downstream: 'db' }, { table: 'carts' }] }
  const quiet = (keys: object = {}) => ({
    name: 'quiet',
    duration: '1h',
    account: { region: 'us-east-1' },
    functions: {
      web: {
        ...lambda,
        provisionedConcurrentExecutions: 2,
        loggingConfig: { bytesPerInvocation: '2KB' },
        handler,
        events: { web: { type: 'alb', api: 'shop' }, mail: { type: 'sqs', queue: 'mail' } },
      },
    },
    apis: { shop: { protocol: 'alb' } },
    queues: { mail: {} },
    streams: { clicks: { shardCount: 3 } },
    tables: {
      carts: { provisionedThroughput: { readCapacityUnits: 10, writeCapacityUnits: 20 } },
    },
    downstreams: {
      db: {
        type: 'connection-pool',
        maxConnections: 10,
        connection: 'proxy',
        proxy: { vCpus: 4 },
        service: '1ms',
      },
    },
    traffic: { visitors: { to: 'shop', rate: '0/s' } },
    ...keys,
  })
  /** US dollars an hour. */
  const FIXED = {
    'lambda-provisioned-concurrency-x86_64': 2 * 3_600 * 0.0000041667,
    'sqs-empty-receives': 5 * 180 * 0.0000004,
    'alb-hours': 0.0225,
    'kinesis-shards': 3 * 0.015,
    'dynamodb-read-capacity': 10 * 0.00013,
    'dynamodb-write-capacity': 20 * 0.00065,
    'rds-proxy': 4 * 0.015,
  }

  it.each(['day', 'week', 'month'])(
    'costs its fixed charges, for all hours: %s',
    async (period) => {
      const { bill } = await simulate(quiet({ billing: { represents: period } }))
      const monthly = Object.fromEntries(
        bill!.lines.map(({ item, monthlyUsd }) => [item, Number(monthlyUsd) / HOURS_OF_MONTH]),
      )
      expect(Object.keys(monthly).sort()).toEqual(Object.keys(FIXED).sort())
      for (const [item, usd] of Object.entries(FIXED)) expect(monthly[item]).toBeCloseTo(usd, 9)
      expect(bill!.perMillionUsd).toBeNull()
    },
  )

  it('costs them for its runs alone where nothing else happens', async () => {
    const { bill } = await simulate(quiet({ billing: { represents: { times: '3 per month' } } }))
    const hourly = Object.values(FIXED).reduce((total, usd) => total + usd)
    expect(Number(bill!.monthlyUsd!.value)).toBeCloseTo(3 * hourly, 9)
  })
})
