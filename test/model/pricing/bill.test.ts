import { describe, expect, it } from 'vitest'
import { billOf, type ExactLine, type RestOfMonth } from '../../../src/model/pricing/bill.ts'
import type { BillingPlan } from '../../../src/model/pricing/billing-plan.ts'
import { piecesOf, type Usage } from '../../../src/model/pricing/charge.ts'
import { sum, written } from '../../../src/model/pricing/exact.ts'
import { priceListOf } from '../../../src/model/pricing/index.ts'
import type { ProductId } from '../../../src/model/pricing/products.ts'

const HOUR_US = 3_600_000_000

const list = priceListOf('us-east-1')!
const startsAtMs = Date.UTC(2026, 2, 2)

function usage(name: string, product: ProductId, amount: number, times = 1): Usage {
  return { scope: 'function', name, product, amount, times }
}

function bill(
  usages: readonly Usage[],
  plan: Partial<BillingPlan> | null,
  lengthUs = HOUR_US,
  rest: RestOfMonth | null = null,
): readonly ExactLine[] {
  const full = plan && { represents: 'month' as const, freeTier: false, savingsPlan: null, ...plan }
  return billOf(usages, { list, startsAtMs, plan: full }, { lengthUs }, rest)
}

/** `ITEM QUANTITY x PRICE = RUN / MONTH`. */
function told(lines: readonly ExactLine[]): string[] {
  return lines.map(({ name, item, quantity, unitPriceUsd, costUsd, monthlyUsd }) => {
    const month = monthlyUsd === null ? '-' : written(monthlyUsd, 6)
    return `${name} ${item} ${written(quantity, 6)} x ${written(unitPriceUsd, 12)} = ${written(costUsd, 6)} / ${month}`
  })
}

describe('the bill of a run', () => {
  it('has a line for each use, without a month where nothing says what the run stands for', () => {
    const usages = [
      usage('a', 'lambdaRequests', 1_000_000),
      // 1,000,000 ms of 1,024 MB.
      usage('a', 'lambdaDurationX86', 1_000_000, 1_024),
      usage('b', 'lambdaRequests', 500_000),
    ]
    expect(told(bill(usages, null))).toEqual([
      'a lambda-requests 1000000 x 0.0000002 = 0.2 / -',
      'a lambda-duration-x86_64 1000 x 0.0000166667 = 0.016667 / -',
      'b lambda-requests 500000 x 0.0000002 = 0.1 / -',
    ])
  })

  it('takes what a day had 365/12 times for a month of 730 hours', () => {
    const lines = bill([usage('a', 'lambdaRequests', 1_200_000)], { represents: 'day' })
    expect(told(lines)).toEqual(['a lambda-requests 1200000 x 0.0000002 = 0.24 / 7.3'])
    const week = bill([usage('a', 'lambdaRequests', 1_680_000)], { represents: 'week' })
    expect(told(week)).toEqual(['a lambda-requests 1680000 x 0.0000002 = 0.336 / 1.46'])
  })

  it('charges for all hours of the month where a run of one hour stands for a day', () => {
    const lines = bill([usage('lb', 'albHours', HOUR_US)], { represents: 'day' })
    expect(told(lines)).toEqual(['lb alb-hours 1 x 0.0225 = 0.0225 / 16.425'])
  })

  it('charges for the runs alone where a month has so many of them', () => {
    const plan = { represents: { timesPerMonth: 4 } }
    const lines = bill([usage('lb', 'albHours', HOUR_US)], plan)
    expect(told(lines)).toEqual(['lb alb-hours 1 x 0.0225 = 0.0225 / 0.09'])
  })
})

describe('a month of some runs and of something else', () => {
  const fourTimes = { represents: { timesPerMonth: 4 } }

  /** Usages of a run of an hour, whose traffic comes once in `periodUs`. */
  const rest = (usages: readonly Usage[], periodUs = HOUR_US): RestOfMonth => ({
    usages,
    run: { lengthUs: HOUR_US },
    periodUs,
  })

  it('has the other run for all hours that are left', () => {
    // 4 runs of 2 hours, and 722 hours of the other.
    const lines = bill(
      [usage('a', 'lambdaRequests', 1_000_000)],
      fourTimes,
      2 * HOUR_US,
      rest([usage('a', 'lambdaRequests', 10_000)]),
    )
    expect(told(lines)).toEqual(['a lambda-requests 1000000 x 0.0000002 = 0.2 / 2.244'])
  })

  it('has all 730 hours of what is charged by the clock, whatever the other stands for', () => {
    const balancer = [usage('lb', 'albHours', HOUR_US)]
    const ofHour = bill(balancer, fourTimes, HOUR_US, rest(balancer))
    const ofDay = bill(balancer, fourTimes, HOUR_US, rest(balancer, 24 * HOUR_US))
    expect(told(ofHour)).toEqual(['lb alb-hours 1 x 0.0225 = 0.0225 / 16.425'])
    expect(ofDay).toEqual(ofHour)
  })

  it('has the traffic of a day once a day where the other run stands for one', () => {
    const other = rest([usage('a', 'lambdaRequests', 2_400_000)], 24 * HOUR_US)
    // 726 hours are 30.25 days.
    expect(told(bill([], fourTimes, HOUR_US, other))).toEqual([
      'a lambda-requests 0 x 0.0000002 = 0 / 14.52',
    ])
  })

  it('reaches tiers, and takes what is free, on both together', () => {
    const own = [usage('a', 'httpApiRequests', 50_000_000), usage('a', 'lambdaRequests', 125_000)]
    const other = rest([
      usage('a', 'httpApiRequests', 200_000),
      usage('b', 'lambdaRequests', 1_000),
    ])
    const lines = bill(own, { ...fourTimes, freeTier: true }, HOUR_US, other)
    // 200 million and 145.2 million calls; 500,000 and 726,000 requests.
    expect(told(lines)).toEqual([
      'a http-api-requests 50000000 x 0.000001 = 50 / 345.2',
      'a lambda-requests 125000 x 0.0000002 = 0.025 / 0.1',
      'b lambda-requests 0 x 0.0000002 = 0 / 0.1452',
      'account lambda-requests-free-tier -101957.585644 x 0.0000002 = -0.020392 / -0.2',
      'account http-api-requests-tier-2 6546929.316338 x -0.0000001 = -0.654693 / -4.52',
    ])
  })

  it('has nothing else where the runs fill it, or draining took them beyond it', () => {
    const own = [usage('a', 'lambdaRequests', 1_000_000)]
    const other = rest([usage('b', 'lambdaRequests', 1_000_000)])
    for (const hours of [182.5, 200]) {
      expect(told(bill(own, fourTimes, hours * HOUR_US, other))).toEqual([
        'a lambda-requests 1000000 x 0.0000002 = 0.2 / 0.8',
        'b lambda-requests 0 x 0.0000002 = 0 / 0',
      ])
    }
  })
})

describe('what is billed by the piece', () => {
  it('is every started one, and at least one', () => {
    expect([0, 1, 32, 33, 64, 65].map((bytes) => piecesOf(bytes, 32))).toEqual([1, 1, 1, 2, 2, 3])
  })
})

describe('what belongs to the account alone', () => {
  it('is what higher tiers are cheaper, on what all functions use together', () => {
    // 4 and 12 thousand million GB-seconds.
    const usages = [
      usage('a', 'lambdaDurationX86', 4_000_000_000_000, 1_024),
      usage('b', 'lambdaDurationX86', 12_000_000_000_000, 1_024),
    ]
    expect(told(bill(usages, {})).slice(2)).toEqual([
      'account lambda-duration-x86_64-tier-2 9000000000 x -0.0000016667 = -15000.3 / -15000.3',
      'account lambda-duration-x86_64-tier-3 1000000000 x -0.0000033333 = -3333.3 / -3333.3',
    ])
  })

  it('reaches tiers by what a month has, not by what the run had', () => {
    const usages = [usage('a', 'httpApiRequests', 100_000_000)]
    expect(told(bill(usages, { represents: { timesPerMonth: 4 } })).slice(1)).toEqual([
      'account http-api-requests-tier-2 25000000 x -0.0000001 = -2.5 / -10',
    ])
  })

  it('is what is free, which both architectures share', () => {
    const usages = [
      usage('a', 'lambdaDurationArm', 300_000_000, 1_024),
      usage('b', 'lambdaDurationX86', 250_000_000, 1_024),
    ]
    expect(told(bill(usages, { freeTier: true })).slice(2)).toEqual([
      'account lambda-duration-x86_64-free-tier -250000 x 0.0000166667 = -4.166675 / -4.166675',
      'account lambda-duration-arm64-free-tier -150000 x 0.0000133334 = -2.00001 / -2.00001',
    ])
  })

  it('is no credit for more than was used, and none for provisioned concurrency', () => {
    const usages = [
      usage('a', 'lambdaRequests', 1_000),
      usage('a', 'lambdaProvisionedX86', 1_000_000_000, 1_024),
    ]
    expect(told(bill(usages, { freeTier: true })).slice(2)).toEqual([
      'account lambda-requests-free-tier -1000 x 0.0000002 = -0.0002 / -0.0002',
    ])
  })

  it('is what a Savings Plan takes off compute that is paid for, and off nothing else', () => {
    const usages = [
      usage('a', 'lambdaRequests', 2_000_000),
      usage('a', 'lambdaDurationX86', 1_400_000_000, 1_024),
    ]
    const plan = { freeTier: true, savingsPlan: 'three-years-all-upfront' } as const
    expect(told(bill(usages, plan)).slice(2)).toEqual([
      'account lambda-requests-free-tier -1000000 x 0.0000002 = -0.2 / -0.2',
      'account lambda-duration-x86_64-free-tier -400000 x 0.0000166667 = -6.66668 / -6.66668',
      'account lambda-duration-x86_64-savings-plan 1000000 x -0.000002833339 = -2.833339 / -2.833339',
    ])
  })

  it('takes a Savings Plan off each tier by its own price', () => {
    const usages = [usage('a', 'lambdaDurationX86', 7_000_000_000_000, 1_024)]
    const lines = bill(usages, { savingsPlan: 'one-year-no-upfront' })
    const total = lines.map(({ monthlyUsd }) => monthlyUsd!).reduce(sum)
    // 88% of 6 thousand million at the first price and of one at the second.
    expect(written(total, 6)).toBe('101200.176')
  })

  it('does not depend on how long a run stands for the same month', () => {
    const month = bill([usage('a', 'lambdaRequests', 7_300_000)], { freeTier: true })
    const tenth = bill([usage('a', 'lambdaRequests', 730_000)], {
      represents: { timesPerMonth: 10 },
      freeTier: true,
    })
    const total = (lines: readonly ExactLine[]) =>
      written(lines.map(({ monthlyUsd }) => monthlyUsd!).reduce(sum), 12)
    expect(total(tenth)).toBe(total(month))
    expect(total(month)).toBe('1.26')
  })
})
