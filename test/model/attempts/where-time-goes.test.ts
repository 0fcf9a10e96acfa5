/** The parts of an attempt's time, in runs whose every moment can be worked out by hand. */
import { describe, expect, it } from 'vitest'
import type { AttemptRow } from '../../../src/index.ts'
import { callingFunction, several } from '../../support/downstreams.ts'
import { at, lambda, runExact } from '../../support/exact.ts'
import { type RunView, run } from '../../support/run.ts'
import { behind } from '../doors/support.ts'

/** The parts that took any time, ms. */
function spent({ parts, partNames }: AttemptRow): Record<string, number> {
  const entries = parts.map((us, index) => [partNames[index]!, us / 1_000] as const)
  return Object.fromEntries(entries.filter(([, ms]) => ms > 0))
}

const fates = (view: RunView) =>
  view.attempts.map(({ outcome, reason, status, givenUpBy }) => [
    outcome,
    reason,
    status,
    givenUpBy,
  ])

const NAIVE = { mode: 'exponential', jitter: 'none', baseDelay: '1s' }

describe('of a client', () => {
  const slow = { f: lambda({ handler: { duration: '4s' } }) }

  it('waits before a retry are its own, and a timeout cuts what is counted', async () => {
    const client = { timeout: '1s', retry: { ...NAIVE, maxAttempts: 2 } }
    const view = await runExact({
      functions: slow,
      traffic: { web: { ...at('f', 5), client } },
      drain: true,
    })
    expect(view.attempts.map(spent)).toEqual([
      { compute: 1_000 },
      { client_wait: 1_000, compute: 1_000 },
    ])
    expect(fates(view)).toEqual(Array(2).fill(['succeeded', '', null, 'client']))
    expect(
      view.attempts.map(({ arrivedUs, callerUs, elapsedUs, abandonedUs, durationUs, isLast }) => [
        ...[arrivedUs, callerUs, elapsedUs, abandonedUs, durationUs].map((us) => us / 1e6),
        isLast,
      ]),
    ).toEqual([
      [5, 1, 1, 3, 4, false],
      [7, 2, 3, 3, 4, true],
    ])
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(3_000)
  })

  it('has a row although its function still runs at the end', async () => {
    const view = await runExact({
      functions: slow,
      traffic: { web: { ...at('f', 58), client: { timeout: '500ms' } } },
    })
    expect(fates(view)).toEqual([['inFlight', '', null, 'client']])
    expect(view.attempts[0]).toMatchObject({
      callerUs: 500_000,
      abandonedUs: 1_500_000,
    })
    expect(view.attempts.map(spent)).toEqual([{ compute: 500 }])
  })

  it('gives up on a cold start: what was seen of it is placement, then init', async () => {
    const coldStart = { placement: '300ms', init: '5s', firstInvocation: '0s' }
    const view = await runExact({
      functions: { f: lambda({ coldStart }) },
      traffic: { web: { ...at('f', 58), client: { timeout: '1s' } } },
    })
    expect(view.attempts.map(spent)).toEqual([{ placement: 300, init: 700 }])
    expect(fates(view)).toEqual([['inFlight', '', null, 'client']])
  })

  it('attempts that it rejects have rows, and say why', async () => {
    const circuitBreaker = { window: 1, minimumAttempts: 1, failureShare: '100%', openFor: '10s' }
    const client = {
      circuitBreaker,
      retry: { ...NAIVE, maxAttempts: 3, retryOn: ['functionErrors'] },
    }
    const view = await runExact({
      functions: { f: lambda({ handler: { duration: '1s', errorRate: '100%' } }) },
      traffic: { web: { ...at('f', 5), client } },
    })
    expect(fates(view)).toEqual([
      ['failed', 'error', null, ''],
      ['rejected', 'circuitBreaker', null, ''],
    ])
    expect(view.attempts.map(spent)).toEqual([{ compute: 1_000 }, { client_wait: 1_000 }])
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(2_000)
    expect(view.value('web.Attempts.sum')).toBe(1)
  })

  it('retries that its budget does not let go have rows that took no time', async () => {
    const retryBudget = { rate: '0.001/s', capacity: 1 }
    const client = { retryBudget, retry: { ...NAIVE, maxAttempts: 3 } }
    const view = await runExact({
      functions: { f: lambda({ reservedConcurrentExecutions: 0 }) },
      traffic: { web: { ...at('f', 5), client } },
    })
    expect(view.attempts.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'throttled ReservedFunctionConcurrentInvocationLimitExceeded',
      'throttled ReservedFunctionConcurrentInvocationLimitExceeded',
      'rejected retryBudget',
    ])
    expect(view.attempts.map(spent)).toEqual([{}, { client_wait: 1_000 }, {}])
  })
})

describe('in a front door', () => {
  const one = { traffic: { rate: '0.1/s' }, more: { drain: true } }

  it('the way in is the door, and the answer has its code', async () => {
    const view = await run(behind('rest-api', { ...one, api: { latency: '20ms' } }))
    expect(view.attempts.map(spent)).toEqual([{ front_door: 20, compute: 100 }])
    expect(fates(view)).toEqual([['succeeded', '', 200, '']])
  })

  it('what the door refuses never came to a function', async () => {
    const api = { throttle: { rate: '0.1/s', burst: 1 } }
    const view = await run(behind('http-api', { api, traffic: { rate: '0.2/s' } }))
    expect(fates(view)).toEqual([
      ['succeeded', '', 200, ''],
      ['refused', 'Too Many Requests', 429, ''],
    ])
    expect(view.attempts[1]).toMatchObject({ functionName: '', callerUs: 0, start: '' })
  })

  it('what Lambda refuses has the reason of Lambda and the code of the door', async () => {
    const settings = { reservedConcurrentExecutions: 0 }
    const view = await run(behind('alb', { ...one, settings, api: { latency: '3ms' } }))
    expect(fates(view)).toEqual([
      ['throttled', 'ReservedFunctionConcurrentInvocationLimitExceeded', 502, ''],
    ])
    expect(view.attempts.map(spent)).toEqual([{ front_door: 3 }])
  })

  it('an integration timeout cuts what is counted, and the function goes on', async () => {
    const handler = { duration: '40s' }
    const view = await run(behind('rest-api', { ...one, handler, api: { latency: '20ms' } }))
    expect(fates(view)).toEqual([['succeeded', '', 504, 'api']])
    expect(view.attempts.map(spent)).toEqual([{ front_door: 20, compute: 29_000 }])
    expect(view.attempts[0]!.abandonedUs).toBe(11e6)
  })

  it('a client that gives up before the function is called has waited for the door alone', async () => {
    const traffic = { rate: '0.1/s', client: { timeout: '15ms' } }
    const view = await run(behind('rest-api', { ...one, traffic, api: { latency: '20ms' } }))
    expect(fates(view)).toEqual([['succeeded', '', null, 'client']])
    expect(view.attempts.map(spent)).toEqual([{ front_door: 15 }])
    expect(view.attempts[0]!.abandonedUs).toBe(105_000)
  })
})

describe('in an environment', () => {
  it('a cold start has placement, init and the first invocation', async () => {
    const coldStart = { placement: '100ms', init: '400ms', firstInvocation: '30ms' }
    const view = await runExact({
      functions: { f: lambda({ coldStart }) },
      traffic: { p: at('f', 1, 3) },
    })
    expect(view.attempts.map(spent)).toEqual([
      { placement: 100, init: 400, first_invocation: 30, compute: 1_000 },
      { compute: 1_000 },
    ])
  })

  it('an init after a crash is one within the invocation', async () => {
    const coldStart = { placement: '100ms', init: '400ms', firstInvocation: '30ms' }
    const handler = { duration: '1s', failures: { crash: '100%' } }
    const view = await runExact({
      functions: { f: lambda({ coldStart, handler }) },
      traffic: { p: at('f', 1, 4) },
    })
    expect(view.attempts.map(spent)[1]).toEqual({
      suppressed_init: 400,
      first_invocation: 30,
      compute: 1_000,
    })
  })

  it('a request that is handed over has waited', async () => {
    const coldStart = { placement: '1s', init: '1s', firstInvocation: '0s', handOver: 'busy' }
    const view = await runExact({
      functions: { f: lambda({ coldStart }) },
      traffic: { p: at('f', 1, 3.5) },
    })
    expect(view.attempts.map(spent)).toContainEqual({ wait: 500, compute: 1_000 })
  })
})

describe('in a handler', () => {
  const pool = { type: 'connection-pool', maxConnections: 1, service: '20ms' }

  it('a connection is set up once, by the first call', async () => {
    const view = await run(callingFunction({ downstreams: { db: pool }, duration: '2s' }))
    expect(view.attempts.map(spent)).toEqual([
      { compute: 10, 'db.connection': 50, 'db.service': 20 },
      { compute: 10, 'db.service': 20 },
    ])
  })

  it('borrowing one from a proxy counts as waiting for a connection', async () => {
    const db = { ...pool, connection: 'proxy', proxy: { maxConnectionsPercent: '100%' } }
    const view = await run(callingFunction({ downstreams: { db }, traffic: several(2) }))
    // The second one comes a millisecond later and waits for the set-up and service of the first.
    expect(view.attempts.map(spent)).toEqual([
      { compute: 10, 'db.connection': 50, 'db.service': 20 },
      { compute: 10, 'db.connection': 69, 'db.service': 20 },
    ])
  })

  it('waiting in line and being served are two things, behind a cache too', async () => {
    const line = { type: 'queueing-service', servers: 1, service: '5ms' }
    const cached = { type: 'cache', service: '1ms', hitRate: '0%', behind: 'line' }
    const view = await run(
      callingFunction({
        downstreams: { line, cached },
        calls: [{ downstream: 'cached' }],
        traffic: several(2),
      }),
    )
    expect(view.attempts.map(spent)).toEqual([
      { compute: 10, 'cached.service': 1, 'line.service': 5 },
      { compute: 10, 'cached.service': 1, 'line.wait': 4, 'line.service': 5 },
    ])
  })

  it('back-off between the attempts of a call is apart, and a timeout keeps what was seen', async () => {
    const retry = { ...NAIVE, baseDelay: '100ms', maxAttempts: 2 }
    const view = await run(
      callingFunction({
        downstreams: { db: { type: 'queueing-service', servers: 1, service: '350ms' } },
        calls: [{ downstream: 'db', timeout: '200ms', retry }],
        traffic: several(1),
      }),
    )
    // The second attempt is behind the first, which is served for nobody until then.
    expect(view.attempts.map(spent)).toEqual([
      { compute: 10, back_off: 100, 'db.wait': 50, 'db.service': 350 },
    ])
  })

  it('of parallel branches the one that ends last counts', async () => {
    const handler = {
      steps: [
        { compute: '10ms', cpuBound: '0%' },
        {
          parallel: [
            [{ downstream: 'fast' }],
            [{ downstream: 'fast' }, { compute: '7ms', cpuBound: '0%' }, { downstream: 'fast' }],
          ],
        },
        { compute: '1ms', cpuBound: '0%' },
      ],
    }
    const fast = { type: 'queueing-service', servers: 10, service: '5ms' }
    const view = await run(
      callingFunction({ downstreams: { fast }, settings: { handler }, traffic: several(1) }),
    )
    expect(view.attempts.map(spent)).toEqual([{ compute: 18, 'fast.service': 10 }])
  })

  it('where its timeout strikes among branches, the last one that still runs counts', async () => {
    const handler = {
      steps: [
        { compute: '10ms', cpuBound: '0%' },
        { parallel: [{ downstream: 'slow' }, { downstream: 'slower' }] },
      ],
    }
    const slow = { type: 'queueing-service', servers: 1, service: '20s' }
    const settings = { handler, timeout: '1s' }
    const downstreams = { slow, slower: slow }
    const view = await run(callingFunction({ downstreams, settings, traffic: several(1) }))
    expect(view.attempts.map(spent)).toEqual([{ compute: 10, 'slower.service': 990 }])
  })

  it('a function that it calls takes the caller a call, and runs on when it times out', async () => {
    const handler = {
      duration: '100ms',
      calls: [{ function: 'inner', invocationType: 'RequestResponse' }],
    }
    const view = await runExact({
      functions: {
        outer: lambda({ timeout: '1s', handler }),
        inner: lambda({ handler: { duration: '3s' } }),
      },
      traffic: { p: at('outer', 1) },
    })
    expect(view.attempts.map(spent)).toEqual([{ compute: 100, call: 900 }, { compute: 900 }])
    expect(view.attempts[1]).toMatchObject({ givenUpBy: 'function', abandonedUs: 2_100_000 })
  })
})

describe('of events and messages', () => {
  it('an event waits in its queue, from attempt to attempt, as long as it takes in all', async () => {
    const handler = { duration: '1s', failures: { error: '100%' } }
    const view = await runExact({
      duration: '10m',
      functions: { f: lambda({ handler, events: { tick: { type: 'eventbridge', bus: 'b' } } }) },
      buses: { b: {} },
      traffic: { p: at('b', 1) },
    })
    expect(view.attempts.map(({ attempt, isLast }) => [attempt, isLast])).toEqual([
      [1, null],
      [2, null],
      [3, null],
    ])
    expect(view.attempts.map(spent)).toEqual([
      { compute: 1_000 },
      { queued: 60_000, compute: 1_000 },
      { queued: 120_000, compute: 1_000 },
    ])
    expect(view.attempts.map(({ elapsedUs }) => elapsedUs / 1e6)).toEqual([1, 62, 183])
  })

  it('a message that is received again has waited for its visibility timeout', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          timeout: '5s',
          handler: { duration: '1s', errorRate: '100%' },
          events: { work: { type: 'sqs', queue: 'q' } },
        }),
      },
      queues: { q: { visibilityTimeout: '20s' } },
      traffic: { p: at('q', 1) },
      duration: '25s',
    })
    expect(view.attempts.map(spent)).toEqual([
      { compute: 1_000 },
      { queued: 19_000, compute: 1_000 },
    ])
    expect(view.attempts[1]).toMatchObject({ attempt: 2, elapsedUs: 21e6 })
  })

  it('a record waits from its entry, and from the end of each failed batch', async () => {
    const kinesis = { type: 'kinesis', stream: 's', maximumRetryAttempts: 2 }
    const view = await runExact({
      functions: {
        f: lambda({ handler: { duration: '1s', errorRate: '100%' }, events: { in: kinesis } }),
      },
      streams: { s: { shardCount: 1 } },
      traffic: { p: at('s', 1) },
    })
    expect(view.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    let elapsedUs = 0
    for (const row of view.attempts) {
      elapsedUs += row.callerUs
      expect(row.elapsedUs).toBe(elapsedUs)
      expect(Object.keys(spent(row))).toEqual(['queued', 'compute'])
      expect(spent(row).compute).toBe(1_000)
    }
  })
})
