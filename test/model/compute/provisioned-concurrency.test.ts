import { describe, expect, it } from 'vitest'
import { at, exact, lambda, runExact, stateOf, times } from '../../support/exact.ts'
import { compileText, type RunView } from '../../support/run.ts'

const INSTANT = { handler: { duration: '0s' } }

function starts(view: RunView): Record<string, number> {
  return view.countAttempts(({ start, spilloverReason }) => `${start} ${spilloverReason}`.trim())
}

describe('provisioned concurrency', () => {
  it('serves without a cold start and spills over, not throttles, when all of it is busy', async () => {
    const coldStart = { placement: '100ms', init: '400ms', firstInvocation: '0s' }
    const view = await runExact({
      functions: { f: lambda({ coldStart, provisionedConcurrentExecutions: 10 }) },
      traffic: { p: at('f', times(12, 1)) },
    })
    expect(starts(view)).toEqual({ provisioned: 10, 'spilled-cold busy': 2 })
    for (const entity of ['f', 'f:live']) {
      expect(view.value(`${entity}.ProvisionedConcurrencyInvocations.sum`)).toBe(10)
      expect(view.value(`${entity}.ProvisionedConcurrencySpilloverInvocations.sum`)).toBe(2)
      expect(view.value(`${entity}.ProvisionedConcurrencyUtilization.maximum`)).toBe(1)
    }
    expect(view.value('f.Throttles.sum')).toBe(0)
    expect(view.value('f.ColdStarts.sum')).toBe(2)
  })

  it('spills over to an idle on-demand environment where there is one', async () => {
    const view = await runExact({
      functions: { f: lambda({ provisionedConcurrentExecutions: 1 }) },
      traffic: { p: at('f', times(2, 1), times(2, 5)) },
    })
    expect(starts(view)).toEqual({
      provisioned: 2,
      'spilled-cold busy': 1,
      'spilled-warm busy': 1,
    })
  })

  it('spills over above ten requests a second for each unit, busy or not', async () => {
    const view = await runExact({
      functions: { f: lambda({ ...INSTANT, provisionedConcurrentExecutions: 10 }) },
      traffic: { p: at('f', times(103, 1)) },
    })
    expect(starts(view)).toEqual({
      provisioned: 100,
      'spilled-cold rate': 1,
      'spilled-warm rate': 2,
    })
    expect(view.value('f.ProvisionedConcurrencySpilloverInvocations.sum')).toBe(3)
  })

  it('is taken first again as soon as one of it is free', async () => {
    const view = await runExact({
      functions: { f: lambda({ provisionedConcurrentExecutions: 1 }) },
      traffic: { p: at('f', 1, 1.5, 2, 2.2) },
    })
    // Free at 2 s: the request of that instant gets it; the next one finds the other still busy.
    const byArrival = [...view.attempts].sort((one, other) => one.arrivedUs - other.arrivedUs)
    expect(byArrival.map(({ start }) => start)).toEqual([
      'provisioned',
      'spilled-cold',
      'provisioned',
      'spilled-cold',
    ])
  })

  it('runs the first request of each environment with its first-invocation time', async () => {
    const coldStart = { placement: '100ms', init: '400ms', firstInvocation: '30ms' }
    const view = await runExact({
      functions: { f: lambda({ coldStart, provisionedConcurrentExecutions: 1 }) },
      traffic: { p: at('f', 1, 5) },
    })
    expect(view.attempts.map(({ durationUs, latencyUs }) => [durationUs, latencyUs])).toEqual([
      [1_030_000, 1_030_000],
      [1_000_000, 1_000_000],
    ])
    expect(view.find('f.InitDuration.average')).toBeUndefined()
    expect(view.value('f.ColdStarts.sum')).toBe(0)
  })

  it('stays idle for ever', async () => {
    const view = await runExact({
      duration: '10h',
      metricsPeriod: '1h',
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: 2,
          keepAlive: { policy: 'fixed', idleTimeout: '1m', lifetime: '1h' },
        }),
      },
      traffic: { p: at('f', 1, 35_000) },
    })
    expect(view.value('f.ExecutionEnvironments.minimum')).toBe(2)
    expect(starts(view)).toEqual({ provisioned: 2 })
  })

  it('cannot be reached through another qualifier, which is warned of', async () => {
    const parts = {
      functions: {
        f: lambda({
          aliases: { live: { functionVersion: '7', provisionedConcurrentExecutions: 5 } },
        }),
      },
      traffic: { bare: at('f', 1), version: at('f:7', 2) },
    }
    const view = await runExact(parts)
    expect(starts(view)).toEqual({ cold: 2 })
    expect(view.value('f:live.ProvisionedConcurrencyInvocations.sum')).toBe(0)
    const { warnings } = await compileText(
      exact({ ...parts, traffic: { bare: { to: 'f', rate: '1/s' } } }),
    )
    expect(warnings.join()).toContain('f:live')
  })

  it('serves its alias, and its version where it was given to that', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          aliases: { live: { functionVersion: '7', provisionedConcurrentExecutions: 1 } },
          versions: { 8: { provisionedConcurrentExecutions: 1 } },
        }),
      },
      traffic: { live: at('f:live', 1), version: at('f:8', 1), other: at('f:7', 1) },
    })
    expect(
      view.countAttempts(({ producer, start, version }) => `${producer} ${start} ${version}`),
    ).toEqual({ 'live provisioned 7': 1, 'version provisioned 8': 1, 'other cold 7': 1 })
    expect(view.value('f.ProvisionedConcurrencyInvocations.sum')).toBe(2)
    expect(view.value('f:live.ProvisionedConcurrencyInvocations.sum')).toBe(1)
    expect(view.value('f:8.ProvisionedConcurrencyInvocations.sum')).toBe(1)
  })

  it('only serves the main version of an alias with weights', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          aliases: {
            live: {
              functionVersion: '7',
              routingConfig: { 8: '100%' },
              provisionedConcurrentExecutions: 5,
            },
          },
        }),
      },
      traffic: { p: at('f:live', 1, 2) },
    })
    expect(view.countAttempts(({ version, start }) => `${version} ${start}`)).toEqual({
      '8 cold': 1,
      '8 warm': 1,
    })
  })
})

describe('provisioned concurrency within limits', () => {
  it('takes its part of the reserved concurrency, and all of it if they are equal', async () => {
    const part = await runExact({
      functions: {
        f: lambda({ reservedConcurrentExecutions: 10, provisionedConcurrentExecutions: 4 }),
      },
      traffic: { p: at('f', times(12, 1)) },
    })
    expect(part.throttles()).toEqual({ 'f reserved-concurrency': 2 })
    const all = await runExact({
      functions: {
        f: lambda({
          reservedConcurrentExecutions: 5,
          aliases: { live: { functionVersion: '7', provisionedConcurrentExecutions: 5 } },
        }),
      },
      traffic: { live: at('f:live', times(7, 1)), latest: at('f', 2) },
    })
    // Lambda developer guide: when both are equal, $LATEST is throttled completely.
    expect(all.countAttempts(({ producer, outcome }) => `${producer} ${outcome}`)).toEqual({
      'live succeeded': 5,
      'live throttled': 2,
      'latest throttled': 1,
    })
  })

  it('is taken from the shared pool when nothing is reserved, while it is allocated as well', async () => {
    const parts = (ready: number) => ({
      account: { region: 'us-east-1', concurrentExecutions: 110 },
      functions: { f: lambda({ provisionedConcurrentExecutions: 10 }), g: lambda() },
      initial: { functions: { f: { provisionedConcurrentExecutions: ready } } },
      traffic: { q: at('g', times(120, 1)) },
    })
    for (const ready of [10, 0]) {
      const view = await runExact(parts(ready))
      expect(view.throttles()).toEqual({ 'g account-concurrency': 20 })
    }
  })

  it('is claimed of the account whether it is busy or not', async () => {
    const view = await runExact({
      functions: {
        f: lambda({ provisionedConcurrentExecutions: 40 }),
        g: lambda({ reservedConcurrentExecutions: 60, provisionedConcurrentExecutions: 5 }),
        h: lambda(),
      },
      traffic: { p: at('f', times(3, 1)), q: at('h', times(7, 1)), r: at('g', 1) },
    })
    // Unreserved in flight + reserved + provisioned of functions that reserve nothing.
    expect(view.value('account.ClaimedAccountConcurrency.minimum')).toBe(100)
    expect(view.value('account.ClaimedAccountConcurrency.maximum')).toBe(107)
    expect(view.value('account.UnreservedConcurrentExecutions.maximum')).toBe(7)
    expect(view.value('account.ConcurrentExecutions.maximum')).toBe(11)
  })
})

describe('the allocation of provisioned concurrency', () => {
  const grown = (from: number, to: number) => ({
    duration: '5m',
    metricsPeriod: '1s',
    account: { region: 'us-east-1', concurrentExecutions: 10_000 },
    functions: { f: lambda({ provisionedConcurrentExecutions: from }) },
    timeline: [{ at: '10s', set: { 'functions.f.provisionedConcurrentExecutions': to } }],
  })

  it('serves nobody before it is complete; that is no spillover in the sense of CloudWatch', async () => {
    const view = await runExact({
      ...grown(0, 60),
      traffic: { p: at('f', 5, 20, 65, 150) },
    })
    expect(starts(view)).toEqual({
      cold: 1,
      'spilled-warm allocating': 2,
      provisioned: 1,
    })
    expect(view.value('f.ProvisionedConcurrencySpilloverInvocations.sum')).toBe(0)
  })

  it('is all or nothing for the increment, while what was ready goes on serving', async () => {
    const parts = { ...grown(10, 610), traffic: { p: at('f', times(12, 60), times(400, 200)) } }
    const view = await runExact(parts)
    // 600 more at 6,000 a minute take 6 s after one to two minutes of preparation.
    const sizes = view.series('f.ExecutionEnvironments.maximum')
    const first = sizes.findIndex((size) => size > 12)
    expect(first).toBeGreaterThanOrEqual(10 + 60 + 6)
    expect(first).toBeLessThanOrEqual(10 + 120 + 6)
    expect(sizes[first]).toBe(612)
    expect(starts(view)).toEqual({ provisioned: 410, 'spilled-cold busy': 2 })
  })

  it('was no faster than 500 a minute before November 2023', async () => {
    const view = await runExact({
      ...grown(0, 1_000),
      platform: '2023-10',
      traffic: { p: { to: 'f', rate: '0/s' } },
    })
    const first = view.series('f.ExecutionEnvironments.maximum').indexOf(1_000)
    expect(first).toBeGreaterThanOrEqual(10 + 60 + 120)
    expect(first).toBeLessThanOrEqual(10 + 120 + 120)
  })

  it('shows in the state as configured and not ready', async () => {
    const parts = { ...grown(10, 610), traffic: { p: at('f', 1) } }
    const during = (await stateOf(parts, 60)).functions[0]!
    expect([during.provisionedReady, during.provisionedAllocating]).toEqual([10, 600])
    const after = (await stateOf(parts, 140)).functions[0]!
    expect([after.provisionedReady, after.provisionedAllocating]).toEqual([610, 0])
  })

  it('is withdrawn before any ready environment is given up', async () => {
    const parts = {
      ...grown(10, 610),
      timeline: [
        { at: '10s', set: { 'functions.f.provisionedConcurrentExecutions': 610 } },
        { at: '30s', set: { 'functions.f.provisionedConcurrentExecutions': 12 } },
      ],
      traffic: { p: at('f', times(12, 200)) },
    }
    const state = (await stateOf(parts, 40)).functions[0]!
    expect([state.provisionedReady, state.provisionedAllocating]).toEqual([10, 2])
    expect(starts(await runExact(parts))).toEqual({ provisioned: 12 })
  })

  it('is withdrawn from the increment that came last', async () => {
    const view = await runExact({
      ...grown(10, 20),
      timeline: [20, 40, 25].map((count, index) => ({
        at: `${10 * (index + 1)}s`,
        set: { 'functions.f.provisionedConcurrentExecutions': count },
      })),
      traffic: { p: at('f', 1) },
    })
    // Ten and, of the twenty, five are still to come; each when its own preparation is over.
    const sizes = view.series('f.ExecutionEnvironments.maximum')
    const steps = [...new Set(sizes)]
    expect(steps).toHaveLength(3)
    expect([15, 20]).toContain(steps[1])
    expect([steps[0], steps[2]]).toEqual([10, 25])
  })

  it('may be ready only in part at the start', async () => {
    const view = await runExact({
      duration: '5m',
      functions: { f: lambda({ provisionedConcurrentExecutions: 10 }) },
      initial: { functions: { f: { provisionedConcurrentExecutions: 4 } } },
      traffic: { p: at('f', times(10, 1), times(10, 200)) },
    })
    expect(starts(view)).toEqual({ provisioned: 14, 'spilled-cold busy': 6 })
  })
})

describe('a decrease of provisioned concurrency', () => {
  const shrunk = {
    functions: { f: lambda({ handler: { duration: '20s' }, provisionedConcurrentExecutions: 10 }) },
    timeline: [{ at: '10s', set: { 'functions.f.provisionedConcurrentExecutions': 4 } }],
    traffic: { p: at('f', times(8, 1), times(2, 15), times(6, 39)) },
  }

  it('retires idle environments at once and busy ones when they end', async () => {
    const sizeAt = async (seconds: number) =>
      (await stateOf(shrunk, seconds)).functions[0]!.environments
    expect([await sizeAt(10), await sizeAt(10.000001), await sizeAt(21)]).toEqual([10, 8, 10])
    // At 21 s eight provisioned ones end, of which four stay, beside two on demand.
    expect(await sizeAt(21.000001)).toBe(6)
  })

  it('spills over at the smaller size from then on', async () => {
    expect(starts(await runExact(shrunk))).toEqual({
      provisioned: 12,
      'spilled-cold busy': 2,
      'spilled-warm busy': 2,
    })
  })

  it('gives idle units back to the shared pool at once, busy ones when they end', async () => {
    const view = await runExact({ ...shrunk, metricsPeriod: '5s' })
    // From 10 s eight are busy; two more run on demand from 15 s; the eight end at 21 s.
    expect(view.series('account.ClaimedAccountConcurrency.maximum').slice(0, 6)).toEqual([
      10, 10, 8, 10, 10, 6,
    ])
  })

  it('never lets the account exceed its limit', async () => {
    const view = await runExact({
      account: { region: 'us-east-1', concurrentExecutions: 200 },
      functions: {
        f: lambda({ handler: { duration: '30s' }, provisionedConcurrentExecutions: 100 }),
      },
      timeline: [{ at: '10s', set: { 'functions.f.provisionedConcurrentExecutions': 0 } }],
      traffic: { p: at('f', times(100, 1), times(200, 15)) },
    })
    expect(view.value('account.ConcurrentExecutions.maximum')).toBe(200)
    expect(view.value('f.Throttles.sum')).toBe(100)
  })

  it('never reports more than all of it as used', async () => {
    const view = await runExact(shrunk)
    expect(view.value('f.ProvisionedConcurrencyUtilization.maximum')).toBeLessThanOrEqual(1)
  })

  it('to nothing leaves all requests to on-demand concurrency, without spillover', async () => {
    const view = await runExact({
      functions: { f: lambda({ provisionedConcurrentExecutions: 3 }) },
      timeline: [{ at: '10s', set: { 'functions.f.provisionedConcurrentExecutions': 0 } }],
      traffic: { p: at('f', 1, 20) },
    })
    expect(starts(view)).toEqual({ provisioned: 1, cold: 1 })
  })
})

describe('provisioned concurrency that is there from the start', () => {
  it('has all of its request rate at time 0', async () => {
    const view = await runExact({
      functions: { f: lambda({ provisionedConcurrentExecutions: 60 }) },
      traffic: { p: at('f', times(50, 0)) },
    })
    expect(starts(view)).toEqual({ provisioned: 50 })
  })

  it('is allocated in its own time, whatever other functions allocate', async () => {
    const readyFrom = async (names: readonly string[]) => {
      const view = await runExact({
        duration: '5m',
        functions: Object.fromEntries(
          names.map((name) => [name, lambda({ provisionedConcurrentExecutions: 5 })]),
        ),
        initial: Object.fromEntries(
          names.map((name) => [`functions.${name}`, { provisionedConcurrentExecutions: 0 }]),
        ),
        traffic: { p: { to: 'f', process: 'constant', rate: '1/s' } },
      })
      return view.attempts.find(({ start }) => start === 'provisioned')?.arrivedUs
    }
    const alone = await readyFrom(['f'])
    expect(alone).toBeGreaterThan(60_000_000)
    expect(await readyFrom(['g', 'f'])).toBe(alone)
  })
})
