import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, times } from '../../support/exact.ts'

describe('a value of the time series', () => {
  const parts = {
    duration: '30s',
    functions: { f: lambda({ handler: { duration: '8s' } }) },
    traffic: { p: at('f', 5, 12, times(2, 20)) },
  }

  it('belongs to the period in which it becomes known', async () => {
    const view = await runExact(parts)
    // Starts at 5, 12, 20 and 20 s; ends at 13, 20, 28 and 28 s.
    expect(view.series('p.Requests.sum')).toEqual([1, 1, 2])
    expect(view.series('f.Invocations.sum')).toEqual([1, 1, 2])
    expect(view.series('f.ColdStarts.sum')).toEqual([1, 1, 0])
    expect(view.series('p.Succeeded.sum')).toEqual([0, 1, 3])
  })

  it('is absent for a duration without a sample, and 0 for a counter', async () => {
    const view = await runExact(parts)
    expect(view.seriesTimes('f.Duration.average')).toEqual([10, 20])
    expect(view.series('f.Errors.sum')).toEqual([0, 0, 0])
  })

  it('is the time-weighted level of a gauge, and its highest level', async () => {
    const view = await runExact(parts)
    // One from 5 s to 13 s, one from 12 s to 20 s, two from 20 s to 28 s.
    expect(view.series('f.ConcurrentExecutions.average')).toEqual([0.5, 1.1, 1.6])
    expect(view.series('f.ConcurrentExecutions.maximum')).toEqual([1, 2, 2])
    expect(view.series('account.ConcurrentExecutions.average')).toEqual([0.5, 1.1, 1.6])
  })

  it('of a level that changes at the end of a period is that of the next one', async () => {
    const view = await runExact({ ...parts, traffic: { p: at('f', 2, 10) } })
    // The first ends at 10 s, the second begins at 10 s: both in the second period.
    expect(view.series('f.ConcurrentExecutions.maximum')).toEqual([1, 1, 0])
    expect(view.series('p.Succeeded.sum')).toEqual([0, 2, 0])
  })

  it('covers the rest of the run in its last period', async () => {
    const view = await runExact({ ...parts, duration: '25s' })
    expect(view.seriesTimes('f.Invocations.sum')).toEqual([0, 10, 20])
    expect(view.series('f.ConcurrentExecutions.average')).toEqual([0.5, 1.1, 2])
  })

  it('has few statistics, unless all are asked for', async () => {
    const few = await runExact(parts)
    const statistics = (view: typeof few, metric: string) => [
      ...new Set(view.metrics.filter((row) => row.metric === metric).map((row) => row.statistic)),
    ]
    expect(statistics(few, 'Duration')).toEqual(['average', 'p50', 'p99', 'maximum'])
    expect(statistics(few, 'ConcurrentExecutions')).toEqual(['average', 'maximum'])
    expect(statistics(few, 'PlacementDuration')).toEqual([])
    const all = await runExact(parts, { allStatistics: true })
    expect(statistics(all, 'Duration')).toEqual([
      'average',
      'minimum',
      'maximum',
      'p50',
      'p90',
      'p95',
      'p99',
      'p99.9',
    ])
    expect(statistics(all, 'PlacementDuration')).toContain('average')
  })

  it('takes, of a plain function with its traffic, at most thirty rows a period', async () => {
    const view = await runExact({
      ...parts,
      functions: { f: lambda({ coldStart: undefined, memorySize: 512 }) },
      traffic: { p: { to: 'f', rate: '50/s' } },
    })
    const rows = view.metrics.filter(({ timeSeconds }) => timeSeconds === 0)
    expect(rows.length).toBeLessThanOrEqual(30)
  })
})

describe('the summary', () => {
  const parts = (warmUp: string) => ({
    duration: '30s',
    warmUp,
    functions: { f: lambda({ handler: { duration: '2s' } }) },
    traffic: { p: at('f', times(4, 1), times(3, 13), times(2, 17), 25) },
  })

  it('leaves out the warm-up, which the time series keeps', async () => {
    const view = await runExact(parts('10s'))
    expect(view.value('p.Requests.sum')).toBe(6)
    expect(view.series('p.Requests.sum')).toEqual([4, 5, 1])
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(3)
    expect(view.series('f.ConcurrentExecutions.maximum')).toEqual([4, 3, 1])
  })

  it('may begin in the middle of a period, which the time series does not notice', async () => {
    const view = await runExact(parts('15s'))
    // The three that began at 13 s end at 15 s: at the end of the warm-up, and so after it.
    expect(view.value('p.Requests.sum')).toBe(3)
    expect(view.value('p.Succeeded.sum')).toBe(6)
    const whole = await runExact(parts('0s'))
    expect(view.metrics).toEqual(whole.metrics)
  })

  it('does not change the time series of any metric, wherever it begins', async () => {
    const varied = (warmUp: string) => ({
      ...parts(warmUp),
      functions: {
        f: lambda({
          handler: { duration: { exponential: { mean: '700ms' } } },
          coldStart: undefined,
          reservedConcurrentExecutions: 5,
        }),
      },
      traffic: { p: { to: 'f', rate: '10/s' } },
    })
    const whole = await runExact(varied('0s'), { allStatistics: true })
    for (const warmUp of ['10s', '14500ms', '29999ms']) {
      const view = await runExact(varied(warmUp), { allStatistics: true })
      expect(view.metrics).toEqual(whole.metrics)
    }
  })

  it('averages a gauge over the time after the warm-up', async () => {
    const view = await runExact(parts('15s'))
    // Two for two seconds and one for two seconds, of fifteen.
    expect(view.value('f.ConcurrentExecutions.average')).toBe(6 / 15)
    // The three of 13 s end at the instant at which the warm-up does: that level lasts no time.
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(2)
  })

  it('keeps the durations that ended after the warm-up', async () => {
    const view = await runExact({
      ...parts('15s'),
      functions: { f: lambda({ handler: { duration: '1s', failures: {} }, timeout: '3s' }) },
      traffic: { p: at('f', 1, 14, 14.5, 20) },
    })
    expect(view.value('f.Duration.average')).toBe(1_000)
    expect(view.value('p.Succeeded.sum')).toBe(3)
    expect(view.value('p.Requests.sum')).toBe(1)
  })

  it('without warm-up adds up to what the periods say', async () => {
    const view = await runExact({
      ...parts('0s'),
      functions: {
        f: lambda({
          handler: { duration: { exponential: { mean: '700ms' } } },
          reservedConcurrentExecutions: 5,
        }),
      },
      traffic: { p: { to: 'f', rate: '10/s' } },
    })
    for (const path of [
      'p.Requests.sum',
      'f.Invocations.sum',
      'f.Throttles.sum',
      'f.ColdStarts.sum',
      'p.Succeeded.sum',
    ]) {
      const sum = view.series(path).reduce((total, value) => total + value, 0)
      expect(sum).toBe(view.value(path))
    }
    expect(Math.max(...view.series('f.ConcurrentExecutions.maximum'))).toBe(
      view.value('f.ConcurrentExecutions.maximum'),
    )
  })

  it('counts what happens at the last instant of a run that ends with a period', async () => {
    const onePeriod = await runExact({
      ...parts('0s'),
      duration: '10s',
      traffic: { p: at('f', 9) },
    })
    expect(onePeriod.value('p.Unfinished.sum')).toBe(1)
    const drained = await runExact({
      ...parts('0s'),
      duration: '9s',
      metricsPeriod: '1s',
      drain: true,
      traffic: { p: at('f', 8) },
    })
    expect(drained.output.drainedAfterUs).toBe(1_000_000)
    expect(drained.value('p.Succeeded.sum')).toBe(1)
    expect(drained.value('f.Duration.maximum')).toBe(2_000)
    expect(drained.series('p.Succeeded.sum').at(-1)).toBe(1)
  })

  it('leaves the ledger whole', async () => {
    const view = await runExact(parts('15s'))
    expect(view.ledger('p')).toEqual({ entered: 10, succeeded: 10 })
  })

  it('has a share only where its denominator is not 0', async () => {
    const quiet = await runExact({ ...parts('0s'), traffic: { p: { to: 'f', rate: '0/s' } } })
    expect(quiet.find('f.Throttles.share')).toBeUndefined()
    expect(quiet.find('p.SuccessRate.share')).toBeUndefined()
    expect(quiet.value('p.Requests.sum')).toBe(0)
    const some = await runExact({
      ...parts('0s'),
      functions: { f: lambda({ reservedConcurrentExecutions: 1 }) },
      traffic: { p: at('f', times(4, 1)) },
    })
    expect(some.value('f.Throttles.share')).toBe(0.75)
    expect(some.value('p.ThrottledRequests.share')).toBe(0.75)
    expect(some.value('p.SuccessRate.share')).toBe(0.25)
    expect(some.value('f.ColdStarts.share')).toBe(1)
  })

  it('lists entities by scope, each with its metrics in the order of the catalogue', async () => {
    const view = await runExact({
      ...parts('0s'),
      functions: { f: lambda({ provisionedConcurrentExecutions: 1 }), g: lambda() },
    })
    const entities = [...new Set(view.output.summary.map(({ scope, name }) => `${scope} ${name}`))]
    expect(entities).toEqual([
      'account account',
      'function f',
      'function g',
      'alias f:live',
      'traffic p',
    ])
  })
})
