/** Which messages a handler can never process belongs to the messages, not to the run. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Flows } from '../support/flows.ts'
import { run } from '../support/run.ts'

const variant = fc.record({
  batchSize: fc.integer({ min: 1, max: 10 }),
  reserved: fc.constantFrom(undefined, 1, 3, 8),
  maxReceiveCount: fc.integer({ min: 1, max: 3 }),
  reports: fc.boolean(),
  duration: fc.constantFrom('10ms', '2s'),
  errorRate: fc.constantFrom('0%', '20%'),
  transient: fc.constantFrom('0%', '20%'),
})

const population = fc.record({
  isFifo: fc.boolean(),
  poison: fc.constantFrom('5%', '30%'),
  rate: fc.constantFrom('1/s', '4/s'),
  seed: fc.integer({ min: 1, max: 1_000 }),
})

type Variant = typeof variant extends fc.Arbitrary<infer Value> ? Value : never
type Population = typeof population extends fc.Arbitrary<infer Value> ? Value : never

/** Nothing but poison fails: one message at a time, and always room. */
const CLEAN: Variant = {
  batchSize: 1,
  reserved: undefined,
  maxReceiveCount: 1,
  reports: true,
  duration: '10ms',
  errorRate: '0%',
  transient: '0%',
}

function scenarioOf({ isFifo, poison, rate, seed }: Population, own: Variant): object {
  return {
    name: 'poison',
    duration: '30s',
    drain: true,
    seed,
    account: { region: 'us-east-1', concurrentExecutions: 200 },
    functions: {
      work: {
        runtime: 'nodejs22.x',
        timeout: '3s',
        coldStart: 'none',
        handler: {
          duration: own.duration,
          errorRate: own.errorRate,
          recordFailures: { poison, transient: own.transient },
        },
        ...(own.reserved === undefined ? {} : { reservedConcurrentExecutions: own.reserved }),
        events: {
          jobs: {
            type: 'sqs',
            queue: 'jobs',
            batchSize: own.batchSize,
            functionResponseTypes: own.reports ? ['ReportBatchItemFailures'] : [],
          },
        },
      },
    },
    queues: {
      jobs: {
        fifoQueue: isFifo,
        visibilityTimeout: '20s',
        redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: own.maxReceiveCount },
      },
      failed: { fifoQueue: isFifo },
    },
    traffic: { shop: { to: 'jobs', rate, keys: { count: 30 } } },
  }
}

async function processed(scenario: object) {
  const flows = new Flows()
  const view = await run(scenario, { adjust: flows.watch })
  return {
    sent: flows.knocked.get('queues.jobs')!,
    done: flows.completed.get('queues.jobs')!,
    view,
  }
}

it('poisons the same messages whatever batches, limits and other failures there are', async () => {
  await fc.assert(
    fc.asyncProperty(population, variant, async (drawn, own) => {
      const clean = await processed(scenarioOf(drawn, CLEAN))
      const other = await processed(scenarioOf(drawn, own))
      expect(other.sent).toEqual(clean.sent)
      // In a FIFO batch what comes after a failure fails as well, so that only some can be told.
      for (const message of other.done) expect(clean.done).toContain(message)
      for (const { sent, done, view } of [clean, other]) {
        expect(sent.size - done.size).toBe(view.ledger('jobs').deadLettered ?? 0)
      }
    }),
    { numRuns: 30 },
  )
})
