import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, stateOf, times } from '../../support/exact.ts'

describe('reserved concurrency that is set during the run', () => {
  const LONG = { handler: { duration: '20s' } }

  it('counts what is in flight and takes it out of the unreserved pool', async () => {
    const parts = {
      account: { region: 'us-east-1', concurrentExecutions: 110 },
      functions: { f: lambda(LONG), g: lambda() },
      timeline: [{ at: '10s', set: { 'functions.f.reservedConcurrentExecutions': 5 } }],
      traffic: { p: at('f', times(3, 5), times(4, 12)), q: at('g', times(107, 13)) },
    }
    const view = await runExact(parts)
    // Two more fit beside the three; then 105 are left for the others.
    expect(view.throttles()).toEqual({ 'f reserved-concurrency': 2, 'g account-concurrency': 2 })
    const { account } = await stateOf(parts, 10.000001)
    expect([account.unreservedInFlight, account.unreservedLimit]).toEqual([0, 105])
  })

  it('below what is in flight refuses until enough have ended', async () => {
    const view = await runExact({
      functions: { f: lambda(LONG) },
      timeline: [{ at: '10s', set: { 'functions.f.reservedConcurrentExecutions': 2 } }],
      traffic: { p: at('f', times(3, 5), 6, 12, 25, 25.5, 27) },
    })
    // Four at 10 s; three end at 25 s, before the request of that instant; the fourth at 26 s.
    expect(view.throttles()).toEqual({ 'f reserved-concurrency': 2 })
    const refused = view.attempts.filter(({ outcome }) => outcome === 'throttled')
    expect(refused.map(({ arrivedUs }) => arrivedUs / 1e6)).toEqual([12, 25.5])
  })

  it('can be taken away: what is in flight then counts in the unreserved pool', async () => {
    const parts = {
      account: { region: 'us-east-1', concurrentExecutions: 110 },
      functions: { f: lambda({ ...LONG, reservedConcurrentExecutions: 10 }), g: lambda() },
      timeline: [{ at: '10s', set: { 'functions.f.reservedConcurrentExecutions': null } }],
      traffic: { p: at('f', times(8, 5), times(4, 26)), q: at('g', times(105, 13)) },
    }
    const view = await runExact(parts)
    expect(view.throttles()).toEqual({ 'g account-concurrency': 3 })
    const { account, functions } = await stateOf(parts, 10.000001)
    expect([account.unreservedInFlight, account.unreservedLimit]).toEqual([8, 110])
    expect(functions[0]!.reservedConcurrency).toBeNull()
    // All have ended at the end of the run: nothing is lost between the pools.
    expect((await stateOf(parts, 55)).account.unreservedInFlight).toBe(0)
  })

  it('of 0 disables the function from then on and 1 enables it again', async () => {
    const view = await runExact({
      functions: { f: lambda() },
      timeline: [
        { at: '10s', set: { 'functions.f.reservedConcurrentExecutions': 0 } },
        { at: '20s', set: { 'functions.f.reservedConcurrentExecutions': 1 } },
      ],
      traffic: { p: at('f', 5, 10, 15, 20.1) },
    })
    // What is set at 10 s holds for the request of that instant.
    expect(view.throttles()).toEqual({ 'f reserved-zero': 2 })
    expect(view.ledger('p')).toEqual({ entered: 4, succeeded: 2, throttled: 2 })
  })

  it('goes to and fro under load without losing count', async () => {
    const view = await runExact({
      account: { region: 'us-east-1', concurrentExecutions: 200 },
      functions: {
        f: lambda({ handler: { duration: { exponential: { mean: '2s' } } } }),
        g: lambda(),
      },
      timeline: Array.from({ length: 50 }, (_, k) => ({
        at: `${k + 1}s`,
        set: { 'functions.f.reservedConcurrentExecutions': [null, 30, 80, 0, 60][k % 5] },
      })),
      traffic: { p: { to: 'f', rate: '40/s' }, q: { to: 'g', rate: '30/s' } },
    })
    // The run itself checks that its counters agree; here the gauges do with what may be claimed.
    expect(view.value('account.UnreservedConcurrentExecutions.minimum')).toBeGreaterThanOrEqual(0)
    expect(view.value('account.ClaimedAccountConcurrency.maximum')).toBeLessThanOrEqual(200)
  })
})

describe("the account's limit", () => {
  it('may fall below what is in flight: new requests wait for room, none is ended', async () => {
    const view = await runExact({
      account: { region: 'us-east-1', concurrentExecutions: 10 },
      functions: { f: lambda({ handler: { duration: '20s' } }) },
      timeline: [
        { at: '10s', set: { 'account.concurrentExecutions': 4 } },
        { at: '30s', set: { 'account.concurrentExecutions': 12 } },
      ],
      traffic: { p: at('f', times(8, 5), 12, times(5, 26), times(9, 31)) },
    })
    expect(view.throttles()).toEqual({ 'f account-concurrency': 1 + 1 + 1 })
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(12)
    expect(view.ledger('p').succeeded).toBe(8 + 4 + 8)
  })

  it('moves the request rate with it', async () => {
    const view = await runExact({
      account: { region: 'us-east-1', concurrentExecutions: 10 },
      functions: { f: lambda({ handler: { duration: '0s' } }) },
      timeline: [{ at: '10s', set: { 'account.concurrentExecutions': 2 } }],
      traffic: { p: at('f', times(100, 5), times(30, 12)) },
    })
    expect(view.throttles()).toEqual({ 'f account-rate': 10 })
  })
})

describe('what other functions claim', () => {
  it('may change during the run', async () => {
    const view = await runExact({
      account: {
        region: 'us-east-1',
        concurrentExecutions: 10,
        otherFunctions: { unreservedConcurrency: 2 },
      },
      functions: { f: lambda() },
      timeline: [{ at: '10s', set: { 'account.otherFunctions.unreservedConcurrency': 7 } }],
      traffic: { p: at('f', times(9, 5), times(9, 12)) },
    })
    expect(view.throttles()).toEqual({ 'f account-concurrency': 1 + 6 })
    expect(view.value('account.UnreservedConcurrentExecutions.minimum')).toBe(2)
  })
})

describe('the function timeout', () => {
  it('that is set holds for invocations that start from then on', async () => {
    const view = await runExact({
      functions: { f: lambda({ timeout: '10s', handler: { duration: '5s' } }) },
      timeline: [{ at: '10s', set: { 'functions.f.timeout': '3s' } }],
      traffic: { p: at('f', 8, 10) },
    })
    expect(
      view.attempts.map(({ arrivedUs, durationUs, outcome }) => [
        arrivedUs / 1e6,
        durationUs / 1e6,
        outcome,
      ]),
    ).toEqual([
      [8, 5, 'succeeded'],
      [10, 3, 'timedOut'],
    ])
  })
})

describe('the error rate', () => {
  it('may change during the run and does not draw anew: the same requests fail', async () => {
    const failing = async (timeline: object[]) => {
      const view = await runExact({
        functions: { f: lambda({ handler: { duration: '1ms', errorRate: '10%' } }) },
        timeline,
        traffic: { p: { to: 'f', process: 'constant', rate: '50/s' } },
      })
      const failed = view.attempts.filter(({ outcome }) => outcome === 'failed')
      return failed.map(({ request }) => request)
    }
    const steady = await failing([])
    const raised = await failing([{ at: '30s', set: { 'functions.f.handler.errorRate': '60%' } }])
    const before = (requests: number[]) => requests.filter((request) => request < 1_500)
    expect(before(raised)).toEqual(before(steady))
    expect(raised).toEqual(expect.arrayContaining(steady))
    // 30 s at 50/s and 60 %; six standard deviations.
    const late = raised.length - before(raised).length
    expect(Math.abs(late - 900)).toBeLessThan(6 * Math.sqrt(1_500 * 0.6 * 0.4))
  })
})

describe('the end of the run', () => {
  const parts = (drain: boolean) => ({
    duration: '10s',
    drain,
    functions: { f: lambda({ handler: { duration: '2s' } }) },
    traffic: { p: at('f', 1, 9, 9.5, 10, 10.5) },
  })

  it('leaves what is in flight unfinished', async () => {
    const view = await runExact(parts(false))
    expect(view.ledger('p')).toEqual({ entered: 3, succeeded: 1, inFlight: 2 })
    expect(view.value('p.Unfinished.sum')).toBe(2)
    expect(view.value('p.Unfinished.share')).toBeCloseTo(2 / 3, 15)
    expect(view.output.simulatedUs).toBe(10_000_000)
    expect(view.output.drainedAfterUs).toBeNull()
  })

  it('goes on without arrivals until nothing is in flight, if the scenario says drain', async () => {
    const view = await runExact(parts(true))
    expect(view.ledger('p')).toEqual({ entered: 3, succeeded: 3 })
    expect(view.value('p.Unfinished.sum')).toBe(0)
    expect(view.output.simulatedUs).toBe(11_500_000)
    expect(view.output.drainedAfterUs).toBe(1_500_000)
  })

  it('drains at once when nothing is in flight', async () => {
    const view = await runExact({ ...parts(true), traffic: { p: at('f', 1) } })
    expect(view.output.drainedAfterUs).toBe(0)
  })

  it('comes before anything else of its instant', async () => {
    const view = await runExact({ ...parts(false), traffic: { p: at('f', 8) } })
    // The request would end at 10 s, where the run has ended already.
    expect(view.ledger('p')).toEqual({ entered: 1, inFlight: 1 })
  })
})
