/** Event source mappings that read queues. Facts: Lambda developer guide, "Using Lambda with Amazon SQS". */
import { describe, expect, it } from 'vitest'
import {
  arrivalsOf,
  outcomesOf,
  type QueueWorkerParts,
  queueWorker,
} from '../../../support/queue-worker.ts'
import { compileText, run, SECOND } from '../../../support/run.ts'

interface Parts extends QueueWorkerParts {
  readonly queue?: object
  readonly messages?: number
}

function scenario({ queue, queues, messages, more, ...others }: Parts): object {
  const initial = messages === undefined ? {} : { initial: { 'queues.orders': { messages } } }
  return queueWorker({
    ...others,
    queues: { orders: { ...queue }, ...queues },
    more: { ...initial, ...more },
  })
}

/** Nobody can end an invocation before the run is over. */
const ENDLESS = {
  worker: { timeout: '15m' },
  handler: { duration: '15m' },
  queue: { visibilityTimeout: '12h' },
}

describe('how polling scales over a backlog', () => {
  const growth = async (duration: string, more: Parts = {}) =>
    run({ ...scenario({ ...ENDLESS, ...more, duration, messages: 20_000 }), metricsPeriod: '1s' })

  it('E25: 5 batches at once, 5 more each second, 1,250 after 249 s', async () => {
    const view = await growth('260s')
    const levels = view.series('worker.orders.PollerConcurrencyTarget.maximum')
    expect(levels).toEqual(
      Array.from({ length: 260 }, (_, second) => Math.min(1_250, 5 + 5 * second)),
    )
    expect(levels.indexOf(1_250)).toBe(249)
    expect(view.series('worker.ConcurrentExecutions.maximum')).toEqual(levels)
  })

  it('E25 before 2023-11: one more each second, 1,000 after 995 s', async () => {
    const view = await growth('1000s', {
      more: { platform: '2023-10' },
      worker: { timeout: '15m', scalingRate: 'unlimited' },
    })
    const levels = view.series('worker.orders.PollerConcurrencyTarget.maximum')
    expect(levels.slice(0, 3)).toEqual([5, 6, 7])
    expect(levels.indexOf(1_000)).toBe(995)
  })

  it('ends at maximumConcurrency', async () => {
    const view = await growth('60s', { event: { scalingConfig: { maximumConcurrency: 12 } } })
    expect(view.series('worker.ConcurrentExecutions.maximum').slice(0, 4)).toEqual([5, 10, 12, 12])
    expect(view.value('worker.ConcurrentExecutions.maximum')).toBe(12)
  })

  it('begins with maximumConcurrency where that is less than 5', async () => {
    const view = await growth('10s', { event: { scalingConfig: { maximumConcurrency: 2 } } })
    expect(view.value('worker.ConcurrentExecutions.maximum')).toBe(2)
  })

  it('has in provisioned mode 10 a poller at once, and 1,000 more a minute', async () => {
    const view = await growth('61s', {
      event: { provisionedPollerConfig: { minimumPollers: 3, maximumPollers: 200 } },
    })
    const levels = view.series('worker.orders.PollerConcurrencyTarget.maximum')
    expect(levels[0]).toBe(30)
    expect(levels[60]).toBe(1_030)
    expect(view.series('worker.orders.ProvisionedPollers.maximum')[60]).toBe(103)
  })

  it('stays where places are free', async () => {
    const view = await run(
      scenario({
        more: { traffic: { shop: { to: 'orders', process: 'constant', rate: '2/s' } } },
      }),
    )
    expect(view.value('worker.orders.PollerConcurrencyTarget.maximum')).toBe(5)
    expect(view.value('worker.ConcurrentExecutions.maximum')).toBe(2)
  })

  it('is back at 5 when everything is empty', async () => {
    const view = await run(scenario({ duration: '3m', messages: 1_000 }), { allStatistics: true })
    const levels = view.series('worker.orders.PollerConcurrencyTarget.minimum')
    expect(view.value('worker.orders.PollerConcurrencyTarget.maximum')).toBeGreaterThan(5)
    expect(levels.slice(1)).toEqual([5, 5])
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 1_000 })
  })
})

describe('what provisioned pollers receive', () => {
  /** Invocations are short, so that their places bind nowhere. */
  const receiving = (pollers: readonly [number, number], payload: string, event: object = {}) =>
    run(
      scenario({
        duration: '10s',
        handler: { duration: '1ms' },
        event: {
          provisionedPollerConfig: { minimumPollers: pollers[0], maximumPollers: pollers[1] },
          ...event,
        },
        more: { initial: { 'queues.orders': { messages: 5_000, payload } } },
      }),
    )

  it('is 1 MB a second each: large messages', async () => {
    const view = await receiving([2, 2], '1MB', { batchSize: 1 })
    // 2 MB at once, and the one that then finds nothing owed; from then on 2 MB a second.
    expect(arrivalsOf(view)).toEqual(
      Array.from({ length: 22 }, (_, index) => Math.max(0, (index - 2) / 2)),
    )
  })

  it('is 1 MB a second each: whole polls, of which the next one waits for what went over', async () => {
    const view = await receiving([2, 2], '256KB')
    // Each brings 2.5 MB.
    expect(arrivalsOf(view)).toEqual(
      Array.from({ length: 9 }, (_, index) => Math.max(0, (2.5 * index - 2) / 2)),
    )
  })

  it('is 10 polls a second each: ten small messages a time', async () => {
    const view = await receiving([3, 3], '1KB')
    expect(arrivalsOf(view)).toEqual(
      Array.from({ length: 329 }, (_, index) =>
        Math.max(0, Math.ceil(((index - 29) * SECOND) / 30) / SECOND),
      ),
    )
    expect(view.value('worker.orders.InvokedEventCount.sum')).toBe(3_290)
  })

  it('counts what its filter leaves out', async () => {
    const view = await receiving([2, 2], '1MB', { batchSize: 1, filter: '50%' })
    expect(view.value('worker.orders.PolledEventCount.sum')).toBe(22)
    expect(view.value('worker.orders.FilteredOutEventCount.sum')).toBeGreaterThan(0)
  })

  it('brings more pollers, though places are free', async () => {
    const view = await receiving([2, 4], '256KB')
    expect(view.value('worker.ConcurrentExecutions.maximum')).toBeLessThan(20)
    expect(view.value('worker.orders.ProvisionedPollers.maximum')).toBe(4)
    // 20 MB in 5 s, in polls of 2.5 MB.
    expect(arrivalsOf(view).filter((time) => time >= 5)).toHaveLength(8)
  })

  it('is what a new poller may, at once', async () => {
    const view = await receiving([2, 200], '1MB', { batchSize: 6 })
    // Of 6 MB at 0 s, 4 MB are owed; 2 MB less at 1 s, when two pollers come with 1 MB each. The
    // same again at 2 s. At 3 s the six pollers have made up for it by themselves.
    expect(arrivalsOf(view).slice(0, 4)).toEqual([0, 1, 2, 3])
  })

  it('has no limit without provisioned mode', async () => {
    const view = await run(
      scenario({
        duration: '10s',
        handler: { duration: '1ms' },
        event: { batchSize: 1 },
        more: { initial: { 'queues.orders': { messages: 5_000, payload: '1MB' } } },
      }),
    )
    // Five at once, each in 1 ms.
    expect(Math.max(...arrivalsOf(view))).toBe(0.999)
  })
})

describe('a batch', () => {
  it('is what one receive returned: at most 10', async () => {
    const view = await run(scenario({ messages: 95 }))
    expect(view.value('worker.orders.Batches.sum')).toBe(10)
    expect(view.value('worker.orders.InvokedEventCount.sum')).toBe(95)
  })

  it('is smaller where batchSize says so', async () => {
    const view = await run(scenario({ messages: 95, event: { batchSize: 3 } }))
    expect(view.value('worker.orders.Batches.sum')).toBe(32)
  })

  it('is a single message on an idle queue', async () => {
    const view = await run(
      scenario({
        duration: '20s',
        handler: { duration: '1ms' },
        more: { traffic: { shop: { to: 'orders', process: 'constant', rate: '1/s' } } },
      }),
    )
    expect(view.value('worker.orders.Batches.sum')).toBe(20)
    expect(view.value('orders.EndToEndLatency.maximum')).toBe(1)
  })

  it('takes the handler its fixed time and that of each record', async () => {
    const view = await run(
      scenario({ messages: 10, handler: { duration: '1s', recordDuration: '200ms' } }),
    )
    expect(view.attempts.map(({ durationUs }) => durationUs)).toEqual([3 * SECOND])
  })

  it('ends at 6 MB', async () => {
    const view = await run(
      scenario({
        duration: '2s',
        more: {
          traffic: {
            shop: { to: 'orders', process: 'constant', rate: '1/s', batch: 10, payload: '1MB' },
          },
        },
      }),
    )
    // Ten come at 0.5 s and at 1.5 s: 6 and 4 each time.
    expect(view.value('worker.orders.Batches.sum')).toBe(4)
  })
})

describe('a batching window', () => {
  const collecting = (event: object, rate: string, duration = '60s') =>
    run(
      scenario({
        duration,
        handler: { duration: '100ms' },
        event: { batchSize: 1_000, ...event },
        more: { traffic: { shop: { to: 'orders', process: 'constant', rate } } },
      }),
    )

  it('runs from the end of the previous invocation', async () => {
    const view = await collecting({ maximumBatchingWindow: '5s' }, '10/s')
    // Windows roll from 0 s; then each runs from the end of an invocation of 0.1 s, in which the
    // one message of 10/s that came meanwhile has opened the next batch already.
    expect(arrivalsOf(view)[0]).toBe(5)
    expect(view.value('worker.orders.Batches.sum')).toBeGreaterThanOrEqual(11)
    expect(view.value('worker.orders.Batches.sum')).toBeLessThanOrEqual(12)
  })

  it('rolls on while nothing comes', async () => {
    const view = await run(
      scenario({
        duration: '60s',
        event: { batchSize: 1_000, maximumBatchingWindow: '20s' },
        more: {
          traffic: {
            shop: {
              to: 'orders',
              process: 'constant',
              stages: [
                { for: '25s', rate: '0/s' },
                { for: '10s', rate: '1/s' },
              ],
            },
          },
        },
      }),
    )
    // From 25.5 s on ten messages come: they belong to the window from 20 s to 40 s.
    expect(arrivalsOf(view)).toEqual([40])
    expect(view.value('worker.orders.InvokedEventCount.sum')).toBe(10)
  })

  it('ends when the batch is full', async () => {
    const view = await collecting({ batchSize: 20, maximumBatchingWindow: '300s' }, '10/s', '21s')
    // Message k comes at (k + 1/2) / 10 s.
    expect(arrivalsOf(view)).toEqual(
      Array.from({ length: 10 }, (_, batch) => (20 * (batch + 1) - 0.5) / 10),
    )
  })

  it('collects many receives into one batch, up to 6 MB', async () => {
    const view = await run(
      scenario({
        messages: 10_000,
        event: { batchSize: 10_000, maximumBatchingWindow: '1s' },
        duration: '30s',
      }),
    )
    // 6,144 messages of 1 KB at once; the rest when the next window ends.
    expect(arrivalsOf(view)).toEqual([0, 1])
    expect(view.series('worker.orders.InvokedEventCount.sum')).toEqual([10_000])
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 10_000 })
  })

  it('runs on the clock of the visibility timeout', async () => {
    const view = await run(
      scenario({
        duration: '62s',
        worker: { timeout: '10s' },
        handler: { duration: '100ms' },
        queue: { visibilityTimeout: '40s' },
        event: { batchSize: 100, maximumBatchingWindow: '60s' },
        messages: 1,
      }),
    )
    // Received at 0 s and, visible again at 40 s, into the same batch once more.
    expect(arrivalsOf(view)).toEqual([60])
    expect(view.value('orders.NumberOfMessagesReceived.sum')).toBe(2)
    expect(view.value('orders.DuplicateDeliveries.sum')).toBe(0)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 1 })
  })

  it('counts once towards 6 MB what comes into the same batch once more', async () => {
    const view = await run(
      scenario({
        duration: '62s',
        worker: { timeout: '10s' },
        handler: { duration: '100ms' },
        queue: { visibilityTimeout: '40s' },
        event: { batchSize: 100, maximumBatchingWindow: '60s' },
        more: {
          initial: { 'queues.orders': { messages: 4, payload: '1MB' } },
          traffic: { late: { to: 'orders', rate: '1/min', payload: '1MB', process: 'constant' } },
          timeline: [],
        },
      }),
    )
    // Four at 0 s, again at 40 s, one at 30 s: 5 MB together.
    expect(arrivalsOf(view)).toEqual([60])
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 5 })
  })
})

describe('a function error', () => {
  it('brings the whole batch back', async () => {
    const view = await run(
      scenario({
        duration: '29s',
        messages: 5,
        handler: {
          recordFailures: { byAttribute: [{ attribute: 'id', value: 'x', share: '100%' }] },
          errorRate: '100%',
        },
      }),
    )
    expect(view.value('worker.orders.FailedInvokeEventCount.sum')).toBe(5)
    expect(outcomesOf(view, 'orders')).toEqual({ inFlight: 5 })
  })

  const poisoned = (event: object, more: Parts = {}) =>
    run(
      scenario({
        duration: '10s',
        handler: { duration: '1s', recordFailures: { poison: '40%' } },
        event,
        messages: 1_000,
        ...more,
      }),
    )

  it('is the fate of a batch with one bad message', async () => {
    const view = await poisoned({})
    // A batch of ten without a poison message has a chance of 0.6%.
    expect(view.value('worker.Errors.share')).toBeGreaterThan(0.9)
  })

  it('E28: of five messages of which two are named, only those come back', async () => {
    const partial = (duration: string, seed: number) =>
      run(
        scenario({
          duration,
          messages: 5,
          handler: { recordFailures: { poison: '40%' } },
          event: { functionResponseTypes: ['ReportBatchItemFailures'] },
        }),
        { seed },
      )
    let count = 0
    for (let seed = 1; seed <= 20; seed++) {
      const first = await partial('29s', seed)
      if (first.value('worker.orders.FailedInvokeEventCount.sum') !== 2) continue
      count++
      expect(first.value('worker.Errors.sum')).toBe(0)
      expect(outcomesOf(first, 'orders')).toEqual({ succeeded: 3, inFlight: 2 })
      const again = await partial('59s', seed)
      expect(again.value('worker.orders.Batches.sum')).toBe(2)
      expect(again.value('worker.orders.InvokedEventCount.sum')).toBe(5 + 2)
      expect(outcomesOf(again, 'orders')).toEqual({ succeeded: 3, inFlight: 2 })
    }
    // Two of five have a chance of 35%.
    expect(count).toBeGreaterThan(2)
  })

  it('makes polling slower: half as many batches, at most every 10 s', async () => {
    const view = await run(
      {
        ...scenario({
          duration: '30s',
          messages: 20_000,
          handler: { duration: '1s', errorRate: '100%' },
          event: { poller: { initialConcurrency: 80, concurrencyPerMinute: 0 } },
          queue: { visibilityTimeout: '12h' },
        }),
        metricsPeriod: '10s',
      },
      { allStatistics: true },
    )
    expect(view.series('worker.orders.PollerConcurrencyTarget.minimum')).toEqual([40, 20, 10])
  })

  it('leaves two batches at once', async () => {
    const slow = scenario({
      duration: '60s',
      messages: 20_000,
      handler: { duration: '10ms', errorRate: '100%' },
      event: { poller: { concurrencyPerMinute: 0 } },
      queue: { visibilityTimeout: '12h' },
    })
    const view = await run(slow, { rows: false })
    expect(view.value('worker.orders.PollerConcurrencyTarget.minimum')).toBe(2)
  })

  it('does not where the function reports its failures', async () => {
    const view = await poisoned({ functionResponseTypes: ['ReportBatchItemFailures'] })
    expect(view.value('worker.orders.PollerConcurrencyTarget.minimum')).toBe(5)
  })
})

describe('a throttle', () => {
  const throttled = (reserved: number, event: object, more: Parts = {}) =>
    scenario({
      worker: { timeout: '10s', reservedConcurrentExecutions: reserved },
      handler: { duration: '1s' },
      queue: {
        visibilityTimeout: '60s',
        redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: 3 },
      },
      queues: { failed: {} },
      event,
      ...more,
    })

  it('that lasts leads to the dead-letter queue after maxReceiveCount x visibilityTimeout', async () => {
    const dead = (duration: string) => run(throttled(0, {}, { messages: 1, duration }))
    // At 180 s it would be received for the fourth time.
    const before = await dead('180s')
    expect(outcomesOf(before, 'orders')).toEqual({ inFlight: 1 })
    const after = await dead('181s')
    expect(outcomesOf(after, 'orders')).toEqual({ deadLettered: 1 })
    expect(outcomesOf(after, 'failed')).toEqual({ queued: 1 })
    expect(after.value('orders.NumberOfMessagesReceived.sum')).toBe(3)
    expect(after.value('worker.Invocations.sum')).toBe(0)
  })

  it('makes the poller try again, in jittered steps that double to 20 s', async () => {
    const view = await run(throttled(0, {}, { messages: 1, duration: '60s' }))
    const times = arrivalsOf(view)
    expect(times[0]).toBe(0)
    // Bounds 1, 2, 4, 8, 16, 20, ... of which half on average.
    const gaps = times.slice(1).map((time, index) => time - times[index]!)
    gaps.forEach((gap, index) => {
      expect(gap).toBeLessThanOrEqual([1, 2, 4, 8, 16, 20][Math.min(index, 5)]!)
    })
    expect(times.length).toBeGreaterThan(6)
    expect(view.value('worker.orders.ThrottledBatches.sum')).toBe(times.length)
  })

  it('loses good messages where polling outgrows the reserved concurrency', async () => {
    const lossy = throttled(1, { batchSize: 1 }, { messages: 400, duration: '15m' })
    const view = await run(lossy, { rows: false })
    expect(outcomesOf(view, 'orders').deadLettered).toBeGreaterThan(0)
  })

  it('does not come about with maximumConcurrency, and nothing is lost', async () => {
    const event = { batchSize: 1, scalingConfig: { maximumConcurrency: 2 } }
    const view = await run(throttled(2, event, { messages: 400, duration: '15m' }), { rows: false })
    expect(view.value('worker.Throttles.sum')).toBe(0)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 400 })
  })
})

describe('an invocation that outlasts the visibility timeout', () => {
  /** A visibility timeout of exactly the function's, and a cold start on top. */
  const late = (queue: object) =>
    run(
      scenario({
        duration: '60s',
        worker: {
          timeout: '10s',
          coldStart: { placement: '0ms', init: '3s', firstInvocation: '0ms' },
        },
        handler: { duration: '9s' },
        queue: { visibilityTimeout: '10s', ...queue },
        messages: 1,
      }),
    )

  it('lets the message be received again: the first receipt then deletes nothing', async () => {
    const view = await late({})
    // Received at 0 s; again at 10 s, while the first (cold, to 12 s) runs, by a second cold one
    // that would end at 22 s; received a third time at 20 s by the first environment, warm: 29 s.
    expect(arrivalsOf(view)).toEqual([0, 10, 20])
    expect(view.value('orders.DuplicateDeliveries.sum')).toBe(2)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 1 })
    expect(view.value('orders.EndToEndLatency.maximum')).toBe(29_000)
  })
})

describe('a filter', () => {
  it('deletes what it leaves out', async () => {
    const view = await run(scenario({ messages: 1_000, duration: '2m', event: { filter: '30%' } }))
    const { succeeded = 0, filtered = 0 } = outcomesOf(view, 'orders')
    expect(succeeded + filtered).toBe(1_000)
    expect(succeeded).toBeGreaterThan(250)
    expect(succeeded).toBeLessThan(350)
    expect(view.value('worker.orders.InvokedEventCount.sum')).toBe(succeeded)
    expect(view.value('worker.orders.FilteredOutEventCount.sum')).toBe(filtered)
    expect(view.value('orders.NumberOfMessagesDeleted.sum')).toBe(1_000)
  })
})

describe('what a timeline can do', () => {
  const steady = { traffic: { shop: { to: 'orders', process: 'constant', rate: '1/s' } } }
  const timed = (timeline: object[], event: object = {}) =>
    run(
      scenario({
        duration: '60s',
        handler: { duration: '1ms' },
        event,
        more: { ...steady, timeline },
      }),
    )

  it('stop and resume reading', async () => {
    const view = await timed([
      { at: '10s', disable: 'worker.orders' },
      { at: '40s', enable: 'worker.orders' },
    ])
    const times = arrivalsOf(view)
    expect(times.filter((time) => time > 10 && time < 40)).toEqual([])
    expect(times.filter((time) => time === 40)).toHaveLength(3)
    expect(outcomesOf(view, 'orders')).toEqual({ succeeded: 60 })
  })

  it('begin to read', async () => {
    const view = await timed([{ at: '30s', enable: 'worker.orders' }], { enabled: false })
    expect(Math.min(...arrivalsOf(view))).toBe(30)
  })

  it('raise the maximum concurrency', async () => {
    const view = await run({
      ...scenario({
        ...ENDLESS,
        duration: '30s',
        messages: 10_000,
        event: { scalingConfig: { maximumConcurrency: 10 } },
        more: {
          timeline: [
            {
              at: '20s',
              set: { 'functions.worker.events.orders.scalingConfig.maximumConcurrency': 20 },
            },
          ],
        },
      }),
      metricsPeriod: '1s',
    })
    const levels = view.series('worker.ConcurrentExecutions.maximum')
    expect(levels[19]).toBe(10)
    expect(levels[29]).toBe(20)
  })
})

describe('what AWS would refuse', () => {
  const refused = async (parts: Parts, platform = '2026-11') =>
    compileText({ ...scenario(parts), platform }).then(
      () => 'accepted',
      (error: Error) => error.message,
    )

  it('is a visibility timeout shorter than the function timeout', async () => {
    expect(await refused({ worker: { timeout: '60s' } })).toContain(
      'InvalidParameterValueException: Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds',
    )
  })

  it('is a batch of more than 10 without a window', async () => {
    expect(await refused({ event: { batchSize: 11 } })).toContain('needs a maximumBatchingWindow')
    expect(await refused({ event: { batchSize: 11, maximumBatchingWindow: '1s' } })).toBe(
      'accepted',
    )
    expect(await refused({ event: { maximumBatchingWindow: '1500ms' } })).toContain(
      'whole number of seconds',
    )
  })

  it('is a large batch or a window on a FIFO queue', async () => {
    const queue = { fifoQueue: true }
    expect(
      await refused({ queue, event: { batchSize: 11, maximumBatchingWindow: '1s' } }),
    ).toContain('at most 10')
    expect(await refused({ queue, event: { maximumBatchingWindow: '1s' } })).toContain(
      'no batching window',
    )
  })

  it('is a maximum concurrency out of range', async () => {
    expect(await refused({ event: { scalingConfig: { maximumConcurrency: 1 } } })).toContain(
      'from 2 to 1000',
    )
  })

  it('is provisioned mode together with maximumConcurrency, or too early', async () => {
    const provisionedPollerConfig = { minimumPollers: 2 }
    expect(
      await refused({
        event: { provisionedPollerConfig, scalingConfig: { maximumConcurrency: 5 } },
      }),
    ).toContain('exclude each other')
    const most = { maximumPollers: 10_000 }
    expect(await refused({ event: { provisionedPollerConfig: most } })).toBe('accepted')
    expect(await refused({ event: { provisionedPollerConfig } }, '2025-10')).toContain(
      'since 2025-11',
    )
  })
})

describe('what contradicts itself', () => {
  /** What is said, line by line, and the keys of the lines that it points to. */
  const faults = async (event: object, platform = '2026-11') => {
    const text = JSON.stringify({ ...scenario({ event }), platform }, null, 2)
    const report = await compileText(text).then(
      () => '',
      (error: Error) => error.message,
    )
    return [...report.matchAll(/^test\.yaml:(\d+):\d+: (.*)$/gm)].map(([, line, message]) => [
      /"(\w+)"/.exec(text.split('\n')[Number(line) - 1]!)![1],
      message,
    ])
  }

  it('is said of all at once, each at its key', async () => {
    const found = await faults({
      provisionedPollerConfig: { minimumPollers: 9, maximumPollers: 3 },
      poller: {
        initialConcurrency: 32,
        minimumConcurrency: 33,
        maximumConcurrency: 31,
        backOffBase: '5s',
        backOffCap: '4s',
      },
    })
    expect(found).toEqual([
      ['minimumPollers', 'minimumPollers 9 is above maximumPollers (3)'],
      ['initialConcurrency', 'initialConcurrency 32 is above the most batches at once (31)'],
      ['minimumConcurrency', 'minimumConcurrency 33 is above the most batches at once (31)'],
      ['maximumConcurrency', 'maximumConcurrency 31 is above 10 for each of maximumPollers (30)'],
      ['backOffBase', 'backOffBase 5s is above backOffCap (4s)'],
    ])
  })

  it('is said of what users and AWS limit', async () => {
    const event = { scalingConfig: { maximumConcurrency: 50 } }
    expect(await faults({ ...event, poller: { maximumConcurrency: 49 } })).toEqual([
      ['maximumConcurrency', 'maximumConcurrency 50 is above poller.maximumConcurrency (49)'],
    ])
    expect(await faults({ ...event, poller: { initialConcurrency: 51 } })).toEqual([
      ['initialConcurrency', 'initialConcurrency 51 is above the most batches at once (50)'],
    ])
    const many = { poller: { initialConcurrency: 1_001 } }
    expect(await faults(many)).toEqual([])
    expect(await faults(many, '2023-10')).toEqual([
      ['initialConcurrency', 'initialConcurrency 1001 is above the most batches at once (1000)'],
    ])
  })

  it('is not said of a default, which gives way', async () => {
    const scalingConfig = { maximumConcurrency: 2 }
    expect(await faults({ scalingConfig })).toEqual([])
    // What throttles leave is then all that there is.
    expect(await faults({ scalingConfig, poller: { minimumConcurrency: 1_000 } })).toEqual([])
    expect(await faults({ poller: { maximumConcurrency: 1, backOffCap: '500ms' } })).toEqual([])
    const { assumptions } = await compileText(
      scenario({ event: { poller: { backOffCap: '500ms' } } }),
    )
    const { statement } = assumptions.find(({ id }) => id === 'sqs-back-off')!
    expect(statement).toContain('up to 500ms, doubling to 500ms')
  })
})

describe('what will surprise', () => {
  const warned = async (parts: Parts) => (await compileText(scenario(parts))).warnings.join('\n')

  it('is said of a visibility timeout under 6 function timeouts and the window', async () => {
    expect(await warned({ queue: { visibilityTimeout: '179s' } })).toContain('six times')
    expect(await warned({ queue: { visibilityTimeout: '180s' } })).not.toContain('six times')
    const event = { maximumBatchingWindow: '1s' }
    expect(await warned({ event, queue: { visibilityTimeout: '180s' } })).toContain('3m1s')
  })

  it('is said of few receives and little reserved concurrency', async () => {
    const parts: Parts = {
      queue: { redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: 4 } },
      queues: { failed: {} },
    }
    expect(await warned(parts)).not.toContain('maxReceiveCount')
    const reserved = { ...parts, worker: { reservedConcurrentExecutions: 4 } }
    expect(await warned(reserved)).toContain('maxReceiveCount')
    expect(await warned(reserved)).toContain('set scalingConfig.maximumConcurrency')
  })

  it('is said of a maximum concurrency above the reserved one, which AWS accepts', async () => {
    const above = { event: { scalingConfig: { maximumConcurrency: 11 } } }
    const worker = { reservedConcurrentExecutions: 10 }
    expect(await warned({ ...above, worker })).toContain('above the reserved concurrency 10')
    expect(await warned(above)).not.toContain('above the reserved concurrency')
  })
})

describe('what is assumed', () => {
  it('names how few batches throttles leave, in provisioned mode all of its minimum', async () => {
    const stated = async (event: object) => {
      const { assumptions } = await compileText(scenario({ event }))
      return assumptions.find(({ id }) => id === 'sqs-slow-down')?.statement
    }
    expect(await stated({})).toContain('not under 2.')
    expect(await stated({ provisionedPollerConfig: { minimumPollers: 3 } })).toContain(
      'not under 30.',
    )
  })
})
