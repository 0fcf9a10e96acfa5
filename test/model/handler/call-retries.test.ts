/** What a handler does about calls to downstreams that fail or take too long. */
import { describe, expect, test } from 'vitest'
import { compileText, run } from '../../support/run.ts'

function scenario(call: string, downstream: string, rate = '1/s', duration = '10s'): string {
  return `
name: retries
duration: ${duration}
drain: true
account: { region: us-east-1 }
functions:
  api:
    runtime: nodejs22.x
    memorySize: 512
    timeout: 20s
    coldStart: none
    handler: [{ compute: 10ms }, { downstream: db, ${call} }]
traffic: { load: { to: api, process: constant, rate: ${rate} } }
downstreams: { db: ${downstream} }
`
}

const FIXED = 'mode: exponential, maxAttempts: 3, baseDelay: 100ms, jitter: none'
const BROKEN = '{ type: queueing-service, servers: 10, service: 5ms, errorRate: 100% }'
const SLOW = '{ type: queueing-service, servers: 100, service: 1s }'

describe('a call that fails', () => {
  test('is tried again after waits that double, until its attempts are used up', async () => {
    const view = await run(scenario(`retry: { ${FIXED} }`, BROKEN))
    // 10 ms of its own, then 5, wait 100, 5, wait 200, 5.
    expect(view.attempts.map(({ latencyUs }) => latencyUs)).toEqual(Array(10).fill(325_000))
    expect(view.value('db.Calls.sum')).toBe(30)
    expect(view.value('api.CallRetries.sum')).toBe(20)
    expect(view.value('api.CallErrors.sum')).toBe(10)
    expect(view.ledger('load')).toEqual({ entered: 10, failed: 10 })
  })

  test('ends the invocation at once where nothing is said of retries', async () => {
    const view = await run(scenario('count: 1', BROKEN))
    expect(view.attempts.map(({ latencyUs }) => latencyUs)).toEqual(Array(10).fill(15_000))
    expect(view.find('api.CallRetries.sum')).toBeUndefined()
  })
})

describe('a call that takes too long', () => {
  test('is given up and tried again, while the downstream works on each attempt to its end', async () => {
    const view = await run(scenario(`timeout: 300ms, retry: { ${FIXED} }`, SLOW))
    // 10, then 300, wait 100, 300, wait 200, 300.
    expect(view.attempts.map(({ latencyUs }) => latencyUs)).toEqual(Array(10).fill(1_210_000))
    expect(view.value('db.CallTimeouts.sum')).toBe(30)
    expect(view.value('db.ServiceTime.average')).toBe(1_000)
  })

  test('is given up by the function timeout also while it backs off', async () => {
    const text = scenario(
      'retry: { mode: exponential, maxAttempts: 3, baseDelay: 30s, jitter: none }',
      BROKEN,
    )
    const view = await run(text)
    expect(view.ledger('load')).toEqual({ entered: 10, timedOut: 10 })
    expect(view.value('db.Calls.sum')).toBe(10)
  })
})

describe('a retry quota', () => {
  test('is that of the environment: after 100 retries one that always fails has used up its 500 tokens', async () => {
    const text = scenario(
      'count: 1, retry: { mode: standard, maxAttempts: 3 }',
      BROKEN,
      '1/s',
      '10m',
    )
    const view = await run(text, { set: ['functions.api.reservedConcurrentExecutions=1'] })
    expect(view.value('api.ExecutionEnvironments.maximum')).toBe(1)
    expect(view.value('api.CallRetries.sum')).toBe(100)
  })
})

describe('what makes no sense', () => {
  test('is told at its place', async () => {
    const complaint = async (call: string) => {
      try {
        await compileText(scenario(call, BROKEN))
      } catch (problem) {
        return (problem as Error).message.split('\n')[0]
      }
      return 'no complaint'
    }
    expect(await complaint('retry: { mode: sometimes }')).toMatchInlineSnapshot(
      `"test.yaml:12:67: \`sometimes\` is no known retry mode: known are none, legacy, standard, adaptive, standard-2026, adaptive-2026, exponential"`,
    )
    expect(await complaint('timeout: 0s')).toMatchInlineSnapshot(
      `"test.yaml:12:61: \`0s\` must be longer than 0s"`,
    )
  })
})
