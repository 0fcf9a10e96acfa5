/** Whether what waits still grows at the end of a run, and what is said of it then. */
import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/experiment/result.ts'
import { mergeBacklogs } from '../../src/experiment/stability.ts'
import { evaluateThresholds } from '../../src/experiment/thresholds.ts'
import { stabilityVerdicts } from '../../src/report/summary/backlogs.ts'
import { run } from '../support/run.ts'
import { threshold } from './fixtures.ts'

interface Parts {
  readonly duration: string
  readonly rate: string
  readonly event: object
  readonly nodes: object
}

/** One batch of one at a time, a second each: 1 a second is what it does. */
async function backlogsOf({ duration, rate, event, nodes }: Parts) {
  const view = await run({
    name: 'stability',
    duration,
    account: { region: 'us-east-1' },
    functions: {
      worker: {
        runtime: 'nodejs22.x',
        memorySize: 512,
        handler: { duration: '1s' },
        coldStart: 'none',
        events: { in: event },
      },
    },
    ...nodes,
    traffic: { shop: { to: 'orders', rate } },
  })
  return view.output.backlogs
}

const STREAM = {
  event: { type: 'kinesis', stream: 'orders', batchSize: 1 },
  nodes: { streams: { orders: {} } },
}
const QUEUE = {
  event: { type: 'sqs', queue: 'orders', batchSize: 1, scalingConfig: { maximumConcurrency: 2 } },
  nodes: { queues: { orders: { visibilityTimeout: '1m' } } },
}

describe('a backlog', () => {
  it.each(['1m', '10m', '1h'])('that grows is seen in a run of %s', async (duration) => {
    const [backlog] = await backlogsOf({ ...QUEUE, duration, rate: '10/s' })
    expect(backlog).toMatchObject({ scope: 'queue', name: 'orders', isStable: false })
    expect(backlog!.growthPerSecond).toBeGreaterThan(7)
    expect(backlog!.growthPerSecond).toBeLessThan(9)
    expect(backlog!.throughputFactor).toBeGreaterThan(4)
    expect(backlog!.throughputFactor).toBeLessThan(6)
  })

  it('that is worked off does not grow', async () => {
    const backlogs = await backlogsOf({ ...QUEUE, duration: '10m', rate: '1/s' })
    expect(backlogs.map(({ isStable }) => isStable)).toEqual([true])
  })
})

const ROW = { statistic: 'p99', unit: 'ms', value: 1, ci95Low: null, ci95High: null } as const

describe('a stream that is not read fast enough', () => {
  const growing = backlogsOf({ ...STREAM, duration: '10m', rate: '10/s' })

  it('fails limits on the waiting times of the stream, its event and its function', async () => {
    const figures = [
      { scope: 'stream', name: 'orders', metric: 'EndToEndLatency' },
      { scope: 'event', name: 'worker.in', metric: 'IteratorAge' },
      { scope: 'function', name: 'worker', metric: 'IteratorAge' },
      { scope: 'queue', name: 'orders', metric: 'EndToEndLatency' },
    ] as const
    const verdicts = evaluateThresholds(
      figures.map((figure) => ({ ...threshold('', '<', 1e9, 'p99'), ...figure })),
      figures.map((figure) => ({ ...ROW, ...figure })),
      { replications: 1, isInterrupted: false, growing: await growing },
    )
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['failed', 'failed', 'failed', 'passed'])
  })

  it('is told where the records lie, who reads them, and what would hold them', async () => {
    const [block] = stabilityVerdicts({ backlogs: await growing } as unknown as RunResult)
    expect(block).toMatchObject({
      text: expect.stringMatching(
        /^Not stable: what waits in stream orders for worker\.in grows by /,
      ),
      lines: [
        expect.stringContaining('the order within each shard'),
        expect.stringContaining('parallelizationFactor, more shards'),
        expect.anything(),
      ],
    })
  })
})

interface HeldParts {
  readonly event?: object
  readonly worker?: object
  readonly nodes?: object
  readonly traffic?: object
}

/** What holds the first backlog of a worker that gets ten times what it does. */
async function holdOf({ event, worker = {}, nodes, traffic = {} }: HeldParts) {
  const view = await run({
    name: 'held',
    duration: '10m',
    account: { region: 'us-east-1' },
    functions: {
      worker: {
        runtime: 'nodejs22.x',
        handler: { duration: '1s' },
        coldStart: 'none',
        ...(event === undefined ? {} : { events: { in: event } }),
        ...worker,
      },
    },
    ...nodes,
    traffic: { shop: { to: 'orders', rate: '20/s', ...traffic } },
  })
  const [backlog] = view.output.backlogs
  expect(backlog?.isStable).toBe(false)
  const [block] = stabilityVerdicts({ backlogs: [backlog] } as unknown as RunResult)
  const lines = block?.kind === 'verdict' ? block.lines.join(' ') : ''
  return { hold: `${backlog?.heldBy?.cause} ${backlog?.heldBy?.at}`, lines }
}

const EDGE = 'functions.worker.events.in'
const QUEUE_NODES = { queues: { orders: { visibilityTimeout: '1m' } } }
const sqs = (more: object = {}) => ({ type: 'sqs', queue: 'orders', batchSize: 1, ...more })
const kinesis = (more: object = {}) => ({
  type: 'kinesis',
  stream: 'orders',
  batchSize: 1,
  ...more,
})

describe('what holds a backlog is what truly binds', () => {
  it('the maximum concurrency of an event source mapping', async () => {
    const event = sqs({ scalingConfig: { maximumConcurrency: 2 } })
    const { hold, lines } = await holdOf({ event, nodes: QUEUE_NODES })
    expect(hold).toBe(`maximum-concurrency ${EDGE}`)
    expect(lines).toContain(`a higher ${EDGE}.scalingConfig.maximumConcurrency`)
  })

  it('provisioned pollers at their maximum', async () => {
    const event = sqs({ provisionedPollerConfig: { minimumPollers: 2, maximumPollers: 2 } })
    const { hold, lines } = await holdOf({
      event,
      nodes: QUEUE_NODES,
      traffic: { rate: '40/s' },
    })
    expect(hold).toBe(`maximum-pollers ${EDGE}`)
    expect(lines).toContain(`a higher ${EDGE}.provisionedPollerConfig.maximumPollers`)
  })

  it('what provisioned pollers may receive, by calls and by payload', async () => {
    const event = sqs({ provisionedPollerConfig: { minimumPollers: 2, maximumPollers: 2 } })
    const worker = { handler: { duration: '1ms' } }
    const calls = await holdOf({ event, worker, nodes: QUEUE_NODES, traffic: { rate: '40/s' } })
    expect(calls.hold).toBe(`poller-calls ${EDGE}`)
    expect(calls.lines).toContain(`a higher ${EDGE}.provisionedPollerConfig.maximumPollers`)
    expect(calls.lines).not.toContain('FIFO')
    const traffic = { rate: '10/s', payload: '512KB' }
    const payload = await holdOf({ event, worker, nodes: QUEUE_NODES, traffic })
    expect(payload.hold).toBe(`poller-payload ${EDGE}`)
    expect(payload.lines).toContain('smaller messages')
  })

  it('how often a message group may be received from', async () => {
    const orders = { fifoQueue: true, fifoThroughputLimit: 'perMessageGroupId' }
    const { hold, lines } = await holdOf({
      event: sqs(),
      worker: { handler: { duration: '1ms' } },
      nodes: { queues: { orders } },
      traffic: { rate: '50/s', batch: 10, keys: { count: 1 } },
    })
    expect(hold).toBe('group-rate queues.orders')
    expect(lines).toContain('larger batches')
    expect(lines).not.toContain('handler.duration')
  })

  it('few message groups, where more concurrency does not help', async () => {
    const { hold, lines } = await holdOf({
      event: sqs(),
      nodes: { queues: { orders: { visibilityTimeout: '1m', fifoQueue: true } } },
      traffic: { keys: { count: 2 } },
    })
    expect(hold).toBe('message-groups queues.orders')
    expect(lines).toContain('more message groups')
    expect(lines).not.toContain('maximumConcurrency')
  })

  it('reserved concurrency, also of asynchronous events', async () => {
    const worker = { reservedConcurrentExecutions: 2 }
    const polled = await holdOf({ event: sqs(), worker, nodes: QUEUE_NODES })
    expect(polled.hold).toBe('reserved-concurrency functions.worker')
    expect(polled.lines).toContain('a higher functions.worker.reservedConcurrentExecutions')
    const traffic = { to: 'worker', invocationType: 'Event' }
    expect((await holdOf({ worker, traffic })).hold).toBe('reserved-concurrency functions.worker')
  })

  it('a mapping that is disabled, of a queue and of a stream', async () => {
    const disabled = { enabled: false }
    const queue = await holdOf({ event: sqs(disabled), nodes: QUEUE_NODES })
    expect(queue.hold).toBe(`disabled ${EDGE}`)
    expect(queue.lines).toContain('Nothing comes out of it any more. It would take')
    const nodes = { streams: { orders: {} } }
    expect((await holdOf({ event: kinesis(disabled), nodes })).hold).toBe(`disabled ${EDGE}`)
  })

  it('the parallelisation of a stream, and its shards once that is at its most', async () => {
    const nodes = { streams: { orders: {} } }
    expect((await holdOf({ event: kinesis(), nodes })).hold).toBe(`parallelization ${EDGE}`)
    const most = await holdOf({ event: kinesis({ parallelizationFactor: 10 }), nodes })
    expect(most.hold).toBe(`shard-order ${EDGE}`)
    expect(most.lines).not.toContain('parallelizationFactor')
  })

  it('a batch that keeps failing and blocks its shard', async () => {
    const { hold, lines } = await holdOf({
      event: kinesis(),
      worker: { handler: { duration: '1ms', recordFailures: { poison: '1%' } } },
      nodes: { streams: { orders: {} } },
    })
    expect(hold).toBe(`failing-batch ${EDGE}`)
    expect(lines).toContain('bisectBatchOnFunctionError')
  })

  it('the read limit of a shard, which its consumers share', async () => {
    const event = kinesis({ batchSize: 100 })
    const { hold, lines } = await holdOf({
      worker: {
        handler: { duration: '1ms' },
        events: { in: event, b: event, c: event, d: event },
      },
      nodes: { streams: { orders: {} } },
      // 800 KB a second are written, and read four times: more than 2 MB.
      traffic: { rate: '200/s', payload: '4KB' },
    })
    expect(hold).toBe(`read-limit ${EDGE}`)
    expect(lines).toContain('enhancedFanOut')
  })

  it('failures, after which polling slows down', async () => {
    const { hold } = await holdOf({
      event: sqs(),
      worker: { handler: { duration: '1s', errorRate: '80%' } },
      nodes: QUEUE_NODES,
    })
    expect(hold).toBe('errors functions.worker')
  })
})

describe('what most replications say', () => {
  it('is what is told of what holds a backlog', () => {
    const verdict = (cause: string) => ({
      scope: 'queue' as const,
      name: 'orders',
      places: [],
      isStable: false,
      waiting: 1,
      growthPerSecond: 1,
      throughputFactor: 2,
      heldBy: { cause, at: 'x' },
    })
    const [merged] = mergeBacklogs([[verdict('a')], [verdict('b')], [verdict('b')]])
    expect(merged?.heldBy?.cause).toBe('b')
  })
})
