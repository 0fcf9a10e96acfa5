/** Limits, timeouts and routes of front doors. */
import { describe, expect, it } from 'vitest'
import { gatewayQuotas } from '../../../src/model/doors/account-limits.ts'
import { run } from '../../support/run.ts'
import { behind } from './support.ts'

describe('an integration timeout', () => {
  it('answers at 29 s while the function runs on and is billed', async () => {
    const given = {
      handler: { duration: '40s' },
      traffic: { rate: '0.1/s' },
      more: { drain: true },
    }
    const view = await run(behind('rest-api', given))
    expect(view.ledger('web')).toEqual({ entered: 1, timedOut: 1 })
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(29_000)
    expect(view.value('shop.IntegrationLatency.maximum')).toBe(29_000)
    expect(view.value('f.Duration.maximum')).toBe(40_000)
    expect(view.value('f.BilledDuration.sum')).toBe(40_000)
    expect(view.value('f.Errors.sum')).toBe(0)
  })

  it('may be shorter at a REST API, and is 30 s at an HTTP API', async () => {
    const given = {
      handler: { duration: '40s' },
      traffic: { rate: '0.1/s' },
      more: { drain: true },
    }
    const short = await run(behind('rest-api', { ...given, api: { integrationTimeout: '50ms' } }))
    expect(short.value('web.ClientLatencyFailed.maximum')).toBe(50)
    const fixed = await run(behind('http-api', given))
    expect(fixed.value('web.ClientLatencyFailed.maximum')).toBe(30_000)
  })

  it('counts placement and init: a slow init times out at the gateway', async () => {
    const coldStart = { placement: '20s', init: '9.5s', firstInvocation: '0s' }
    const settings = { coldStart }
    const given = { settings, traffic: { rate: '0.1/s' }, more: { drain: true } }
    const view = await run(behind('rest-api', given))
    expect(view.ledger('web')).toEqual({ entered: 1, timedOut: 1 })
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(29_000)
    expect(view.value('f.Invocations.sum')).toBe(1)
    const alb = await run(behind('alb', given))
    expect(alb.value('web.ClientLatency.maximum')).toBe(29_600)
  })

  it('does not strike at the instant of the answer', async () => {
    const view = await run(
      behind('rest-api', { handler: { duration: '1s' }, api: { integrationTimeout: '1s' } }),
    )
    expect(view.value('shop.5XXError.sum')).toBe(0)
  })

  it('leaves requests in the door at the end of the run in flight', async () => {
    const view = await run(behind('http-api', { handler: { duration: '4s' } }))
    expect(view.ledger('web')).toEqual({ entered: 10, succeeded: 6, inFlight: 4 })
    expect(view.value('shop.Count.sum')).toBe(10)
  })
})

describe('a token bucket', () => {
  const api = { throttle: { rate: '5/s', burst: 20 } }

  it('lets its burst through and then its rate, to the request', async () => {
    const traffic = { rate: '100/s' }
    const view = await run(behind('rest-api', { api, traffic }))
    // Request k comes at (k + 1/2) / 100 s: of each 20 after the burst one finds a token.
    const passed = view.series('f.Invocations.sum')
    expect(passed[0]).toBe(24)
    expect(passed.slice(1)).toEqual(Array(9).fill(5))
    expect(view.value('shop.4XXError.sum')).toBe(1_000 - 69)
    expect(view.ledger('web').throttled).toBe(1_000 - 69)
    expect(view.value('web.ThrottledRequests.sum')).toBe(1_000 - 69)
  })

  it('of a route stands in place of that of its stage', async () => {
    const route = { throttle: { rate: '1000/s', burst: 1000 } }
    const view = await run(behind('rest-api', { api, route, traffic: { rate: '100/s' } }))
    expect(view.value('shop.4XXError.sum')).toBe(0)
  })

  it('of the account is shared by all its gateways, and not by load balancers', async () => {
    const more = (protocol: string) => ({
      functions: {
        f: { ...plain, events: { way: { type: 'rest-api', api: 'shop' } } },
        g: { ...plain, events: { way: { type: protocol, api: 'other' } } },
      },
      apis: { shop: { protocol: 'rest-api' }, other: { protocol } },
      traffic: {
        web: { to: 'shop', process: 'constant', rate: '10/s' },
        more: { to: 'other', process: 'constant', rate: '10/s' },
      },
    })
    const account = { apiGateway: { rate: '10/s', burst: 10 } }
    const shared = await run(behind('rest-api', { account, more: more('http-api') }))
    const passed = shared.value('f.Invocations.sum') + shared.value('g.Invocations.sum')
    expect(passed).toBe(109)
    expect(shared.value('shop.4XXError.sum') + shared.value('other.4xx.sum')).toBe(91)
    const apart = await run(behind('rest-api', { account, more: more('alb') }))
    expect(apart.value('f.Invocations.sum') + apart.value('g.Invocations.sum')).toBe(200)
  })

  it('of the account is that of its Region', () => {
    expect(gatewayQuotas('us-east-1').requests).toEqual({ rate: 10_000, burst: 5_000 })
    expect(gatewayQuotas('eu-south-2').requests).toEqual({ rate: 2_500, burst: 1_250 })
  })
})

const plain = {
  runtime: 'nodejs22.x',
  timeout: '60s',
  handler: { duration: '100ms' },
  coldStart: 'none',
}

describe('a usage plan', () => {
  it('gives each producer a rate and a burst of its own', async () => {
    const api = { usagePlan: { throttle: { rate: '1/s', burst: 1 } } }
    const traffic = { rate: '10/s' }
    const other = { to: 'shop', process: 'constant', rate: '1/s' }
    const given = { api, more: { traffic: { web: { ...other, ...traffic }, other } } }
    const view = await run(behind('rest-api', given))
    expect(view.ledger('other').throttled).toBeUndefined()
    expect(view.ledger('web').throttled).toBe(90)
  })

  it('has a quota that begins anew with the day', async () => {
    const api = { usagePlan: { quota: { limit: 3, period: 'DAY' } } }
    const more = { startsAt: '2026-03-02T23:59:55Z', drain: true }
    const view = await run(behind('rest-api', { api, more }))
    expect(view.ledger('web')).toEqual({ entered: 10, succeeded: 6, throttled: 4 })
    expect(view.series('shop.4XXError.sum').slice(0, 10)).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 1, 1])
  })
})

describe('a function URL', () => {
  it('E21: with 100 reserved takes 1,000 requests a second and answers 429 to the rest', async () => {
    const settings = { reservedConcurrentExecutions: 100 }
    const given = { handler: { duration: '10ms' }, settings, traffic: { rate: '1500/s' } }
    const view = await run(behind('function-url', given))
    const passed = view.series('f.Invocations.sum')
    expect(passed.slice(2)).toEqual(Array(8).fill(1_000))
    expect(view.series('shop.Url4xxCount.sum').slice(2)).toEqual(Array(8).fill(500))
    expect(view.throttles()).toEqual({ 'f reserved-rate': view.ledger('web').throttled })
  })

  it('answers 429 to all with nothing reserved', async () => {
    const settings = { reservedConcurrentExecutions: 0 }
    const view = await run(behind('function-url', { settings }))
    expect(view.ledger('web')).toEqual({ entered: 10, throttled: 10 })
  })
})

describe('routes', () => {
  const functions = {
    f: { ...plain, events: { way: { type: 'http-api', api: 'shop', path: '/f', weight: 3 } } },
    g: { ...plain, events: { way: { type: 'http-api', api: 'shop', path: '/g' } } },
  }
  const traffic = { rate: '400/s' }

  it('share the requests by their weights', async () => {
    const view = await run(behind('http-api', { traffic, more: { functions, drain: true } }))
    const shares = view.value('f.Invocations.sum') / 4_000
    // Five standard deviations of a binomial share.
    expect(Math.abs(shares - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 4_000))
    expect(view.value('f.Invocations.sum') + view.value('g.Invocations.sum')).toBe(4_000)
  })

  it('move only the requests that another weight must move', async () => {
    const ways = async (weight: number) => {
      const set = [`functions.f.events.way.weight=${weight}`]
      const view = await run(behind('http-api', { traffic, more: { functions } }), { set })
      return new Map(view.attempts.map((row) => [row.request, row.functionName]))
    }
    const before = await ways(3)
    const after = await ways(4)
    const moved = [...before].filter(([request, name]) => after.get(request) !== name)
    expect(moved.length).toBeGreaterThan(100)
    expect(new Set(moved.map(([, name]) => name))).toEqual(new Set(['g']))
  })

  it('are left to one another where traffic names one', async () => {
    const given = { traffic: { ...traffic, route: 'g.way' }, more: { functions } }
    const view = await run(behind('http-api', given))
    expect(view.value('f.Invocations.sum')).toBe(0)
    expect(view.value('g.Invocations.sum')).toBe(4_000)
  })
})

describe('a caller behind a door', () => {
  const retry = { mode: 'exponential', jitter: 'none', baseDelay: '1s', maxAttempts: 3 }

  it('retries 5xx as transient, function errors included', async () => {
    const traffic = { rate: '0.1/s', client: { retry } }
    const given = { handler: { errorRate: '100%' }, traffic, more: { drain: true } }
    const view = await run(behind('rest-api', given))
    expect(view.value('web.Attempts.sum')).toBe(3)
    expect(view.value('shop.5XXError.sum')).toBe(3)
    expect(view.value('web.DuplicateInvocations.sum')).toBe(1)
    expect(view.ledger('web')).toEqual({ entered: 1, failed: 1 })
    expect(view.attempts.map(({ request, attempt }) => [request, attempt])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ])
  })

  it('retries 429 as throttling, and succeeds when the bucket has filled', async () => {
    const api = { throttle: { rate: '1/s', burst: 1 } }
    const traffic = { rate: '2/s', client: { retry: { ...retry, maxAttempts: 20 } } }
    const view = await run(behind('http-api', { api, traffic, more: { drain: true } }))
    expect(view.ledger('web')).toEqual({ entered: 20, succeeded: 20 })
    expect(view.value('web.SucceededAfterThrottles.sum')).toBeGreaterThan(9)
  })

  it('may give up before the door does, and the door answers nobody', async () => {
    const traffic = { client: { timeout: '1s' } }
    const given = { handler: { duration: '2s' }, traffic, more: { drain: true } }
    const view = await run(behind('rest-api', given))
    expect(view.value('web.ClientTimeouts.sum')).toBe(10)
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(1_000)
    expect(view.value('shop.5XXError.sum')).toBe(0)
    expect(view.value('shop.Latency.maximum')).toBe(2_000)
  })

  it('may be a user of a closed loop, who thinks after the answer', async () => {
    const traffic = { process: 'users', users: 2, thinkTime: '1s', rate: undefined }
    const given = { handler: { duration: '1s' }, traffic, more: { drain: true } }
    const view = await run(behind('http-api', given))
    expect(view.ledger('web')).toEqual({ entered: 10, succeeded: 10 })
  })
})

describe('a run through a door', () => {
  const retry = { mode: 'standard', maxAttempts: 3 }
  const given = {
    handler: { duration: { exponential: { mean: '400ms' } }, errorRate: '5%' },
    api: { integrationTimeout: '1s', latency: { exponential: { mean: '10ms' } } },
    account: { concurrentExecutions: 20 },
    traffic: { process: 'poisson', rate: '60/s', client: { timeout: '900ms', retry } },
  }

  it('cannot be seen to run in slices', async () => {
    const whole = await run(behind('rest-api', given))
    const sliced = await run(behind('rest-api', given), { eventBudget: 7 })
    expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
    expect(sliced.output.summary).toEqual(whole.output.summary)
  })

  it.each(['rest-api', 'http-api', 'websocket-api', 'alb', 'function-url'])(
    'loses no request behind a %s, whatever goes wrong at once',
    async (kind) => {
      const { latency } = given.api
      const api = kind === 'rest-api' ? given.api : { latency }
      const view = await run(behind(kind, { ...given, api }))
      const { entered = 0, ...outcomes } = view.ledger('web')
      expect(entered).toBeGreaterThan(500)
      expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(entered)
      expect(outcomes.inFlight).toBeGreaterThan(0)
      expect(view.value('web.ClientTimeouts.sum')).toBeGreaterThan(0)
      expect(view.value('f.Throttles.sum')).toBeGreaterThan(0)
    },
  )
})

describe('latency of the door itself', () => {
  it('is part of what the client waits and of Latency, not of IntegrationLatency', async () => {
    const view = await run(behind('rest-api', { api: { latency: '20ms' }, more: { drain: true } }))
    expect(view.value('web.ClientLatency.maximum')).toBe(120)
    expect(view.value('shop.Latency.minimum')).toBe(120)
    expect(view.value('shop.IntegrationLatency.maximum')).toBe(100)
  })
})
