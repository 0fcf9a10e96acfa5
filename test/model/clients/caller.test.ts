/** Callers that give up and try again, against a function. */
import { describe, expect, it } from 'vitest'
import { type RunView, run } from '../../support/run.ts'

interface Given {
  readonly handler?: object
  readonly settings?: object
  readonly traffic?: object
  readonly client?: object
  readonly more?: object
}

function calling({ handler, settings, traffic, client, more }: Given): object {
  return {
    name: 'callers',
    duration: '10s',
    metricsPeriod: '1s',
    account: { region: 'us-east-1', concurrentExecutions: 1000 },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        timeout: '60s',
        handler: { duration: '100ms', ...handler },
        coldStart: 'none',
        ...settings,
      },
    },
    traffic: { web: { to: 'f', process: 'constant', rate: '1/s', ...traffic, client } },
    ...more,
  }
}

const NAIVE = { mode: 'exponential', jitter: 'none' }

function seconds(view: RunView): number[] {
  return view.attempts.map(({ arrivedUs }) => arrivedUs / 1e6).sort((one, other) => one - other)
}

describe('a client timeout', () => {
  it('ends the wait of the caller, and leaves the function running and billed', async () => {
    const given = { handler: { duration: '4s' }, client: { timeout: '1s' }, more: { drain: true } }
    const view = await run(calling(given))
    expect(view.ledger('web')).toEqual({ entered: 10, timedOut: 10 })
    expect(view.value('web.ClientTimeouts.sum')).toBe(10)
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(1_000)
    expect(view.value('f.Duration.minimum')).toBe(4_000)
    expect(view.value('f.BilledDuration.sum')).toBe(40_000)
    expect(view.value('f.Errors.sum')).toBe(0)
    expect(view.countAttempts(({ outcome }) => outcome)).toEqual({ succeeded: 10 })
  })

  it('counts the time of a cold start', async () => {
    const coldStart = { placement: '0s', init: '1700ms', firstInvocation: '0s' }
    const given = { settings: { coldStart }, client: { timeout: '1500ms' } }
    const view = await run(calling(given))
    expect(view.value('web.ClientTimeouts.sum')).toBe(2)
    expect(view.ledger('web')).toMatchObject({ entered: 10, succeeded: 8, timedOut: 2 })
  })

  it('does not strike at the instant of the answer', async () => {
    const view = await run(calling({ handler: { duration: '1s' }, client: { timeout: '1s' } }))
    expect(view.value('web.ClientTimeouts.sum')).toBe(0)
  })

  it('makes a second invocation of the same request while the first one runs', async () => {
    const view = await run(
      calling({
        handler: { duration: '4s' },
        client: { timeout: '1s', retry: { ...NAIVE, baseDelay: '1s', maxAttempts: 2 } },
        traffic: { rate: '0.1/s' },
        more: { drain: true },
      }),
    )
    expect(seconds(view)).toEqual([5, 7])
    expect(view.attempts.map(({ request, attempt }) => [request, attempt])).toEqual([
      [0, 1],
      [0, 2],
    ])
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(2)
    expect(view.value('web.DuplicateInvocations.sum')).toBe(1)
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(3_000)
    expect(view.ledger('web')).toEqual({ entered: 1, timedOut: 1 })
  })
})

describe('a throttled request', () => {
  const throttled = { settings: { reservedConcurrentExecutions: 0 }, traffic: { rate: '0.1/s' } }

  it('is tried again after 100, 200 and 400 ms, and then has failed', async () => {
    const retry = { ...NAIVE, maxAttempts: 4 }
    const view = await run(calling({ ...throttled, client: { retry } }))
    expect(seconds(view)).toEqual([5, 5.1, 5.3, 5.7])
    expect(view.ledger('web')).toEqual({ entered: 1, throttled: 1 })
    expect(view.value('web.Requests.sum')).toBe(1)
    expect(view.value('web.Attempts.sum')).toBe(4)
    expect(view.value('web.Retries.sum')).toBe(3)
    expect(view.value('web.ThrottledRequests.sum')).toBe(1)
    expect(view.value('web.DuplicateInvocations.sum')).toBe(0)
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(700)
    expect(view.value('f.Throttles.sum')).toBe(4)
  })

  it('succeeds once there is room, and its latency covers all attempts and waits', async () => {
    const view = await run(
      calling({
        ...throttled,
        client: { retry: { ...NAIVE, baseDelay: '1s' } },
        more: {
          timeline: [{ at: '5500ms', set: { 'functions.f.reservedConcurrentExecutions': 1 } }],
        },
      }),
    )
    expect(view.ledger('web')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('web.ClientLatency.maximum')).toBe(1_100)
    expect(view.value('web.SucceededAfterThrottles.sum')).toBe(1)
    expect(view.value('web.SucceededAfterRetries.sum')).toBe(1)
    expect(view.value('web.ThrottledRequests.sum')).toBe(0)
  })

  it('is in flight while it waits for its next attempt', async () => {
    const retry = { ...NAIVE, baseDelay: '20s', maxDelay: '60s' }
    const view = await run(calling({ ...throttled, client: { retry } }))
    expect(view.ledger('web')).toEqual({ entered: 1, inFlight: 1 })
    expect(view.value('web.Unfinished.sum')).toBe(1)
  })

  it('is waited for by drain, back-offs included', async () => {
    const retry = { ...NAIVE, baseDelay: '20s', maxDelay: '60s' }
    const view = await run(calling({ ...throttled, client: { retry }, more: { drain: true } }))
    expect(seconds(view)).toEqual([5, 25, 65])
    expect(view.ledger('web')).toEqual({ entered: 1, throttled: 1 })
    expect(view.output.drainedAfterUs).toBe(55e6)
  })
})

describe('a function error', () => {
  it('is no error to an SDK, which retries it neither nor pays for it', async () => {
    const view = await run(
      calling({ handler: { errorRate: '100%' }, client: { retry: { mode: 'standard' } } }),
    )
    expect(view.value('web.Attempts.sum')).toBe(10)
    expect(view.value('web.Retries.sum')).toBe(0)
    expect(view.ledger('web')).toEqual({ entered: 10, failed: 10 })
  })

  it('is retried where code of the caller does so', async () => {
    const retry = { ...NAIVE, retryOn: ['functionErrors'] }
    const view = await run(
      calling({ handler: { errorRate: '100%' }, client: { retry }, more: { drain: true } }),
    )
    expect(view.value('web.Attempts.sum')).toBe(30)
    expect(view.value('web.DuplicateInvocations.sum')).toBe(10)
    expect(view.ledger('web')).toEqual({ entered: 10, failed: 10 })
  })

  it('and a function timeout keep their names in the ledger', async () => {
    const retry = { ...NAIVE, retryOn: ['functionErrors'] }
    const settings = { timeout: '1s' }
    const given = { handler: { duration: '2s' }, settings, client: { retry } }
    const view = await run(calling({ ...given, more: { drain: true } }))
    expect(view.ledger('web')).toEqual({ entered: 10, timedOut: 10 })
  })
})

describe('a retry quota', () => {
  const given = {
    settings: { reservedConcurrentExecutions: 0 },
    traffic: { rate: '100/s' },
    more: { drain: true },
  }

  it('of one client allows 100 retries of throttles', async () => {
    const view = await run(calling({ ...given, client: { retry: { mode: 'standard' } } }))
    expect(view.value('web.Retries.sum')).toBe(100)
    expect(view.value('web.RetryQuotaExhausted.sum')).toBeGreaterThan(900)
    expect(view.ledger('web')).toEqual({ entered: 1_000, throttled: 1_000 })
  })

  it('belongs to each of several clients', async () => {
    const client = { instances: 4, retry: { mode: 'standard' } }
    const view = await run(calling({ ...given, client }))
    expect(view.value('web.Retries.sum')).toBe(400)
  })
})

describe('guards', () => {
  const naive = { ...NAIVE, maxAttempts: 10 }

  it('a retry budget of 10% lets 10 requests make one retry', async () => {
    const client = { retry: naive, retryBudget: { share: '10%', capacity: 1 } }
    const settings = { reservedConcurrentExecutions: 0 }
    const traffic = { rate: '100/s' }
    const view = await run(calling({ settings, traffic, client, more: { drain: true } }))
    expect(view.value('web.Retries.sum')).toBeGreaterThanOrEqual(98)
    expect(view.value('web.Retries.sum')).toBeLessThanOrEqual(101)
    expect(view.value('web.RetryBudgetExhausted.sum')).toBeGreaterThan(800)
  })

  it('an open circuit fails requests without a call, which the ledger calls rejected', async () => {
    const breaker = { window: 10, minimumAttempts: 10, openFor: '30s' }
    const settings = { reservedConcurrentExecutions: 0 }
    const traffic = { rate: '10/s' }
    const view = await run(calling({ settings, traffic, client: { circuitBreaker: breaker } }))
    expect(view.ledger('web')).toEqual({ entered: 100, throttled: 10, rejected: 90 })
    expect(view.value('web.CircuitOpenRejections.sum')).toBe(90)
    expect(view.value('web.Attempts.sum')).toBe(10)
    expect(view.value('f.Throttles.sum')).toBe(10)
  })

  it('load shedding bounds what is in flight, for each client', async () => {
    const client = { instances: 2, loadShedding: { maximumInFlight: 3 } }
    const given = { handler: { duration: '50s' }, traffic: { rate: '10/s' }, client }
    const view = await run(calling(given))
    expect(view.ledger('web')).toEqual({ entered: 100, rejected: 94, inFlight: 6 })
    expect(view.value('web.LoadShedRejections.sum')).toBe(94)
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(6)
  })
})

it('the adaptive mode slows a throttled client down far below its traffic', async () => {
  const view = await run(
    calling({
      settings: { reservedConcurrentExecutions: 0 },
      traffic: { rate: '100/s' },
      client: { retry: { mode: 'adaptive' } },
    }),
  )
  // Throttled from the first request on, it measures nothing and falls to a token in two seconds.
  const { entered, throttled = 0, inFlight = 0 } = view.ledger('web')
  expect(entered).toBe(1_000)
  expect(throttled + inFlight).toBe(1_000)
  expect(view.value('web.Attempts.sum')).toBeLessThan(30)
})

describe('users of a closed loop', () => {
  it('think again only after the last attempt', async () => {
    const view = await run(
      calling({
        settings: { reservedConcurrentExecutions: 0 },
        traffic: {
          process: 'users',
          users: 1,
          thinkTime: '1s',
          rate: undefined,
        },
        client: { retry: { ...NAIVE, maxAttempts: 3, baseDelay: '1s' } },
      }),
    )
    // Asks at 1 s, 2 s, 4 s; thinks until 5 s; asks at 5 s, 6 s, 8 s; thinks until 9 s.
    expect(seconds(view)).toEqual([1, 2, 4, 5, 6, 8, 9])
    expect(view.ledger('web')).toEqual({ entered: 3, throttled: 2, inFlight: 1 })
  })

  it('do not wait for an attempt that they gave up', async () => {
    const view = await run(
      calling({
        handler: { duration: '40s' },
        traffic: { process: 'users', users: 1, thinkTime: '1s', rate: undefined },
        client: { timeout: '2s' },
      }),
    )
    expect(view.ledger('web')).toEqual({ entered: 3, timedOut: 3 })
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(3)
  })
})

it('a client that only says what is the default changes no byte', async () => {
  const given = { handler: { duration: { exponential: { mean: '1s' } }, errorRate: '10%' } }
  const busy = { settings: { reservedConcurrentExecutions: 2 }, traffic: { rate: '3/s' } }
  const plain = await run(calling({ ...given, ...busy }))
  const said = await run(calling({ ...given, ...busy, client: { retry: { mode: 'none' } } }))
  expect(said.output).toEqual(plain.output)
})
