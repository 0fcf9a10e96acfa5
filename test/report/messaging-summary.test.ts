/** What a person is told about events and messages. */
import { describe, expect, test } from 'vitest'
import { simulate } from '../../src/experiment/simulate.ts'
import { summaryBlocks } from '../../src/report/summary.ts'

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
    expect(text).toMatch(/The queue jobs was left by \d+ of 120 .* in a dead-letter queue/)
    expect(text).toContain('All are retried, not lost.')
    expect(text).toContain('functions.worker.events.jobs.scalingConfig.maximumConcurrency keeps')
  })

  test('has no such advice where no batch is refused', async () => {
    const scalingConfig = { maximumConcurrency: 2 }
    const text = await told({
      functions: worker({ reservedConcurrentExecutions: 2 }, { scalingConfig }),
      traffic: rush,
    })
    expect(text).toContain('Nothing was throttled.')
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
      'The last of what waited was done at 30s, 20s after the traffic had ended.',
    )
  })
})
