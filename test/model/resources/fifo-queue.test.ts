/** FIFO queues. Facts: Amazon SQS developer guide, "Amazon SQS FIFO queues" and its quotas. */
import { describe, expect, it } from 'vitest'
import {
  arrivalsOf,
  outcomesOf,
  type QueueWorkerParts,
  queueWorker,
} from '../../support/queue-worker.ts'
import { type RunView, run, SECOND } from '../../support/run.ts'

interface Parts extends Omit<QueueWorkerParts, 'more'> {
  readonly queue?: object
  readonly initial?: object
  readonly traffic?: object
  readonly platform?: string
}

/** The same with a FIFO queue. */
function scenario(parts: Parts): object {
  const { queue, queues, initial, traffic, platform = '2026-11', ...others } = parts
  return queueWorker({
    ...others,
    queues: { orders: { fifoQueue: true, ...queue }, ...queues },
    more: {
      platform,
      ...(initial === undefined ? {} : { initial: { 'queues.orders': initial } }),
      ...(traffic === undefined ? {} : { traffic: { shop: { to: 'orders', ...traffic } } }),
    },
  })
}

const attemptsOf = (view: RunView) =>
  view.attempts.map(({ arrivedUs, request }) => [arrivedUs / SECOND, request])

describe('a message group', () => {
  it('is worked on by one batch at a time, in order', async () => {
    const view = await run(
      scenario({ initial: { messages: 8, keys: { count: 1 } }, event: { batchSize: 2 } }),
    )
    expect(attemptsOf(view)).toEqual([
      [0, 0],
      [1, 2],
      [2, 4],
      [3, 6],
    ])
  })

  it('is received as far as it goes before the next one', async () => {
    const view = await run(scenario({ initial: { messages: 40, keys: { count: 2 } } }))
    // Two groups of about 20: at most two batches at once.
    expect(view.value('worker.ConcurrentExecutions.maximum')).toBe(2)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 40 })
  })

  it('shares a batch with others where it has too few messages', async () => {
    const view = await run(scenario({ initial: { messages: 10, keys: { count: 1_000_000 } } }))
    expect(view.value('worker.orders.Batches.sum')).toBe(1)
  })

  it('limits the concurrency, to the number of groups', async () => {
    const view = await run(
      scenario({
        event: { batchSize: 1 },
        traffic: { process: 'constant', rate: '20/s', keys: { count: 7 } },
      }),
    )
    expect(view.value('worker.ConcurrentExecutions.maximum')).toBe(7)
  })

  it('is blocked by a message that fails, until that is dead-lettered', async () => {
    const view = await run(
      scenario({
        initial: { messages: 3, keys: { count: 1 } },
        handler: { errorRate: '100%' },
        event: { batchSize: 1 },
        queue: {
          visibilityTimeout: '30s',
          redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: 2 },
        },
        queues: { failed: { fifoQueue: true } },
      }),
    )
    expect(attemptsOf(view)).toEqual([
      [0, 0],
      [30, 0],
      [60, 1],
      [90, 1],
      [120, 2],
      [150, 2],
    ])
    expect(outcomesOf(view, 'orders')).toEqual({ deadLettered: 3 })
    expect(outcomesOf(view, 'failed')).toEqual({ queued: 3 })
  })

  it('is blocked by a message that fails, until that expires', async () => {
    const view = await run(
      scenario({
        duration: '70s',
        initial: { messages: 1, age: '0s', keys: { count: 1 } },
        traffic: {
          process: 'constant',
          stages: [
            { for: '40s', rate: '0/s' },
            { for: '1s', rate: '1/s' },
          ],
          keys: { count: 1 },
        },
        handler: { errorRate: '100%' },
        event: { batchSize: 1 },
        queue: { visibilityTimeout: '59s', messageRetentionPeriod: '60s' },
      }),
    )
    // Received at 0 s and 59 s, then gone at 60 s; the message of 40.5 s comes then.
    expect(arrivalsOf(view)).toEqual([0, 59, 60])
    expect(outcomesOf(view, 'orders')).toEqual({ expired: 1, inFlight: 1 })
  })

  it('keeps its order when a whole batch comes back', async () => {
    const view = await run(
      scenario({
        duration: '60s',
        initial: { messages: 12, keys: { count: 1 } },
        handler: { errorRate: '100%' },
        event: { batchSize: 4 },
      }),
    )
    expect(attemptsOf(view)).toEqual([
      [0, 0],
      [30, 0],
    ])
  })
})

describe('a partial failure', () => {
  it('returns the first message that failed and all later ones', async () => {
    const parts: Parts = {
      initial: { messages: 10, keys: { count: 1 } },
      handler: { recordFailures: { poison: '20%' } },
      event: { functionResponseTypes: ['ReportBatchItemFailures'] },
    }
    const early = await run(scenario({ ...parts, duration: '10s' }))
    const { succeeded = 0, inFlight } = outcomesOf(early, 'orders')
    expect(succeeded).toBeGreaterThan(0)
    expect(inFlight).toBe(10 - succeeded)
    const late = await run(scenario({ ...parts, duration: '40s' }))
    expect(attemptsOf(late)).toEqual([
      [0, 0],
      [30, succeeded],
    ])
    // It fails again, so that nothing behind it is processed.
    expect(outcomesOf(late, 'orders')).toEqual({ succeeded, inFlight: 10 - succeeded })
  })
})

describe('a receipt whose visibility timeout is over', () => {
  /** Cold, the invocation takes 12 s; nobody receives the message after 5 s. */
  const late = (fifoQueue: boolean) =>
    run({
      ...scenario({
        duration: '60s',
        worker: {
          timeout: '10s',
          coldStart: { placement: '0ms', init: '3s', firstInvocation: '0ms' },
        },
        handler: { duration: '9s' },
        queue: { fifoQueue, visibilityTimeout: '10s' },
        initial: { messages: 1, keys: { count: 1 } },
      }),
      timeline: [{ at: '5s', disable: 'worker.orders' }],
    })

  it('deletes nothing in a FIFO queue: the message will come once more', async () => {
    const view = await late(true)
    expect(outcomesOf(view, 'orders')).toEqual({ queued: 1 })
    expect(view.value('orders.DuplicateDeliveries.sum')).toBe(1)
    expect(view.value('worker.orders.DeletedEventCount.sum')).toBe(0)
  })

  it('still deletes in a standard queue, unless the message has been received again', async () => {
    const view = await late(false)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 1 })
    expect(view.value('orders.DuplicateDeliveries.sum')).toBe(0)
  })
})

describe('the rate of calls', () => {
  const sent = async (traffic: object, queue: object = {}, region = 'us-east-1') => {
    const view = await run(
      {
        ...scenario({ duration: '10s', event: { enabled: false }, queue, traffic }),
        account: { region },
      },
      { rows: false },
    )
    return outcomesOf(view, 'shop')
  }

  it('is 300 sends a second, beyond which a send is throttled', async () => {
    const { handedOn = 0, throttled = 0 } = await sent({ process: 'constant', rate: '1000/s' })
    // A bucket of 300, filled at 300/s for 10 s.
    expect(handedOn + throttled).toBe(10_000)
    expect(handedOn).toBeGreaterThanOrEqual(3_299)
    expect(handedOn).toBeLessThanOrEqual(3_300)
  })

  it('is 3,000 messages a second in batches of ten', async () => {
    const { handedOn, throttled } = await sent({ process: 'constant', rate: '300/s', batch: 10 })
    expect(handedOn).toBe(30_000)
    expect(throttled).toBeUndefined()
  })

  it('is higher with high throughput, by region', async () => {
    const queue = { fifoThroughputLimit: 'perMessageGroupId' }
    const traffic = { process: 'constant', rate: '5000/s' }
    expect(await sent(traffic, queue)).toEqual({ handedOn: 50_000 })
    const { handedOn = 0 } = await sent(traffic, queue, 'eu-west-3')
    expect(handedOn).toBeGreaterThanOrEqual(26_399)
    expect(handedOn).toBeLessThanOrEqual(26_400)
  })

  it('is 300 receives a second as well', async () => {
    const view = await run(
      scenario({
        duration: '10s',
        handler: { duration: '1ms' },
        event: { batchSize: 1, poller: { initialConcurrency: 1_000 } },
        initial: { messages: 10_000, keys: { count: 1_000_000 } },
      }),
      { rows: false },
    )
    const received = view.value('orders.NumberOfMessagesReceived.sum')
    expect(received).toBeGreaterThanOrEqual(3_299)
    expect(received).toBeLessThanOrEqual(3_301)
  })
})

describe('the rate of calls of one message group with high throughput', () => {
  const queue = { fifoThroughputLimit: 'perMessageGroupId', deduplicationScope: 'messageGroup' }
  const keys = { count: 1 }
  const sent = async (traffic: object, of: object = queue) => {
    const parts = { duration: '10s', event: { enabled: false }, queue: of, traffic }
    return outcomesOf(await run(scenario(parts), { rows: false }), 'shop')
  }

  it('is 300 sends a second, beyond which a send is throttled', async () => {
    const traffic = { process: 'constant', rate: '1000/s', keys }
    // The first one at 0.5 ms finds 300, and 300/s are added until the last one at 9.9995 s.
    expect(await sent(traffic)).toEqual({ handedOn: 3_299, throttled: 6_701 })
  })

  it('is 3,000 messages a second in batches of ten', async () => {
    const traffic = { process: 'constant', rate: '400/s', batch: 10, keys }
    // The first one at 1.25 ms, the last one at 9.99875 s.
    expect(await sent(traffic)).toEqual({ handedOn: 32_990, throttled: 7_010 })
  })

  it('leaves the other groups alone', async () => {
    const even = { process: 'constant', rate: '3000/s', keys: { count: 1_000 } }
    expect(await sent(even)).toEqual({ handedOn: 30_000 })
    const { throttled = 0 } = await sent({ ...even, keys: { count: 1_000, hottest: '100%' } })
    // 300 at the first one, at 1/6 ms, and 300/s until the last one at 9.99983 s.
    expect(throttled).toBe(30_000 - 3_299)
  })

  it('is not forgotten while a group is empty, and thousands of others come and go', async () => {
    const busy = scenario({ duration: '10s', handler: { duration: '1ms' }, queue })
    const toOrders = { to: 'orders', process: 'constant' }
    const view = await run(
      {
        ...busy,
        drain: true,
        traffic: {
          shop: { ...toOrders, rate: '1000/s', keys },
          others: { ...toOrders, rate: '3000/s', keys: { count: 1_000_000_000 } },
        },
      },
      { rows: false },
    )
    expect(outcomesOf(view, 'shop')).toEqual({ handedOn: 3_299, throttled: 6_701 })
    expect(outcomesOf(view, 'others')).toEqual({ handedOn: 30_000 })
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 33_299 })
  })

  it('is that of the whole queue without high throughput', async () => {
    const traffic = { process: 'constant', rate: '1000/s' }
    const one = await sent({ ...traffic, keys }, {})
    expect(await sent(traffic, {})).toEqual(one)
    expect(one).toEqual({ handedOn: 3_299, throttled: 6_701 })
  })

  /** A message at a time in 1 ms. */
  const read = (count: number, event: object = {}) =>
    run(
      scenario({
        duration: '10s',
        handler: { duration: '1ms' },
        event: { batchSize: 1, ...event },
        queue,
        initial: { messages: 10_000, keys: { count } },
      }),
    )

  it('is 300 receives a second', async () => {
    const view = await read(1)
    const times = view.attempts.map(({ arrivedUs }) => arrivedUs)
    expect(times).toEqual(
      Array.from({ length: 3_299 }, (_, index) =>
        Math.max(1_000 * index, Math.ceil(((index - 299) * SECOND) / 300)),
      ),
    )
    expect(outcomesOf(await read(1_000_000), 'orders')).toEqual({ succeeded: 10_000 })
  })

  it('counts what a filter leaves out', async () => {
    const view = await read(1, { filter: '0%' })
    expect(view.value('worker.orders.FilteredOutEventCount.sum')).toBe(3_299)
  })

  it('needs the deduplication of each group, as AWS has it', async () => {
    const refused = (of: object) => run(scenario({ queue: of }))
    await expect(refused({ ...queue, deduplicationScope: 'queue' })).rejects.toThrow(
      'only with deduplicationScope: messageGroup',
    )
    await expect(refused({ fifoQueue: false, deduplicationScope: 'messageGroup' })).rejects.toThrow(
      'deduplicationScope belongs to a FIFO queue',
    )
  })
})

describe('the limit of messages in flight', () => {
  const inFlight = async (platform: string) => {
    const view = await run(
      scenario({
        duration: '60s',
        platform,
        worker: { timeout: '15m', scalingRate: 'unlimited' },
        handler: { duration: '14m' },
        event: { poller: { initialConcurrency: 9_000, maximumConcurrency: 9_000 } },
        queue: { visibilityTimeout: '12h', fifoThroughputLimit: 'perMessageGroupId' },
        initial: { messages: 50_000, keys: { count: 1_000_000_000 } },
      }),
      { rows: false },
    )
    return view.value('orders.ApproximateNumberOfMessagesNotVisible.maximum')
  }

  it('is 20,000 before 2024-11, and higher since', async () => {
    expect(await inFlight('2024-10')).toBe(20_000)
    expect(await inFlight('2024-11')).toBe(50_000)
  })
})
