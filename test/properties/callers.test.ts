/** What holds of every run whose callers give up and try again, however they do it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttemptRow } from '../../src/index.ts'
import { type RunView, run } from '../support/run.ts'

const SDK_MODES = ['legacy', 'standard', 'adaptive', 'standard-2026', 'adaptive-2026'] as const

const retry = fc.record({
  mode: fc.constantFrom(...SDK_MODES, 'exponential'),
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  retryOn: fc.constantFrom([], ['functionErrors']),
})

const client = fc.record(
  {
    timeout: fc.constantFrom('50ms', '300ms', '2s'),
    instances: fc.integer({ min: 1, max: 3 }),
    retry,
    retryBudget: fc.constantFrom({ share: '20%', capacity: 3 }, { rate: '1/s', capacity: 2 }),
    circuitBreaker: fc.constant({ window: 5, minimumAttempts: 5, openFor: '2s', probes: 1 }),
    loadShedding: fc.constant({ maximumInFlight: 4 }),
  },
  { requiredKeys: [] },
)

const traffic = fc.constantFrom(
  { rate: '20/s' },
  { process: 'constant', rate: '10/s' },
  { process: 'users', users: 8, thinkTime: '100ms' },
)

const scenario = fc
  .record({
    client,
    traffic,
    errorRate: fc.constantFrom('0%', '30%', '100%'),
    reserved: fc.constantFrom(0, 2, 10),
    init: fc.constantFrom('0s', '700ms'),
    drain: fc.boolean(),
  })
  .map((given) => ({
    name: 'callers',
    duration: '8s',
    metricsPeriod: '2s',
    drain: given.drain,
    account: { region: 'us-east-1', concurrentExecutions: 300 },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        timeout: '1s',
        reservedConcurrentExecutions: given.reserved,
        handler: { duration: { exponential: { mean: '300ms' } }, errorRate: given.errorRate },
        coldStart: { placement: '0s', init: given.init, firstInvocation: '0s' },
      },
    },
    traffic: { web: { to: 'f', ...given.traffic, client: given.client } },
  }))

function sumOf(view: RunView, metric: string): number {
  return view.find(`web.${metric}.sum`) ?? 0
}

/** The numbers of each request's attempts, in the order in which they were made. */
function numbersByRequest(rows: readonly AttemptRow[]): number[][] {
  const byRequest = new Map<number, AttemptRow[]>()
  for (const row of rows) byRequest.set(row.request, [...(byRequest.get(row.request) ?? []), row])
  return [...byRequest.values()].map((attempts) =>
    attempts.sort((one, other) => one.attempt - other.attempt).map(({ attempt }) => attempt),
  )
}

describe('callers', () => {
  it('lose no request and no attempt, and cannot be seen to run in slices', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const view = await run(given)
        const { entered = 0, inFlight = 0, succeeded = 0, ...others } = view.ledger('web')
        const failed = Object.values(others).reduce((sum, count) => sum + count, 0)
        expect(entered).toBe(sumOf(view, 'Requests'))
        expect(succeeded).toBe(sumOf(view, 'Succeeded'))
        expect(failed).toBe(sumOf(view, 'Failed'))
        expect(entered).toBe(succeeded + failed + inFlight)
        const calledNever = others.rejected ?? 0
        const firsts = sumOf(view, 'Attempts') - sumOf(view, 'Retries')
        expect(firsts).toBeLessThanOrEqual(entered - calledNever)
        expect(firsts).toBeGreaterThanOrEqual(entered - calledNever - inFlight)
        const most = given.traffic.web.client.retry?.maxAttempts ?? 1
        expect(sumOf(view, 'Attempts')).toBeLessThanOrEqual(most * entered)
        const made = view.attempts.filter(({ outcome }) => outcome !== 'rejected')
        expect(sumOf(view, 'Attempts')).toBeGreaterThanOrEqual(made.length)
        if (given.drain) {
          expect(inFlight).toBe(0)
          expect(sumOf(view, 'Attempts')).toBe(made.length)
          const inOrder = numbersByRequest(view.attempts)
          expect(inOrder).toEqual(inOrder.map(({ length }) => numbersTo(length)))
        }
        const sliced = await run(given, { eventBudget: 3 })
        expect(sliced.output).toEqual(view.output)
      }),
      { numRuns: 60, seed: 20261127 },
    )
  })
})

function numbersTo(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1)
}

describe('variants meet the same customers', () => {
  const base = (client: object | undefined) => ({
    name: 'customers',
    duration: '20s',
    drain: true,
    account: { region: 'us-east-1', concurrentExecutions: 300 },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        reservedConcurrentExecutions: 6,
        handler: { duration: { exponential: { mean: '300ms' } }, errorRate: '20%' },
        coldStart: 'none',
      },
    },
    traffic: { web: { to: 'f', rate: '30/s', client } },
  })
  const naive = { mode: 'exponential', baseDelay: '400ms', retryOn: ['functionErrors'] }

  const keyOf = ({ request, attempt }: AttemptRow) => `${request}/${attempt}`

  /** The handler's own time of each attempt that ran, by request and number of the attempt. */
  const durations = (view: RunView) =>
    new Map(
      view.attempts
        .filter(({ start }) => start !== '')
        .map((row) => [keyOf(row), `${row.outcome} ${row.durationUs}`]),
    )

  /** The wait after each throttled attempt that had a next one. */
  const waits = (view: RunView) => {
    const arrivals = new Map(view.attempts.map((row) => [keyOf(row), row.arrivedUs]))
    return new Map(
      view.attempts.flatMap((row) => {
        const nextUs = arrivals.get(keyOf({ ...row, attempt: row.attempt + 1 }))
        const isThrottle = row.outcome === 'throttled' && nextUs !== undefined
        return isThrottle ? [[keyOf(row), nextUs - row.arrivedUs] as const] : []
      }),
    )
  }

  const expectShared = <Value>(
    one: ReadonlyMap<string, Value>,
    other: ReadonlyMap<string, Value>,
    isWanted: (key: string) => boolean = () => true,
  ): void => {
    const shared = [...one.keys()].filter((key) => other.has(key) && isWanted(key))
    expect(shared.length).toBeGreaterThan(20)
    for (const key of shared) expect(other.get(key), key).toEqual(one.get(key))
  }

  it('with another limit: service times, failures and waits of all attempts are the same', async () => {
    const few = await run(base({ retry: naive }))
    const set = ['functions.f.reservedConcurrentExecutions=8']
    const more = await run(base({ retry: naive }), { set })
    expect(more.output.fingerprint).not.toBe(few.output.fingerprint)
    expectShared(durations(few), durations(more))
    expectShared(durations(few), durations(more), (key) => key.endsWith('/2'))
    expectShared(waits(few), waits(more))
  })

  it('with a timeout and other retries: first and second attempts are the same', async () => {
    const set = ['duration=2m']
    const naively = await run(base({ retry: naive }), { set })
    const standard = await run(base({ timeout: '500ms', retry: { mode: 'standard' } }), { set })
    expectShared(durations(naively), durations(standard))
    expectShared(durations(naively), durations(standard), (key) => key.endsWith('/2'))
  })

  it('without retries: the first attempts are the same', async () => {
    const naively = await run(base({ retry: naive }))
    const plain = await run(base(undefined))
    expectShared(durations(naively), durations(plain), (key) => key.endsWith('/1'))
  })
})
