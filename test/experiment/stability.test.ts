/** Whether what waits still grows at the end of a run, and what is said of it then. */
import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/experiment/result.ts'
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
      lines: [expect.stringContaining('more shards'), expect.anything()],
    })
  })
})
