/** What explain expects the calls of handlers to take of what they call. */
import { describe, expect, test } from 'vitest'
import { explainScenario } from '../../src/experiment/explanation.ts'
import { compileText } from '../support/run.ts'

async function limitsOf(parts: object) {
  const scenario = { name: 'calls', duration: '10m', account: { region: 'us-east-1' }, ...parts }
  const { limits } = explainScenario(await compileText(scenario))
  return (name: string) => {
    const found = limits.find((one) => `${one.name} ${one.limit}` === name)
    if (found === undefined) return undefined
    const { demand, allowed, effect } = found
    return { demand: Number(demand.toPrecision(9)), allowed, effect }
  }
}

const caller = (duration: string, calls: readonly object[]) => ({
  runtime: 'nodejs22.x',
  memorySize: 512,
  handler: { duration, calls },
  coldStart: 'none',
})

describe('explain', () => {
  test('holds calls against the connections and the servers of databases', async () => {
    const db = { type: 'connection-pool', maxConnections: 100, servers: 4, service: '10ms' }
    const limit = await limitsOf({
      functions: {
        shop: caller('80ms', [{ downstream: 'db', count: 2 }]),
        jobs: caller('190ms', [{ downstream: 'db', probability: '50%' }]),
        idle: caller('100ms', []),
      },
      downstreams: { db },
      traffic: {
        web: { to: 'shop', rate: '100/s' },
        cron: { to: 'jobs', rate: '20/s' },
        other: { to: 'idle', rate: '1000/s' },
      },
    })
    // 100/s x 100 ms and 20/s x 195 ms; 200/s and 10/s, of 10 ms each.
    expect(limit('db connections')).toEqual({ demand: 13.9, allowed: 100, effect: 'is refused' })
    expect(limit('db servers')).toEqual({ demand: 2.1, allowed: 4, effect: 'waits' })
  })

  test('counts branches as often as they are taken, and a caller once however often it calls', async () => {
    const limit = await limitsOf({
      functions: {
        shop: {
          runtime: 'nodejs22.x',
          memorySize: 512,
          handler: {
            steps: [
              { compute: '80ms' },
              { parallel: [{ downstream: 'db' }, { downstream: 'partner' }], probability: '50%' },
              { downstream: 'db' },
            ],
          },
          coldStart: 'none',
        },
      },
      downstreams: {
        db: { type: 'connection-pool', maxConnections: 100, servers: 4, service: '10ms' },
        partner: { type: 'rate-limited', service: '5ms', rate: '60/s' },
      },
      traffic: { web: { to: 'shop', rate: '100/s' } },
    })
    expect(limit('partner rate')?.demand).toBe(50)
    expect(limit('db servers')?.demand).toBe(1.5)
    // 80 ms, half of 10 ms, and 10 ms: an invocation has one connection for both calls.
    expect(limit('db connections')?.demand).toBe(9.5)
  })

  test('counts on a proxy only for the length of the calls', async () => {
    const limit = await limitsOf({
      functions: { shop: caller('80ms', [{ downstream: 'db', count: 2 }]) },
      downstreams: {
        db: {
          type: 'connection-pool',
          maxConnections: 1_000,
          connection: 'proxy',
          proxy: { maxConnectionsPercent: '95%' },
          service: '10ms',
        },
      },
      traffic: { web: { to: 'shop', rate: '100/s' } },
    })
    expect(limit('db connections')).toEqual({ demand: 2, allowed: 950, effect: 'waits' })
    expect(limit('db servers')).toBeUndefined()
  })

  test('counts read and write units of tables, and the calls that partners allow', async () => {
    const limit = await limitsOf({
      functions: {
        shop: caller('10ms', [
          { table: 'carts', operation: 'get', itemSize: '6KB', consistency: 'strong' },
          { table: 'carts', operation: 'put', itemSize: '3KB', probability: '25%' },
          { downstream: 'partner', probability: '10%' },
        ]),
      },
      tables: {
        carts: { provisionedThroughput: { readCapacityUnits: 300, writeCapacityUnits: 50 } },
      },
      downstreams: { partner: { type: 'rate-limited', service: '5ms', rate: '20/s' } },
      traffic: { web: { to: 'shop', rate: '100/s' } },
    })
    expect(limit('carts read capacity')).toEqual({
      demand: 200,
      allowed: 300,
      effect: 'is refused',
    })
    expect(limit('carts write capacity')).toEqual({
      demand: 75,
      allowed: 50,
      effect: 'is refused',
    })
    expect(limit('partner rate')).toEqual({ demand: 10, allowed: 20, effect: 'is refused' })
  })

  test('takes what auto scaling and on-demand capacity grow to at most', async () => {
    const limit = await limitsOf({
      functions: {
        shop: caller('10ms', [
          { table: 'carts', operation: 'put' },
          { table: 'logs', operation: 'put' },
        ]),
      },
      tables: {
        carts: {
          provisionedThroughput: { readCapacityUnits: 1, writeCapacityUnits: 50 },
          autoScaling: { writeCapacityUnits: { target: '70%', minCapacity: 50, maxCapacity: 400 } },
        },
        logs: { onDemandThroughput: { maxWriteRequestUnits: 900 } },
      },
      traffic: { web: { to: 'shop', rate: '100/s' } },
    })
    expect(limit('carts write capacity')?.allowed).toBe(400)
    expect(limit('logs write throughput')?.allowed).toBe(900)
  })

  test('has no limit for what nothing calls, or what the timeline changes', async () => {
    const limit = await limitsOf({
      functions: { shop: caller('80ms', [{ downstream: 'db' }]) },
      downstreams: {
        db: { type: 'connection-pool', maxConnections: 100, service: '10ms' },
        other: { type: 'rate-limited', service: '5ms', rate: '20/s' },
      },
      traffic: { web: { to: 'shop', rate: '100/s' } },
      timeline: [{ at: '5m', set: { 'downstreams.db.maxConnections': 10 } }],
    })
    expect(limit('db connections')).toBeUndefined()
    expect(limit('other rate')).toBeUndefined()
  })
})
