/** What holds of every run in which events go round between functions, topics, buses and buckets. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Clock } from '../../src/kernel/time.ts'
import { Recorder } from '../../src/model/metrics/recorder.ts'
import { Simulation } from '../../src/model/simulation.ts'
import type { World } from '../../src/model/world.ts'
import { messaging } from '../support/messaging.ts'
import { compileText, run } from '../support/run.ts'

const FUNCTIONS = ['first', 'second', 'third'] as const
const DESTINATIONS = [...FUNCTIONS, 'news', 'main', 'store', undefined] as const

const event = fc.constantFrom(
  { type: 'sns', topic: 'news' },
  { type: 'sns', topic: 'news', filter: '50%', redrivePolicy: { deadLetterTarget: 'store' } },
  { type: 'eventbridge', bus: 'main', retryPolicy: { maximumRetryAttempts: 2 } },
  { type: 'eventbridge', bus: 'main', filter: { kind: 'refund' } },
  { type: 's3', bucket: 'uploads' },
  { type: 'schedule', schedule: 'rate(1 minute)' },
)

const lambda = fc.record({
  errorRate: fc.constantFrom('0%', '30%'),
  events: fc.array(event, { maxLength: 3 }),
  onSuccess: fc.constantFrom(...DESTINATIONS),
  onFailure: fc.constantFrom(...DESTINATIONS, 'uploads'),
  deadLetterTarget: fc.constantFrom('store', 'news', undefined),
  maximumRetryAttempts: fc.constantFrom(0, 2),
  pollerWindow: fc.constantFrom(1, 5, 1_000),
  duplicates: fc.constantFrom('0%', '20%'),
})

type Lambda = typeof lambda extends fc.Arbitrary<infer Value> ? Value : never

/** Two places at 100 ms: loops that multiply events stay as slow as their functions. */
function functionOf(options: Lambda): object {
  const { onSuccess, onFailure, deadLetterTarget } = options
  return {
    reservedConcurrentExecutions: 2,
    handler: { duration: '100ms', errorRate: options.errorRate },
    events: Object.fromEntries(options.events.map((config, index) => [`e${index}`, config])),
    eventInvokeConfig: {
      maximumEventAge: '1m',
      maximumRetryAttempts: options.maximumRetryAttempts,
      pollerWindow: options.pollerWindow,
      duplicateDeliveries: options.duplicates,
      destinationConfig: {
        ...(onSuccess === undefined ? {} : { onSuccess }),
        ...(onFailure === undefined ? {} : { onFailure }),
      },
    },
    ...(deadLetterTarget === undefined ? {} : { deadLetterConfig: { deadLetterTarget } }),
  }
}

const scenario = fc
  .record({ first: lambda, second: lambda, third: lambda, outage: fc.constantFrom(...FUNCTIONS) })
  .map(({ outage, ...functions }) =>
    messaging({
      duration: '3m',
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, options]) => [name, functionOf(options)]),
      ),
      queues: { store: {} },
      topics: { news: { subscriptions: [{ queue: 'store', filter: '10%' }] } },
      buses: { main: { rules: { some: { filter: '20%', targets: [{ topic: 'news' }] } } } },
      buckets: { uploads: { notificationLatency: { exponential: { mean: '2s' } } } },
      traffic: {
        a: { to: 'news', stages: [{ for: '90s', rate: '1/s' }] },
        b: {
          to: 'main',
          stages: [{ for: '90s', rate: '1/s' }],
          attributes: { kind: { order: '50%', refund: '50%' } },
        },
        c: { to: 'uploads', stages: [{ for: '90s', rate: '1/s' }] },
        d: { to: 'first', invocationType: 'Event', stages: [{ for: '90s', rate: '1/s' }] },
      },
      timeline: [{ at: '30s', eventOutage: outage, for: '30s' }],
    }),
  )

const NO_FILES = {
  readText: () => Promise.reject(new Error('there are no files')),
  readChunks: () => {
    throw new Error('there are no files')
  },
}

it('every message is where its book says, and none is left over', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (text) => {
      const recorder = new Recorder(new Clock(), null, false)
      const simulation = new Simulation(await compileText(text), 0, recorder, NO_FILES)
      await simulation.start()
      expect(simulation.simulator.run(Number.POSITIVE_INFINITY, 3_000_000)).toBe('stopped')
      // Throws where a book does not balance.
      simulation.finish()
      const present = simulation
        .books()
        .reduce((sum, book) => sum + book.countOf('queued') + book.countOf('inFlight'), 0)
      const { messages } = Reflect.get(simulation.producers, 'world') as World
      const left = messages.used - present
      const summary = recorder.summary()
      const duplicates = summary
        .filter(({ metric }) => metric === 'DuplicateDeliveries')
        .reduce((sum, { value }) => sum + value, 0)
      // Duplicates that still run are in no book.
      expect(left).toBeGreaterThanOrEqual(0)
      expect(left).toBeLessThanOrEqual(Math.min(duplicates, simulation.invocations.store.used))
    }),
    { numRuns: 60, seed: 11 },
  )
})

it('a run is the same however it is sliced', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (text) => {
      const options = { rows: false, seed: 1 }
      const whole = await run(text, options)
      const sliced = await run(text, { ...options, eventBudget: 101 })
      expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
      expect(sliced.output.summary).toEqual(whole.output.summary)
    }),
    { numRuns: 10, seed: 12 },
  )
})
