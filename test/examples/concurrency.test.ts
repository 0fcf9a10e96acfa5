/**
 * Worked examples of the Lambda developer guide: "Understanding Lambda function scaling",
 * "Lambda scaling behavior", "Configuring provisioned concurrency", "Monitoring concurrency".
 */
import { describe, expect, it } from 'vitest'
import { at, exact, lambda, runExact, times } from '../support/exact.ts'
import { compileText, type RunView } from '../support/run.ts'

/** Evenly spaced requests to a function whose invocations all take as long. */
function steady(rate: number, duration: string, concurrentExecutions = 1_000) {
  return {
    duration: '20s',
    warmUp: '10s',
    metricsPeriod: '5s',
    account: { region: 'us-east-1', concurrentExecutions },
    functions: { f: lambda({ handler: { duration } }) },
    traffic: { p: { to: 'f', process: 'constant', rate: `${rate}/s` } },
  }
}

/** Lowest, mean and highest concurrency after the warm-up. */
function concurrency(view: RunView): number[] {
  return ['minimum', 'average', 'maximum'].map((statistic) =>
    view.value(`f.ConcurrentExecutions.${statistic}`),
  )
}

describe('concurrency is rate times duration', () => {
  it.each([
    ['E1', 100, '1s', 100],
    ['E2', 100, '500ms', 50],
    ['E3', 200, '250ms', 50],
    ['E4', 5_000, '200ms', 1_000],
  ])('%s: %d requests a second of %s need %d', async (_id, rate, duration, expected) => {
    const view = await runExact(steady(rate, duration))
    expect(concurrency(view)).toEqual([expected, expected, expected])
    expect(view.value('f.Throttles.sum')).toBe(0)
  })

  it('E2: one environment serves two requests of half a second each second', async () => {
    const view = await runExact(steady(100, '500ms'))
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(50)
    expect(view.value('f.Invocations.sum') / 10 / 50).toBe(2)
  })
})

describe('the request rate', () => {
  it('E5: of 20,000/s of 50 ms a limit of 1,000 serves 10,000/s, a limit of 2,000 all', async () => {
    const view = await runExact(steady(20_000, '50ms'), { rows: false })
    // Every second request finds a token, to the last one of the ten seconds.
    expect(view.value('f.Invocations.sum')).toBe(100_000)
    expect(view.value('f.Throttles.sum')).toBe(100_000)
    expect(view.throttles()['f account-rate']).toBeGreaterThanOrEqual(100_000)
    const enough = await runExact(steady(20_000, '50ms', 2_000), { rows: false })
    expect(enough.output.throttles).toEqual([])
    expect(concurrency(enough)).toEqual([1_000, 1_000, 1_000])
  })

  it('E7: provisioned concurrency of 10 spills over beyond ten at once or 100/s', async () => {
    const spilled = async (duration: string, crowd: number) => {
      const view = await runExact({
        functions: { f: lambda({ handler: { duration }, provisionedConcurrentExecutions: 10 }) },
        traffic: { p: at('f', times(crowd, 1)) },
      })
      return view.value('f.ProvisionedConcurrencySpilloverInvocations.sum')
    }
    expect([await spilled('1s', 10), await spilled('1s', 11)]).toEqual([0, 1])
    expect([await spilled('0s', 100), await spilled('0s', 101)]).toEqual([0, 1])
  })
})

describe('reserved and provisioned concurrency share an account of 1,000', () => {
  const reserved = (crowds: Record<string, number>) => ({
    functions: {
      blue: lambda({ reservedConcurrentExecutions: 400 }),
      orange: lambda({ reservedConcurrentExecutions: 400 }),
      others: lambda(),
    },
    traffic: Object.fromEntries(
      Object.entries(crowds).map(([to, crowd]) => [`to-${to}`, at(to, times(crowd, 1))]),
    ),
  })

  it('E8: 400 and 400 reserved leave 200; each throttles at its own, whatever is idle', async () => {
    const orangeOnly = await runExact(reserved({ orange: 500 }))
    expect(orangeOnly.throttles()).toEqual({ 'orange reserved-concurrency': 100 })
    const othersOnly = await runExact(reserved({ others: 300 }))
    expect(othersOnly.throttles()).toEqual({ 'others account-concurrency': 100 })
    const all = await runExact(reserved({ blue: 400, orange: 400, others: 200 }))
    expect(all.throttles()).toEqual({})
    expect(all.value('account.ConcurrentExecutions.maximum')).toBe(1_000)
  })

  it('E9: 400 provisioned leave 600 to all, and the account throttles at 1,000 in all', async () => {
    const view = await runExact({
      functions: { orange: lambda({ provisionedConcurrentExecutions: 400 }), others: lambda() },
      traffic: {
        o: at('orange', times(700, 1)),
        r: at('others', times(400, 1.000001)),
      },
    })
    // Orange: 400 provisioned and 300 of the 600 shared ones; 300 are left to the others.
    expect(
      view.countAttempts(({ producer, start, outcome }) => `${producer} ${start || outcome}`),
    ).toEqual({
      'o provisioned': 400,
      'o spilled-cold': 300,
      'r cold': 300,
      'r throttled': 100,
    })
    expect(view.value('account.ConcurrentExecutions.maximum')).toBe(1_000)
    const idle = await runExact({
      functions: { orange: lambda({ provisionedConcurrentExecutions: 400 }), others: lambda() },
      traffic: { r: at('others', times(700, 1)) },
    })
    expect(idle.throttles()).toEqual({ 'others account-concurrency': 100 })
  })

  it('E11: of 1,000 at most 900 can be reserved, of 2,000 at most 1,900', async () => {
    const compile = (limit: number, reservedConcurrentExecutions: number) =>
      compileText(
        exact({
          account: { region: 'us-east-1', concurrentExecutions: limit },
          functions: { f: lambda({ reservedConcurrentExecutions }) },
          traffic: { p: { to: 'f', rate: '1/s' } },
        }),
      )
    await expect(compile(1_000, 900)).resolves.toBeDefined()
    await expect(compile(1_000, 901)).rejects.toThrow('at most 900 can be')
    await expect(compile(2_000, 1_900)).resolves.toBeDefined()
    await expect(compile(2_000, 1_901)).rejects.toThrow('at most 1900 can be')
  })
})

describe('the metrics of provisioned concurrency', () => {
  it('E13: 100 allocated and 60 busy at most are 60 and a utilization of 0.6', async () => {
    const view = await runExact({
      metricsPeriod: '60s',
      functions: { f: lambda({ provisionedConcurrentExecutions: 100 }) },
      traffic: { p: at('f', times(30, 1), times(30, 1.5), times(20, 40)) },
    })
    expect(view.series('f.ProvisionedConcurrentExecutions.maximum')).toEqual([60])
    expect(view.series('f.ProvisionedConcurrencyUtilization.maximum')).toEqual([0.6])
  })

  it('E14: 10 allocated and 7 busy are a utilization of 0.7', async () => {
    const view = await runExact({
      functions: { f: lambda({ provisionedConcurrentExecutions: 10 }) },
      traffic: { p: at('f', times(7, 1)) },
    })
    expect(view.value('f:live.ProvisionedConcurrencyUtilization.maximum')).toBe(0.7)
  })
})
