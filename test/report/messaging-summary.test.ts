/** What a person is told about events and messages. */
import { describe, expect, test } from 'vitest'
import { simulate } from '../../src/experiment/simulate.ts'
import { PLAIN } from '../../src/report/paint.ts'
import { headroomBlocks } from '../../src/report/summary/context.ts'
import { summaryBlocks } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'

async function told(parts: object): Promise<string> {
  const scenario = {
    name: 'messages',
    duration: '20m',
    account: { region: 'us-east-1' },
    queues: {
      jobs: {
        visibilityTimeout: '60s',
        redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: 2 },
      },
      failed: {},
    },
    ...parts,
  }
  return JSON.stringify(summaryBlocks(await simulate(scenario)))
}

const worker = (parts: object, event: object = {}) => ({
  worker: {
    runtime: 'nodejs22.x',
    timeout: '10s',
    handler: { duration: '10s' },
    coldStart: 'none',
    events: { jobs: { type: 'sqs', queue: 'jobs', batchSize: 1, ...event } },
    ...parts,
  },
})

const rush = { shop: { to: 'jobs', process: 'constant', stages: [{ for: '1m', rate: '2/s' }] } }

describe('the summary of a run with a queue', () => {
  test('says that refused batches use up receives, and what keeps them in the queue', async () => {
    const text = await told({
      functions: worker({ reservedConcurrentExecutions: 2 }),
      traffic: rush,
    })
    expect(text).toMatch(
      /\d+ of 120 messages \(.*\) left the queue jobs without success: \d+ in a dead-letter queue/,
    )
    expect(text).toContain('All are tried again; what was given up all the same is said above.')
    expect(text).not.toContain('not lost')
    expect(text).toContain('functions.worker.events.jobs.scalingConfig.maximumConcurrency keeps')
  })

  test('advises no maximum concurrency where AWS refuses it or nothing runs at all', async () => {
    const provisionedPollerConfig = { minimumPollers: 2, maximumPollers: 4 }
    const provisioned = await told({
      functions: worker({ reservedConcurrentExecutions: 10 }, { provisionedPollerConfig }),
      traffic: rush,
    })
    expect(provisioned).toContain('a lower functions.worker.events.jobs.provisionedPollerConfig')
    expect(provisioned).not.toContain('scalingConfig.maximumConcurrency')
    const off = await told({
      functions: worker({ reservedConcurrentExecutions: 0 }),
      traffic: rush,
    })
    expect(off).toContain('functions.worker.events.jobs.enabled: false keeps')
    expect(off).not.toContain('scalingConfig.maximumConcurrency')
  })

  test('says that throttles are retried and not lost only where nothing is lost', async () => {
    const text = await told({
      functions: worker({ reservedConcurrentExecutions: 2 }),
      queues: { jobs: { visibilityTimeout: '60s' } },
      traffic: rush,
    })
    expect(text).toContain('All are retried, not lost.')
  })

  test('has no such advice where no batch is refused', async () => {
    const scalingConfig = { maximumConcurrency: 2 }
    const text = await told({
      functions: worker({ reservedConcurrentExecutions: 2 }, { scalingConfig }),
      traffic: rush,
    })
    expect(text).toContain('Nothing was throttled. shop sent 120 messages, 100% were taken.')
    expect(text).not.toContain('uses up a receive')
  })

  test('begins with what still grows, and by how much the throughput falls short', async () => {
    const text = await told({
      functions: worker({}, { scalingConfig: { maximumConcurrency: 2 } }),
      traffic: { shop: { to: 'jobs', process: 'constant', rate: '0.4/s' } },
    })
    // Two batches of 10 s are 0.2 messages a second, half of what comes.
    expect(text).toMatch(
      /^\[\{"kind":"verdict","tone":"bad","text":"Not stable: what waits in queue jobs/,
    )
    expect(text).toMatch(/It would take (1\.9\d|2\.0\d) times the throughput/)
    expect(text).toContain('↑')
  })

  test('says when the last of a backlog was done', async () => {
    const text = await told({
      duration: '10s',
      drain: true,
      functions: worker({}, { scalingConfig: { maximumConcurrency: 2 } }),
      initial: { queues: { jobs: { messages: 6 } } },
    })
    expect(text).toContain(
      'The last of what waited was gone at 30s, 20s after the traffic had ended.',
    )
  })
})

describe('the summary of a run in which something is not taken', () => {
  const reader = {
    reader: {
      runtime: 'nodejs22.x',
      handler: { duration: '10ms' },
      coldStart: 'none',
      events: { clicks: { type: 'kinesis', stream: 'clicks' } },
    },
  }

  test('names the stream that was full, and does not say that nothing was throttled', async () => {
    const text = await told({
      duration: '1m',
      functions: reader,
      streams: { clicks: {} },
      traffic: { visitors: { to: 'clicks', process: 'constant', rate: '3000/s' } },
    })
    expect(text).toMatch(/Of the 180,000 messages of visitors, 119,\d+ \(66\.\d%\) were not taken/)
    expect(text).toMatch(/The stream clicks refused 119,\d+ records/)
    expect(text).not.toContain('Nothing was throttled')
  })

  test('names the limit of a FIFO queue, and of its message groups', async () => {
    const fifo = (more: object, keys: number) => ({
      duration: '1m',
      functions: worker({ handler: { duration: '1ms' } }),
      queues: { jobs: { visibilityTimeout: '60s', fifoQueue: true, ...more } },
      traffic: { shop: { to: 'jobs', process: 'constant', rate: '400/s', keys: { count: keys } } },
    })
    const plain = await told(fifo({}, 1_000))
    expect(plain).toContain('The queue jobs takes 300 calls a second that send, in all.')
    expect(plain).toContain('queues.jobs.fifoThroughputLimit: perMessageGroupId')
    const grouped = await told(fifo({ fifoThroughputLimit: 'perMessageGroupId' }, 1))
    expect(grouped).toContain('takes 300 calls a second that send, for each message group.')
    expect(grouped).toContain('jobs send calls/s of a group')
    expect(grouped).not.toContain('that send, in all')
  })

  test('names messages that are too large', async () => {
    const text = await told({
      functions: worker({}),
      traffic: { shop: { ...rush.shop, payload: '2MB' } },
    })
    expect(text).toContain('120 (100%) were not taken where they were sent: 120 too large for it.')
  })
})

describe('the summary of several replications', () => {
  test('shows means of events and messages too', async () => {
    const scenario = {
      name: 'means',
      duration: '1m',
      account: { region: 'us-east-1' },
      functions: worker({}),
      queues: { jobs: { visibilityTimeout: '60s' } },
      traffic: { shop: { to: 'jobs', process: 'constant', rate: '1/s' } },
    }
    const result = await simulate(scenario, { replications: 3 })
    const text = JSON.stringify(summaryBlocks(result))
    expect(text).toContain('["queue jobs","60",')
  })
})

describe('the headroom of queues and streams', () => {
  test('stays within 80 columns, also with long names', async () => {
    const name = 'a-queue-with-a-name-of-forty-characters-'
    const result = await simulate({
      name: 'narrow',
      duration: '1m',
      account: { region: 'us-east-1' },
      functions: {
        worker: {
          runtime: 'nodejs22.x',
          handler: { duration: '1s' },
          coldStart: 'none',
          events: {
            jobs: { type: 'sqs', queue: name },
            clicks: { type: 'kinesis', stream: name },
          },
        },
      },
      queues: { [name]: { visibilityTimeout: '1m' } },
      streams: { [name]: {} },
      traffic: {
        shop: { to: `queues.${name}`, process: 'constant', rate: '1/s' },
        web: { to: `streams.${name}`, process: 'constant', rate: '900/s' },
      },
    })
    const [table] = headroomBlocks(result.headroom)
    const text = renderText([table!], PLAIN, 80)
    expect(text).toContain('a-queue-with-… shard records/s')
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })
})
