/** Queues. Facts: Amazon SQS developer guide and API reference. */
import { describe, expect, it } from 'vitest'
import { arrivalsOf, outcomesOf, queueWorker } from '../../support/queue-worker.ts'
import { compileText, type RunView, run, SECOND } from '../../support/run.ts'

const ALWAYS_FAILS = { errorRate: '100%' }

const sum = (view: RunView, metric: string, name = 'orders'): number =>
  view.value(`${name}.${metric}.sum`)

describe('a queue that nobody reads', () => {
  const quiet = queueWorker({
    event: null,
    duration: '10s',
    more: { traffic: { shop: { to: 'orders', process: 'constant', rate: '10/s' } } },
  })

  it('keeps what it is sent: queued at the end', async () => {
    const view = await run(quiet)
    expect(outcomesOf(view, 'shop')).toEqual({ handedOn: 100 })
    expect(outcomesOf(view, 'orders')).toEqual({ queued: 100 })
    expect(view.value('orders.ApproximateNumberOfMessagesVisible.maximum')).toBe(100)
    expect(view.find('orders.NumberOfMessagesReceived.sum')).toBe(0)
  })

  it('does not keep a draining run from its end', async () => {
    const view = await run({ ...quiet, drain: true })
    expect(outcomesOf(view, 'orders')).toEqual({ queued: 100 })
  })

  it('deletes what is older than its retention period', async () => {
    const view = await run({
      ...quiet,
      duration: '2m',
      queues: { orders: { messageRetentionPeriod: '60s' } },
    })
    // Message k comes at (k + 1/2) / 10 s; those of the first 60 s are 60 s old by then.
    expect(outcomesOf(view, 'orders')).toEqual({ queued: 600, expired: 600 })
    expect(sum(view, 'MessagesExpired')).toBe(600)
    expect(sum(view, 'DeliveryLoss')).toBe(600)
  })

  it('refuses what is larger than its maximum', async () => {
    const traffic = { shop: { to: 'orders', rate: '10/s', payload: '2KB' } }
    const view = await run({
      ...quiet,
      traffic,
      queues: { orders: { maximumMessageSize: '1KB' } },
    })
    expect(Object.keys(outcomesOf(view, 'shop'))).toEqual(['rejected'])
    expect(outcomesOf(view, 'orders')).toEqual({})
  })

  it('takes 1 MB since 2025-08, and 256 KB before', async () => {
    const traffic = { shop: { to: 'orders', rate: '1/s', payload: '1MB' } }
    const now = await run({ ...quiet, traffic })
    expect(Object.keys(outcomesOf(now, 'shop'))).toEqual(['handedOn'])
    const before = await run({ ...quiet, traffic, platform: '2025-07' })
    expect(Object.keys(outcomesOf(before, 'shop'))).toEqual(['rejected'])
  })
})

describe('a delay', () => {
  it('keeps messages invisible at first', async () => {
    const view = await run(
      queueWorker({
        duration: '100s',
        queues: { orders: { delay: '30s' } },
        more: { traffic: { shop: { to: 'orders', process: 'constant', rate: '1/s' } } },
      }),
    )
    // Sent at 0.5 s, ..., 99.5 s; invoked 30 s later; done another second later.
    expect(arrivalsOf(view)[0]).toBe(30.5)
    expect(view.value('worker.Invocations.sum')).toBe(70)
    expect(view.value('orders.EndToEndLatency.minimum')).toBe(31_000)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 69, queued: 30, inFlight: 1 })
  })
})

describe('a message that its function fails on', () => {
  const redrivePolicy = { deadLetterTarget: 'failed', maxReceiveCount: 3 }
  const failing = (queues: object, more: object = {}, duration = '10m') =>
    queueWorker({
      duration,
      handler: ALWAYS_FAILS,
      queues,
      more: { initial: { 'queues.orders': { messages: 1 } }, ...more },
    })

  it('comes back each time its visibility timeout is over', async () => {
    const view = await run(failing({ orders: { visibilityTimeout: '30s' } }, {}, '100s'))
    expect(arrivalsOf(view)).toEqual([0, 30, 60, 90])
  })

  it('is received maxReceiveCount times, and moved when it would be received once more', async () => {
    const view = await run(
      failing({ orders: { visibilityTimeout: '30s', redrivePolicy }, failed: {} }),
    )
    expect(arrivalsOf(view)).toEqual([0, 30, 60])
    expect(sum(view, 'NumberOfMessagesReceived')).toBe(3)
    expect(outcomesOf(view, 'orders')).toEqual({ deadLettered: 1 })
    expect(outcomesOf(view, 'failed')).toEqual({ queued: 1 })
    // CloudWatch counts as sent what somebody sends, not what a redrive policy moves.
    expect(view.value('failed.NumberOfMessagesSent.sum')).toBe(0)
    // Moved at 90 s of 600.
    expect(view.value('failed.ApproximateNumberOfMessagesVisible.average')).toBeCloseTo(510 / 600)
  })

  it('is not moved while nobody receives', async () => {
    const view = await run(
      queueWorker({
        event: { enabled: false },
        queues: { orders: { redrivePolicy }, failed: {} },
        more: { initial: { 'queues.orders': { messages: 5, receiveCount: 9 } } },
      }),
    )
    expect(outcomesOf(view, 'orders')).toEqual({ queued: 5 })
  })

  it('keeps its age in a standard dead-letter queue, which may be the end of it', async () => {
    const old = { initial: { 'queues.orders': { messages: 1, age: '3d' } } }
    const queues = { orders: { redrivePolicy }, failed: { messageRetentionPeriod: '2d' } }
    const view = await run(failing(queues, old))
    expect(outcomesOf(view, 'orders')).toEqual({ deadLettered: 1 })
    expect(outcomesOf(view, 'failed')).toEqual({ expired: 1 })
  })

  it('is new in a FIFO dead-letter queue', async () => {
    const old = { initial: { 'queues.orders': { messages: 1, age: '3d' } } }
    const queues = {
      orders: { fifoQueue: true, redrivePolicy },
      failed: { fifoQueue: true, messageRetentionPeriod: '2d' },
    }
    const view = await run(failing(queues, old))
    expect(outcomesOf(view, 'failed')).toEqual({ queued: 1 })
  })

  it('is not counted as sent to its dead-letter queue, as in CloudWatch', async () => {
    const view = await run(failing({ orders: { redrivePolicy }, failed: {} }))
    expect(outcomesOf(view, 'failed')).toEqual({ queued: 1 })
    expect(view.value('failed.NumberOfMessagesSent.sum')).toBe(0)
  })

  it('has, in a dead-letter queue, an age that counts from the move', async () => {
    const view = await run(failing({ orders: { redrivePolicy }, failed: {} }))
    // Moved at 90 s; the run ends at 600 s.
    expect(view.value('failed.ApproximateAgeOfOldestMessage.maximum')).toBe(510_000)
  })
})

describe('the place of a message that comes back', () => {
  /** One place only; each message takes 1 s; the visibility timeout is over after 30 s. */
  const oneByOne = (poison: object, maxReceiveCount: number, duration: string) =>
    queueWorker({
      duration,
      handler: { recordFailures: { poison: '50%', ...poison } },
      event: { batchSize: 1, poller: { initialConcurrency: 1, concurrencyPerMinute: 0 } },
      queues: {
        orders: {
          visibilityTimeout: '30s',
          redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount },
        },
        failed: {},
      },
      more: { initial: { 'queues.orders': { messages: 400 } } },
    })

  it('is kept at first, and behind all others after three receives', async () => {
    const view = await run(oneByOne({}, 10, '150s'))
    const { request } = view.attempts.find(({ outcome }) => outcome !== 'succeeded')!
    const own = view.attempts.filter((attempt) => attempt.request === request)
    const times = own.map(({ arrivedUs }) => arrivedUs / SECOND)
    // Ahead of the hundreds that were never received, but not after its third time.
    expect(times).toHaveLength(3)
    expect(times[1]! - times[0]!).toBeLessThanOrEqual(31)
    expect(times[2]! - times[1]!).toBeLessThanOrEqual(31)
  })

  it('does not change where it is dead-lettered by then', async () => {
    const view = await run(oneByOne({}, 3, '2m'))
    // Those of the first seconds fail three times by 93 s; at the back they would wait for minutes.
    const [first = 0, second = 0] = view.series('orders.MessagesDeadLettered.sum')
    expect(first).toBe(0)
    expect(second).toBeGreaterThan(0)
  })

  it('no longer counts for ApproximateAgeOfOldestMessage after three receives', async () => {
    const view = await run(
      queueWorker({
        duration: '5m',
        handler: ALWAYS_FAILS,
        queues: { orders: { visibilityTimeout: '30s' } },
        more: { initial: { 'queues.orders': { messages: 1 } } },
      }),
    )
    // Received at 0, 30 and 60 s, hence counted at the end of the first minute only.
    expect(view.series('orders.ApproximateAgeOfOldestMessage.maximum')).toEqual([60_000])
  })
})

describe('a redrive', () => {
  const base = (timeline: object[], queues: object = {}) =>
    queueWorker({
      duration: '10m',
      handler: { recordFailures: { poison: '100%' } },
      queues: {
        orders: {
          visibilityTimeout: '30s',
          redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: 1 },
        },
        failed: {},
        ...queues,
      },
      more: { initial: { 'queues.orders': { messages: 20 } }, timeline },
    })

  it('moves messages back to where they came from, with no receives', async () => {
    const view = await run(base([{ at: '5m', redrive: 'failed' }]))
    expect(outcomesOf(view, 'failed')).toEqual({ handedOn: 20, queued: 20 })
    expect(outcomesOf(view, 'orders')).toEqual({ deadLettered: 40 })
    // Each was invoked once before and once after.
    expect(sum(view, 'NumberOfMessagesReceived')).toBe(40)
  })

  it('moves them elsewhere when told to', async () => {
    const timeline = [{ at: '5m', redrive: 'failed', to: 'parked' }]
    const view = await run(base(timeline, { parked: {} }))
    expect(outcomesOf(view, 'failed')).toEqual({ handedOn: 20 })
    expect(outcomesOf(view, 'parked')).toEqual({ queued: 20 })
  })

  it('moves at its rate', async () => {
    const timeline = [{ at: '5m', redrive: 'failed', to: 'parked', rate: '1/s' }]
    const view = await run({ ...base(timeline, { parked: {} }), duration: '310s' })
    expect(outcomesOf(view, 'parked')).toEqual({ queued: 10 })
  })

  it('leaves what was sent there directly', async () => {
    const view = await run(
      queueWorker({
        queues: {
          orders: { redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: 1 } },
          failed: {},
        },
        event: null,
        more: {
          initial: { 'queues.failed': { messages: 3 } },
          timeline: [{ at: '1m', redrive: 'failed' }],
        },
      }),
    )
    expect(outcomesOf(view, 'failed')).toEqual({ queued: 3 })
  })

  it('is refused for the dead-letter queue of no queue, as AWS does', async () => {
    const parts = queueWorker({
      queues: { orders: {} },
      event: null,
      more: { timeline: [{ at: '1m', redrive: 'orders' }] },
    })
    await expect(compileText(parts)).rejects.toThrow(
      'orders is the dead-letter queue of no queue: AWS redrives only such',
    )
  })

  it('moves 500 messages a second at most', async () => {
    await expect(
      compileText(base([{ at: '5m', redrive: 'failed', rate: '501/s' }])),
    ).rejects.toThrow('at most 500 messages a second')
  })

  it('meets other luck than before: the deliveries are new ones', async () => {
    const view = await run({
      ...base([{ at: '5m', redrive: 'failed' }]),
      initial: { 'queues.orders': { messages: 400 } },
      functions: {
        worker: {
          runtime: 'nodejs22.x',
          memorySize: 512,
          timeout: '30s',
          handler: { duration: '10ms', recordFailures: { transient: '50%' } },
          coldStart: 'none',
          events: {
            orders: {
              type: 'sqs',
              queue: 'orders',
              functionResponseTypes: ['ReportBatchItemFailures'],
            },
          },
        },
      },
    })
    const { handedOn = 0, queued = 0 } = outcomesOf(view, 'failed')
    expect(handedOn).toBeGreaterThan(150)
    expect(queued / handedOn).toBeGreaterThan(0.35)
    expect(queued / handedOn).toBeLessThan(0.65)
  })
})

describe('at-least-once delivery', () => {
  it('brings a share of the processed messages once more, and counts each once', async () => {
    const view = await run(
      queueWorker({
        duration: '10m',
        handler: { duration: '10ms' },
        queues: { orders: { visibilityTimeout: '30s', duplicateDeliveries: '100%' } },
        more: { initial: { 'queues.orders': { messages: 100 } } },
      }),
    )
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 100 })
    expect(sum(view, 'NumberOfMessagesReceived')).toBe(200)
    expect(sum(view, 'DuplicateDeliveries')).toBe(100)
    expect(view.value('orders.EndToEndLatency.maximum')).toBeLessThan(10_000)
  })

  it('keeps the books while duplicates are about', async () => {
    for (const duration of ['100ms', '10s', '30s', '31s']) {
      const view = await run(
        queueWorker({
          duration,
          handler: { duration: '10ms' },
          queues: { orders: { visibilityTimeout: '30s', duplicateDeliveries: '50%' } },
          more: { initial: { 'queues.orders': { messages: 100 } } },
        }),
      )
      expect(Object.values(outcomesOf(view, 'orders')).reduce((one, other) => one + other)).toBe(
        100,
      )
    }
  })
})

describe('the limit of messages in flight', () => {
  it('is 120,000', async () => {
    const view = await run(
      queueWorker({
        duration: '2m',
        worker: { timeout: '15m' },
        handler: { duration: '14m' },
        event: {
          batchSize: 10_000,
          maximumBatchingWindow: '1s',
          poller: { initialConcurrency: 20 },
        },
        queues: { orders: { visibilityTimeout: '12h' } },
        more: { initial: { 'queues.orders': { messages: 130_000 } } },
      }),
    )
    expect(view.value('orders.ApproximateNumberOfMessagesNotVisible.maximum')).toBe(120_000)
    expect(outcomesOf(view, 'orders')).toEqual({ queued: 10_000, inFlight: 120_000 })
  })
})

describe('what AWS would refuse', () => {
  const refused = async (queues: object, event: object | null = {}, platform = '2026-11') =>
    compileText({ ...queueWorker({ queues, event }), platform }).then(
      () => 'accepted',
      (error: Error) => error.message,
    )

  it('is said for dead-letter queues that lead in a circle', async () => {
    const redrive = (deadLetterTarget: string) => ({
      redrivePolicy: { deadLetterTarget, maxReceiveCount: 3 },
    })
    expect(await refused({ orders: redrive('orders') })).toContain('circle')
    expect(
      await refused({ orders: redrive('one'), one: redrive('two'), two: redrive('orders') }),
    ).toContain('circle')
    expect(await refused({ orders: redrive('one'), one: redrive('two'), two: {} })).toBe('accepted')
  })

  it('is said for a dead-letter queue of the other sort', async () => {
    const redrivePolicy = { deadLetterTarget: 'failed', maxReceiveCount: 3 }
    expect(await refused({ orders: { redrivePolicy }, failed: { fifoQueue: true } })).toContain(
      'must be a standard queue as well',
    )
    expect(await refused({ orders: { redrivePolicy, fifoQueue: true }, failed: {} })).toContain(
      'must be a FIFO queue as well',
    )
  })

  it('is said for values out of range', async () => {
    expect(await refused({ orders: { visibilityTimeout: '13h' } })).toContain('from 0s to 12h')
    expect(await refused({ orders: { messageRetentionPeriod: '59s' } })).toContain('from 1m to 14d')
    expect(await refused({ orders: { delay: '16m' } })).toContain('from 0s to 15m')
    expect(await refused({ orders: { maximumMessageSize: '2MB' } })).toContain('1KB to 1MB')
    expect(await refused({ orders: { maximumMessageSize: '1MB' } }, {}, '2025-07')).toContain(
      'at most 256KB before 2025-08',
    )
    const redrivePolicy = { deadLetterTarget: 'failed', maxReceiveCount: 1001 }
    expect(await refused({ orders: { redrivePolicy }, failed: {} })).toContain('from 1 to 1000')
  })

  it('is said for keys of the other sort of queue', async () => {
    expect(await refused({ orders: { fifoThroughputLimit: 'perQueue' } })).toContain(
      'fifoQueue: true',
    )
    expect(await refused({ orders: { fifoQueue: true, duplicateDeliveries: '1%' } })).toContain(
      'no duplicates',
    )
  })
})

describe('several readers of one queue', () => {
  const worker = (event: object) => ({
    runtime: 'nodejs22.x',
    memorySize: 512,
    handler: { duration: '1ms' },
    coldStart: 'none',
    events: { orders: { type: 'sqs', queue: 'orders', ...event } },
  })
  const shared = (event: object, more: object) =>
    run({
      name: 'two-readers',
      duration: '10s',
      account: { region: 'us-east-1' },
      functions: { one: worker(event), two: worker(event) },
      queues: { orders: {} },
      ...more,
    })

  it('share what comes, message by message', async () => {
    const view = await shared(
      {},
      { traffic: { shop: { to: 'orders', process: 'constant', rate: '10/s' } } },
    )
    expect(view.value('one.Invocations.sum')).toBe(50)
    expect(view.value('two.Invocations.sum')).toBe(50)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 100 })
  })

  it('share a backlog, receive by receive', async () => {
    const event = { scalingConfig: { maximumConcurrency: 3 } }
    const view = await shared(event, { initial: { 'queues.orders': { messages: 6_000 } } })
    expect(view.value('one.orders.InvokedEventCount.sum')).toBe(3_000)
    expect(view.value('two.orders.InvokedEventCount.sum')).toBe(3_000)
  })
})

describe('a dead-letter queue that forgets before its source', () => {
  it('is warned of, because messages keep their age', async () => {
    const redrivePolicy = { deadLetterTarget: 'failed', maxReceiveCount: 5 }
    const warned = async (failed: object) => {
      const compiled = await compileText(
        queueWorker({ queues: { orders: { redrivePolicy }, failed } }),
      )
      return compiled.warnings.some((text) =>
        text.startsWith('queues.orders: messages keep their age'),
      )
    }
    expect(await warned({ messageRetentionPeriod: '3d' })).toBe(true)
    expect(await warned({})).toBe(false)
  })
})
