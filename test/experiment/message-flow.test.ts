import { describe, expect, test } from 'vitest'
import { explainScenario } from '../../src/experiment/explanation.ts'
import { compileText } from '../support/run.ts'

const plain = { runtime: 'nodejs22.x', handler: { duration: '100ms' }, coldStart: 'none' }

async function forecastOf(parts: object) {
  const scenario = { name: 'flow', duration: '10m', account: { region: 'us-east-1' }, ...parts }
  const { functions, limits } = explainScenario(await compileText(scenario))
  const rate = (name: string) => functions.find((one) => one.name === name)?.peakRatePerSecond
  return { rate, functions, limits }
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
