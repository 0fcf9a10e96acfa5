import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, times } from '../../support/exact.ts'
import type { RunView } from '../../support/run.ts'

const MINUTE = 60
/** Provisioned concurrency takes 1 to 2 minutes of preparation, and 10 ms for each environment. */
const LONGEST_ALLOCATION_S = 121

const REQUESTED = 'f:live.RequestedProvisionedConcurrentExecutions.maximum'
const ALLOCATED = 'f:live.AllocatedProvisionedConcurrentExecutions.maximum'

/** When a gauge first has each new level, in seconds, to the length of a period. */
function changes(view: RunView, path: string): [number, number][] {
  const times = view.seriesTimes(path)
  const found: [number, number][] = []
  for (const [index, level] of view.series(path).entries()) {
    if (found.at(-1)?.[1] !== level) found.push([times[index]!, level])
  }
  return found
}

/** Requests of one second at these rates, spread evenly: every start sees the same utilisation. */
function steady(...stages: readonly { for: string; rate: string }[]) {
  return { p: { to: 'f', process: 'constant', stages } }
}

function tracked(targetTracking: object, keys: object = {}): object {
  return { f: lambda({ provisionedConcurrentExecutions: { targetTracking }, ...keys }) }
}

const TRACKING = { target: '70%', minCapacity: 10, maxCapacity: 100 }

describe('target tracking of provisioned concurrency', () => {
  it('adds capacity after three minutes above the target, and not before', async () => {
    const view = await runExact({
      duration: '12m',
      functions: tracked(TRACKING),
      traffic: steady({ for: '2m', rate: '6/s' }, { for: '10m', rate: '8/s' }),
    })
    // Above from minute 2 on: the third datapoint is complete at 5 min. 10 x 0.8 / 0.7 = 11.4.
    expect(changes(view, REQUESTED)).toEqual([
      [0, 10],
      [5 * MINUTE, 12],
    ])
    const [, [readyS] = [0]] = changes(view, ALLOCATED)
    expect(readyS).toBeGreaterThanOrEqual(6 * MINUTE)
    expect(readyS).toBeLessThan(5 * MINUTE + LONGEST_ALLOCATION_S)
    expect(view.value('f:live.ScalingActivities.sum')).toBe(1)
  })

  it('does not answer a burst of two minutes', async () => {
    const view = await runExact({
      duration: '12m',
      functions: tracked(TRACKING),
      traffic: steady(
        { for: '2m', rate: '6/s' },
        { for: '2m', rate: '9/s' },
        { for: '8m', rate: '6/s' },
      ),
    })
    expect(changes(view, REQUESTED)).toEqual([[0, 10]])
  })

  it('takes capacity away after fifteen minutes below nine tenths of the target', async () => {
    const view = await runExact({
      duration: '25m',
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: {
            capacity: 20,
            targetTracking: { target: '70%', minCapacity: 5, maxCapacity: 100 },
          },
        }),
      },
      traffic: steady({ for: '25m', rate: '7/s' }),
    })
    // 20 x 0.35 / 0.7 = 10, and then 0.7 of 10 is neither above 0.7 nor below 0.63.
    expect(changes(view, REQUESTED)).toEqual([
      [0, 20],
      [15 * MINUTE, 10],
    ])
  })

  it('leaves capacity alone between nine tenths of the target and the target', async () => {
    const view = await runExact({
      duration: '40m',
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: {
            capacity: 20,
            targetTracking: { target: '70%', minCapacity: 5, maxCapacity: 100 },
          },
        }),
      },
      traffic: steady({ for: '40m', rate: '13/s' }),
    })
    expect(changes(view, REQUESTED)).toEqual([[0, 20]])
  })

  it('takes nothing away while the function is idle, which has no datapoints', async () => {
    const view = await runExact({
      duration: '60m',
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: {
            capacity: 20,
            targetTracking: { target: '70%', minCapacity: 5, maxCapacity: 100 },
          },
        }),
      },
      traffic: steady({ for: '14m', rate: '7/s' }, { for: '46m', rate: '0/s' }),
    })
    expect(changes(view, REQUESTED)).toEqual([[0, 20]])
  })

  it('never begins from nothing: without an environment there is no utilisation', async () => {
    const view = await runExact({
      duration: '20m',
      functions: tracked({ target: '70%', minCapacity: 0, maxCapacity: 100 }),
      traffic: steady({ for: '20m', rate: '8/s' }),
    })
    expect(changes(view, REQUESTED)).toEqual([[0, 0]])
  })

  it('goes on until the most that it may have', async () => {
    const view = await runExact({
      duration: '30m',
      functions: tracked({ target: '70%', minCapacity: 10, maxCapacity: 17 }),
      traffic: steady({ for: '30m', rate: '50/s' }),
    })
    // All busy: each step is 1 / 0.7 of what is allocated.
    expect(changes(view, REQUESTED).map(([, level]) => level)).toEqual([10, 15, 17])
  })

  it('sees the peaks of bursts by Maximum, and not by Average', async () => {
    // Nine at the start of every second: their starts see 0.1, 0.2, ... 0.9, on average 0.5.
    const bursts = Array.from({ length: 300 }, (_, second) => times(9, second + 0.1))
    const parts = (statistic: string) => ({
      duration: '5m',
      functions: tracked({ ...TRACKING, statistic }, { handler: { duration: '100ms' } }),
      traffic: { p: at('f', ...bursts) },
    })
    expect(changes(await runExact(parts('Average')), REQUESTED)).toEqual([[0, 10]])
    expect(changes(await runExact(parts('Maximum')), REQUESTED)).toEqual([
      [0, 10],
      [3 * MINUTE, 13],
    ])
  })

  it('counts requests in flight through a minute in which none begins', async () => {
    const view = await runExact({
      duration: '10m',
      functions: tracked(TRACKING, { handler: { duration: '9m' } }),
      traffic: { p: at('f', times(8, 0.5)) },
    })
    // Starts see 0.1 to 0.8 in the first minute (average 0.45), then 0.8 stands.
    expect(changes(view, REQUESTED)).toEqual([
      [0, 10],
      [4 * MINUTE, 12],
    ])
  })

  it('has its minutes by the wall clock', async () => {
    const view = await runExact({
      duration: '6m',
      startsAt: '2026-03-02T00:00:30Z',
      functions: tracked(TRACKING),
      traffic: steady({ for: '6m', rate: '8/s' }),
    })
    expect(changes(view, REQUESTED)).toEqual([
      [0, 10],
      [150, 12],
    ])
  })
})

describe('a schedule of provisioned concurrency', () => {
  it('sets the capacity at an instant, by cron and again and again', async () => {
    const view = await runExact({
      duration: '30m',
      startsAt: '2026-03-02T08:00:00Z',
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: {
            schedule: [
              { at: '4m', capacity: 50 },
              { cron: '10 8 * * ? *', capacity: 20 },
              { at: '2026-03-02T08:15:00', capacity: 30 },
              { rate: '25 minutes', capacity: 0 },
            ],
          },
        }),
      },
      traffic: steady({ for: '30m', rate: '1/s' }),
    })
    expect(changes(view, REQUESTED)).toEqual([
      [0, 0],
      [4 * MINUTE, 50],
      [10 * MINUTE, 20],
      [15 * MINUTE, 30],
      [25 * MINUTE, 0],
    ])
    const ready = changes(view, ALLOCATED)
    expect(ready.map(([, level]) => level)).toEqual([0, 50, 20, 30, 0])
    expect(ready[1]![0]).toBeGreaterThanOrEqual(5 * MINUTE)
    expect(view.value('f:live.ScalingActivities.sum')).toBe(4)
  })

  it('moves the bounds of target tracking, and the capacity into them', async () => {
    const view = await runExact({
      duration: '20m',
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: {
            schedule: [
              { at: '2m', minCapacity: 40 },
              { at: '10m', minCapacity: 0, maxCapacity: 15 },
            ],
            targetTracking: TRACKING,
          },
        }),
      },
      traffic: steady({ for: '20m', rate: '2/s' }),
    })
    expect(changes(view, REQUESTED)).toEqual([
      [0, 10],
      [2 * MINUTE, 40],
      [10 * MINUTE, 15],
      [15 * MINUTE, 3],
    ])
  })

  it('repeats by cron, day after day', async () => {
    const view = await runExact({
      duration: '2d',
      metricsPeriod: '1h',
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: {
            schedule: [
              { cron: '0 8 * * ? *', capacity: 5 },
              { cron: '0 20 * * ? *', capacity: 1 },
            ],
          },
        }),
      },
      traffic: { p: at('f', 1) },
    })
    const HOUR = 3600
    expect(changes(view, REQUESTED)).toEqual([
      [0, 0],
      [8 * HOUR, 5],
      [20 * HOUR, 1],
      [32 * HOUR, 5],
      [44 * HOUR, 1],
    ])
  })
})
