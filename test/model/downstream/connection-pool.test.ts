/** Whose connections are, when they close, and what a proxy lends. */
import { describe, expect, it } from 'vitest'
import { callingFunction, several } from '../../support/downstreams.ts'
import { run } from '../../support/run.ts'

const POOL = {
  type: 'connection-pool',
  maxConnections: 100,
  connectionSetup: '40ms',
  service: '50ms',
}

describe('a connection of an environment', () => {
  it('is opened by its first call and outlives the invocation', async () => {
    const view = await run(callingFunction({ downstreams: { db: POOL } }))
    expect(view.value('db.CallLatency.maximum')).toBe(90)
    expect(view.value('db.CallLatency.minimum')).toBe(50)
    expect(view.value('db.CallLatency.average')).toBe((90 + 9 * 50) / 10)
    // From the first call, 10 ms after the request at 0.5 s, to the end.
    expect(view.value('db.DatabaseConnections.average')).toBeCloseTo((10 - 0.51) / 10, 9)
  })

  it('closes when the environment is retired', async () => {
    const view = await run(
      callingFunction({
        downstreams: { db: POOL },
        settings: { keepAlive: { policy: 'fixed', idleTimeout: '2s' } },
        traffic: several(1),
      }),
    )
    // The request of 0.5 ms calls at 10.5 ms; it has its answer 90 ms later, and 2 s more are idle.
    expect(view.value('db.DatabaseConnections.average')).toBeCloseTo(2.09 / 10, 9)
  })

  it('closes when the environment is reset after a timeout', async () => {
    const view = await run(
      callingFunction({
        downstreams: { db: { ...POOL, service: '5s' } },
        settings: { timeout: '1s' },
        traffic: several(1),
      }),
    )
    expect(view.value('db.DatabaseConnections.average')).toBeCloseTo(0.99 / 10, 9)
    expect(view.value('db.CallTimeouts.sum')).toBe(1)
    // The database works on for nobody.
    expect(view.value('db.ServiceTime.maximum')).toBe(5_000)
  })

  it('is refused when all are taken, and the environment may try again', async () => {
    const view = await run(
      callingFunction({
        downstreams: { db: { ...POOL, maxConnections: 2 } },
        settings: { keepAlive: { policy: 'fixed', idleTimeout: '2s' } },
        traffic: {
          stages: [
            { for: '5ms', rate: '1000/s' },
            { for: '4995ms', rate: '0/s' },
            { for: '2ms', rate: '1000/s' },
          ],
        },
      }),
    )
    expect(view.value('db.CallRefusals.sum')).toBe(3)
    expect(view.value('db.ConnectionErrors.sum')).toBe(3)
    expect(view.value('f.CallErrors.sum')).toBe(3)
    expect(view.value('web.Succeeded.sum')).toBe(2 + 2)
    expect(view.value('db.DatabaseConnections.maximum')).toBe(2)
  })

  it('that is being opened is waited for by the next call of its environment', async () => {
    const calls = [{ downstream: 'db', timeout: '30ms' }]
    const traffic = {
      stages: [
        { for: '50ms', rate: '20/s' },
        { for: '50ms', rate: '20/s' },
      ],
    }
    const view = await run(
      callingFunction({
        downstreams: { db: { ...POOL, connectionSetup: '100ms', service: '5ms' } },
        calls,
        traffic,
      }),
    )
    // Requests at 25 and 75 ms; the connection is begun at 35 ms and open at 135 ms, and both
    // give up at 65 and 115 ms.
    expect(view.value('db.CallTimeouts.sum')).toBe(2)
    expect(view.value('db.DatabaseConnections.maximum')).toBe(1)
    expect(view.find('db.ServiceTime.average')).toBeUndefined()
  })
})

it('a connection of an invocation is opened and closed with each', async () => {
  const view = await run(
    callingFunction({
      downstreams: { db: { ...POOL, connection: 'per-invocation' } },
      calls: [{ downstream: 'db', count: 2 }],
    }),
  )
  // The second call of an invocation finds it open.
  expect(view.value('db.CallLatency.minimum')).toBe(50)
  expect(view.value('db.CallLatency.average')).toBe((90 + 50) / 2)
  // Ten times from the first call to the end of the second.
  expect(view.value('db.DatabaseConnections.average')).toBeCloseTo((10 * 0.14) / 10, 9)
})

describe('a proxy', () => {
  const proxied = (proxy: object, more: object = {}) => ({
    db: { ...POOL, connection: 'proxy', connectionSetup: '0ms', proxy, ...more },
  })

  it('E75: opens 95% of 1,000 connections, that is 950', async () => {
    const view = await run(
      callingFunction({
        downstreams: proxied(
          { maxConnectionsPercent: '95%' },
          { maxConnections: 1000, service: '5s' },
        ),
        account: { region: 'us-east-1', concurrentExecutions: 2000 },
        traffic: several(1000),
        duration: '20s',
      }),
    )
    expect(view.value('db.DatabaseConnections.maximum')).toBe(950)
    expect(view.value('db.CallsInService.maximum')).toBe(950)
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(1000)
    expect(view.value('web.Succeeded.sum')).toBe(1000)
    const limits = view.output.headroom.filter(({ limit }) => limit === 'connections')
    expect(limits).toMatchObject([{ name: 'db', used: 950, available: 950 }])
  })

  it('lends in the order that calls came', async () => {
    const view = await run(
      callingFunction({ downstreams: proxied({}, { maxConnections: 1 }), traffic: several(5) }),
    )
    // A millisecond apart, 50 ms each: the nth waits for all before it.
    const answered = view.attempts.map(({ arrivedUs, callUs }) => arrivedUs + callUs)
    expect(answered).toEqual([...answered].sort((one, other) => one - other))
    expect(view.attempts.map(({ callUs }) => callUs / 1_000)).toEqual([50, 99, 148, 197, 246])
    expect(view.value('db.DatabaseConnectionsBorrowLatency.maximum')).toBe(196)
    expect(view.value('db.QueueTime.maximum')).toBe(0)
  })

  it('lets a call fail that has waited as long as the borrow timeout', async () => {
    const view = await run(
      callingFunction({
        downstreams: proxied({ connectionBorrowTimeout: '100ms' }, { maxConnections: 1 }),
        traffic: several(5),
      }),
    )
    expect(view.value('db.BorrowTimeouts.sum')).toBe(2)
    expect(view.value('db.ConnectionErrors.sum')).toBe(2)
    expect(view.value('db.CallFailures.sum')).toBe(2)
    expect(view.value('db.CallRefusals.sum')).toBe(0)
    expect(view.attempts.map(({ callUs }) => callUs / 1_000)).toEqual([50, 99, 100, 100, 148])
  })

  it('keeps a pinned connection for its environment until that is gone', async () => {
    const view = await run(
      callingFunction({
        downstreams: proxied(
          { pinning: '100%', connectionBorrowTimeout: '10s' },
          { maxConnections: 1 },
        ),
        settings: { keepAlive: { policy: 'fixed', idleTimeout: '2s' } },
        traffic: several(2),
      }),
    )
    // The first is answered after 60.5 ms and its environment idle for 2 s; then the second gets
    // the connection, which its own environment keeps as long.
    expect(view.value('db.DatabaseConnectionsBorrowLatency.maximum')).toBe(60.5 + 2000 - 11.5)
    expect(view.value('db.DatabaseConnectionsCurrentlySessionPinned.average')).toBeCloseTo(
      4 / 10,
      9,
    )
    expect(view.value('web.Succeeded.sum')).toBe(2)
  })

  it('lets a pinned environment go on with its connection', async () => {
    const view = await run(
      callingFunction({ downstreams: proxied({ pinning: '100%' }, { maxConnections: 1 }) }),
    )
    expect(view.value('web.Succeeded.sum')).toBe(10)
    expect(view.value('db.CallLatency.maximum')).toBe(50)
  })

  it('gets a connection back when the database is done with an abandoned call', async () => {
    const view = await run(
      callingFunction({
        downstreams: proxied({}, { maxConnections: 1, service: '400ms' }),
        calls: [{ downstream: 'db', timeout: '300ms' }],
        traffic: several(2),
      }),
    )
    // The first gives up after 300 ms and its call runs on to 400; the second never gets that far.
    expect(view.value('db.CallTimeouts.sum')).toBe(2)
    expect(view.value('db.CallsInService.maximum')).toBe(1)
    expect(view.value('db.CallsInService.average')).toBeCloseTo(0.4 / 10, 9)
    expect(view.attempts.map(({ callUs }) => callUs / 1_000)).toEqual([300, 300])
  })

  it('closes connections when its limit falls, as they come back', async () => {
    const view = await run(
      callingFunction({
        downstreams: proxied({}, { maxConnections: 4, service: '2s' }),
        traffic: several(4),
        timeline: [{ at: '1s', set: { 'downstreams.db.maxConnections': 1 } }],
      }),
    )
    // Opened a millisecond apart from 10.5 ms on, and closed so from 2,010.5 ms on, down to one.
    const areaMs = 1 + 2 + 3 + 4 * (2010.5 - 13.5) + 3 + 2 + (10_000 - 2012.5)
    expect(view.value('db.DatabaseConnections.average')).toBeCloseTo(areaMs / 10_000, 9)
  })
})
