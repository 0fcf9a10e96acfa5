/** Connections to a WebSocket API: how they open, what comes on them, how they end. */
import { describe, expect, it } from 'vitest'
import { run } from '../../support/run.ts'
import { behind, type Given } from './support.ts'

const CONNECT = { type: 'websocket-api', api: 'shop', routeKey: '$connect' }
const DISCONNECT = { type: 'websocket-api', api: 'shop', routeKey: '$disconnect' }
const plain = {
  runtime: 'nodejs22.x',
  timeout: '20s',
  handler: { duration: '50ms' },
  coldStart: 'none',
}

/** One connection a minute for an hour, behind functions of their own for all that happens. */
function chat(connection: object, given: Given = {}): object {
  const { more, traffic, ...others } = given
  return behind('websocket-api', {
    functions: {
      hello: { ...plain, events: { hello: CONNECT } },
      bye: { ...plain, events: { bye: DISCONNECT } },
    },
    traffic: { rate: '1/min', connection, ...traffic },
    more: { duration: '3h', metricsPeriod: '1h', ...more },
    ...others,
  })
}

describe('a connection', () => {
  it('asks $connect, sends messages at its interval, and asks $disconnect when it ends', async () => {
    const connection = { duration: '95s', messageInterval: '10s' }
    const view = await run(chat(connection, { more: { duration: '1h' } }))
    expect(view.value('shop.ConnectCount.sum')).toBe(60)
    expect(view.value('hello.Invocations.sum')).toBe(60)
    // The last one came at 59m30s; its first 29 s and those of the one before are not all.
    expect(view.value('bye.Invocations.sum')).toBe(58)
    expect(view.value('shop.DisconnectCount.sum')).toBe(58)
    expect(view.value('shop.MessageCount.sum')).toBe(58 * 9 + 8 + 2)
    expect(view.value('f.Invocations.sum')).toBe(58 * 9 + 8 + 2)
    expect(view.value('shop.ActiveConnections.maximum')).toBe(2)
    expect(view.value('web.ClientLatency.maximum')).toBe(50)
  })

  it('is closed by the API after two hours', async () => {
    const view = await run(chat({ messageInterval: '5m' }, { traffic: { rate: '1/h' } }))
    expect(view.value('shop.ExpiredConnections.sum')).toBe(1)
    expect(view.value('shop.DisconnectCount.sum')).toBe(1)
    // Opened at 30m, closed at 2h30m and half a message interval later at the latest.
    expect(view.value('shop.MessageCount.sum')).toBe(23 + 17 + 5)
  })

  it('is closed by the API after ten minutes of silence, unless its client pings', async () => {
    const silent = await run(chat({}, { traffic: { rate: '1/h' } }))
    expect(silent.value('shop.IdleConnections.sum')).toBe(3)
    expect(silent.value('shop.ExpiredConnections.sum')).toBe(0)
    const pinging = await run(chat({ pings: true }, { traffic: { rate: '1/h' } }))
    expect(pinging.value('shop.IdleConnections.sum')).toBe(0)
    expect(pinging.value('shop.ExpiredConnections.sum')).toBe(1)
    const slow = await run(chat({ messageInterval: '9m59s' }, { traffic: { rate: '1/h' } }))
    expect(slow.value('shop.IdleConnections.sum')).toBe(0)
    const slower = await run(chat({ messageInterval: '10m1s' }, { traffic: { rate: '1/h' } }))
    expect(slower.value('shop.MessageCount.sum')).toBe(0)
    expect(slower.value('shop.IdleConnections.sum')).toBe(3)
  })

  it('does not open where $connect fails or is throttled', async () => {
    const failing = { ...plain, handler: { duration: '50ms', errorRate: '100%' } }
    const functions = { hello: { ...failing, events: { hello: CONNECT } } }
    const given = { functions, more: { duration: '1h' } }
    const failed = await run(chat({ messageInterval: '10s' }, given))
    expect(failed.ledger('web')).toEqual({ entered: 60, failed: 60 })
    expect(failed.value('shop.IntegrationError.sum')).toBe(60)
    expect(failed.value('shop.MessageCount.sum')).toBe(0)
    expect(failed.value('shop.ActiveConnections.maximum')).toBe(0)
    const off = { ...plain, reservedConcurrentExecutions: 0, events: { hello: CONNECT } }
    const throttled = await run(chat({}, { ...given, functions: { hello: off } }))
    expect(throttled.value('shop.ExecutionError.sum')).toBe(60)
    expect(throttled.ledger('web')).toEqual({ entered: 60, failed: 60 })
  })

  it('opens at once where no function is behind $connect', async () => {
    const given = { functions: {}, more: { duration: '1h' } }
    const view = await run(chat({ duration: '90s' }, given))
    expect(view.ledger('web')).toEqual({ entered: 60, succeeded: 60 })
    expect(view.value('web.ClientLatency.maximum')).toBe(0)
    // The last but one would end with the run.
    expect(view.value('shop.DisconnectCount.sum')).toBe(58)
  })

  it('may be retried until it opens', async () => {
    const retry = { mode: 'exponential', jitter: 'none', baseDelay: '1s', maxAttempts: 5 }
    const traffic = { process: 'poisson', rate: '20/s', client: { retry } }
    const account = { apiGateway: { newConnections: '10/s' } }
    const more = { duration: '10s', metricsPeriod: '1s' }
    const view = await run(chat({ pings: true }, { account, traffic, more }))
    expect(view.value('shop.ClientError.sum')).toBeGreaterThan(50)
    expect(view.value('web.SucceededAfterThrottles.sum')).toBeGreaterThan(10)
  })
})

describe('new connections', () => {
  it('pass a bucket of the account, apart from that of requests', async () => {
    const account = { apiGateway: { rate: '1/s', burst: 1, newConnections: '5/s' } }
    const traffic = { rate: '10/s' }
    const more = { duration: '10s', metricsPeriod: '1s', drain: false }
    const view = await run(chat({}, { account, traffic, more }))
    // Connection k comes at (k + 1/2) / 10 s to a bucket of five that gets five a second.
    expect(view.ledger('web').throttled).toBe(46)
    expect(view.value('shop.ClientError.sum')).toBe(46)
    expect(view.output.headroom.find(({ limit }) => limit === 'new WebSocket connections')).toEqual(
      {
        scope: 'account',
        name: 'account',
        limit: 'new WebSocket connections',
        used: 5,
        available: 5,
        refusals: {
          count: 46,
          firstUs: 950_000,
          lastUs: 9_950_000,
          setting: 'account.apiGateway.newConnections',
        },
      },
    )
  })
})

describe('messages of connections', () => {
  it('have a book of their own, whatever becomes of them', async () => {
    const given = {
      handler: { duration: { exponential: { mean: '4s' } }, errorRate: '10%' },
      account: { concurrentExecutions: 120 },
      api: { integrationTimeout: '9s', throttle: { rate: '12/s', burst: 20 } },
      route: { requestSize: { uniform: { min: '1KB', max: '140KB' } } },
      traffic: { process: 'poisson', rate: '2/s' },
      more: { duration: '5m', metricsPeriod: '1m' },
    }
    const connection = {
      duration: { exponential: { mean: '1m' } },
      messageInterval: { exponential: { mean: '8s' } },
    }
    const view = await run(chat(connection, given))
    const { entered = 0, ...outcomes } = view.ledger('shop')
    expect(Object.keys(outcomes).sort()).toEqual(
      ['failed', 'inFlight', 'rejected', 'succeeded', 'throttled', 'timedOut'].sort(),
    )
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(entered)
    expect(entered).toBe(view.value('shop.MessageCount.sum'))
  })

  it('are in one book whoever holds the connections', async () => {
    const each = { to: 'shop', process: 'constant', rate: '1/s' }
    const connection = { duration: '1h', messageInterval: '2s' }
    const traffic = { web: { ...each, connection }, more: { ...each, connection } }
    const given = { more: { traffic, duration: '1m', metricsPeriod: '1m' } }
    const { output } = await run(chat(connection, given))
    const entered = output.ledger.filter(({ scope, outcome }) => scope + outcome === 'apientered')
    // Connection k opens at (k + 1/2) s and 50 ms.
    const sent = Array.from({ length: 59 }, (_, k) => Math.floor((59.45 - k) / 2))
    expect(entered.map(({ count }) => count)).toEqual([2 * sent.reduce((sum, n) => sum + n, 0)])
  })

  it('stop when a draining run begins, and connections stay as they are', async () => {
    const connection = { messageInterval: '10s' }
    const traffic = { rate: '1/s' }
    const handler = { duration: '5s' }
    const given = { handler, traffic, more: { duration: '1m', drain: true } }
    const view = await run(chat(connection, given))
    expect(view.output.drainedAfterUs).toBe(4_550_000)
    expect(view.ledger('shop').inFlight).toBeUndefined()
    expect(view.value('shop.DisconnectCount.sum')).toBe(0)
  })

  it('meet the same customers whatever the function does', async () => {
    const connection = {
      duration: { exponential: { mean: '1m' } },
      messageInterval: { exponential: { mean: '8s' } },
    }
    const count = async (duration: string) => {
      const given = { handler: { duration }, more: { duration: '10m' }, traffic: { rate: '1/s' } }
      return (await run(chat(connection, given))).value('shop.MessageCount.sum')
    }
    expect(await count('2s')).toBe(await count('10ms'))
  })

  it('cannot be seen to run in slices', async () => {
    const connection = { duration: '40s', messageInterval: { exponential: { mean: '3s' } } }
    const scenario = chat(connection, { more: { duration: '5m' }, traffic: { rate: '1/s' } })
    const whole = await run(scenario)
    const sliced = await run(scenario, { eventBudget: 7 })
    expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
    expect(sliced.output.summary).toEqual(whole.output.summary)
  })
})
