/** What downstreams do with calls, and what that does to the handlers that wait for them. */
import { describe, expect, it } from 'vitest'
import type { CompiledScenario } from '../../../src/model/compiled-scenario.ts'
import { callingFunction, several } from '../../support/downstreams.ts'
import { type RunView, run } from '../../support/run.ts'

const callMs = (view: RunView) => view.attempts.map(({ callUs }) => callUs / 1_000)

describe('a queueing service', () => {
  const service = { type: 'queueing-service', servers: 2, service: '100ms' }

  it('serves as many as it has servers, and the others as they came', async () => {
    const view = await run(callingFunction({ downstreams: { db: service }, traffic: several(5) }))
    expect(callMs(view)).toEqual([100, 100, 198, 198, 296])
    expect(view.value('db.QueueLength.maximum')).toBe(3)
    expect(view.value('db.CallsInService.maximum')).toBe(2)
    expect(view.value('db.QueueTime.maximum')).toBe(196)
    const [limit] = view.output.headroom.filter(({ scope }) => scope === 'downstream')
    expect(limit).toMatchObject({ name: 'db', limit: 'servers', used: 2, available: 2 })
  })

  it('refuses what finds its queue full, at once', async () => {
    const db = { ...service, queueCapacity: 1 }
    const view = await run(callingFunction({ downstreams: { db }, traffic: several(5) }))
    expect(view.value('db.CallRefusals.sum')).toBe(2)
    expect(view.value('f.CallErrors.sum')).toBe(2)
    expect([...callMs(view)].sort((one, other) => one - other)).toEqual([0, 0, 100, 100, 198])
  })

  it('serves those that wait when it gets more servers', async () => {
    const timeline = [{ at: '50ms', set: { 'downstreams.db.servers': 5 } }]
    const view = await run(
      callingFunction({ downstreams: { db: service }, traffic: several(5), timeline }),
    )
    // Calls come from 10.5 ms on.
    expect(callMs(view)).toEqual([100, 100, 137.5, 136.5, 135.5])
  })

  it('answers its share of errors to calls that it has served', async () => {
    const db = { ...service, servers: 100, errorRate: '50%' }
    const view = await run(callingFunction({ downstreams: { db }, traffic: { rate: '100/s' } }))
    const failures = view.value('db.CallFailures.sum')
    expect(failures).toBeGreaterThan(0)
    expect(view.value('f.CallErrors.sum')).toBe(failures)
    expect(new Set(callMs(view))).toEqual(new Set([100]))
  })
})

describe('the time of a call', () => {
  const db = { type: 'queueing-service', servers: 10, service: '2s' }

  it('holds the environment and is billed', async () => {
    const view = await run(callingFunction({ downstreams: { db }, traffic: several(1) }))
    expect(view.value('f.Duration.maximum')).toBe(2_010)
    expect(view.value('f.BilledDuration.sum')).toBe(2_010)
    expect(view.value('f.ConcurrentExecutions.average')).toBeCloseTo(2.01 / 10, 9)
  })

  it('ends with the timeout of the call: the handler fails, the server works on', async () => {
    const calls = [{ downstream: 'db', timeout: '300ms' }]
    const view = await run(callingFunction({ downstreams: { db }, calls, traffic: several(1) }))
    expect(view.value('f.Duration.maximum')).toBe(310)
    expect(view.value('f.Errors.sum')).toBe(1)
    expect(view.value('f.CallErrors.sum')).toBe(1)
    expect(view.value('db.CallTimeouts.sum')).toBe(1)
    expect(view.value('db.CallTimeouts.share')).toBe(1)
    expect(view.value('db.ServiceTime.maximum')).toBe(2_000)
    expect(view.value('db.CallsInService.average')).toBeCloseTo(0.2, 9)
    expect(view.value('db.OpenCalls.average')).toBeCloseTo(0.03, 9)
    expect(view.find('db.CallLatency.average')).toBeUndefined()
  })

  it('ends with the function timeout, counted once, and is billed until then', async () => {
    const calls = [{ downstream: 'db', timeout: '5s' }]
    const settings = { timeout: '1s' }
    const view = await run(
      callingFunction({ downstreams: { db }, calls, settings, traffic: several(1) }),
    )
    expect(view.value('f.Duration.maximum')).toBe(1_000)
    expect(view.value('f.BilledDuration.sum')).toBe(1_000)
    expect(view.attempts.map(({ outcome }) => outcome)).toEqual(['timedOut'])
    expect(view.value('db.CallTimeouts.sum')).toBe(1)
    expect(view.value('db.CallsInService.average')).toBeCloseTo(0.2, 9)
  })

  it('an answer at the instant of the timeout is in time', async () => {
    const calls = [{ downstream: 'db', timeout: '2s' }]
    const view = await run(callingFunction({ downstreams: { db }, calls, traffic: several(3) }))
    expect(view.value('web.Succeeded.sum')).toBe(3)
    expect(view.value('db.CallTimeouts.sum')).toBe(0)
  })

  it('that waits in line when it times out leaves the line', async () => {
    const calls = [{ downstream: 'db', timeout: '300ms' }]
    const one = { ...db, servers: 1 }
    const view = await run(
      callingFunction({ downstreams: { db: one }, calls, traffic: several(3) }),
    )
    expect(view.value('db.CallTimeouts.sum')).toBe(3)
    expect(view.value('db.QueueLength.average')).toBeCloseTo(0.06, 9)
    expect(view.value('db.CallsInService.average')).toBeCloseTo(0.2, 9)
  })
})

describe('a rate limit', () => {
  it('answers 429 at once when the bucket is empty, and refills it', async () => {
    const db = { type: 'rate-limited', rate: '10/s', burst: 3, service: '20ms' }
    // Five at 10.5 to 14.5 ms; then one after 1 s, when the bucket is full again.
    const stages = [
      { for: '5ms', rate: '1000/s' },
      { for: '995ms', rate: '0/s' },
      { for: '1ms', rate: '1000/s' },
    ]
    const view = await run(callingFunction({ downstreams: { db }, traffic: { stages } }))
    expect(view.value('db.CallThrottles.sum')).toBe(2)
    expect(callMs(view)).toEqual([0, 0, 20, 20, 20, 20])
    expect(view.value('db.CallsInService.maximum')).toBe(3)
  })

  it('takes its burst and then its rate, to the token', async () => {
    const db = { type: 'rate-limited', rate: '10/s', burst: 5, service: '1ms' }
    const view = await run(callingFunction({ downstreams: { db }, traffic: { rate: '100/s' } }))
    // Five at the start and one every 100 ms, from the first call at 15 ms to the last at 9.995 s.
    expect(view.value('web.Succeeded.sum')).toBe(5 + 99)
  })

  it('answers another share of errors when the timeline says so', async () => {
    const partner = { type: 'rate-limited', rate: '10/s', service: '5ms' }
    const timeline = [{ at: '5s', set: { 'downstreams.db.errorRate': '100%' } }]
    const view = await run(callingFunction({ downstreams: { db: partner }, timeline }))
    expect(view.value('db.CallFailures.sum')).toBe(5)
  })
})

it('a degrading service takes the longer the more it works on', async () => {
  const contention = { sigma: 0.1, kappa: 0.01 }
  const db = { type: 'degrading', service: '100ms', contention }
  const view = await run(callingFunction({ downstreams: { db }, traffic: several(3) }))
  // With n in service 1 + 0.1 (n - 1) + 0.01 n (n - 1) times as long.
  expect(callMs(view)).toEqual([100, 112, 126])
})

describe('a cache', () => {
  const database = { type: 'connection-pool', maxConnections: 10, service: '50ms' }
  const cached = (hitRate: string, more: object = {}) => ({
    cache: { type: 'cache', service: '2ms', hitRate, behind: 'db' },
    db: { ...database, connectionSetup: '0ms', ...more },
  })
  const calls = [{ downstream: 'cache' }]

  it('answers hits itself and passes misses on', async () => {
    const traffic = { rate: '20/s' }
    const view = await run(callingFunction({ downstreams: cached('50%'), calls, traffic }))
    const hits = view.value('cache.CacheHits.sum')
    const misses = view.value('cache.CacheMisses.sum')
    expect(hits).toBeGreaterThan(0)
    expect(misses).toBeGreaterThan(0)
    expect(hits + misses).toBe(200)
    expect(view.value('cache.CacheHits.share')).toBe(hits / 200)
    expect(view.value('db.Calls.sum')).toBe(misses)
    expect(callMs(view).filter((time) => time === 2)).toHaveLength(hits)
    expect(callMs(view).filter((time) => time === 52)).toHaveLength(misses)
  })

  it('hits the same calls when something else changes', async () => {
    const hitsOf = async (more: object) => {
      const downstreams = cached('50%', more)
      const view = await run(callingFunction({ downstreams, calls, traffic: { rate: '20/s' } }))
      return view.attempts
        .filter(({ callUs }) => callUs === 2_000)
        .map(({ arrivedUs }) => arrivedUs)
    }
    expect(await hitsOf({ service: '500ms' })).toEqual(await hitsOf({}))
  })

  it('passes the end of environments and of invocations on', async () => {
    const averageOf = async (connection: string) => {
      const view = await run(
        callingFunction({
          downstreams: cached('0%', { connection }),
          calls,
          settings: { keepAlive: { policy: 'fixed', idleTimeout: '2s' } },
          traffic: several(1),
        }),
      )
      return view.value('db.DatabaseConnections.average')
    }
    expect(await averageOf('per-environment')).toBeCloseTo(2.05 / 10, 9)
    expect(await averageOf('per-invocation')).toBeCloseTo(0.05 / 10, 9)
  })

  it('passes on that nobody waits any more', async () => {
    const view = await run(
      callingFunction({
        downstreams: cached('0%', { service: '1s' }),
        calls: [{ downstream: 'cache', timeout: '100ms' }],
        traffic: several(1),
      }),
    )
    expect(view.value('cache.CallTimeouts.sum')).toBe(1)
    expect(view.value('db.CallTimeouts.sum')).toBe(1)
    expect(view.value('db.OpenCalls.average')).toBeCloseTo(0.0098, 9)
    expect(view.value('db.CallsInService.average')).toBeCloseTo(0.1, 9)
  })

  it('answers what is behind it with', async () => {
    const view = await run(
      callingFunction({
        downstreams: cached('0%', { maxConnections: 1 }),
        calls,
        traffic: several(2),
      }),
    )
    expect(view.value('cache.CallRefusals.sum')).toBe(1)
    expect(view.value('db.CallRefusals.sum')).toBe(1)
  })
})

describe('the timeline', () => {
  const db = { type: 'queueing-service', servers: 10, service: '10ms' }

  it('slows down services that begin meanwhile', async () => {
    const timeline = [{ at: '2s', slow: 'db', factor: 7, for: '3s' }]
    const view = await run(callingFunction({ downstreams: { db }, timeline }))
    // Requests at 0.5 s, 1.5 s, ...: those of 2.5 s to 4.5 s.
    expect(callMs(view)).toEqual([10, 10, 70, 70, 70, 10, 10, 10, 10, 10])
  })

  it('makes calls fail at once during an outage, and lets running ones end', async () => {
    const timeline = [{ at: '2s', outage: 'db', for: '2s' }]
    const slow = { ...db, service: '900ms' }
    const view = await run(callingFunction({ downstreams: { db: slow }, timeline }))
    expect(callMs(view)).toEqual([900, 900, 0, 0, 900, 900, 900, 900, 900])
    expect(view.value('db.CallFailures.sum')).toBe(2)
    // What failed at once says nothing of how long answers take.
    expect(view.value('db.CallLatency.minimum')).toBe(900)
  })
})

describe('runs', () => {
  const exponential = (mean: string) => ({ exponential: { mean } })
  const scenario = (servers: number) =>
    callingFunction({
      downstreams: {
        cache: { type: 'cache', service: exponential('2ms'), hitRate: '30%', behind: 'db' },
        db: { type: 'queueing-service', servers, service: exponential('100ms'), queueCapacity: 20 },
      },
      calls: [
        { downstream: 'cache', count: 2, timeout: '400ms' },
        { downstream: 'db', probability: '50%' },
      ],
      settings: { timeout: '1s' },
      traffic: { process: 'poisson', stages: [{ for: '7s', rate: '30/s' }] },
      metricsPeriod: '1s',
    })

  it('lose no call: when the traffic is over, every call has been answered or given up', async () => {
    for (const servers of [1, 3, 10]) {
      const left = { calls: Number.NaN }
      const watch: CompiledScenario['parts'][number] = {
        path: 'downstreams.watch',
        scope: 'downstream',
        name: 'watch',
        metrics: null,
        create: (world) => ({
          path: 'downstreams.watch',
          closeBooks: () => {
            left.calls = world.calls.used
            return []
          },
        }),
      }
      const view = await run(scenario(servers), {
        adjust: (compiled) => ({ ...compiled, parts: [...compiled.parts, watch] }),
      })
      expect(left.calls).toBe(0)
      const begun = view.value('cache.Calls.sum')
      expect(view.value('cache.CallTimeouts.sum')).toBeGreaterThan(0)
      // Every call that the cache took was looked up, also for nobody; only heard ones went on.
      const looked = view.value('cache.CacheHits.sum') + view.value('cache.CacheMisses.sum')
      expect(looked).toBeLessThanOrEqual(begun)
      expect(looked).toBeGreaterThanOrEqual(begun - view.value('cache.CallTimeouts.sum'))
      for (const name of ['cache', 'db'])
        expect(view.series(`${name}.OpenCalls.average`).at(-1)).toBe(0)
    }
  })

  it('do not show the slices they were made in', async () => {
    const whole = await run(scenario(3))
    const sliced = await run(scenario(3), { eventBudget: 7 })
    expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
    expect(sliced.output.summary).toEqual(whole.output.summary)
    expect(sliced.attempts).toEqual(whole.attempts)
  })

  it('of two variants meet the same services', async () => {
    const patient = (servers: number) => {
      const db = { type: 'queueing-service', servers, service: exponential('100ms') }
      const traffic = { process: 'poisson', stages: [{ for: '5s', rate: '30/s' }] }
      return run(callingFunction({ downstreams: { db }, traffic, duration: '20s' }))
    }
    const [few, many] = [await patient(4), await patient(500)]
    expect(few.value('db.QueueTime.maximum')).toBeGreaterThan(100)
    expect(many.value('db.QueueTime.maximum')).toBe(0)
    for (const statistic of ['minimum', 'p50', 'p99', 'maximum']) {
      const path = `db.ServiceTime.${statistic}`
      expect(few.value(path)).toBe(many.value(path))
    }
  })
})
