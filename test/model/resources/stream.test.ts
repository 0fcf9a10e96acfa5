import { describe, expect, it } from 'vitest'
import { at, lambda, runExact as runParts, times } from '../../support/exact.ts'

const steady = (rate: string, keys: object = { count: 100_000 }, more: object = {}) => ({
  to: 'clicks',
  process: 'constant',
  rate,
  keys,
  ...more,
})

/** Beside a function that has nothing to do with it, unless there are others. */
function runExact(parts: Record<string, unknown>) {
  return runParts({ functions: { bystander: lambda() }, ...parts })
}

describe('a shard', () => {
  it('takes 1,000 records at once and 1,000 a second from then on', async () => {
    const view = await runExact({
      streams: { clicks: { shardCount: 1 } },
      traffic: { p: at('clicks', times(1_500, 1), times(300, 1.25), times(300, 1.5)) },
    })
    // 1,000 at once; a quarter of a second brings 250 more, and so does the next.
    expect(view.value('clicks.IncomingRecords.sum')).toBe(1_000 + 250 + 250)
    expect(view.value('clicks.WriteProvisionedThroughputExceeded.sum')).toBe(500 + 50 + 50)
    expect(view.value('p.ThrottledRequests.sum')).toBe(600)
  })

  it('takes 1 MB at once and 1 MB a second from then on', async () => {
    const view = await runExact({
      streams: { clicks: { shardCount: 1 } },
      traffic: { p: { ...at('clicks', times(10, 1), times(10, 1.5)), payload: '256KB' } },
    })
    expect(view.value('clicks.IncomingRecords.sum')).toBe(4 + 2)
    expect(view.value('clicks.IncomingBytes.sum')).toBe(6 * 262_144)
  })

  it('rejects the hottest key while the others have room', async () => {
    // The hottest key has 1,200 a second, and its shard a quarter of the other 800 as well.
    const parts = (keys: object) => ({
      streams: { clicks: { shardCount: 4 } },
      traffic: { p: steady('2000/s', keys) },
    })
    const hot = await runExact(parts({ count: 100_000, hottest: '60%' }))
    const rejected = hot.value('clicks.WriteProvisionedThroughputExceeded.sum')
    // 400 a second for a minute, less the 1,000 that the full bucket holds at the start.
    expect(rejected).toBeGreaterThan(0.95 * (400 * 60 - 1_000))
    expect(rejected).toBeLessThan(1.05 * (400 * 60 - 1_000))
    const even = await runExact(parts({ count: 100_000 }))
    expect(even.value('clicks.WriteProvisionedThroughputExceeded.sum')).toBe(0)
  })
})

describe('a stream', () => {
  it('takes records of up to 10 MiB since October 2025 and of up to 1 MiB before', async () => {
    const parts = {
      streams: { clicks: {} },
      traffic: { p: { ...at('clicks', 1), payload: '2MB' } },
    }
    const now = await runExact({ platform: '2025-10', ...parts })
    expect(now.ledger('clicks')).toEqual({ entered: 1, queued: 1 })
    const before = await runExact({ platform: '2025-09', ...parts })
    expect(before.ledger('clicks')).toEqual({ entered: 0 })
    expect(before.ledger('p')).toEqual({ entered: 1, rejected: 1 })
  })

  it('keeps what nobody reads', async () => {
    const view = await runExact({
      streams: { clicks: {} },
      traffic: { p: at('clicks', times(7, 1)) },
      initial: { 'streams.clicks': { records: 3 } },
    })
    expect(view.ledger('clicks')).toEqual({ entered: 10, queued: 10 })
  })

  it('on demand starts with 4 shards and doubles its highest rate every minute', async () => {
    const view = await runExact({
      duration: '4m',
      metricsPeriod: '60s',
      streams: { clicks: { streamModeDetails: { streamMode: 'ON_DEMAND' } } },
      traffic: { p: steady('6000/s') },
    })
    // 4,000 of 6,000 are accepted at first, so that 8 shards follow, and then 12 for 6,000.
    expect(view.series('clicks.OpenShards.maximum')).toEqual([4, 9, 12, 12])
    const exceeded = view.series('clicks.WriteProvisionedThroughputExceeded.sum')
    expect(exceeded[0]).toBeGreaterThan(100_000)
    expect(exceeded.slice(1)).toEqual([0, 0, 0])
  })

  it('gives a record the worst of its consumers outcomes, once', async () => {
    const reader = (keys: object) =>
      lambda({
        handler: { duration: '10ms' },
        events: { s: { type: 'kinesis', stream: 'clicks', enhancedFanOut: true, ...keys } },
      })
    const poisoned = { duration: '10ms', recordFailures: { poison: '100%' } }
    const view = await runExact({
      streams: { clicks: {} },
      functions: {
        all: reader({ filter: { kind: 'order' } }),
        // Succeeds with what the next one has failed on by then.
        late: {
          ...reader({ filter: { kind: ['refund', 'order'] } }),
          handler: { duration: '5s' },
        },
        failing: {
          ...reader({ filter: { kind: 'refund' }, maximumRetryAttempts: 0 }),
          handler: poisoned,
        },
      },
      traffic: {
        orders: { ...at('clicks', times(5, 1)), attributes: { kind: { order: '100%' } } },
        refunds: { ...at('clicks', times(3, 2)), attributes: { kind: { refund: '100%' } } },
        others: { ...at('clicks', times(2, 3)), attributes: { kind: { other: '100%' } } },
      },
    })
    expect(view.ledger('clicks')).toEqual({ entered: 10, succeeded: 5, dropped: 3, filtered: 2 })
    expect(view.value('clicks.DeliveryLoss.sum')).toBe(3)
    expect(view.value('all.s.FilteredOutEventCount.sum')).toBe(5)
  })

  it('counts a record that some consumer works on at the end as in flight', async () => {
    const reader = (duration: string) =>
      lambda({
        handler: { duration },
        events: {
          s: { type: 'kinesis', stream: 'clicks', enhancedFanOut: true, batchSize: 2 },
        },
      })
    const view = await runExact({
      streams: { clicks: {} },
      functions: { quick: reader('1s'), slow: reader('10m') },
      traffic: { p: at('clicks', times(5, 1)) },
    })
    expect(view.ledger('clicks')).toEqual({ entered: 5, queued: 3, inFlight: 2 })
  })
})
