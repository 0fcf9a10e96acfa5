import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { at, exact, lambda, runExact, times } from '../../../support/exact.ts'
import { noting, type RecordStep } from '../../../support/records.ts'
import { run } from '../../../support/run.ts'

const PUSH = 0.07

/** A reader with enhanced fan-out: what it does happens 70 ms after the put. */
function reader(keys: object = {}, functionKeys: object = {}) {
  return lambda({
    events: { s: { type: 'kinesis', stream: 'clicks', enhancedFanOut: true, ...keys } },
    ...functionKeys,
  })
}

function onShard(functions: Record<string, unknown>, traffic: object, more: object = {}) {
  return { streams: { clicks: {} }, functions, traffic, ...more }
}

const seconds = (us: number) => us / 1e6
const arrivals = (view: { attempts: readonly { arrivedUs: number }[] }) =>
  view.attempts.map(({ arrivedUs }) => seconds(arrivedUs))

/** Records whose handler always fails. */
const POISON = { attributes: { kind: { bad: '100%' } } }
const FAILS_ON_BAD = { byAttribute: [{ attribute: 'kind', value: 'bad' }] }
const failing = { handler: { duration: '1s', recordFailures: FAILS_ON_BAD } }

describe('a reader of a stream', () => {
  it('with enhanced fan-out gets a record 70 ms after its put', async () => {
    const view = await runExact(onShard({ f: reader() }, { p: at('clicks', 5, 17.25) }))
    expect(arrivals(view)).toEqual([5 + PUSH, 17.25 + PUSH])
  })

  it('polls a Kinesis shard once a second, always at the same fraction of it', async () => {
    const view = await runExact(
      onShard({ f: reader({ enhancedFanOut: false }) }, { p: at('clicks', 5, 10, 20) }),
    )
    const [first, ...others] = view.attempts.map(({ arrivedUs }) => arrivedUs)
    expect(first).toBeGreaterThanOrEqual(5e6)
    expect(first).toBeLessThan(6e6)
    expect(others.map((atUs) => atUs - first!)).toEqual([5e6, 15e6])
  })

  it('polls the stream of a table four times a second', async () => {
    const view = await runExact({
      tables: { items: {} },
      functions: { f: lambda({ events: { s: { type: 'dynamodb', table: 'items' } } }) },
      traffic: { p: at('items', 5, 10.25) },
    })
    const [first, second] = arrivals(view)
    expect(first).toBeGreaterThanOrEqual(5)
    expect(first).toBeLessThan(5.25)
    expect(second! - first!).toBeCloseTo(5.25, 9)
  })

  it.each([false, true])(
    'reads 2 MB a second of a backlog (enhanced fan-out: %s)',
    async (enhancedFanOut) => {
      const view = await runExact({
        ...onShard({ f: reader({ enhancedFanOut, batchSize: 10_000 }) }, {}),
        duration: '2m',
        initial: { 'streams.clicks': { records: 5_000, payload: '100KB' } },
      })
      // 20.48 records of 100 KB a second for 120 s, and what a first read of 10 MB brings ahead.
      const read = view.value('f.s.PolledEventCount.sum')!
      expect(read).toBeGreaterThanOrEqual(2_448)
      expect(read).toBeLessThanOrEqual(2_457 + 102)
    },
  )

  it('goes on at once while more records are there', async () => {
    const view = await runExact(
      onShard({ f: reader({ batchSize: 2 }) }, { p: at('clicks', times(6, 5)) }),
    )
    expect(arrivals(view)).toEqual([5 + PUSH, 6 + PUSH, 7 + PUSH])
    // The age of a batch when it is sent is that of its last record.
    expect(view.value('f.IteratorAge.maximum')).toBe(2_070)
    expect(view.value('f.s.IteratorAge.minimum')).toBe(70)
  })

  it('runs at most as many batches as shards times the parallelisation factor (E23)', async () => {
    const view = await runExact({
      streams: { clicks: { shardCount: 100 } },
      functions: { f: reader({ parallelizationFactor: 2 }) },
      traffic: {},
      initial: { 'streams.clicks': { records: 60_000, keys: { count: 1_000_000 } } },
    })
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(200)
  })

  it('works on more lanes as soon as the batches of the former ones have ended', async () => {
    const view = await runExact(
      onShard(
        { f: reader({ batchSize: 10 }) },
        {},
        {
          initial: { 'streams.clicks': { records: 5_000, keys: { count: 10_000 } } },
          timeline: [
            { at: '20500ms', set: { 'functions.f.events.s.parallelizationFactor': 8 } },
            { at: '40500ms', set: { 'functions.f.events.s.parallelizationFactor': 2 } },
          ],
        },
      ),
    )
    const averages = view.series('f.ConcurrentExecutions.average')
    expect(view.series('f.ConcurrentExecutions.maximum')).toEqual([1, 1, 8, 8, 8, 2])
    expect([averages[1], averages[3], averages[5]]).toEqual([1, 8, 2])
  })

  it('falls behind by what it cannot do', async () => {
    // A batch of 100 takes 2 s while 200 records arrive: of each second half a second is left.
    const view = await runExact(
      onShard(
        { f: reader({}, { handler: { duration: '2s' } }) },
        { p: { to: 'clicks', process: 'constant', rate: '100/s' } },
        { duration: '10m' },
      ),
    )
    expect(view.value('f.IteratorAge.maximum')).toBeGreaterThan(297_000)
    expect(view.value('f.IteratorAge.maximum')).toBeLessThan(301_000)
  })

  it('counts on a batching window from the end of the last invocation', async () => {
    const view = await runExact(
      onShard({ f: reader({ maximumBatchingWindow: '10s' }) }, { p: at('clicks', 1, 2, 12, 50) }),
    )
    // 0 to 10; the handler takes 1 s; 11 to 21; and 22 + 10 k.
    expect(arrivals(view)).toEqual([10, 21, 52])
  })

  it('sends a batch before its window ends when it is full', async () => {
    const view = await runExact(
      onShard(
        { f: reader({ maximumBatchingWindow: '30s', batchSize: 3 }) },
        { p: at('clicks', times(3, 5)) },
      ),
    )
    expect(arrivals(view)).toEqual([5 + PUSH])
  })

  it('sends at most 6 MB at once', async () => {
    const view = await runExact({
      ...onShard(
        { f: reader() },
        { p: { ...at('clicks', 1, 2, 3, 4, 5, 6, 7, 8), payload: '1MB', keys: { count: 1 } } },
      ),
      initial: {},
      timeline: [
        { at: '500ms', disable: 'f.s' },
        { at: '20s', enable: 'f.s' },
      ],
    })
    expect(view.value('f.s.Batches.sum')).toBe(2)
  })

  it('leaves records where they are while it is disabled', async () => {
    const view = await runExact(
      onShard(
        { f: reader({ enabled: false }) },
        { p: at('clicks', 1, 2, 40) },
        {
          timeline: [
            { at: '30s', enable: 'f.s' },
            { at: '35s', disable: 'f.s' },
          ],
        },
      ),
    )
    expect(arrivals(view)).toEqual([30])
    expect(view.ledger('clicks')).toEqual({ entered: 3, succeeded: 2, queued: 1 })
  })

  it('reads what was there at the start unless it starts at the latest record', async () => {
    const initial = { 'streams.clicks': { records: 10, iteratorAge: '100s' } }
    const all = await runExact(onShard({ f: reader() }, {}, { initial }))
    expect(all.ledger('clicks')).toEqual({ entered: 10, succeeded: 10 })
    // Ten records spread over 100 s: the last one is 10 s old.
    expect(all.value('f.IteratorAge.maximum')).toBe(10_000)
    const latest = reader({ startingPosition: 'LATEST' })
    const none = await runExact(onShard({ f: latest }, {}, { initial }))
    expect(none.ledger('clicks')).toEqual({ entered: 10, queued: 10 })
  })
})

describe('the read limit of a shard', () => {
  const polling = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `f${index}`,
        reader({ enhancedFanOut: false }, { handler: { duration: '10ms' } }),
      ]),
    )
  const traffic = { p: { to: 'clicks', process: 'constant', rate: '100/s' } }

  it('has room for five consumers that poll once a second, and not for six', async () => {
    const five = await runExact(onShard(polling(5), traffic))
    expect(five.value('clicks.ReadProvisionedThroughputExceeded.sum')).toBe(0)
    const six = await runExact(onShard(polling(6), traffic))
    expect(six.value('clicks.ReadProvisionedThroughputExceeded.sum')).toBeGreaterThan(20)
  })

  it('does not count consumers with enhanced fan-out', async () => {
    const functions = { ...polling(5), pushed: reader({}, { handler: { duration: '10ms' } }) }
    const view = await runExact(onShard(functions, traffic))
    expect(view.value('clicks.ReadProvisionedThroughputExceeded.sum')).toBe(0)
  })
})

describe('a failing batch', () => {
  /** Three good records, a poisoned one, four good ones, gathered for ten seconds. */
  const mixed = (key: object = { keys: { count: 1 } }) => ({
    before: { ...at('clicks', times(3, 5)), ...key },
    bad: { ...at('clicks', 6), ...POISON, ...key },
    after: { ...at('clicks', times(4, 7)), ...key },
  })

  const gathering = (keys: object) => reader({ maximumBatchingWindow: '10s', ...keys }, failing)

  it('blocks its shard until it expires', async () => {
    const view = await runExact(
      onShard(
        { f: reader({ batchSize: 1 }, failing) },
        { bad: { ...at('clicks', 1), ...POISON }, good: at('clicks', 3_600, 7_200) },
        { duration: '25h', metricsPeriod: '1h' },
      ),
    )
    expect(view.ledger('clicks')).toEqual({ entered: 3, succeeded: 2, expired: 1 })
    // It expires 24 h after its put at 1 s; a second later the record of 1 h is done.
    expect(view.value('clicks.EndToEndLatency.maximum')).toBe((86_402 - 3_600) * 1_000)
    // Back-off doubles from 1 s to 60 s with full jitter: about half a minute each.
    expect(view.value('f.Errors.sum')).toBeGreaterThan(2_500)
    expect(view.value('f.Errors.sum')).toBeLessThan(3_100)
  })

  it('loses only the poisoned record when it is bisected, without using up retries', async () => {
    const keys = { bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 }
    const view = await runExact(onShard({ f: gathering(keys) }, mixed()))
    expect(view.ledger('clicks')).toEqual({ entered: 8, succeeded: 7, dropped: 1 })
    // 8 fail, 4 fail, 2 succeed, 2 fail, 1 succeeds, 1 fails, 4 succeed.
    expect(view.value('f.s.Batches.sum')).toBe(7)
    expect(view.value('f.s.InvokedEventCount.sum')).toBe(8 + 4 + 2 + 2 + 1 + 1 + 4)
    expect(view.value('f.s.FailedInvokeEventCount.sum')).toBe(8 + 4 + 2 + 1)
    expect(view.value('f.s.DroppedEventCount.sum')).toBe(1)
  })

  it('meets new luck with both halves when it is bisected', async () => {
    const keys = {
      batchSize: 2,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 0,
      backOffBase: '1ms',
      backOffCap: '1ms',
    }
    const handler = { duration: '1ms', recordFailures: { transient: '50%' } }
    const pairs = 5_000
    const view = await runExact({
      streams: { clicks: {} },
      functions: { f: reader(keys, { handler }) },
      traffic: {},
      initial: { 'streams.clicks': { records: 2 * pairs } },
    })
    // Three of four pairs fail, and then each record by itself with even odds: 3 deviations.
    const deviation = Math.sqrt(pairs * (0.75 * 1.5 - 0.75 ** 2))
    expect(Math.abs(view.ledger('clicks').dropped! - 0.75 * pairs)).toBeLessThan(3 * deviation)
  })

  it('brings nothing for the records that the handler reports', async () => {
    const keys = { functionResponseTypes: ['ReportBatchItemFailures'], maximumRetryAttempts: 1 }
    const calls = [{ queue: 'sent', perRecord: true }]
    const handler = { ...failing.handler, calls }
    const view = await runExact({
      ...onShard({ f: reader({ maximumBatchingWindow: '10s', ...keys }, { handler }) }, mixed()),
      queues: { sent: {} },
    })
    // Seven of the first eight, and four of the five that are tried once more.
    expect(view.ledger('sent')).toEqual({ entered: 7 + 4, queued: 7 + 4 })
  })

  it('is given up as a whole without bisecting, after its retries', async () => {
    const view = await runExact(onShard({ f: gathering({ maximumRetryAttempts: 2 }) }, mixed()))
    expect(view.ledger('clicks')).toEqual({ entered: 8, dropped: 8 })
    expect(view.value('f.s.Batches.sum')).toBe(3)
  })

  it('is retried from the lowest failed record when the handler reports it (checkpoint)', async () => {
    const keys = { functionResponseTypes: ['ReportBatchItemFailures'], maximumRetryAttempts: 1 }
    const view = await runExact(onShard({ f: gathering(keys) }, mixed()))
    // The three before are done; the other five are tried once more and given up.
    expect(view.ledger('clicks')).toEqual({ entered: 8, succeeded: 3, dropped: 5 })
    expect(view.value('f.s.InvokedEventCount.sum')).toBe(8 + 5)
    expect(view.value('f.s.FailedInvokeEventCount.sum')).toBe(1 + 1)
    expect(view.value('f.Errors.sum')).toBe(0)
  })

  it('is split at the reported record when it is bisected', async () => {
    const keys = {
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 0,
    }
    const view = await runExact(onShard({ f: gathering(keys) }, mixed()))
    // 8 up to the fourth, 5 from there, halves of 2 and 3, of which the first is 1 and 1.
    expect(view.ledger('clicks')).toEqual({ entered: 8, succeeded: 7, dropped: 1 })
    expect(view.value('f.s.InvokedEventCount.sum')).toBe(8 + 5 + 2 + 1 + 1 + 3)
  })

  it('tells its destination once, and each of its records counts', async () => {
    const keys = { maximumRetryAttempts: 0, destinationConfig: { onFailure: 'failures' } }
    const view = await runExact({
      ...onShard({ f: gathering(keys) }, mixed()),
      streams: { clicks: {}, failures: { type: 'kafka' } },
    })
    expect(view.ledger('clicks')).toEqual({ entered: 8, deliveredToDestination: 8 })
    expect(view.ledger('failures')).toEqual({ entered: 1, queued: 1 })
    expect(view.value('f.s.OnFailureDestinationDeliveredEventCount.sum')).toBe(8)
  })

  it('may tell a queue', async () => {
    const keys = { maximumRetryAttempts: 0, destinationConfig: { onFailure: 'failed' } }
    const view = await runExact({
      ...onShard({ f: gathering(keys) }, mixed()),
      queues: { failed: {} },
    })
    expect(view.ledger('failed')).toEqual({ entered: 1, queued: 1 })
    expect(view.ledger('clicks')).toEqual({ entered: 8, deliveredToDestination: 8 })
  })

  it('is given up when its records are too old', async () => {
    const view = await runExact(
      onShard({ f: gathering({ maximumRecordAge: '60s' }) }, mixed(), { duration: '2m' }),
    )
    expect(view.ledger('clicks')).toEqual({ entered: 8, dropped: 8 })
    expect(view.value('f.Errors.sum')).toBeGreaterThan(3)
  })

  it('blocks only its lane', async () => {
    const keys = { parallelizationFactor: 10, batchSize: 1 }
    const view = await runExact(
      onShard(
        { f: reader(keys, failing) },
        {
          bad: { ...at('clicks', 1), ...POISON, keys: { count: 1 } },
          good: { ...at('clicks', times(100, 2)), keys: { count: 10_000 } },
        },
      ),
    )
    const { succeeded = 0 } = view.ledger('clicks')
    // About a tenth of the keys share the lane of the poisoned one.
    expect(succeeded).toBeGreaterThan(80)
    expect(succeeded).toBeLessThan(98)
  })

  it('uses up no retries while it is throttled', async () => {
    const view = await runExact({
      streams: { clicks: { shardCount: 8 } },
      functions: {
        f: reader({ maximumRetryAttempts: 0 }, { reservedConcurrentExecutions: 1 }),
      },
      traffic: { p: { ...at('clicks', times(200, 1)), keys: { count: 1_000 } } },
      drain: true,
    })
    expect(view.ledger('clicks')).toEqual({ entered: 200, succeeded: 200 })
    expect(view.value('f.s.ThrottledBatches.sum')).toBeGreaterThan(8)
  })
})

describe('a tumbling window', () => {
  it('holds no batch of two windows, and ends with one invocation more', async () => {
    const view = await runExact(
      onShard(
        { f: reader({ tumblingWindow: '10s' }, { handler: { duration: '500ms' } }) },
        { p: at('clicks', 1, 2, 11, 25) },
      ),
    )
    const pushed = [1, 2, 11, 25].map((second) => second + PUSH)
    const [first, second, third, fourth] = pushed
    expect(arrivals(view)).toEqual([first, second, 10, third, 20, fourth, 30])
    expect(view.value('f.s.InvokedEventCount.sum')).toBe(4)
  })

  it('parts the records of a backlog', async () => {
    const view = await runExact(
      onShard(
        { f: reader({ tumblingWindow: '10s' }) },
        {},
        {
          initial: { 'streams.clicks': { records: 30, iteratorAge: '30s' } },
        },
      ),
    )
    // Three windows of ten records, each with its last invocation.
    expect(view.value('f.s.Batches.sum')).toBe(6)
    expect(view.ledger('clicks')).toEqual({ entered: 30, succeeded: 30 })
  })
})

describe('Kafka pollers', () => {
  const topic = (provisionedPollerConfig: object | undefined) => ({
    streams: { topic: { type: 'kafka', partitions: 10 } },
    functions: {
      f: lambda({
        events: {
          s: {
            type: 'msk',
            stream: 'topic',
            batchSize: 1,
            maximumBatchingWindow: '0s',
            ...(provisionedPollerConfig === undefined ? {} : { provisionedPollerConfig }),
          },
        },
      }),
    },
    traffic: {},
    initial: {
      'streams.topic': { records: 300, payload: '1MB', keys: { count: 100_000 } },
    },
  })

  it('of provisioned mode work on five batches of 1 MB a second each (E26)', async () => {
    const one = await runExact(topic({ minimumPollers: 1, maximumPollers: 1 }))
    expect(one.value('f.ConcurrentExecutions.maximum')).toBe(5)
    const two = await runExact(topic({ minimumPollers: 2, maximumPollers: 2 }))
    expect(two.value('f.ConcurrentExecutions.maximum')).toBe(10)
    expect(two.value('f.s.ProvisionedPollers.maximum')).toBe(2)
  })

  it('bring 5 MB a second each for as long as there is a backlog (E26)', async () => {
    const view = await runExact({
      ...topic({ minimumPollers: 1, maximumPollers: 1 }),
      duration: '5m',
      initial: {
        'streams.topic': { records: 3_000, payload: '1MB', keys: { count: 100_000 } },
      },
    })
    // Five a second and one second each.
    expect(view.value('f.ConcurrentExecutions.average')).toBeGreaterThan(4.9)
    expect(view.value('f.Invocations.sum')).toBeGreaterThan(1_480)
  })

  it('never have more than one batch of a partition', async () => {
    const view = await runExact(topic({ minimumPollers: 10, maximumPollers: 10 }))
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(10)
  })

  it('become more while the lag exceeds what they work on', async () => {
    const view = await runExact({
      ...topic(undefined),
      duration: '3m',
      metricsPeriod: '60s',
      initial: { 'streams.topic': { records: 3_000, keys: { count: 100_000 } } },
    })
    expect(view.series('f.ConcurrentExecutions.maximum')).toEqual([5, 10, 10])
    // Five a second for a minute, then ten; those of the last second are still running.
    expect(view.series('f.s.OffsetLag.maximum')).toEqual([2_705, 2_110, 1_510])
  })
})

describe('the order of the records of a key', () => {
  /** Ordinals of one producer by key, in the order in which `what` happened to them first. */
  function byKey(steps: readonly RecordStep[], what: RecordStep['what']): Map<number, number[]> {
    const seen = new Set<number>()
    const ordinals = new Map<number, number[]>()
    for (const step of steps) {
      if (step.what !== what || seen.has(step.ordinal)) continue
      seen.add(step.ordinal)
      ordinals.set(step.key, [...(ordinals.get(step.key) ?? []), step.ordinal])
    }
    return ordinals
  }

  const ascending = (values: readonly number[]) =>
    values.every((value, index) => index === 0 || value > values[index - 1]!)

  it('is kept whatever the shards, lanes, batches and failures', async () => {
    const scenario = fc.record({
      shardCount: fc.integer({ min: 1, max: 5 }),
      reshardTo: fc.integer({ min: 1, max: 9 }),
      parallelizationFactor: fc.integer({ min: 1, max: 10 }),
      factorLater: fc.integer({ min: 1, max: 10 }),
      batchSize: fc.integer({ min: 1, max: 40 }),
      enhancedFanOut: fc.boolean(),
      bisectBatchOnFunctionError: fc.boolean(),
      reports: fc.boolean(),
      transient: fc.constantFrom('0%', '2%', '10%'),
    })
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const steps: RecordStep[] = []
        const event = {
          parallelizationFactor: drawn.parallelizationFactor,
          batchSize: drawn.batchSize,
          enhancedFanOut: drawn.enhancedFanOut,
          bisectBatchOnFunctionError: drawn.bisectBatchOnFunctionError,
          functionResponseTypes: drawn.reports ? ['ReportBatchItemFailures'] : [],
          backOffCap: '1s',
        }
        const handler = {
          duration: { exponential: { mean: '150ms' } },
          recordFailures: { transient: drawn.transient },
        }
        const view = await run(
          exact({
            duration: '30s',
            drain: true,
            streams: { clicks: { shardCount: drawn.shardCount } },
            functions: { f: reader(event, { handler }) },
            traffic: { p: { to: 'clicks', rate: '60/s', keys: { count: 25, hottest: '20%' } } },
            timeline: [
              { at: '10s', reshard: 'clicks', shardCount: drawn.reshardTo },
              {
                at: '15s',
                set: { 'functions.f.events.s.parallelizationFactor': drawn.factorLater },
              },
            ],
          }),
          noting(steps),
        )
        const { entered, succeeded } = view.ledger('clicks')
        expect(entered).toBeGreaterThan(1_500)
        expect(succeeded).toBe(entered)
        for (const ordinals of byKey(steps, 'received').values()) {
          expect(ascending(ordinals)).toBe(true)
        }
        for (const ordinals of byKey(steps, 'ended').values()) {
          expect(ascending(ordinals)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('lets new shards wait for what their parents still hold', async () => {
    const parts = (more: object) =>
      onShard(
        { f: reader({ batchSize: 1 }) },
        { p: { ...at('clicks', times(10, 1), times(4, 3)), keys: { count: 1_000 } } },
        more,
      )
    const view = await runExact(
      parts({ timeline: [{ at: '2s', reshard: 'clicks', shardCount: 8 }] }),
    )
    // Ten seconds for the ten of the old shard; then the new ones side by side.
    const sent = arrivals(view)
    expect(sent.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => 1 + n + PUSH))
    expect(sent[10]).toBe(11 + PUSH)
    expect(sent[11]).toBe(11 + PUSH)
  })
})
