/** Lambda authorizers: whom they are asked about, what their word is worth, what they cost. */
import { describe, expect, it } from 'vitest'
import { run } from '../../support/run.ts'
import { behind, type Given } from './support.ts'

const plain = { runtime: 'nodejs22.x', timeout: '30s', coldStart: 'none' }

/** Ten requests, one a second, to a function that takes 100 ms, behind one that takes 40 ms. */
function guarded(authorizer: object, given: Given & { readonly guard?: object } = {}): object {
  const { guard, api, more, ...others } = given
  return behind('rest-api', {
    functions: { auth: { ...plain, handler: { duration: '40ms' }, ...guard } },
    api: { authorizer: { function: 'auth', ...authorizer }, ...api },
    more: { drain: true, ...more },
    ...others,
  })
}

describe('an authorizer', () => {
  it('is asked before the function, and once while its word holds', async () => {
    const view = await run(guarded({}))
    expect(view.value('auth.Invocations.sum')).toBe(1)
    expect(view.value('f.Invocations.sum')).toBe(10)
    expect(view.value('web.ClientLatency.maximum')).toBe(140)
    expect(view.value('web.ClientLatency.minimum')).toBe(100)
    expect(view.value('shop.Latency.maximum')).toBe(140)
    expect(view.value('shop.IntegrationLatency.maximum')).toBe(100)
  })

  it('is asked again when its word does not hold any longer', async () => {
    const view = await run(guarded({ authorizerResultTtl: '3s' }))
    // Its word of 0.54 s holds until 3.54 s: it is asked again at 4.5 s, and at 8.5 s.
    expect(view.value('auth.Invocations.sum')).toBe(3)
    const always = await run(guarded({ authorizerResultTtl: '0s' }))
    expect(always.value('auth.Invocations.sum')).toBe(10)
    expect(always.value('web.ClientLatency.minimum')).toBe(140)
  })

  it('is asked about each identity', async () => {
    const traffic = { rate: '100/s' }
    const few = await run(guarded({ identities: 7 }, { traffic }))
    // Each is asked about until the first answer, 40 ms later.
    const asked = few.value('auth.Invocations.sum')
    expect(asked).toBeGreaterThanOrEqual(7)
    expect(asked).toBeLessThan(20)
    const many = await run(guarded({ identities: 1_000_000 }, { traffic }))
    expect(many.value('auth.Invocations.sum')).toBeGreaterThan(990)
  })

  it('denies a share of the identities, which is kept as well', async () => {
    const traffic = { rate: '100/s' }
    const view = await run(guarded({ identities: 10, denied: '30%' }, { traffic }))
    const denied = view.value('shop.4XXError.sum')
    // Five standard deviations of a binomial share.
    expect(Math.abs(denied / 1_000 - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 1_000))
    expect(view.ledger('web')).toEqual({
      entered: 1_000,
      succeeded: 1_000 - denied,
      failed: denied,
    })
    expect(view.value('f.Invocations.sum')).toBe(1_000 - denied)
    expect(view.value('auth.Invocations.sum')).toBeLessThan(30)
  })

  it('is not asked about requests without an identity', async () => {
    const view = await run(guarded({ unauthenticated: '100%' }))
    expect(view.value('auth.Invocations.sum')).toBe(0)
    expect(view.value('shop.4XXError.sum')).toBe(10)
    expect(view.ledger('web')).toEqual({ entered: 10, failed: 10 })
  })

  it('is 500 to the client when it is throttled or fails, and its word is not kept', async () => {
    for (const guard of [
      { reservedConcurrentExecutions: 0 },
      { handler: { duration: '40ms', errorRate: '100%' } },
    ]) {
      const view = await run(guarded({}, { guard }))
      expect(view.value('shop.5XXError.sum')).toBe(10)
      expect(view.value('f.Invocations.sum')).toBe(0)
      expect(view.value('auth.Invocations.sum') + view.value('auth.Throttles.sum')).toBe(10)
      expect(view.ledger('web')).toEqual({ entered: 10, failed: 10 })
    }
  })

  it('is given up after 10 s, and runs on', async () => {
    const view = await run(guarded({}, { guard: { handler: { duration: '20s' } } }))
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(10_000)
    expect(view.value('shop.5XXError.sum')).toBe(10)
    expect(view.value('auth.BilledDuration.sum')).toBe(200_000)
  })

  it('takes part in the concurrency of the account', async () => {
    const given = {
      guard: { handler: { duration: '2s' } },
      account: { concurrentExecutions: 110 },
      traffic: { rate: '100/s' },
    }
    const view = await run(guarded({ authorizerResultTtl: '0s' }, given))
    expect(view.value('account.ConcurrentExecutions.maximum')).toBe(110)
    expect(view.value('auth.Throttles.sum')).toBeGreaterThan(100)
    expect(view.value('shop.5XXError.sum')).toBeGreaterThan(100)
  })

  it('is not asked on a route without authorization', async () => {
    const view = await run(guarded({}, { route: { authorizationType: 'NONE' } }))
    expect(view.value('auth.Invocations.sum')).toBe(0)
    expect(view.value('f.Invocations.sum')).toBe(10)
  })

  it('is not asked about what a limit refuses', async () => {
    const api = { throttle: { rate: '0/s', burst: 3 } }
    const view = await run(guarded({ authorizerResultTtl: '0s' }, { api }))
    expect(view.value('auth.Invocations.sum')).toBe(3)
  })

  it('may be left by its client, and answers nobody', async () => {
    const given = { guard: { handler: { duration: '5s' } }, traffic: { client: { timeout: '1s' } } }
    const view = await run(guarded({ authorizerResultTtl: '0s' }, given))
    expect(view.value('web.ClientTimeouts.sum')).toBe(10)
    expect(view.value('f.Invocations.sum')).toBe(10)
    expect(view.value('shop.5XXError.sum')).toBe(0)
  })

  it('cannot be seen to run in slices', async () => {
    const scenario = guarded({ identities: 5, denied: '20%' }, { traffic: { rate: '50/s' } })
    const whole = await run(scenario)
    const sliced = await run(scenario, { eventBudget: 3 })
    expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
    expect(sliced.output.summary).toEqual(whole.output.summary)
  })
})

describe('the authorizer of a WebSocket API', () => {
  it('is asked for each connection and no message, and nothing is kept', async () => {
    const scenario = behind('websocket-api', {
      functions: { auth: { ...plain, handler: { duration: '40ms' } } },
      api: { authorizer: { function: 'auth' } },
      traffic: { rate: '1/s', connection: { messageInterval: '2s' } },
      more: { drain: true },
    })
    const view = await run(scenario)
    expect(view.value('auth.Invocations.sum')).toBe(10)
    expect(view.value('shop.MessageCount.sum')).toBe(20)
    expect(view.value('web.ClientLatency.maximum')).toBe(40)
  })
})
