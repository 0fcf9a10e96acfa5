/** What is too large for a door, what its own codes may be changed to, and clients that leave. */
import { describe, expect, it } from 'vitest'
import { run } from '../../support/run.ts'
import { behind } from './support.ts'

const drained = { more: { drain: true } }

describe('a request that is too large', () => {
  it.each([
    { kind: 'rest-api', size: '6MB', metric: '4XXError' },
    { kind: 'http-api', size: '6MB', metric: '4xx' },
    { kind: 'websocket-api', size: '128KB', metric: 'ClientError' },
    { kind: 'alb', size: '1MB', metric: 'HTTPCode_ELB_4XX_Count' },
    { kind: 'function-url', size: '6MB', metric: 'Url4xxCount' },
  ])('for a $kind is one over $size', async ({ kind, size, metric }) => {
    const fits = await run(behind(kind, { route: { requestSize: size }, ...drained }))
    expect(fits.ledger('web')).toEqual({ entered: 10, succeeded: 10 })
    const requestSize = size.endsWith('MB') ? '6291457B' : '131073B'
    const view = await run(behind(kind, { route: { requestSize }, ...drained }))
    expect(view.ledger('web')).toEqual({ entered: 10, failed: 10 })
    expect(view.value(`shop.${metric}.sum`)).toBe(10)
    expect(view.value('f.Invocations.sum')).toBe(0)
  })

  it('is told to the client of a load balancer above 1 MB', async () => {
    const view = await run(behind('alb', { route: { requestSize: '1048577B' } }))
    expect(view.value('shop.HTTPCode_ELB_4XX_Count.sum')).toBe(10)
  })
})

describe('a response that is too large', () => {
  it.each([
    { kind: 'rest-api', metric: '5XXError' },
    { kind: 'http-api', metric: '5xx' },
    { kind: 'websocket-api', metric: 'IntegrationError' },
    { kind: 'alb', metric: 'LambdaUserError' },
    { kind: 'function-url', metric: 'Url5xxCount' },
  ])('fails behind a $kind after the function has run', async ({ kind, metric }) => {
    const route = { responseSize: '6291457B' }
    const view = await run(behind(kind, { route, ...drained }))
    expect(view.value(`shop.${metric}.sum`)).toBe(10)
    expect(view.value('f.Invocations.sum')).toBe(10)
    expect(view.value('f.Errors.sum')).toBe(0)
  })
})

describe('a client that does not wait', () => {
  const traffic = { client: { timeout: '1s' } }

  it('is counted by a load balancer before its idle timeout', async () => {
    const given = { handler: { duration: '2s' }, traffic, ...drained }
    const view = await run(behind('alb', given))
    expect(view.value('shop.HTTPCode_ELB_4XX_Count.sum')).toBe(10)
    expect(view.value('shop.HTTPCode_ELB_5XX_Count.sum')).toBe(0)
    expect(view.ledger('web')).toEqual({ entered: 10, timedOut: 10 })
    const late = await run(behind('alb', { ...given, api: { idleTimeout: '1s' } }))
    expect(late.value('shop.HTTPCode_ELB_4XX_Count.sum')).toBe(0)
  })

  it('is counted once, whatever becomes of its invocation', async () => {
    const handler = { duration: '2s', errorRate: '100%' }
    const view = await run(behind('alb', { handler, traffic, ...drained }))
    expect(view.value('shop.HTTPCode_ELB_4XX_Count.sum')).toBe(10)
    expect(view.value('shop.LambdaUserError.sum')).toBe(0)
  })
})

describe('gateway responses', () => {
  const retry = { mode: 'exponential', jitter: 'none', baseDelay: '1s', maxAttempts: 2 }
  const throttled = { settings: { reservedConcurrentExecutions: 0 } }

  it('change the code of one type', async () => {
    const gatewayResponses = { INTEGRATION_TIMEOUT: { statusCode: 429 } }
    const api = { integrationTimeout: '1s', gatewayResponses }
    const view = await run(behind('rest-api', { handler: { duration: '2s' }, api, ...drained }))
    expect(view.ledger('web')).toEqual({ entered: 10, throttled: 10 })
    expect(view.value('shop.4XXError.sum')).toBe(10)
    expect(view.value('shop.5XXError.sum')).toBe(0)
  })

  it('let a throttle of Lambda be 429 to a client that knows what that means', async () => {
    const gatewayResponses = { DEFAULT_5XX: { statusCode: 429 } }
    const traffic = { client: { retry } }
    const plain = await run(behind('rest-api', { ...throttled, traffic, ...drained }))
    expect(plain.value('web.ThrottledRequests.sum')).toBe(0)
    const given = { ...throttled, api: { gatewayResponses }, traffic, ...drained }
    const view = await run(behind('rest-api', given))
    expect(view.value('web.ThrottledRequests.sum')).toBe(10)
  })

  it('of a type go before the default of its digit', async () => {
    const gatewayResponses = {
      DEFAULT_4XX: { statusCode: 404 },
      THROTTLED: { statusCode: 503 },
    }
    const api = { throttle: { rate: '0/s', burst: 1 }, gatewayResponses }
    const view = await run(behind('rest-api', { api, ...drained }))
    expect(view.value('shop.5XXError.sum')).toBe(9)
    expect(view.ledger('web')).toEqual({ entered: 10, succeeded: 1, failed: 9 })
  })
})

describe('the integration timeout', () => {
  it('of a route stands in place of that of the api', async () => {
    const given = {
      handler: { duration: '2s' },
      api: { integrationTimeout: '500ms' },
      events: { slow: { type: 'rest-api', api: 'shop', path: '/slow', integrationTimeout: '1s' } },
      ...drained,
    }
    const slow = await run(behind('rest-api', { ...given, traffic: { route: 'slow' } }))
    expect(slow.value('web.ClientLatencyFailed.maximum')).toBe(1_000)
    const quick = await run(behind('rest-api', { ...given, traffic: { route: 'way' } }))
    expect(quick.value('web.ClientLatencyFailed.maximum')).toBe(500)
  })

  it('may be raised with the quota of the account', async () => {
    const given = {
      handler: { duration: '40s' },
      account: { apiGateway: { integrationTimeout: '2m' } },
      api: { integrationTimeout: '45s' },
      ...drained,
    }
    const view = await run(behind('rest-api', given))
    expect(view.ledger('web')).toEqual({ entered: 10, succeeded: 10 })
  })

  it('of an HTTP API may be shorter', async () => {
    const given = { handler: { duration: '2s' }, api: { integrationTimeout: '50ms' }, ...drained }
    const view = await run(behind('http-api', given))
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(50)
  })
})
