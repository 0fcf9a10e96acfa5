/** Handlers that read and write a table. */
import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, times } from '../../../support/exact.ts'
import type { RunView } from '../../../support/run.ts'

interface Asked {
  readonly call?: object
  readonly table?: object
  readonly traffic?: object
  readonly settings?: object
  readonly [section: string]: unknown
}

/** A handler of 100 ms that calls the table once. */
function asking({ call = {}, table = {}, traffic, settings = {}, ...others }: Asked) {
  return runExact({
    functions: {
      f: lambda({
        handler: { duration: '100ms', calls: [{ table: 'items', ...call }] },
        ...settings,
      }),
    },
    tables: { items: { latency: '5ms', ...table } },
    traffic: { p: traffic ?? at('f', 1, 2, 3) },
    ...others,
  })
}

const sum = (view: RunView, metric: string): number => view.value(`items.${metric}.sum`)

const ONE_WRITE_A_SECOND = {
  provisionedThroughput: { readCapacityUnits: 1, writeCapacityUnits: 1 },
}
/** Takes all that a table of one write a second has saved up: two transactions of 150 KB. */
const EMPTIED = { operation: 'transactWrite', itemSize: '150KB' }

describe('a call of a table', () => {
  it('is waited for, and the wait is part of the duration', async () => {
    const view = await asking({ call: { operation: 'get' } })
    expect(view.value('f.Duration.maximum')).toBe(105)
    expect(view.value('items.SuccessfulRequestLatency.maximum')).toBe(5)
    expect(sum(view, 'Calls')).toBe(3)
  })

  it('takes units: of a get read units and no record, of a put write units and one', async () => {
    const read = await asking({ call: { operation: 'get', itemSize: '9KB' } })
    expect(sum(read, 'ConsumedReadCapacityUnits')).toBe(4.5)
    expect(sum(read, 'ConsumedWriteCapacityUnits')).toBe(0)
    expect(sum(read, 'IncomingRecords')).toBe(0)
    const written = await asking({ call: { itemSize: '1500B' } })
    expect(sum(written, 'ConsumedReadCapacityUnits')).toBe(0)
    expect(sum(written, 'ConsumedWriteCapacityUnits')).toBe(6)
    expect(sum(written, 'IncomingRecords')).toBe(3)
    expect(sum(written, 'IncomingBytes')).toBe(4_500)
  })

  it('that writes is a record of the change stream when it is answered', async () => {
    const view = await runExact({
      functions: {
        f: lambda({ handler: { duration: '100ms', calls: [{ table: 'items' }] } }),
        reader: lambda({ events: { changes: { type: 'dynamodb', table: 'items' } } }),
      },
      tables: { items: { latency: '2s' } },
      traffic: { p: at('f', 1) },
    })
    expect(view.ledger('items')).toEqual({ entered: 1, succeeded: 1 })
    const [first] = view.attempts.filter(({ functionName }) => functionName === 'reader')
    // Written at 3.1 s, and polled four times a second.
    expect(first!.arrivedUs).toBeGreaterThanOrEqual(3.1e6)
    expect(first!.arrivedUs).toBeLessThan(3.35e6)
  })

  it('that is throttled fails the handler, and nothing is written', async () => {
    const view = await asking({
      call: EMPTIED,
      table: ONE_WRITE_A_SECOND,
      traffic: at('f', 1, 2, 3),
    })
    expect(view.value('f.Errors.sum')).toBe(2)
    expect(sum(view, 'WriteThrottleEvents')).toBe(2)
    expect(sum(view, 'ThrottledRequests')).toBe(2)
    expect(sum(view, 'WriteKeyRangeThroughputThrottleEvents')).toBe(0)
    expect(sum(view, 'ConsumedWriteCapacityUnits')).toBe(300)
    expect(view.ledger('items')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('items.ThrottledRequests.share')).toBeCloseTo(2 / 3, 9)
  })

  it('is tried again after 50, 100, 200 ms in the legacy mode, ten times in all', async () => {
    const view = await asking({
      call: { ...EMPTIED, retry: { mode: 'legacy' } },
      table: ONE_WRITE_A_SECOND,
      traffic: at('f', 1, 2),
      duration: '2m',
    })
    expect(sum(view, 'Calls')).toBe(1 + 10)
    expect(view.value('f.CallRetries.sum')).toBe(9)
    // 100 ms of its own, and 50 ms x (2^9 - 1) of waiting.
    expect(view.value('f.Duration.maximum')).toBe(100 + 50 * 511)
  })

  it('is tried four times in the scheme of 2026', async () => {
    const view = await asking({
      call: { ...EMPTIED, retry: { mode: 'standard-2026' } },
      table: ONE_WRITE_A_SECOND,
      traffic: at('f', 1, 2),
    })
    expect(sum(view, 'Calls')).toBe(1 + 4)
  })

  it('whose caller gives up is written all the same', async () => {
    const view = await asking({
      call: { timeout: '50ms' },
      table: { latency: '1s' },
      traffic: at('f', 1),
    })
    expect(view.value('f.Errors.sum')).toBe(1)
    expect(sum(view, 'CallTimeouts')).toBe(1)
    expect(view.find('items.SuccessfulRequestLatency.maximum')).toBeUndefined()
    expect(view.ledger('items')).toEqual({ entered: 1, succeeded: 1 })
  })

  it('is answered late while the table is slow, and badly in an outage', async () => {
    const view = await asking({
      traffic: at('f', 1, 11, 21),
      timeline: [
        { at: '10s', slow: 'items', factor: 10, for: '5s' },
        { at: '20s', outage: 'items', for: '5s' },
      ],
    })
    expect(view.value('items.SuccessfulRequestLatency.minimum')).toBe(5)
    expect(view.value('items.SuccessfulRequestLatency.maximum')).toBe(50)
    expect(sum(view, 'CallFailures')).toBe(1)
    expect(sum(view, 'ConsumedWriteCapacityUnits')).toBe(2)
  })

  it('meets the partition of its key, which a reader of the same key meets, too', async () => {
    const burst = at('f', times(1_500, 1))
    const hot = await asking({
      call: { keys: { count: 1 } },
      traffic: burst,
      settings: { scalingRate: 'unlimited' },
      account: { region: 'us-east-1', concurrentExecutions: 5_000 },
    })
    expect(sum(hot, 'WriteThrottleEvents')).toBe(500)
    expect(sum(hot, 'WriteKeyRangeThroughputThrottleEvents')).toBe(500)
    const spread = await asking({
      call: { keys: { count: 10_000 } },
      traffic: burst,
      settings: { scalingRate: 'unlimited' },
      account: { region: 'us-east-1', concurrentExecutions: 5_000 },
    })
    expect(sum(spread, 'WriteThrottleEvents')).toBe(0)
  })
})

describe('a producer that writes to a table', () => {
  it('has what was throttled in its ledger', async () => {
    const view = await runExact({
      tables: { items: {} },
      functions: { f: lambda() },
      traffic: { p: { ...at('items', times(4_100, 1)), payload: '1KB' } },
    })
    expect(view.ledger('p')).toEqual({ entered: 4_100, throttled: 100, handedOn: 4_000 })
    expect(view.ledger('items')).toEqual({ entered: 4_000, succeeded: 4_000 })
    expect(sum(view, 'WriteKeyRangeThroughputThrottleEvents')).toBe(0)
    expect(sum(view, 'Calls')).toBe(4_100)
  })

  it('meets what the table was warmed up for', async () => {
    const view = await runExact({
      tables: { items: { warmThroughput: { writeUnitsPerSecond: 6_000 } } },
      functions: { f: lambda() },
      traffic: { p: at('items', times(6_100, 1)) },
    })
    expect(view.ledger('p').throttled).toBe(100)
  })

  it('is held by a maximum', async () => {
    const view = await runExact({
      tables: { items: { onDemandThroughput: { maxWriteRequestUnits: 10 } } },
      functions: { f: lambda() },
      traffic: { p: at('items', times(100, 1)) },
    })
    expect(view.ledger('p').throttled).toBe(90)
  })
})

describe('the capacity of a table', () => {
  const provisioned = { readCapacityUnits: 1, writeCapacityUnits: 10 }

  it('follows traffic by auto scaling, two minutes and an UpdateTable later', async () => {
    const view = await runExact({
      duration: '40m',
      metricsPeriod: '60s',
      tables: {
        items: {
          provisionedThroughput: provisioned,
          autoScaling: { writeCapacityUnits: { target: '50%', minCapacity: 5, maxCapacity: 100 } },
        },
      },
      functions: { f: lambda() },
      traffic: {
        p: {
          to: 'items',
          process: 'constant',
          stages: [
            { for: '10m', rate: '20/s' },
            { for: '30m', rate: '5/s' },
          ],
        },
      },
    })
    const capacity = view.series('items.ProvisionedWriteCapacityUnits.maximum')
    // Over the target in minutes 0 and 1; asked for at 2m, there at 4m.
    expect(capacity.slice(0, 6)).toEqual([10, 10, 10, 10, 40, 40])
    // Under it from 10m to 25m; there at 27m.
    expect(capacity.slice(25, 29)).toEqual([40, 40, 10, 10])
    expect(view.ledger('p').throttled).toBeUndefined()
  })

  it('is decreased four times, and then only an hour later', async () => {
    const rates = [40, 30, 20, 15, 10, 5, 5, 5]
    const view = await runExact({
      duration: '136m',
      metricsPeriod: '60s',
      tables: {
        items: {
          provisionedThroughput: { readCapacityUnits: 1, writeCapacityUnits: 100 },
          autoScaling: { writeCapacityUnits: { target: '50%', minCapacity: 5, maxCapacity: 100 } },
        },
      },
      functions: { f: lambda() },
      traffic: {
        p: {
          to: 'items',
          process: 'constant',
          stages: rates.map((rate) => ({ for: '17m', rate: `${rate}/s` })),
        },
      },
    })
    const capacity = view.series('items.ProvisionedWriteCapacityUnits.maximum')
    const changes = capacity.flatMap((units, minute) =>
      minute > 0 && units < capacity[minute - 1]! ? [[minute, units]] : [],
    )
    const [fourth, fifth] = [changes[3]!, changes[4]!]
    expect(changes.map(([, units]) => units)).toEqual([80, 60, 40, 30, 10])
    expect(fifth[0]! - fourth[0]!).toBe(60)
  })

  it('is set by the timeline, an UpdateTable later', async () => {
    const view = await runExact({
      duration: '5m',
      metricsPeriod: '60s',
      tables: { items: { provisionedThroughput: provisioned, updateTime: '1m' } },
      functions: { f: lambda() },
      traffic: { p: at('items', 1) },
      timeline: [
        {
          at: '1m',
          set: { 'tables.items.provisionedThroughput.writeCapacityUnits': 30 },
        },
      ],
    })
    const capacity = view.series('items.ProvisionedWriteCapacityUnits.maximum')
    expect(capacity).toEqual([10, 10, 30, 30, 30])
    expect(view.value('items.ProvisionedReadCapacityUnits.maximum')).toBe(1)
  })
})
