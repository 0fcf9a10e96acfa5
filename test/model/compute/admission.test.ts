import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, times } from '../../support/exact.ts'
import type { RunView } from '../../support/run.ts'

/** How many attempts of a producer met each fate: `ok`, or the reason in AWS's answer. */
function fates(view: RunView, producer = 'p'): Record<string, number> {
  const own = view.attempts.filter((attempt) => attempt.producer === producer)
  const counts: Record<string, number> = {}
  for (const { outcome, reason } of own) {
    const fate = outcome === 'throttled' ? reason : 'ok'
    counts[fate] = (counts[fate] ?? 0) + 1
  }
  return counts
}

/** A handler that ends at the instant it begins: one environment serves any crowd. */
const INSTANT = { handler: { duration: '0s' } }

/** The account's limit. */
function limit(concurrentExecutions: number, rest: object = {}) {
  return { region: 'us-east-1', concurrentExecutions, ...rest }
}

describe('a function with reserved concurrency 0', () => {
  const parts = (crowd: number) => ({
    account: limit(1),
    functions: { off: lambda({ reservedConcurrentExecutions: 0 }), on: lambda(INSTANT) },
    traffic: { p: at('off', times(crowd, 1)), q: at('on', times(10, 1.000001)) },
  })

  it('refuses everything for its reserved concurrency', async () => {
    const view = await runExact(parts(3))
    expect(fates(view)).toEqual({ ReservedFunctionConcurrentInvocationLimitExceeded: 3 })
    expect(view.throttles()).toEqual({ 'off reserved-zero': 3 })
  })

  it('takes no request token from the account', async () => {
    // A limit of 1 allows 10 requests a second.
    const view = await runExact(parts(50))
    expect(fates(view, 'q')).toEqual({ ok: 10 })
  })
})

describe("the account's request rate", () => {
  it('is ten a second for each unit of the limit, all at once or spread', async () => {
    const view = await runExact({
      account: limit(10),
      functions: { f: lambda(INSTANT) },
      traffic: { p: at('f', times(150, 1), times(60, 1.5)) },
    })
    // The bucket of 100 is full at 1 s, empty after it, and holds 50 again half a second later.
    expect(fates(view)).toEqual({ ok: 150, FunctionInvocationRateLimitExceeded: 60 })
    expect(view.throttles()).toEqual({ 'f account-rate': 60 })
  })

  it('is shared by all functions', async () => {
    const view = await runExact({
      account: limit(10),
      functions: { f: lambda(INSTANT), g: lambda(INSTANT) },
      traffic: { p: at('f', times(80, 1)), q: at('g', times(80, 1.000001)) },
    })
    expect([fates(view, 'p'), fates(view, 'q')]).toEqual([
      { ok: 80 },
      { ok: 20, FunctionInvocationRateLimitExceeded: 60 },
    ])
  })

  it('is checked before concurrency, so that a refusal for concurrency has used a token', async () => {
    const view = await runExact({
      account: limit(10),
      functions: { f: lambda() },
      traffic: { p: at('f', times(200, 1)) },
    })
    expect(view.throttles()).toEqual({ 'f account-concurrency': 90, 'f account-rate': 100 })
    expect(fates(view)).toEqual({
      ok: 10,
      ConcurrentInvocationLimitExceeded: 90,
      FunctionInvocationRateLimitExceeded: 100,
    })
  })
})

describe('the request rate of reserved concurrency', () => {
  it('is ten a second for each reserved unit', async () => {
    const view = await runExact({
      account: limit(105),
      functions: { f: lambda({ ...INSTANT, reservedConcurrentExecutions: 5 }) },
      traffic: { p: at('f', times(70, 1), times(30, 1.5)) },
    })
    expect(fates(view)).toEqual({ ok: 75, ReservedFunctionInvocationRateLimitExceeded: 25 })
    expect(view.throttles()).toEqual({ 'f reserved-rate': 25 })
  })

  it('refuses without taking a token of the account', async () => {
    const view = await runExact({
      account: limit(105),
      functions: {
        f: lambda({ ...INSTANT, reservedConcurrentExecutions: 5 }),
        g: lambda(INSTANT),
      },
      traffic: { p: at('f', times(2_000, 1)), q: at('g', times(1_001, 1.000001)) },
    })
    // Of the account's 1,050 tokens f took 50. One microsecond adds less than a thousandth.
    expect(fates(view, 'q')).toEqual({ ok: 1_000, FunctionInvocationRateLimitExceeded: 1 })
  })

  it("loses no token to requests that the account's rate refused", async () => {
    const view = await runExact({
      account: limit(105),
      functions: {
        f: lambda({ ...INSTANT, reservedConcurrentExecutions: 5 }),
        g: lambda(INSTANT),
      },
      traffic: {
        q: at('g', times(1_050, 1)),
        p: at('f', times(60, 1.000001), times(50, 1.1)),
      },
    })
    // Had the sixty taken reserved tokens, at most five would be back a tenth of a second later.
    expect(fates(view)).toEqual({ ok: 50, FunctionInvocationRateLimitExceeded: 60 })
  })
})

describe('reserved concurrency', () => {
  it('is a cap over all versions of the function', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          reservedConcurrentExecutions: 3,
          aliases: { one: { functionVersion: '1' }, two: { functionVersion: '2' } },
        }),
      },
      traffic: { p: at('f:one', times(2, 1)), q: at('f:two', times(2, 1.1)) },
    })
    expect([fates(view, 'p'), fates(view, 'q')]).toEqual([
      { ok: 2 },
      { ok: 1, ReservedFunctionConcurrentInvocationLimitExceeded: 1 },
    ])
    expect(view.throttles()).toEqual({ 'f reserved-concurrency': 1 })
  })

  it('serves the request that arrives at the instant at which another ends', async () => {
    const view = await runExact({
      functions: { f: lambda({ reservedConcurrentExecutions: 1 }) },
      traffic: { p: at('f', 1, 1.999999, 2) },
    })
    expect(view.attempts.map(({ outcome }) => outcome).sort()).toEqual([
      'succeeded',
      'succeeded',
      'throttled',
    ])
    expect(view.attempts.find(({ outcome }) => outcome === 'throttled')?.arrivedUs).toBe(1_999_999)
  })

  it('is a guarantee: the others cannot use it, and their crowd does not touch it', async () => {
    const view = await runExact({
      account: limit(110),
      functions: { f: lambda({ reservedConcurrentExecutions: 10 }), g: lambda() },
      traffic: { q: at('g', times(120, 1)), p: at('f', times(12, 1.5)) },
    })
    expect(fates(view, 'q')).toEqual({ ok: 100, ConcurrentInvocationLimitExceeded: 20 })
    expect(fates(view, 'p')).toEqual({
      ok: 10,
      ReservedFunctionConcurrentInvocationLimitExceeded: 2,
    })
  })
})

describe('the unreserved pool', () => {
  it('is shared by all functions without reserved concurrency', async () => {
    const view = await runExact({
      account: limit(3),
      functions: { f: lambda(), g: lambda() },
      traffic: { p: at('f', times(2, 1)), q: at('g', times(2, 1.1)) },
    })
    expect([fates(view, 'p'), fates(view, 'q')]).toEqual([
      { ok: 2 },
      { ok: 1, ConcurrentInvocationLimitExceeded: 1 },
    ])
    expect(view.throttles()).toEqual({ 'g account-concurrency': 1 })
  })

  it('lacks what functions outside the scenario claim', async () => {
    const view = await runExact({
      account: limit(10, { otherFunctions: { unreservedConcurrency: 7 } }),
      functions: { f: lambda() },
      traffic: { p: at('f', times(5, 1)) },
    })
    expect(fates(view)).toEqual({ ok: 3, ConcurrentInvocationLimitExceeded: 2 })
    expect(view.value('account.UnreservedConcurrentExecutions.maximum')).toBe(10)
    expect(view.value('account.UnreservedConcurrentExecutions.minimum')).toBe(7)
  })

  it('counts a request from its admission on, its init included', async () => {
    const coldStart = { placement: '500ms', init: '1s', firstInvocation: '0s' }
    const view = await runExact({
      account: limit(1),
      functions: { f: lambda({ coldStart }) },
      traffic: { p: at('f', 1, 2, 3.499999, 3.5) },
    })
    // The first request holds the only unit from 1 s to 3.5 s.
    expect(view.attempts.map(({ arrivedUs, outcome }) => [arrivedUs, outcome])).toEqual([
      [2_000_000, 'throttled'],
      [3_499_999, 'throttled'],
      [1_000_000, 'succeeded'],
      [3_500_000, 'succeeded'],
    ])
  })
})

describe('the scaling rate', () => {
  it('refuses environments beyond a thousand at once, and is the function alone', async () => {
    const view = await runExact({
      account: limit(10_000),
      functions: { f: lambda(), g: lambda() },
      traffic: { p: at('f', times(1_500, 1)), q: at('g', times(1_000, 1)) },
    })
    expect([fates(view, 'p'), fates(view, 'q')]).toEqual([
      { ok: 1_000, FunctionInvocationRateLimitExceeded: 500 },
      { ok: 1_000 },
    ])
    expect(view.throttles()).toEqual({ 'f scaling-rate': 500 })
  })

  it('is one for all versions of a function', async () => {
    const view = await runExact({
      account: limit(10_000),
      functions: {
        f: lambda({ aliases: { one: { functionVersion: '1' }, two: { functionVersion: '2' } } }),
      },
      traffic: { p: at('f:one', times(600, 1)), q: at('f:two', times(600, 1.000001)) },
    })
    expect([fates(view, 'p'), fates(view, 'q')]).toEqual([
      { ok: 600 },
      { ok: 400, FunctionInvocationRateLimitExceeded: 200 },
    ])
  })

  it('does not concern requests that an idle environment serves', async () => {
    const view = await runExact({
      account: limit(10_000),
      functions: { f: lambda() },
      traffic: { p: at('f', times(1_000, 1), times(1_000, 2)) },
    })
    expect(fates(view)).toEqual({ ok: 2_000 })
    expect(view.value('f.ColdStarts.sum')).toBe(1_000)
  })

  it('is not named when concurrency would refuse as well', async () => {
    const view = await runExact({
      functions: { f: lambda() },
      traffic: { p: at('f', times(1_500, 1)) },
    })
    expect(view.throttles()).toEqual({ 'f account-concurrency': 500 })
  })

  it('can be switched off for an experiment', async () => {
    const view = await runExact({
      account: limit(10_000),
      functions: { f: lambda({ scalingRate: 'unlimited' }) },
      traffic: { p: at('f', times(5_000, 1)) },
    })
    expect(fates(view)).toEqual({ ok: 5_000 })
  })
})

describe('a refused attempt', () => {
  it('is neither an invocation nor an error nor billed', async () => {
    const view = await runExact({
      functions: { f: lambda({ reservedConcurrentExecutions: 0 }) },
      traffic: { p: at('f', times(4, 1)) },
    })
    expect(view.value('f.Throttles.sum')).toBe(4)
    for (const metric of ['Invocations', 'Errors', 'BilledDuration', 'ColdStarts']) {
      expect(view.value(`f.${metric}.sum`)).toBe(0)
    }
    expect(view.find('f.Duration.average')).toBeUndefined()
    expect(view.value('f.Throttles.share')).toBe(1)
    expect(view.ledger('p')).toEqual({ entered: 4, throttled: 4 })
    expect(view.value('p.ClientLatencyFailed.maximum')).toBe(0)
  })

  it('is tallied by cause with its first and last time and the first of its worst periods', async () => {
    const view = await runExact({
      functions: { f: lambda({ reservedConcurrentExecutions: 1 }) },
      traffic: { p: at('f', times(3, 5), times(5, 12), times(5, 38)) },
    })
    expect(view.output.throttles).toEqual([
      {
        functionName: 'f',
        cause: 'reserved-concurrency',
        reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        count: 10,
        retriedCount: 0,
        firstUs: 5_000_000,
        lastUs: 38_000_000,
        peakPeriodCount: 4,
        peakPeriodStartUs: 10_000_000,
      },
    ])
  })
})
