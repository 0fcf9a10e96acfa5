/**
 * Dollars that AWS and infracost print in examples, worked out again. Where a scenario can say the
 * example, a hundredth of its month is run and billed as a hundred runs a month; the others go
 * through the price list. AWS rounds the components of a bill, so each is compared to the cent.
 * Source: aws.amazon.com/lambda/pricing, where a test names no other.
 */
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/experiment/simulate.ts'
import { tieredUsd } from '../../src/model/pricing/bill.ts'
import {
  decimal,
  difference,
  type Exact,
  product,
  sum,
  written,
} from '../../src/model/pricing/exact.ts'
import { priceListOf } from '../../src/model/pricing/index.ts'
import { priceOf } from '../../src/model/pricing/price-list.ts'
import type { ProductId } from '../../src/model/pricing/products.ts'

const CENT = 0.01
const NOW = Date.UTC(2026, 2, 2)

/** What a month's units cost at the prices of us-east-1. */
function usd(id: ProductId, units: string | Exact): Exact {
  const price = priceOf(priceListOf('us-east-1')!, id, NOW)!
  return tieredUsd(price, typeof units === 'string' ? decimal(units) : units)
}

function cents(value: Exact): number {
  return Number(written(value, 2))
}

const units = (...factors: readonly string[]): Exact => factors.map(decimal).reduce(product)
const total = (...values: readonly Exact[]): Exact => values.reduce(sum)
const without = (value: Exact, free: string): Exact => difference(value, decimal(free))

interface ExampleFunction {
  readonly name: string
  readonly memorySize: number
  readonly duration: string
  /** In a hundredth of the month, evenly. */
  readonly perSecond: number
  readonly keys?: object
}

/** The bill of a month that is a hundred times what is written. */
async function month(functions: readonly ExampleFunction[], options: object = {}) {
  const { freeTier = false, ...rest } = options as { readonly freeTier?: boolean }
  const result = await simulate({
    name: 'example',
    duration: '5m',
    metricsPeriod: '5m',
    drain: true,
    startsAt: '2026-03-02',
    account: { region: 'us-east-1', concurrentExecutions: 10_000 },
    functions: Object.fromEntries(
      functions.map(({ name, memorySize, duration, keys = {} }) => [
        name,
        {
          runtime: 'nodejs22.x',
          memorySize,
          timeout: '1m',
          coldStart: 'none',
          handler: { duration },
          ...keys,
        },
      ]),
    ),
    traffic: Object.fromEntries(
      functions.map(({ name, perSecond }) => [
        `calls-${name}`,
        { to: name, process: 'constant', rate: `${perSecond}/s` },
      ]),
    ),
    billing: { represents: { times: '100 per month' }, freeTier },
    ...rest,
  })
  const { lines, monthlyUsd } = result.bill!
  const of = (item: string): number =>
    lines
      .filter((line) => line.item.startsWith(item))
      .reduce((value, line) => value + Number(line.monthlyUsd), 0)
  const quantity = (name: string, item: string): number =>
    100 * Number(lines.find((line) => line.name === name && line.item === item)!.quantity)
  return { of, quantity, all: Number(monthlyUsd!.value) }
}

describe('examples of AWS, run', () => {
  it('E47: 3 M requests of 120 ms at 1536 MB cost $2.73 beyond the free tier', async () => {
    const { of, quantity, all } = await month(
      [{ name: 'f', memorySize: 1536, duration: '120ms', perSecond: 100 }],
      { freeTier: true },
    )
    expect(quantity('f', 'lambda-requests')).toBe(3_000_000)
    expect(quantity('f', 'lambda-duration-x86_64')).toBe(540_000)
    expect(of('lambda-duration').toFixed(2)).toBe('2.33')
    expect(of('lambda-requests').toFixed(2)).toBe('0.40')
    expect(all.toFixed(2)).toBe('2.73')
  })

  it('E48: 7.44 M requests of 2 s at 1024 MB cost $249.49', async () => {
    const { of, all } = await month([
      { name: 'f', memorySize: 1024, duration: '2s', perSecond: 248 },
    ])
    expect(of('lambda-requests').toFixed(2)).toBe('1.49')
    expect(of('lambda-duration').toFixed(2)).toBe('248.00')
    expect(all.toFixed(2)).toBe('249.49')
  })

  it('E50: 8 h of provisioned concurrency with 3 M requests cost $19.96', async () => {
    const calls = { name: 'on', memorySize: 1536, duration: '100ms', perSecond: 20 }
    const result = await month(
      [
        { ...calls, keys: { provisionedConcurrentExecutions: 100 } },
        { name: 'off', memorySize: 1536, duration: '120ms', perSecond: 100 },
      ],
      {
        // A hundredth of 8 h.
        duration: '288s',
        freeTier: true,
        traffic: {
          on: { to: 'on', process: 'constant', stages: [{ for: '250s', rate: '20/s' }] },
          off: { to: 'off', process: 'constant', stages: [{ for: '250s', rate: '100/s' }] },
        },
      },
    )
    expect(result.of('lambda-provisioned-concurrency').toFixed(2)).toBe('18.00')
    expect(result.of('lambda-requests').toFixed(2)).toBe('0.40')
    expect(result.of('lambda-provisioned-duration').toFixed(2)).toBe('0.73')
    expect(result.of('lambda-duration').toFixed(2)).toBe('0.83')
    expect(result.all.toFixed(2)).toBe('19.96')
  })

  it.each([
    ['x86_64', 0.07],
    ['arm64', 0.06],
  ])(
    'E61: 100,000 requests of 350 ms at 128 MB on %s cost $0.02 and $%d (infracost)',
    async (architectures, expected) => {
      const { of, quantity } = await month(
        [
          {
            name: 'f',
            memorySize: 128,
            duration: '350ms',
            perSecond: 10,
            keys: { architectures },
          },
        ],
        { duration: '100s', metricsPeriod: '100s' },
      )
      expect(quantity('f', `lambda-duration-${architectures}`)).toBe(4_375)
      expect(of('lambda-requests')).toBeCloseTo(0.02, 10)
      expect(Number(of('lambda-duration').toFixed(2))).toBe(expected)
    },
  )

  it('E73: in 2019 3 M requests of 1 s at 512 MB cost $18.74 beyond the free tier', async () => {
    const { of, all } = await month(
      [{ name: 'f', memorySize: 512, duration: '1s', perSecond: 100 }],
      { freeTier: true, startsAt: '2019-06-01', platform: '2019-06' },
    )
    expect(of('lambda-duration').toFixed(2)).toBe('18.34')
    expect(of('lambda-requests').toFixed(2)).toBe('0.40')
    expect(all.toFixed(2)).toBe('18.74')
  })
})

describe('examples of what is not simulated, by the price list', () => {
  it('E53: streaming 976.56 GB beyond 6 MB costs $7.81, and the whole $39.04', () => {
    const duration = usd('lambdaDurationX86', without(units('3000000', '0.5', '1.5'), '400000'))
    const requests = usd('lambdaRequests', '2000000')
    const streaming = usd('lambdaResponseStreaming', '976.56')
    expect([duration, requests, streaming].map(cents)).toEqual([30.83, 0.4, 7.81])
    expect(cents(duration) + cents(requests) + cents(streaming)).toBeCloseTo(39.04, 10)
  })

  it('E55: a Kafka event with 800 unit-hours: $993.34, $12 (AWS counts 60 M requests) and $148', () => {
    const duration = usd('lambdaDurationX86', without(units('30000000', '2'), '400000'))
    expect(cents(duration)).toBe(993.34)
    expect(cents(usd('lambdaRequests', '60000000'))).toBe(12)
    expect(cents(usd('lambdaKafkaPollers', '800'))).toBe(148)
  })

  it('E56: 720 unit-hours of grouped Kafka pollers cost $133.20, ungrouped ten times as much', () => {
    expect(cents(usd('lambdaKafkaPollers', '720'))).toBe(133.2)
    expect(cents(usd('lambdaKafkaPollers', '7200'))).toBe(1_332)
  })

  it('E57: tenant isolation of 10 M requests with 200,000 environments costs $368.74', () => {
    const all = total(
      usd('lambdaRequests', '10000000'),
      usd('lambdaDurationX86', units('10000000', '2')),
      usd('lambdaTenantEnvironments', '200000'),
    )
    expect(Math.abs(cents(all) - 368.74)).toBeLessThanOrEqual(CENT + Number.EPSILON)
  })

  it('E58: 2,000 h of a managed instance beside a plan of $0.0457 an hour cost $160.36', () => {
    const all = total(
      usd('lambdaManagedInstanceRequests', '100000000'),
      units('2000', '0.0457'),
      usd('lambdaManagedInstanceFeeM7gXlarge', '2000'),
    )
    expect(cents(all)).toBe(160.36)
  })

  it('E59: a million durable executions cost $490.46', () => {
    const parts = [
      usd('lambdaDurationArm', without(units('1000000', '32'), '400000')),
      usd('lambdaRequests', without(decimal('2000000'), '1000000')),
      usd('lambdaDurableOperations', '4000000'),
      usd('lambdaDurableData', '104'),
      // 7 days while they run and 14 days after, of a month of 30 days.
      usd('lambdaDurableStorage', units('104', '0.7')),
    ]
    expect(parts.map(cents)).toEqual([421.34, 0.2, 32, 26, 10.92])
    expect(parts.map(cents).reduce((one, other) => one + other)).toBeCloseTo(490.46, 10)
  })

  it('E62: 15,000 M requests of 2,048 ms at 2 GB go through three tiers (infracost)', () => {
    const tier = (from: string, to: string): number =>
      cents(difference(usd('lambdaDurationX86', to), usd('lambdaDurationX86', from)))
    expect(tier('0', '6000000000')).toBe(100_000.2)
    expect(tier('6000000000', '15000000000')).toBe(135_000)
    expect(tier('15000000000', '61440000000')).toBe(619_203.1)
    expect(cents(usd('lambdaRequests', '15000000000'))).toBe(3_000)
  })

  it('E65: 10 M Express workflows of 800 ms at 512 MB cost $10 and $63.34 (infracost)', () => {
    const duration = units('10000000', '0.8', '0.5')
    expect(cents(usd('stepFunctionsExpressRequests', '10000000'))).toBe(10)
    expect(cents(usd('stepFunctionsExpressDuration', '3600000'))).toBe(60.01)
    const second = difference(
      usd('stepFunctionsExpressDuration', duration),
      usd('stepFunctionsExpressDuration', '3600000'),
    )
    expect(cents(second)).toBe(3.33)
  })

  it('E68: 10,000 transitions of Standard workflows cost $0.25 (infracost)', () => {
    expect(cents(usd('stepFunctionsTransitions', '10000'))).toBe(0.25)
  })

  it('E70: 1,000 M requests to an HTTP API cost $300 and $630 (infracost)', () => {
    expect(cents(usd('httpApiRequests', '300000000'))).toBe(300)
    expect(cents(usd('httpApiRequests', '1000000000'))).toBe(930)
  })

  it('E71: DynamoDB by request and by capacity (infracost)', () => {
    expect(cents(usd('dynamoDbWrites', '3000000'))).toBe(1.88)
    expect(cents(usd('dynamoDbReads', '8000000'))).toBe(1)
    expect(cents(usd('dynamoDbWriteCapacity', units('20', '730')))).toBe(9.49)
    expect(cents(usd('dynamoDbReadCapacity', units('30', '730')))).toBe(2.85)
  })
})
