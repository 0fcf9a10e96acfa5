/**
 * Two variants meet the same customers: what a request brings along does not depend on what became
 * of the others (A. M. Law, Simulation Modeling and Analysis, chapter 11: common random numbers).
 */
import { describe, expect, it } from 'vitest'
import { type RunView, run } from '../support/run.ts'

const SCENARIO = {
  name: 'variants',
  duration: '60s',
  metricsPeriod: '10s',
  account: { region: 'us-east-1', concurrentExecutions: 300 },
  functions: {
    f: {
      runtime: 'nodejs22.x',
      memorySize: 512,
      timeout: '15m',
      handler: {
        duration: { lognormal: { median: '300ms', p99: '3s' } },
        cpuBound: '50%',
        errorRate: '10%',
      },
      // Without a first-invocation time, Duration is the handler's own.
      coldStart: {
        placement: '100ms',
        init: { lognormal: { median: '400ms', p99: '1200ms' } },
        firstInvocation: '0s',
      },
      keepAlive: { policy: 'uniform', idleTimeout: { min: '5s', max: '7s' } },
      provisionedConcurrentExecutions: 0,
    },
  },
  traffic: {
    shoppers: { to: 'f', rate: '60/s' },
    partner: {
      to: 'f',
      process: 'bursts',
      rate: '5/s',
      burst: { rate: '60/s', every: '20s', for: '5s' },
    },
  },
}

const VARIANTS: readonly (readonly [string, readonly string[]])[] = [
  ['reserved concurrency', ['functions.f.reservedConcurrentExecutions=20']],
  ['the limit of the account', ['account.concurrentExecutions=15']],
  ['the claim of others', ['account.otherFunctions.unreservedConcurrency=280']],
  ['provisioned concurrency', ['functions.f.provisionedConcurrentExecutions=30']],
  ['the cold start', ['functions.f.coldStart.init=3s']],
  ['keep-alive', ['functions.f.keepAlive.idleTimeout={ min: 1s, max: 2s }']],
  ['idle selection', ['functions.f.idleSelection=random']],
]

function keyOf({ producer, request }: { producer: string; request: number }): string {
  return `${producer} ${request}`
}

/** Every producer's arrivals, in the order of its requests. */
function arrivals(view: RunView): Record<string, number[]> {
  const byProducer: Record<string, number[]> = {}
  const ordered = [...view.attempts].sort((one, other) => one.request - other.request)
  for (const { producer, arrivedUs } of ordered) {
    byProducer[producer] = [...(byProducer[producer] ?? []), arrivedUs]
  }
  return byProducer
}

/** The handler's own time of every request that ran. */
function durations(view: RunView): Map<string, number> {
  const ran = view.attempts.filter(({ outcome }) => outcome !== 'throttled')
  return new Map(ran.map((row) => [keyOf(row), row.durationUs]))
}

const complete = (set: readonly string[] = []) => run(SCENARIO, { set: [...set, 'drain=true'] })

describe('a variant', () => {
  it.each(VARIANTS)('with %s changed meets the same requests', async (_what, set) => {
    const base = await complete()
    const variant = await complete(set)
    expect(variant.output.fingerprint).not.toBe(base.output.fingerprint)
    expect(arrivals(variant)).toEqual(arrivals(base))
    const wanted = durations(base)
    let compared = 0
    for (const [request, durationUs] of durations(variant)) {
      const own = wanted.get(request)
      if (own === undefined) continue
      expect(durationUs).toBe(own)
      compared++
    }
    expect(compared).toBeGreaterThan(1_000)
  })

  it.each(VARIANTS)('with %s changed sees the same requests fail', async (_what, set) => {
    const failed = (view: RunView) =>
      new Map(
        view.attempts
          .filter(({ outcome }) => outcome !== 'throttled')
          .map((row) => [keyOf(row), row.outcome]),
      )
    const base = failed(await complete())
    for (const [request, outcome] of failed(await complete(set))) {
      if (base.has(request)) expect(outcome).toBe(base.get(request))
    }
  })

  it('with another memory size meets the same requests, each shorter by the same factor', async () => {
    const base = await complete()
    const variant = await complete(['functions.f.memorySize=1024'])
    expect(arrivals(variant)).toEqual(arrivals(base))
    const wanted = durations(base)
    // Half of the work is CPU-bound and twice as fast.
    for (const [request, durationUs] of durations(variant)) {
      expect(durationUs / wanted.get(request)!).toBeCloseTo(0.75, 12)
    }
  })

  it('with twice the rate meets the same customers, in half the time', async () => {
    const fixed = (rate: string, duration: string) =>
      run(
        { ...SCENARIO, traffic: { shoppers: { to: 'f', rate } }, drain: true },
        { set: [`duration=${duration}`] },
      )
    const base = await fixed('40/s', '60s')
    const faster = await fixed('80/s', '30s')
    const slow = arrivals(base).shoppers!
    const fast = arrivals(faster).shoppers!
    expect(fast.length).toBe(slow.length)
    // Each instant is rounded to a microsecond.
    fast.forEach((arrivedUs, k) => {
      expect(Math.abs(2 * arrivedUs - slow[k]!)).toBeLessThanOrEqual(1.5)
    })
    const wanted = durations(base)
    for (const [request, durationUs] of durations(faster)) {
      expect(durationUs).toBe(wanted.get(request))
    }
  })

  it('with a producer more leaves the requests of the others as they were', async () => {
    const base = await complete()
    const more = await run({
      ...SCENARIO,
      drain: true,
      traffic: { early: { to: 'f', rate: '30/s' }, ...SCENARIO.traffic },
    })
    const { early, ...others } = arrivals(more)
    expect(early!.length).toBeGreaterThan(1_000)
    expect(others).toEqual(arrivals(base))
    const wanted = durations(base)
    for (const [request, durationUs] of durations(more)) {
      if (wanted.has(request)) expect(durationUs).toBe(wanted.get(request))
    }
  })

  it('with another limit gives environment k the same init as before', async () => {
    const inits = (view: RunView) =>
      new Map(
        view.attempts
          .filter(({ start }) => start === 'cold')
          .map(({ environment, initUs }) => [environment, initUs]),
      )
    const base = inits(await complete())
    const variant = inits(await complete(['functions.f.reservedConcurrentExecutions=20']))
    expect(variant.size).toBeGreaterThan(15)
    for (const [environment, initUs] of variant) {
      if (base.has(environment)) expect(initUs).toBe(base.get(environment))
    }
  })
})
