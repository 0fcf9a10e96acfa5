/** What holds of every stream and its consumers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exact, lambda } from '../support/exact.ts'
import { noting } from '../support/records.ts'
import { run } from '../support/run.ts'

const RUNS = { numRuns: 40 }

const consumer = fc.record({
  enhancedFanOut: fc.boolean(),
  batchSize: fc.integer({ min: 1, max: 50 }),
  maximumBatchingWindow: fc.constantFrom('0s', '1s', '7s'),
  lanes: fc.constantFrom(
    { parallelizationFactor: 1 },
    { parallelizationFactor: 4 },
    { tumblingWindow: '5s' },
  ),
  bisectBatchOnFunctionError: fc.boolean(),
  functionResponseTypes: fc.constantFrom([], ['ReportBatchItemFailures']),
  maximumRetryAttempts: fc.integer({ min: 0, max: 3 }),
  filter: fc.constantFrom('100%', '40%', '0%'),
  destination: fc.boolean(),
  poison: fc.constantFrom('0%', '5%'),
  transient: fc.constantFrom('0%', '10%'),
  errorRate: fc.constantFrom('0%', '5%'),
  reserved: fc.constantFrom(undefined, 1),
})

type Consumer = typeof consumer extends fc.Arbitrary<infer Value> ? Value : never

function functionOf(drawn: Consumer) {
  const { lanes, destination, poison, transient, errorRate, reserved, ...keys } = drawn
  const event = {
    type: 'kinesis',
    stream: 'clicks',
    ...keys,
    ...lanes,
    ...(destination ? { destinationConfig: { onFailure: 'failures' } } : {}),
    backOffCap: '2s',
  }
  return lambda({
    handler: {
      duration: { exponential: { mean: '200ms' } },
      errorRate,
      recordFailures: { poison, transient },
    },
    ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    events: { s: event },
  })
}

const scenario = fc.record({
  consumers: fc.array(consumer, { minLength: 1, maxLength: 3 }),
  shardCount: fc.integer({ min: 1, max: 4 }),
  reshardTo: fc.integer({ min: 1, max: 6 }),
  drain: fc.boolean(),
})

function textOf({
  consumers,
  shardCount,
  reshardTo,
  drain,
}: typeof scenario extends fc.Arbitrary<infer Value> ? Value : never) {
  return exact({
    duration: '30s',
    drain,
    account: { region: 'us-east-1', concurrentExecutions: 200 },
    streams: { clicks: { shardCount }, failures: { type: 'kafka' } },
    functions: Object.fromEntries(
      consumers.map((drawn, index) => [`f${index}`, functionOf(drawn)]),
    ),
    traffic: { p: { to: 'clicks', rate: '40/s', keys: { count: 50, hottest: '10%' } } },
    initial: { 'streams.clicks': { records: 100, iteratorAge: '20s' } },
    timeline: [
      { at: '8s', disable: 'f0.s' },
      { at: '12s', reshard: 'clicks', shardCount: reshardTo },
      { at: '16s', enable: 'f0.s' },
    ],
  })
}

describe('a stream with any consumers', () => {
  it('gives every record one outcome, and every slot back', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const notes = noting([])
        const view = await run(textOf(drawn), notes)
        const { entered = 0, queued = 0, inFlight = 0, ...done } = view.ledger('clicks')
        const settled = Object.values(done).reduce((sum, count) => sum + count, 0)
        expect(settled + queued + inFlight).toBe(entered)
        expect(entered).toBe(100 + (view.ledger('p').handedOn ?? 0))
        const loss = (done.dropped ?? 0) + (done.deliveredToDestination ?? 0)
        expect(view.value('clicks.DeliveryLoss.sum')).toBe(loss + (done.expired ?? 0))
        if (!drawn.drain) return
        expect(queued + inFlight).toBe(0)
        expect(notes.slotsInUse()).toBe(0)
      }),
      RUNS,
    )
  })

  it('counts for each consumer what it polled as filtered, done or given up', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const view = await run(textOf({ ...drawn, drain: true }), { rows: false })
        const { entered } = view.ledger('clicks')
        for (const index of drawn.consumers.keys()) {
          const of = (metric: string) => view.value(`f${index}.s.${metric}.sum`)
          expect(of('PolledEventCount')).toBe(entered)
          expect(of('InvokedEventCount')).toBeGreaterThanOrEqual(
            of('PolledEventCount') - of('FilteredOutEventCount'),
          )
          expect(of('Batches')).toBe(view.value(`f${index}.Invocations.sum`))
        }
      }),
      RUNS,
    )
  })
})
