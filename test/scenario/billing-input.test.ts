/** What `billing` may say, and what is said where a price is missing. */
import { describe, expect, it } from 'vitest'
import { PRICE_LISTS } from '../../src/model/pricing/index.ts'
import type { PriceList } from '../../src/model/pricing/price-list.ts'
import type { ProductId } from '../../src/model/pricing/products.ts'
import { usEast1 } from '../../src/model/pricing/us-east-1/index.ts'
import { priceAssumptions, pricingProblems, unbilledReason } from '../../src/scenario/prices.ts'
import { compile, complaint, load } from './support.ts'

const scenario = (region: string, billing?: string, extra = ''): string => `name: s
duration: 1m
account: { region: ${region} }
functions: { f: { runtime: nodejs22.x, coldStart: none, handler: { duration: 50ms } } }
${billing === undefined ? '' : `billing: ${billing}\n`}${extra}`

describe('billing', () => {
  it('is left out where a run stands for nothing but itself', async () => {
    const { billing, unbilled } = await compile(scenario('us-east-1'))
    expect(billing).toBeNull()
    expect(unbilled).toBe('')
  })

  it('says what the run stands for, without free tier and Savings Plan unless they are written', async () => {
    const { billing } = await compile(scenario('us-east-1', '{ represents: week }'))
    expect(billing).toEqual({ represents: 'week', freeTier: false, savingsPlan: null })
  })

  it('warns where the run is so short that a month lacks traffic', async () => {
    const warnings = async (billing: string, duration: string) =>
      (await load(scenario('us-east-1', billing), [`duration=${duration}`])).warnings.filter(
        (text) => text.startsWith('billing'),
      )
    expect(await warnings('{ represents: day }', '2h')).toEqual([
      'billing: the run of 2h stands for a whole day, in which nothing else comes than in these 2h',
    ])
    expect(await warnings('{ represents: day }', '24h')).toEqual([])
    expect(await warnings('{ represents: month }', '28d')).toEqual([])
    expect(await warnings('{ represents: { times: 4 per month } }', '2h')).toEqual([])
  })

  it('counts the runs of a month', async () => {
    const text =
      '{ represents: { times: 4 per month }, freeTier: true, savingsPlan: one-year-no-upfront }'
    const { billing } = await compile(scenario('us-east-1', text))
    expect(billing).toEqual({
      represents: { timesPerMonth: 4 },
      freeTier: true,
      savingsPlan: 'one-year-no-upfront',
    })
  })

  it.each([
    ['{ freeTier: true }', 'missing required key `represents`'],
    ['{ represents: fortnight }', 'represents is day, week, month, or { times: 4 per month }'],
    ['{ represents: { times: often } }', '`often` is not a number of times such as `4 per month`'],
    [
      '{ represents: { times: 4 per month, otherwise: usual.yaml } }',
      '`otherwise` is not supported yet',
    ],
    ['{ represents: day, savingsPlan: gold }', 'one-year-no-upfront'],
  ])('refuses %s', async (billing, message) => {
    expect(await complaint(scenario('us-east-1', billing))).toContain(message)
  })
})

describe('a run that is longer than what it stands for', () => {
  it.each([
    ['day', '24h', '25h'],
    ['week', '7d', '8d'],
    ['month', '31d', '32d'],
    ['{ times: 4 per month }', '7d', '8d'],
  ])('is refused: %s', async (represents, longest, longer) => {
    const text = scenario('us-east-1', `{ represents: ${represents} }`)
    await compile(text, [`duration=${longest}`])
    expect(await complaint(text, [`duration=${longer}`])).toContain(
      `the run takes ${longer.replace('25h', '1d1h')}, which is longer than what it stands for`,
    )
  })
})

describe('a region without a price list', () => {
  it('is run without a bill, and the output says why', async () => {
    const { unbilled } = await compile(scenario('eu-central-1'))
    expect(unbilled).toBe('there is no price list for eu-central-1 (there is one for us-east-1)')
  })

  it('is refused at its line where a bill is asked for', async () => {
    expect(await complaint(scenario('eu-central-1', '{ represents: day }'))).toBe(
      [
        's.yaml:3:20: there is no price list for eu-central-1 (there is one for us-east-1), so there is no bill: leave `billing` out to run without one',
        '  account: { region: eu-central-1 }',
        '                     ^^^^^^^^^^^^',
      ].join('\n'),
    )
  })
})

describe('a price', () => {
  const using = (product: ProductId) => ({
    functions: [],
    parts: [
      {
        path: 'downstreams.db',
        scope: 'downstream' as const,
        name: 'db',
        metrics: null,
        charges: [{ product, amount: () => 1 }],
        create: () => ({ path: 'downstreams.db' }),
      },
    ],
  })

  it('that is assumed is told as an assumption, and others are not', async () => {
    const { scenario: loaded } = await load(scenario('us-east-1'))
    expect(priceAssumptions(loaded, using('kinesisShards'))).toEqual([])
    expect(priceAssumptions(loaded, using('rdsProxy'))).toMatchObject([
      { id: 'price', statement: 'The price of rds-proxy is $0.015 for each vcpu-hour.' },
    ])
  })

  it('that is missing is told where it is used, and is never 0', async () => {
    const { rdsProxy, ...others } = usEast1.prices
    expect(rdsProxy).toBeDefined()
    const { scenario: loaded } = await load(scenario('us-east-1', '{ represents: day }'))
    const [list] = PRICE_LISTS as PriceList[]
    ;(PRICE_LISTS as PriceList[])[0] = { ...usEast1, prices: others }
    try {
      const message = 'the price list of us-east-1 has no price for rds-proxy'
      expect(unbilledReason(loaded, using('rdsProxy'))).toBe(message)
      expect(unbilledReason(loaded, using('kinesisShards'))).toBe('')
      expect(pricingProblems(loaded, using('rdsProxy'))).toMatchObject([
        { path: ['downstreams', 'db'], message: expect.stringContaining(message) },
      ])
    } finally {
      ;(PRICE_LISTS as PriceList[])[0] = list!
    }
  })
})
