/** Functions that handlers call and wait for: timeouts, retries, and what goes on behind them. */
import { describe, expect, test } from 'vitest'
import { type RunView, run } from '../../support/run.ts'

interface Parts {
  /** Keys of the call beside `function`. */
  readonly call?: string
  /** Of the function that is called. */
  readonly handler?: string
  readonly settings?: string
  readonly duration?: string
}

function scenario({
  call = 'count: 1',
  handler = '{ duration: 100ms }',
  settings = '',
  duration = '10s',
}: Parts) {
  return `
name: function-calls
duration: ${duration}
drain: true
account: { region: us-east-1 }
functions:
  api:
    runtime: nodejs22.x
    timeout: 20s
    coldStart: none
    handler: { duration: 10ms, calls: [{ function: charge, ${call} }] }
  charge:
    runtime: nodejs22.x
    timeout: 30s
    coldStart: none
    handler: ${handler}
    ${settings}
traffic: { load: { to: api, process: constant, rate: 1/s } }
`
}

const FIXED = 'mode: exponential, maxAttempts: 3, baseDelay: 100ms, jitter: none'
const SLOW = '{ duration: 2s }'
const BROKEN = '{ duration: 5ms, errorRate: 100% }'

const latenciesMs = (view: RunView, name: string) =>
  view.attempts
    .filter((attempt) => attempt.functionName === name)
    .map((attempt) => attempt.latencyUs / 1_000)

describe('a function that takes too long for its caller', () => {
  test('fails the handler, runs on and is billed', async () => {
    const view = await run(scenario({ call: 'timeout: 300ms', handler: SLOW }))
    expect(latenciesMs(view, 'api')).toEqual(Array(10).fill(310))
    expect(latenciesMs(view, 'charge')).toEqual(Array(10).fill(2_000))
    expect(view.value('charge.BilledDuration.sum')).toBe(20_000)
    expect(view.value('api.CallErrors.sum')).toBe(10)
    expect(view.ledger('load')).toEqual({ entered: 10, failed: 10 })
  })

  test('is called again, while each attempt runs to its end', async () => {
    const view = await run(scenario({ call: `timeout: 300ms, retry: { ${FIXED} }`, handler: SLOW }))
    // 10, then 300, wait 100, 300, wait 200, 300.
    expect(latenciesMs(view, 'api')).toEqual(Array(10).fill(1_210))
    expect(view.value('charge.Invocations.sum')).toBe(30)
    expect(view.value('charge.BilledDuration.sum')).toBe(60_000)
    expect(view.value('api.CallRetries.sum')).toBe(20)
  })

  test('is in time with an answer at the very instant', async () => {
    const view = await run(scenario({ call: 'timeout: 2s', handler: SLOW }))
    expect(view.ledger('load')).toEqual({ entered: 10, succeeded: 10 })
  })
})

describe('a function that refuses for want of concurrency', () => {
  test('is tried again until its attempts are used up, as throttles are', async () => {
    const settings = 'reservedConcurrentExecutions: 0'
    const view = await run(scenario({ call: `retry: { ${FIXED} }`, settings }))
    expect(latenciesMs(view, 'api')).toEqual(Array(10).fill(310))
    expect(view.value('charge.Throttles.sum')).toBe(30)
    expect(view.value('api.CallRetries.sum')).toBe(20)
    expect(view.ledger('load')).toEqual({ entered: 10, failed: 10 })
  })

  test('serves the retry when it has a place again', async () => {
    // From 10 ms on, one after the other: the second finds the place taken until 110 ms.
    const call = `count: 1, retry: { mode: exponential, maxAttempts: 9, baseDelay: 60ms, maxDelay: 60ms, jitter: none }`
    const settings = 'reservedConcurrentExecutions: 1'
    const text = scenario({ call, settings }).replace(
      'process: constant, rate: 1/s',
      'process: constant, stages: [{ for: 2ms, rate: 1000/s }, { for: 9s, rate: 0/s }]',
    )
    const view = await run(text)
    expect(view.ledger('load')).toEqual({ entered: 2, succeeded: 2 })
    expect(view.value('charge.Throttles.sum')).toBe(2)
    expect(latenciesMs(view, 'api').sort((one, other) => one - other)).toEqual([110, 230])
  })
})

describe('a function error', () => {
  test('is an answer to an SDK: it fails the handler and is not tried again', async () => {
    const view = await run(scenario({ call: `retry: { ${FIXED} }`, handler: BROKEN }))
    expect(view.value('charge.Invocations.sum')).toBe(10)
    expect(view.value('api.CallRetries.sum')).toBe(0)
    expect(view.ledger('load')).toEqual({ entered: 10, failed: 10 })
  })

  test('is tried again by code that looks at it', async () => {
    const call = `retry: { ${FIXED}, retryOn: [functionErrors] }`
    const view = await run(scenario({ call, handler: BROKEN }))
    expect(view.value('charge.Invocations.sum')).toBe(30)
    expect(view.value('api.CallRetries.sum')).toBe(20)
  })

  test('falls on each attempt by itself', async () => {
    const call =
      'retry: { mode: exponential, maxAttempts: 20, baseDelay: 1ms, retryOn: [functionErrors] }'
    const handler = '{ duration: 5ms, errorRate: 50% }'
    const view = await run(scenario({ call, handler, duration: '200s' }))
    expect(view.ledger('load')).toEqual({ entered: 200, succeeded: 200 })
    const attempts = view.attempts.filter((attempt) => attempt.functionName === 'charge')
    expect(Math.max(...attempts.map(({ attempt }) => attempt))).toBeGreaterThan(3)
    expect(new Set(attempts.map(({ isLast }) => isLast))).toEqual(new Set([null]))
  })
})

describe('what a request calls when it is tried again', () => {
  test('is drawn anew: a call that failed may go well', async () => {
    const text = `
name: drawn-anew
duration: 300s
drain: true
account: { region: us-east-1 }
functions:
  api:
    runtime: nodejs22.x
    coldStart: none
    handler: { duration: 10ms, calls: [{ downstream: db }] }
downstreams: { db: { type: degrading, service: 5ms, contention: {}, errorRate: 50% } }
traffic:
  load:
    to: api
    process: constant
    rate: 1/s
    client: { retry: { mode: exponential, maxAttempts: 20, baseDelay: 1ms, retryOn: [functionErrors] } }
`
    const view = await run(text)
    expect(view.ledger('load')).toEqual({ entered: 300, succeeded: 300 })
  })
})

describe('the adaptive mode', () => {
  test('slows the client of an environment down after throttles, from the first attempt on', async () => {
    const call = 'count: 40, retry: { mode: adaptive }'
    const db = '{ type: rate-limited, rate: 1/s, burst: 10, service: 10ms }'
    const text = (mode: string) =>
      scenario({ call: call.replace('adaptive', mode) })
        .replace('function: charge', 'downstream: partner')
        .replace('traffic:', `downstreams: { partner: ${db} }\ntraffic:`)
        .replace(
          'process: constant, rate: 1/s',
          'process: constant, stages: [{ for: 1s, rate: 1/s }]',
        )
        .replace('timeout: 20s', 'timeout: 900s')
    const standard = await run(text('standard, maxAttempts: 100'))
    const adaptive = await run(text('adaptive, maxAttempts: 100'))
    const throttles = (view: RunView) => view.value('partner.CallThrottles.sum')
    expect(adaptive.ledger('load')).toEqual({ entered: 1, succeeded: 1 })
    expect(throttles(adaptive)).toBeGreaterThan(0)
    expect(throttles(adaptive)).toBeLessThan(throttles(standard))
  })
})
