/** What holds of every run with queues, whoever reads them and however it fails. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type RunView, run } from '../support/run.ts'

const QUEUES = ['one', 'two', 'three'] as const

const queue = fc.record({
  visibilityTimeout: fc.constantFrom('5s', '20s', '1m'),
  messageRetentionPeriod: fc.constantFrom('60s', '90s', '4d'),
  delay: fc.constantFrom('0s', '0s', '7s'),
  maxReceiveCount: fc.constantFrom(1, 2, 5),
  initial: fc.integer({ min: 0, max: 60 }),
  age: fc.constantFrom('0s', '50s', '85s'),
})

const reader = fc.record({
  queue: fc.constantFrom(...QUEUES),
  batchSize: fc.constantFrom(1, 3, 10),
  window: fc.constantFrom('0s', '0s', '2s', '30s'),
  reports: fc.boolean(),
  filter: fc.constantFrom(undefined, '70%'),
  maximumConcurrency: fc.constantFrom(undefined, 2),
  reserved: fc.constantFrom(undefined, 0, 2),
  mean: fc.constantFrom('10ms', '1s', '8s'),
  errorRate: fc.constantFrom('0%', '20%'),
  poison: fc.constantFrom('0%', '20%'),
  init: fc.constantFrom('10ms', '4s'),
})

const topology = fc.record({
  queues: fc.tuple(queue, queue, queue),
  readers: fc.array(reader, { minLength: 1, maxLength: 3 }),
  rate: fc.constantFrom('1/s', '10/s'),
  isFifo: fc.boolean(),
  duplicates: fc.constantFrom('0%', '30%'),
  drain: fc.boolean(),
  redrives: fc.boolean(),
})

type Topology = typeof topology extends fc.Arbitrary<infer T> ? T : never

/** Each queue's dead-letter queue is the next one; the last has none. */
function scenarioOf({ queues, readers, rate, isFifo, duplicates, drain, redrives }: Topology) {
  const nodes = queues.map(({ initial: _, age: __, maxReceiveCount, ...rest }, index) => [
    QUEUES[index]!,
    {
      ...rest,
      fifoQueue: isFifo,
      ...(isFifo ? {} : { duplicateDeliveries: duplicates }),
      ...(index < 2
        ? { redrivePolicy: { deadLetterTarget: QUEUES[index + 1]!, maxReceiveCount } }
        : {}),
    },
  ])
  const functions = readers.map((options, index) => [
    `reader${index}`,
    {
      runtime: 'nodejs22.x',
      timeout: '5s',
      ...(options.reserved === undefined ? {} : { reservedConcurrentExecutions: options.reserved }),
      coldStart: { placement: '10ms', init: options.init, firstInvocation: '5ms' },
      handler: {
        duration: { exponential: { mean: options.mean } },
        errorRate: options.errorRate,
        recordFailures: { poison: options.poison },
      },
      events: {
        queue: {
          type: 'sqs',
          queue: options.queue,
          batchSize: options.batchSize,
          maximumBatchingWindow: isFifo ? '0s' : options.window,
          functionResponseTypes: options.reports ? ['ReportBatchItemFailures'] : [],
          ...(options.filter === undefined ? {} : { filter: options.filter }),
          ...(options.maximumConcurrency === undefined
            ? {}
            : { scalingConfig: { maximumConcurrency: options.maximumConcurrency } }),
        },
      },
    },
  ])
  return {
    name: 'queues',
    duration: '3m',
    drain,
    account: { region: 'us-east-1', concurrentExecutions: 150 },
    functions: Object.fromEntries(functions),
    queues: Object.fromEntries(nodes),
    traffic: { shop: { to: 'one', rate, keys: { count: 5 } } },
    initial: Object.fromEntries(
      queues.map(({ initial, age }, index) => [
        `queues.${QUEUES[index]!}`,
        { messages: initial, age, keys: { count: 3 } },
      ]),
    ),
    ...(redrives ? { timeline: [{ at: '100s', redrive: 'two', rate: '5/s' }] } : {}),
  }
}

function everything({ output, attempts, metrics }: RunView) {
  return { output, attempts, metrics }
}

it('keeps the books, and cannot be seen to run in slices', async () => {
  await fc.assert(
    fc.asyncProperty(topology, fc.integer({ min: 1, max: 200 }), async (drawn, eventBudget) => {
      const scenario = scenarioOf(drawn)
      const view = await run(scenario)
      for (const [index, name] of QUEUES.entries()) {
        const { entered = 0, ...outcomes } = view.ledger(name)
        expect(Object.values(outcomes).reduce((one, other) => one + other, 0)).toBe(entered)
        const sent = view.value(`${name}.NumberOfMessagesSent.sum`)
        const source = QUEUES[index - 1]
        const moved = source === undefined ? 0 : (view.ledger(source).deadLettered ?? 0)
        expect(sent + moved + drawn.queues[index]!.initial).toBe(entered)
        expect(view.value(`${name}.MessagesDeadLettered.sum`)).toBe(outcomes.deadLettered ?? 0)
        const lost = (outcomes.deadLettered ?? 0) + (outcomes.expired ?? 0)
        expect(view.value(`${name}.DeliveryLoss.sum`)).toBe(lost)
        const isRead = drawn.readers.some((each) => each.queue === name)
        if (drawn.drain && isRead) {
          expect([outcomes.queued, outcomes.inFlight]).toEqual([undefined, undefined])
        }
      }
      expect(everything(await run(scenario, { eventBudget }))).toEqual(everything(view))
    }),
    { numRuns: 60 },
  )
}, 60_000)
