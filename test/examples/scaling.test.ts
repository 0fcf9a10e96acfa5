/**
 * How fast environments may be added. Lambda developer guide, "Lambda scaling behavior" and
 * "Configuring provisioned concurrency"; AWS Lambda operator guide, "On-demand scaling example".
 */
import { describe, expect, it } from 'vitest'
import { UtilizationAlarms } from '../../src/model/compute/utilization-alarms.ts'
import { at, lambda, runExact, stateOf, times } from '../support/exact.ts'

describe('E18: a request for 5,000 provisioned environments', () => {
  const parts = {
    duration: '200s',
    metricsPeriod: '1s',
    account: { region: 'us-east-1', concurrentExecutions: 10_000 },
    functions: { f: lambda({ provisionedConcurrentExecutions: 0 }) },
    timeline: [{ at: '10s', set: { 'functions.f.provisionedConcurrentExecutions': 5_000 } }],
    traffic: { p: { to: 'f', rate: '0/s' } },
  }

  it.each([1, 2, 3, 4, 5])(
    'E18: is ready as a whole 110 to 170 s later, and not in part before (seed %d)',
    async (seed) => {
      const sizes = (await runExact(parts, { seed })).series('f.ExecutionEnvironments.maximum')
      expect(new Set(sizes)).toEqual(new Set([0, 5_000]))
      const readySeconds = sizes.indexOf(5_000)
      expect(readySeconds).toBeGreaterThanOrEqual(10 + 110)
      expect(readySeconds).toBeLessThanOrEqual(10 + 170)
      // Not a fixed delay: preparation takes one to two minutes.
      expect(sizes.slice(readySeconds).every((size) => size === 5_000)).toBe(true)
    },
  )

  it('E18: takes a preparation of its own in every run', async () => {
    const starts = new Set<number>()
    for (let seed = 1; seed <= 8; seed++) {
      const sizes = (await runExact(parts, { seed })).series('f.ExecutionEnvironments.maximum')
      starts.add(sizes.indexOf(5_000))
    }
    expect(starts.size).toBeGreaterThan(1)
  })
})

describe('E19: a burst from nothing without a limit of the account', () => {
  const parts = {
    duration: '100s',
    account: { region: 'us-east-1', concurrentExecutions: 20_000 },
    functions: { f: lambda({ handler: { duration: '10m' } }) },
    traffic: {
      burst: at('f', times(1_500, 0)),
      rest: { to: 'f', process: 'constant', rate: '2000/s' },
    },
  }

  it.each([
    [0.001, 1_000],
    [1.001, 1_100],
    [10.001, 2_000],
    [40.001, 5_000],
    [90.001, 10_000],
  ])(
    'E19: reaches, after %d s, %d environments: 1,000 + 100 a second',
    async (seconds, expected) => {
      const state = await stateOf(parts, seconds, { rows: false })
      expect(state.functions[0]!.environments).toBe(expected)
      expect(state.functions[0]!.bindingLimit).toBe('scaling-rate')
    },
  )

  it('E19: throttles all others as the rate of the function', async () => {
    const view = await runExact({ ...parts, duration: '20s' }, { rows: false })
    const created = view.value('f.ExecutionEnvironments.maximum')
    expect(view.throttles()).toEqual({ 'f scaling-rate': 1_500 + 40_000 - created })
  })
})

describe('E22: 10,000 requests under the burst limit of before November 2023', () => {
  /** The requests of each minute come at its start and last less than it. */
  async function served(...perMinute: number[]) {
    const view = await runExact({
      duration: `${perMinute.length}m`,
      metricsPeriod: '1m',
      platform: '2023-10',
      account: { region: 'us-east-1', concurrentExecutions: 10_000 },
      functions: { f: lambda({ handler: { duration: '30s' } }) },
      traffic: { p: at('f', ...perMinute.map((count, minute) => times(count, 60 * minute))) },
    })
    const throttled = view.series('f.Throttles.sum')
    return view.series('f.Invocations.sum').map((count, minute) => [count, throttled[minute]])
  }

  it('E22a: all in one minute: 3,000 served, 7,000 throttled', async () => {
    expect(await served(10_000)).toEqual([[3_000, 7_000]])
  })

  it('E22b: over two minutes: 3,000 and then 3,500 served', async () => {
    expect(await served(5_000, 5_000)).toEqual([
      [3_000, 2_000],
      [3_500, 1_500],
    ])
  })

  it('E22c: over three minutes: 333 throttled in the first, none later', async () => {
    expect(await served(3_333, 3_333, 3_333)).toEqual([
      [3_000, 333],
      [3_333, 0],
      [3_333, 0],
    ])
  })

  it('E22d: over four minutes: all served', async () => {
    expect(await served(2_500, 2_500, 2_500, 2_500)).toEqual(Array(4).fill([2_500, 0]))
  })
})

describe('E17: target tracking at 70%', () => {
  function statesAt(datapoint: number): Set<string> {
    const alarms = new UtilizationAlarms(0.7)
    return new Set(Array.from({ length: 20 }, () => alarms.observe(datapoint)))
  }

  it('E17: has its high alarm above 70% and its low one below 63%', () => {
    expect(statesAt(0.7001)).toEqual(new Set(['OK', 'HIGH']))
    expect(statesAt(0.7)).toEqual(new Set(['OK']))
    expect(statesAt(0.63)).toEqual(new Set(['OK']))
    expect(statesAt(0.6299)).toEqual(new Set(['OK', 'LOW']))
  })
})
