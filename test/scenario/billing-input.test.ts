/** What `billing` may say, and what is said where a price is missing. */
import { describe, expect, it } from 'vitest'
import { PRICE_LISTS } from '../../src/model/pricing/index.ts'
import type { PriceList } from '../../src/model/pricing/price-list.ts'
import type { ProductId } from '../../src/model/pricing/products.ts'
import { usEast1 } from '../../src/model/pricing/us-east-1/index.ts'
import { loadScenario } from '../../src/scenario/load.ts'
import { priceAssumptions, pricingProblems, unbilledReason } from '../../src/scenario/prices.ts'
import { compile, complaint, filesOf, load } from './support.ts'

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
    ['{ represents: { otherwise: usual.yaml } }', 'missing required key `times`'],
    ['{ represents: { times: 4 per month, otherwise: 7 } }', 'otherwise is the name of a scenario'],
    ['{ represents: { times: 4 per month, otherwise: "" } }', 'the name of the scenario is empty'],
    ['{ represents: day, savingsPlan: gold }', 'one-year-no-upfront'],
  ])('refuses %s', async (billing, message) => {
    expect(await complaint(scenario('us-east-1', billing))).toContain(message)
  })
})

describe('a run that is longer than what it stands for', () => {
  const TOO_LONG = 'which is longer than what it stands for'

  it.each([
    ['day', '24h', '25h', `the run takes 1d1h, ${TOO_LONG}`],
    ['week', '7d', '8d', `the run takes 8d, ${TOO_LONG}`],
    ['month', '31d', '32d', `the run takes 32d, ${TOO_LONG}`],
    ['{ times: 4 per month }', '7d', '8d', '4 runs of 8d are longer than a month, which has 730h'],
  ])('is refused: %s', async (represents, longest, longer, message) => {
    const text = scenario('us-east-1', `{ represents: ${represents} }`)
    await compile(text, [`duration=${longest}`])
    expect(await complaint(text, [`duration=${longer}`])).toContain(`s.yaml:5:24: ${message}\n`)
  })
})

describe('the scenario that stands for the rest of a month', () => {
  const SALE = scenario(
    'us-east-1',
    '{ represents: { times: 4 per month, otherwise: d/usual.yaml } }',
  )
  const saying = (text: string) => filesOf({ 'd/usual.yaml': text })
  const refusal = (other: string) => complaint(SALE, [], saying(other))

  it('is loaded with the seed of the one that names it, and nothing else of it', async () => {
    const usual = `${scenario('us-east-1', '{ represents: day }')}traffic: { t: { to: f, trace: hits.csv } }\n`
    const hits = 'time_s,count\n0,5\n60,0\n'
    const files = filesOf({ 'd/usual.yaml': usual, 'd/hits.csv': hits })
    const { otherwise, compiled } = await load(SALE, ['seed=5', 'name=sale'], files)
    expect(compiled.seed).toBe('5')
    expect(otherwise).toMatchObject({
      file: 'd/usual.yaml',
      compiled: { name: 's', seed: '5', billing: { represents: 'day' } },
    })
    // What file names in it are relative to it.
    expect(await otherwise!.files.readText('hits.csv')).toBe(hits)
    expect((await load(scenario('us-east-1'))).otherwise).toBeNull()
  })

  it('changes the digest with its content', async () => {
    const digest = async (other: string) => (await load(SALE, [], saying(other))).digest
    const usual = scenario('us-east-1')
    expect(await digest(usual)).toBe(await digest(`${usual}# the same\n`))
    expect(await digest(usual)).not.toBe(await digest(usual.replace('1m', '2m')))
  })

  it('is its variant of the same name, where it has one', async () => {
    const variants = 'variants: { big: { functions.f.memorySize: 2048 } }\n'
    const memory = async (other: string, variant: string) => {
      const files = saying(other)
      const text = `${SALE}variants: { big: { duration: 2m }, long: { duration: 2m } }\n`
      const loaded = await loadScenario({ text, fileName: 's.yaml', files, variant })
      return loaded.ok && loaded.otherwise!.compiled.functions[0]!.memoryMb
    }
    const usual = scenario('us-east-1').replace('50ms', '50ms, cpuBound: 0%')
    expect(await memory(`${usual}${variants}`, 'big')).toBe(2048)
    expect(await memory(`${usual}${variants}`, 'long')).toBe(128)
    expect(await memory(usual, 'big')).toBe(128)
  })

  it('brings its warnings and assumptions, which name it', async () => {
    const usual = scenario('us-east-1').replace('coldStart: none, ', '')
    const { compiled } = await load(SALE, [], saying(usual))
    expect(compiled.warnings).toEqual([
      expect.stringContaining('d/usual.yaml: functions.f: init is an empty function'),
    ])
    const placements = compiled.assumptions.filter(({ id }) => id === 'placement')
    expect(placements).toHaveLength(1)
    expect(placements[0]).not.toHaveProperty('alternatives')
  })

  it('is told with its own faults at their lines', async () => {
    expect(await refusal(scenario('us-east-1').replace('1m', 'soon'))).toMatch(
      /^d\/usual\.yaml:2:11: .*\n {2}duration: soon\n {12}\^{4}$/,
    )
  })

  it('must be there', async () => {
    expect(await complaint(SALE)).toContain(
      's.yaml:5:57: d/usual.yaml: no such file\n  billing: { represents:',
    )
  })

  it.each([
    [
      scenario('us-east-1', '{ represents: { times: 2 per month, otherwise: x.yaml } }'),
      'd/usual.yaml has an `otherwise` of its own: the rest of a month is one scenario',
    ],
    [
      scenario('us-east-1', '{ represents: { times: 2 per month } }'),
      'd/usual.yaml says how often a month has it: what stands for the rest of a month happens all the time',
    ],
    [scenario('eu-west-1'), 'd/usual.yaml is in eu-west-1, this scenario in us-east-1'],
    [
      scenario('us-east-1', undefined, 'startsAt: 2024-02-01T00:00:00Z\n'),
      'd/usual.yaml starts in 2024-02, this scenario in 2026-03: a month has the prices of one month',
    ],
    [SALE, 'd/usual.yaml is this scenario itself'],
  ])('goes with it in one month, or is refused', async (other, message) => {
    expect(await refusal(other)).toContain(`s.yaml:5:57: ${message}`)
  })

  it('is told with everything that keeps them from that', async () => {
    const other = scenario('eu-west-1', undefined, 'startsAt: 2024-02-01T00:00:00Z\n')
    const told = await complaint(SALE, ['duration=8d'], saying(other))
    expect(told.match(/^s\.yaml:\d+:\d+/gm)).toEqual(['s.yaml:5:24', 's.yaml:5:57', 's.yaml:5:57'])
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
