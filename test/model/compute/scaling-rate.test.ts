import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, times } from '../../support/exact.ts'

const WIDE = { region: 'us-east-1', concurrentExecutions: 100_000 }

describe('the scaling rate of a function', () => {
  it('refills by one environment every ten milliseconds', async () => {
    const view = await runExact({
      account: WIDE,
      functions: { f: lambda({ handler: { duration: '5m' } }) },
      traffic: { p: at('f', times(1_000, 1), 1.009999, 1.01, 1.010001, times(10, 1.06)) },
      duration: '10s',
      metricsPeriod: '1s',
    })
    // At 1.01 s one is back; at 1.06 s five more.
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(1_006)
    expect(view.throttles()).toEqual({ 'f scaling-rate': 7 })
  })

  it('lets nothing accrue beyond a thousand', async () => {
    const view = await runExact({
      account: WIDE,
      functions: { f: lambda({ handler: { duration: '5m' } }) },
      traffic: { p: at('f', times(1_500, 50)) },
    })
    expect(view.throttles()).toEqual({ 'f scaling-rate': 500 })
  })
})

/**
 * The other side of the rate: 10,000 more requests a second every ten seconds. One environment
 * serves 10,000 requests of ten microseconds, and then two come at once, so that one needs another.
 */
describe('the request side of the scaling rate', () => {
  const evenly = (perSecond: number, seconds: number) => ({
    to: 'f',
    process: 'constant',
    stages: [
      { for: `${seconds}s`, rate: `${perSecond}/s` },
      { for: '1m', rate: '0/s' },
    ],
  })
  const functions = { f: lambda({ handler: { duration: '10us' } }) }

  it('refuses a new environment once a second has carried its 10,000 requests', async () => {
    const view = await runExact({
      account: WIDE,
      functions,
      traffic: { steady: evenly(20_000, 0.5), pair: at('f', times(2, 0.7)) },
    })
    expect(view.value('steady.Succeeded.sum')).toBe(10_000)
    expect(view.throttles()).toEqual({ 'f scaling-request-rate': 1 })
    expect(view.countAttempts(({ reason }) => reason)).toEqual({
      '': 10_001,
      FunctionInvocationRateLimitExceeded: 1,
    })
  })

  it('allows it at one request fewer', async () => {
    const view = await runExact({
      account: WIDE,
      functions,
      traffic: { steady: evenly(19_996, 0.5), pair: at('f', times(2, 0.7)) },
    })
    expect(view.value('steady.Succeeded.sum')).toBe(9_998)
    expect(view.throttles()).toEqual({})
  })

  it('still lets idle environments serve', async () => {
    const view = await runExact({
      account: WIDE,
      functions,
      traffic: { steady: evenly(20_000, 0.9), pair: at('f', 0.95, 0.96, 0.97) },
    })
    expect(view.throttles()).toEqual({})
  })

  it('rises by a thousand requests a second', async () => {
    const traffic = (inSecondTwo: number) => ({
      first: evenly(10_000, 1),
      second: {
        to: 'f',
        process: 'constant',
        stages: [
          { for: '1s', rate: '0/s' },
          { for: '500ms', rate: `${2 * inSecondTwo}/s` },
          { for: '1m', rate: '0/s' },
        ],
      },
      pair: at('f', times(2, 1.7)),
    })
    const full = await runExact({ account: WIDE, functions, traffic: traffic(11_000) })
    expect(full.throttles()).toEqual({ 'f scaling-request-rate': 1 })
    const oneBelow = await runExact({ account: WIDE, functions, traffic: traffic(10_998) })
    expect(oneBelow.throttles()).toEqual({})
  })

  it('falls back to 10,000 after a quiet second', async () => {
    const view = await runExact({
      account: WIDE,
      functions,
      traffic: {
        busy: evenly(10_000, 5),
        late: {
          to: 'f',
          process: 'constant',
          stages: [
            { for: '20s', rate: '0/s' },
            { for: '500ms', rate: '20000/s' },
            { for: '1m', rate: '0/s' },
          ],
        },
        pair: at('f', times(2, 20.7)),
      },
    })
    expect(view.throttles()).toEqual({ 'f scaling-request-rate': 1 })
  })
})

describe('the regional burst of before November 2023', () => {
  const parts = (region: string, crowd: number, platform = '2023-10') => ({
    platform,
    account: { region, concurrentExecutions: 10_000 },
    functions: { f: lambda() },
    traffic: { p: at('f', times(crowd, 1)) },
  })

  it.each([
    ['us-east-1', 3_000],
    ['us-west-2', 3_000],
    ['eu-west-1', 3_000],
    ['ap-northeast-1', 1_000],
    ['eu-central-1', 1_000],
    ['us-east-2', 1_000],
    ['eu-north-1', 500],
  ])('is, in %s, of %d environments', async (region, burst) => {
    const view = await runExact(parts(region, 4_000))
    expect(view.throttles()).toEqual({ 'f regional-burst': 4_000 - burst })
  })

  it('gave way to the scaling rate of each function', async () => {
    const view = await runExact(parts('us-east-1', 4_000, '2023-11'))
    expect(view.throttles()).toEqual({ 'f scaling-rate': 3_000 })
  })

  it('is shared by the functions of the account and named as AWS did', async () => {
    const view = await runExact({
      ...parts('eu-north-1', 400),
      functions: { f: lambda(), g: lambda() },
      traffic: { p: at('f', times(400, 1)), q: at('g', times(400, 1.000001)) },
    })
    expect(view.throttles()).toEqual({ 'g regional-burst': 300 })
    expect(view.countAttempts(({ reason }) => reason)).toEqual({
      '': 500,
      FunctionInvocationRateLimitExceeded: 300,
    })
  })

  it('refills by 500 a minute: one environment every 120 ms', async () => {
    const view = await runExact({
      ...parts('eu-north-1', 0),
      functions: { f: lambda({ handler: { duration: '5m' } }) },
      traffic: { p: at('f', times(500, 1), 1.119999, 1.12, times(300, 31.12)) },
    })
    expect(view.throttles()).toEqual({ 'f regional-burst': 51 })
  })
})
