import { describe, expect, test } from 'vitest'
import { explainScenario } from '../../src/experiment/explanation.ts'
import { explanationBlocks } from '../../src/report/explanation.ts'
import { compileText } from '../support/run.ts'

const plain = { runtime: 'nodejs22.x', handler: { duration: '100ms' }, coldStart: 'none' }

async function forecastOf(parts: object) {
  const scenario = { name: 'flow', duration: '10m', account: { region: 'us-east-1' }, ...parts }
  const explanation = explainScenario(await compileText(scenario))
  const { functions, limits, pauses, producers, backlogs } = explanation
  const blocks = JSON.stringify(explanationBlocks(explanation))
  const rate = (name: string) => functions.find((one) => one.name === name)?.peakRatePerSecond
  return { rate, functions, limits, pauses, producers, backlogs, blocks }
}

describe('the load that explain expects', () => {
  test('follows topics, filters, queues and calls to the functions behind them', async () => {
    const { rate } = await forecastOf({
      functions: {
        notify: { ...plain, events: { news: { type: 'sns', topic: 'news' } } },
        bill: {
          ...plain,
          handler: { duration: '100ms', calls: [{ function: 'charge', count: 2 }] },
          events: { orders: { type: 'sqs', queue: 'orders', filter: '50%' } },
        },
        charge: plain,
      },
      topics: { news: { subscriptions: [{ queue: 'orders', filter: '20%' }] } },
      queues: { orders: { visibilityTimeout: '60s' } },
      traffic: { shop: { to: 'news', rate: '100/s' } },
    })
    expect(rate('notify')).toBeCloseTo(100, 9)
    expect(rate('bill')).toBeCloseTo(10, 9)
    expect(rate('charge')).toBeCloseTo(20, 9)
  })

  test('gives each message of a queue to one of its readers, by what they can do', async () => {
    const reads = (maximumConcurrency: number) => ({
      ...plain,
      events: { in: { type: 'sqs', queue: 'orders', scalingConfig: { maximumConcurrency } } },
    })
    const { rate, limits } = await forecastOf({
      functions: { large: reads(6), small: reads(2) },
      queues: { orders: { visibilityTimeout: '60s' } },
      traffic: { shop: { to: 'orders', rate: '40/s' } },
    })
    expect(rate('large')).toBeCloseTo(30, 9)
    expect(rate('small')).toBeCloseTo(10, 9)
    const places = limits.filter(({ limit }) => limit === 'concurrent batches')
    expect(places.map(({ demand, allowed }) => Math.round(allowed / demand))).toEqual([20, 20])
  })

  test('is held against what FIFO queues, shards and provisioned pollers take', async () => {
    const provisionedPollerConfig = { minimumPollers: 2, maximumPollers: 2 }
    const { limits, blocks } = await forecastOf({
      functions: {
        worker: {
          ...plain,
          events: { in: { type: 'sqs', queue: 'jobs', batchSize: 1, provisionedPollerConfig } },
        },
      },
      queues: { orders: { fifoQueue: true }, jobs: { visibilityTimeout: '60s' } },
      streams: { clicks: { shardCount: 2 } },
      traffic: {
        single: { to: 'orders', rate: '100/s' },
        many: { to: 'orders', rate: '150/s', batch: 12 },
        small: { to: 'clicks', rate: '1500/s', payload: '2KB' },
        shop: { to: 'jobs', rate: '30/s' },
      },
    })
    const told = limits
      .filter(({ name }) => ['orders', 'clicks', 'worker.in'].includes(name))
      .map(({ name, limit, demand, allowed }) => [name, limit, Math.round(demand), allowed])
    expect(told).toEqual([
      ['worker.in', 'poller calls', 30, 20],
      ['clicks', 'shard KB in', 3_000, 2_048],
      ['orders', 'send calls', 400, 300],
      ['clicks', 'shard records', 1_500, 2_000],
      ['worker.in', 'concurrent batches', 3, 20],
    ])
    expect(blocks).toContain('worker.in poller calls binds first')
    expect(blocks).toMatch(/^\[\{"kind":"verdict","tone":"bad"/)
  })

  test('comes on top of what waits at the start, which takes a while at least', async () => {
    const { backlogs, blocks } = await forecastOf({
      functions: {
        worker: {
          ...plain,
          events: {
            in: { type: 'sqs', queue: 'orders', scalingConfig: { maximumConcurrency: 10 } },
          },
        },
      },
      queues: { orders: { visibilityTimeout: '60s' }, archive: {} },
      initial: { 'queues.orders': { messages: 60_000 }, 'queues.archive': { messages: 1 } },
    })
    // Ten batches of ten at once, ten times a second: a minute.
    expect(backlogs).toEqual([
      { scope: 'queue', name: 'orders', count: 60_000, leastUs: 60_000_000 },
      { scope: 'queue', name: 'archive', count: 1, leastUs: null },
    ])
    expect(blocks).toContain('The queue orders begins with 60,000 messages, which take 1m at least')
    expect(blocks).toContain('The queue archive begins with 1 message, and nobody reads it')
  })

  test('leaves dead-letter queues and destinations for failure out', async () => {
    const { rate } = await forecastOf({
      functions: {
        worker: {
          ...plain,
          eventInvokeConfig: { destinationConfig: { onFailure: 'failed' } },
        },
        repair: { ...plain, events: { failed: { type: 'sqs', queue: 'failed' } } },
      },
      queues: { failed: { visibilityTimeout: '60s' } },
      traffic: { e: { to: 'worker', invocationType: 'Event', rate: '10/s' } },
    })
    expect(rate('worker')).toBe(10)
    expect(rate('repair')).toBe(0)
  })

  test('waits at a limit, and counts against no request rate, where it is events', async () => {
    const { limits, functions } = await forecastOf({
      functions: { worker: { ...plain, reservedConcurrentExecutions: 5 } },
      traffic: { e: { to: 'worker', invocationType: 'Event', rate: '100/s', batch: 2 } },
    })
    expect(limits[0]).toMatchObject({ limit: 'reserved concurrency', demand: 20, effect: 'waits' })
    expect(limits.find(({ limit }) => limit === 'reserved request rate')?.demand).toBe(0)
    expect(functions[0]?.reservedLoss).toBeNull()
  })

  test('of a loop that dies out is the sum of its rounds', async () => {
    const { rate } = await forecastOf({
      functions: {
        echo: {
          ...plain,
          handler: {
            duration: '100ms',
            calls: [{ function: 'echo', invocationType: 'Event', probability: '50%' }],
          },
        },
      },
      traffic: { e: { to: 'echo', rate: '8/s' } },
    })
    expect(rate('echo')).toBeCloseTo(16, 6)
  })
})

describe('the limit of those who poll', () => {
  test('is their concurrency, with full batches, and what is beyond it waits', async () => {
    const { limits, functions } = await forecastOf({
      functions: {
        worker: {
          ...plain,
          timeout: '10s',
          handler: { duration: '1s' },
          events: { q: { type: 'sqs', queue: 'q', scalingConfig: { maximumConcurrency: 2 } } },
        },
        reader: { ...plain, events: { s: { type: 'kinesis', stream: 's', batchSize: 10 } } },
      },
      queues: { q: { visibilityTimeout: '60s' } },
      streams: { s: { shardCount: 4 } },
      traffic: { a: { to: 'q', rate: '100/s' }, b: { to: 's', rate: '200/s' } },
    })
    const limitOf = (name: string) => limits.find((limit) => limit.name === name)
    // 100/s in batches of ten that take a second; 200/s in batches of ten that take 100 ms.
    expect(limitOf('worker.q')).toMatchObject({ demand: 10, allowed: 2, effect: 'waits' })
    expect(limitOf('reader.s')?.demand).toBeCloseTo(2, 9)
    expect(limitOf('reader.s')?.allowed).toBe(4)
    expect(functions.map(({ peakConcurrency }) => peakConcurrency)).toEqual([2, 4])
  })
})

const worker = { ...plain, handler: { duration: '50ms' } }

function polledBy(event: object, parts: object = {}) {
  return {
    functions: { worker: { ...worker, events: { q: { type: 'sqs', queue: 'q', ...event } } } },
    queues: { q: { visibilityTimeout: '60s' } },
    traffic: { shop: { to: 'q', rate: '100/s' } },
    ...parts,
  }
}

describe('an event source mapping that is switched off', () => {
  test('for the whole run brings nothing to its function and reaches no limit', async () => {
    const { rate, functions, limits, pauses } = await forecastOf(polledBy({ enabled: false }))
    expect(rate('worker')).toBe(0)
    expect(functions[0]).toMatchObject({ meanConcurrency: 0, peakConcurrency: 0 })
    expect(limits.some(({ name }) => name === 'worker.q')).toBe(false)
    expect(pauses).toEqual([{ name: 'worker.q', reads: [] }])
  })

  test('until the timeline enables it brings all of it after all', async () => {
    const timeline = [{ at: '5m', enable: 'worker.q' }]
    const { functions, pauses } = await forecastOf(polledBy({ enabled: false }, { timeline }))
    // 100/s of 50 ms.
    expect(functions[0]).toMatchObject({ meanConcurrency: 5, peakConcurrency: 5 })
    expect(pauses[0]?.reads).toEqual([{ fromUs: 300_000_000, untilUs: 600_000_000 }])
  })

  test('by the timeline brings what came before', async () => {
    const timeline = [{ at: '6m', disable: 'worker.q' }]
    const { functions, pauses } = await forecastOf(polledBy({}, { timeline }))
    expect(functions[0]?.meanConcurrency).toBeCloseTo(3, 9)
    expect(functions[0]?.peakConcurrency).toBe(5)
    expect(pauses[0]?.reads).toEqual([{ fromUs: 0, untilUs: 360_000_000 }])
  })

  test('is told of only when it is ever off', async () => {
    expect((await forecastOf(polledBy({}))).pauses).toEqual([])
  })
})

describe('the request rate of pollers', () => {
  const rateRow = ({ limits }: { limits: readonly { limit: string; demand: number }[] }) =>
    limits.find(({ limit }) => limit === 'request rate')?.demand

  test('counts one call for each message, as long as places allow', async () => {
    expect(rateRow(await forecastOf(polledBy({})))).toBeCloseTo(100, 9)
    const few = await forecastOf(polledBy({ scalingConfig: { maximumConcurrency: 2 } }))
    // Two at once, 20 a second each.
    expect(rateRow(few)).toBeCloseTo(40, 9)
  })

  test('counts full batches, and one more per batching window', async () => {
    const collected = await forecastOf(polledBy({ batchSize: 50, maximumBatchingWindow: '2s' }))
    expect(rateRow(collected)).toBeCloseTo(100 / 50 + 0.5, 9)
  })

  test('of a stream is at most one partial batch per shard and poll on top of full ones', async () => {
    const forecast = await forecastOf({
      functions: { worker: { ...worker, events: { s: { type: 'kinesis', stream: 's' } } } },
      streams: { s: { shardCount: 4 } },
      traffic: { shop: { to: 's', rate: '200/s' } },
    })
    expect(rateRow(forecast)).toBeCloseTo(200 / 100 + 4, 9)
  })
})

describe('the load of schedules', () => {
  const scheduled = (schedule: string, more: object = {}) =>
    forecastOf({
      functions: {
        report: { ...plain, events: { clock: { type: 'schedule', schedule, ...more } } },
      },
      traffic: {},
    })

  test('is that of their firings, by rate, cron or at', async () => {
    const everyMinute = await scheduled('rate(1 minute)')
    expect(everyMinute.rate('report')).toBeCloseTo(1 / 60, 9)
    // The first one a period after the start, and none at the end: nine in ten minutes.
    expect(everyMinute.functions[0]?.meanConcurrency).toBeCloseTo((9 * 0.1) / 600, 12)
    const cron = await scheduled('cron(0/5 * * * ? *)')
    expect(cron.producers[0]).toMatchObject({ name: 'report.clock', requests: 2 })
    expect(cron.rate('report')).toBeCloseTo(1 / 300, 9)
    const once = await scheduled('at(2026-03-02T00:05:00)')
    expect(once.producers[0]).toMatchObject({ requests: 1 })
    expect(once.rate('report')).toBeCloseTo(1 / 600, 9)
  })

  test('is nothing when they are disabled or never fire in the run', async () => {
    expect((await scheduled('rate(1 minute)', { enabled: false })).rate('report')).toBe(0)
    expect((await scheduled('at(2027-03-02T00:05:00)')).rate('report')).toBe(0)
  })

  test('counts against no request rate', async () => {
    const { limits } = await scheduled('rate(1 minute)')
    expect(limits.find(({ limit }) => limit === 'request rate')?.demand).toBe(0)
  })
})
