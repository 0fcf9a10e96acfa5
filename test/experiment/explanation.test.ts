import { describe, expect, test } from 'vitest'
import { expectationOf } from '../../src/experiment/expectation.ts'
import { explainScenario } from '../../src/experiment/explanation.ts'
import { usedShare } from '../../src/experiment/limit-forecast.ts'
import { type FunctionLoad, tokensWanted } from '../../src/experiment/scaling-forecast.ts'
import { simulate } from '../../src/index.ts'
import { expectationSentence } from '../../src/report/expectation.ts'
import { loadScenario } from '../../src/scenario/load.ts'
import { erlangB } from '../../src/stats/queueing-theory.ts'

interface Parts {
  readonly duration?: string
  readonly account?: string
  readonly platform?: string
  readonly drain?: boolean
  readonly api?: string
  readonly traffic?: string
}

function yaml({
  duration = '200ms',
  account = '',
  platform = '2026-11',
  drain = false,
  api = '',
  traffic = 'to: api, rate: 100/s',
}: Parts): string {
  return `name: load
duration: 10m
platform: ${platform}
drain: ${drain}
account: { region: us-east-1${account} }
functions:
  api: { runtime: nodejs22.x, handler: { duration: ${duration} }, coldStart: none${api} }
traffic:
  web: { ${traffic} }
`
}

async function compiledOf(parts: Parts) {
  const files = {
    readText: () => Promise.reject(new Error('no files')),
    readChunks: () => {
      throw new Error('no files')
    },
  }
  const loaded = await loadScenario({ text: yaml(parts), fileName: 'load', files })
  if (!loaded.ok) throw new Error(loaded.formatted)
  return loaded.compiled
}

async function explained(parts: Parts) {
  return explainScenario(await compiledOf(parts))
}

async function limit(parts: Parts, name: string) {
  const { limits } = await explained(parts)
  return limits.find((candidate) => `${candidate.name} ${candidate.limit}` === name)
}

describe('the offered load', () => {
  test('in flight is rate times mean duration (Little), on average and at the peak', async () => {
    const { functions } = await explained({
      traffic: 'to: api, stages: [{ for: 5m, rate: 100/s }, { for: 5m, rate: 300/s }]',
    })
    expect(functions).toMatchObject([
      { name: 'api', peakRatePerSecond: 300, meanConcurrency: 40, peakConcurrency: 60 },
    ])
  })

  test('a handler that would outlast its timeout counts until there', async () => {
    const { functions } = await explained({ duration: '5s', api: ', timeout: 1s' })
    expect(functions[0]).toMatchObject({ meanDurationUs: 1_000_000, peakConcurrency: 100 })
  })

  test('each stage has its concurrency', async () => {
    const { producers } = await explained({
      traffic:
        'to: api, stages: [{ for: 5m, rate: 100/s }, { for: 1m, rate: 100/s, rampTo: 300/s }]',
    })
    expect(producers[0]?.stages).toEqual([
      {
        fromUs: 0,
        startRatePerSecond: 100,
        endRatePerSecond: 100,
        startConcurrency: 20,
        endConcurrency: 20,
      },
      {
        fromUs: 300_000_000,
        startRatePerSecond: 100,
        endRatePerSecond: 300,
        startConcurrency: 20,
        endConcurrency: 60,
      },
    ])
  })

  test('users in a closed loop ask at most once per think time and answer', async () => {
    const { functions } = await explained({
      traffic: 'to: api, process: users, users: 50, thinkTime: 800ms',
    })
    expect(functions[0]).toMatchObject({ peakRatePerSecond: 50, peakConcurrency: 10 })
  })
})

describe('limits before a run', () => {
  test('the tightest stands first', async () => {
    const { limits } = await explained({ api: ', reservedConcurrentExecutions: 10' })
    expect(limits.map(({ name, limit }) => `${name} ${limit}`)).toEqual([
      'api reserved concurrency',
      'api reserved request rate',
      'api scaling rate',
      'account request rate',
    ])
    expect(limits.map(usedShare)[0]).toBe(2)
  })

  test('reserved concurrency leaves the pool of the others', async () => {
    const pool = await limit(
      { account: ', concurrentExecutions: 500' },
      'account unreserved concurrency',
    )
    expect(pool).toMatchObject({ demand: 20, allowed: 500 })
    const others = ', concurrentExecutions: 500, otherFunctions: { unreservedConcurrency: 100 }'
    expect(
      await limit(
        { account: others, api: ', provisionedConcurrentExecutions: 15' },
        'account unreserved concurrency',
      ),
    ).toMatchObject({ demand: 5, allowed: 385 })
  })

  test('provisioned concurrency serves only what its qualifier gets', async () => {
    const api = ', aliases: { live: { functionVersion: "7", provisionedConcurrentExecutions: 15 } }'
    const name = 'api:live provisioned concurrency'
    expect(await limit({ api, traffic: 'to: "api:live", rate: 100/s' }, name)).toMatchObject({
      demand: 20,
      allowed: 15,
      effect: 'spills over to on-demand',
    })
    expect(await limit({ api }, name)).toMatchObject({ demand: 0 })
    const pool = 'account unreserved concurrency'
    expect(await limit({ api }, pool)).toMatchObject({ demand: 20, allowed: 985 })
    expect(await limit({ api, traffic: 'to: "api:live", rate: 100/s' }, pool)).toMatchObject({
      demand: 5,
      allowed: 985,
    })
  })

  test('the loss at a reserved limit is Erlang B of the load at the peak', async () => {
    const { functions } = await explained({ api: ', reservedConcurrentExecutions: 20' })
    expect(functions[0]?.reservedLoss).toBe(erlangB(20, 20))
  })

  test('before November 2023 the burst of the region stands in place of the scaling rate', async () => {
    // Lambda developer guide of 2022, "Lambda function scaling": 3,000 in us-east-1.
    const traffic = 'to: api, rate: 20000/s'
    const account = ', concurrentExecutions: 10000'
    const before = await explained({ platform: '2023-10', account, traffic })
    expect(before.limits.find(({ limit }) => limit === 'scaling rate')).toBeUndefined()
    expect(before.limits.find(({ limit }) => limit === 'regional burst')).toEqual({
      name: 'account',
      limit: 'regional burst',
      unit: 'environments',
      demand: 4_000,
      allowed: 3_000,
      effect: 'throttles',
    })
    const since = await explained({ platform: '2023-11', account, traffic })
    expect(since.limits.find(({ limit }) => limit === 'regional burst')).toBeUndefined()
    expect(since.limits.find(({ limit }) => limit === 'scaling rate')).toBeDefined()
    const unlimited = { platform: '2023-10', api: ', scalingRate: unlimited' }
    expect(await limit(unlimited, 'account regional burst')).toBeUndefined()
  })

  test('without a known rate nothing is said of the limits', async () => {
    const compiled = await compiledOf({})
    const traffic = compiled.traffic.map(({ rateProfile: _plan, ...settings }) => ({
      ...settings,
      peakRatePerSecond: null,
      expectedRequests: null,
    }))
    const { limits, functions, expectation } = explainScenario({ ...compiled, traffic })
    expect(limits).toEqual([])
    const scaling = { kind: 'regional-burst', burst: 3_000, perMinute: 500 } as const
    const account = { ...compiled.account, scaling }
    expect(explainScenario({ ...compiled, account, traffic }).limits).toEqual([])
    expect(functions[0]).toMatchObject({ peakConcurrency: null, meanConcurrency: null })
    expect(expectation.requests).toBeNull()
  })
})

describe('the scaling forecast', () => {
  const HUNDRED_A_SECOND = { durationUs: 60_000_000, tokensPerSecond: 100 }
  const LOAD: FunctionLoad = {
    profiles: [[{ startUs: 0, endUs: 60_000_000, startRatePerSecond: 100, endRatePerSecond: 100 }]],
    meanServiceUs: 400_000,
    coldStartUs: 0,
    provisionedConcurrency: 0,
    initialEnvironments: 0,
  }
  const wanted = (...functions: readonly FunctionLoad[]) =>
    tokensWanted({ ...HUNDRED_A_SECOND, functions })

  test('a step takes an environment for each request that comes before the first is free', () => {
    expect(wanted(LOAD)).toBe(40)
  })

  test('a cold start that outlasts the step takes one for every request until then', () => {
    // 100/s for 3 s until the first are ready, while 100 tokens come back each second after the first.
    const cold = { ...LOAD, coldStartUs: 3_000_000 }
    expect(tokensWanted({ ...HUNDRED_A_SECOND, functions: [cold], tokensPerSecond: 0 })).toBe(300)
    expect(wanted(cold)).toBe(100)
  })

  test('functions that share the tokens share what comes back as well', () => {
    // Both take 100 a second for 3 s; 100 come back after each of the first two.
    const cold = { ...LOAD, coldStartUs: 3_000_000 }
    expect(wanted(cold, cold)).toBe(400)
  })

  test('environments that are there take none', () => {
    expect(wanted({ ...LOAD, initialEnvironments: 40 })).toBe(0)
    expect(wanted({ ...LOAD, provisionedConcurrency: 30 })).toBe(10)
  })
})

describe('rows of metrics.csv', () => {
  test('never exceed what was expected, and reach it where every metric has samples', async () => {
    const failing = ', reservedConcurrentExecutions: 20, provisionedConcurrentExecutions: 5'
    const parts = { api: failing, traffic: 'to: api, rate: 200/s' }
    const compiled = await compiledOf(parts)
    for (const allStatistics of [false, true]) {
      const { metricRows, periods } = expectationOf(compiled, { allStatistics })
      const { metrics } = await simulate(yaml(parts), { allStatistics })
      expect(periods).toBe(10)
      expect(metrics.length).toBeLessThanOrEqual(metricRows)
      const firstPeriod = metrics.filter(({ timeSeconds }) => timeSeconds === 0)
      expect(firstPeriod.length).toBe(metricRows / periods)
    }
  })

  test('go on while a run drains, which is said', async () => {
    const parts = { traffic: 'to: api, process: constant, rate: 100/s' }
    const { metrics } = await simulate(yaml({ ...parts, drain: true }))
    expect(metrics.at(-1)?.timeSeconds).toBe(600)
    const sentence = async (drain: boolean) =>
      expectationSentence((await explained({ ...parts, drain })).expectation)
    expect(await sentence(true)).toBe(`${await sentence(false)}, and more while it drains`)
  })
})
