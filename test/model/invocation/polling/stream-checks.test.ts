import { describe, expect, it } from 'vitest'
import { exact, lambda } from '../../../support/exact.ts'
import { compileText } from '../../../support/run.ts'

const STREAMS = { clicks: {}, topic: { type: 'kafka' } }

function withEvent(event: object, more: object = {}) {
  return exact({
    streams: STREAMS,
    tables: { items: {} },
    functions: { f: lambda({ events: { s: event } }) },
    traffic: {},
    ...more,
  })
}

async function faults(scenario: object): Promise<string> {
  return compileText(scenario).then(
    () => '',
    (error: Error) => error.message,
  )
}

describe('a stream', () => {
  it.each([
    [{ shardCount: 0 }, 'shardCount is a whole number from 1 to 20000'],
    [{ partitions: 3 }, 'a kinesis stream has no partitions'],
    [{ retentionPeriod: '2h' }, 'a kinesis stream keeps records for 24h to 8760h'],
    [{ type: 'kafka', shardCount: 3 }, 'a kafka stream has no shardCount: write partitions'],
    [
      { shardCount: 3, streamModeDetails: { streamMode: 'ON_DEMAND' } },
      'an ON_DEMAND stream has no shardCount',
    ],
  ])('cannot be %j', async (stream, message) => {
    expect(
      await faults(withEvent({ type: 'kinesis', stream: 'x' }, { streams: { x: stream } })),
    ).toContain(message)
  })
})

describe('an event of a stream', () => {
  it.each([
    [{ type: 'kinesis', stream: 'topic' }, 'topic is a kafka stream: its events have type msk'],
    [{ type: 'msk', stream: 'clicks' }, 'clicks is a kinesis stream: its events have type kinesis'],
    [{ type: 'kinesis', stream: 'clicks', batchSize: 10_001 }, 'from 1 to 10000'],
    [{ type: 'kinesis', stream: 'clicks', parallelizationFactor: 11 }, 'from 1 to 10'],
    [{ type: 'kinesis', stream: 'clicks', maximumRetryAttempts: 10_001 }, 'from -1 to 10000'],
    [{ type: 'kinesis', stream: 'clicks', maximumRecordAge: '59s' }, '60s to 7d'],
    [{ type: 'kinesis', stream: 'clicks', maximumBatchingWindow: '301s' }, '0s to 5m'],
    [
      { type: 'kinesis', stream: 'clicks', maximumBatchingWindow: '1500ms' },
      'whole number of seconds',
    ],
    [{ type: 'dynamodb', table: 'items', tumblingWindow: '16m' }, '0s to 15m'],
    [
      { type: 'kinesis', stream: 'clicks', backOffBase: '61s' },
      'backOffBase 1m1s is above backOffCap (1m)',
    ],
    [
      { type: 'dynamodb', table: 'items', backOffBase: '3s', backOffCap: '2s' },
      'backOffBase 3s is above backOffCap (2s)',
    ],
    [
      { type: 'msk', stream: 'topic', backOffBase: '3s', backOffCap: '2s' },
      'backOffBase 3s is above backOffCap (2s)',
    ],
    [
      { type: 'kinesis', stream: 'clicks', tumblingWindow: '10s', parallelizationFactor: 2 },
      'a tumbling window needs parallelizationFactor 1',
    ],
    [
      { type: 'kinesis', stream: 'clicks', destinationConfig: { onFailure: 'clicks' } },
      'clicks is a kinesis stream: a failure destination is a queue, a topic, a bucket or a Kafka topic',
    ],
    [
      {
        type: 'msk',
        stream: 'topic',
        provisionedPollerConfig: { minimumPollers: 9, maximumPollers: 3 },
      },
      'minimumPollers 9 is above maximumPollers (3)',
    ],
    [
      { type: 'msk', stream: 'topic', maximumRetryAttempts: 3 },
      'maximumRetryAttempts of a Kafka event needs provisioned mode',
    ],
    [
      { type: 'msk', stream: 'topic', bisectBatchOnFunctionError: true },
      'bisectBatchOnFunctionError of a Kafka event needs provisioned mode',
    ],
  ])('cannot be %j', async (event, message) => {
    expect(await faults(withEvent(event))).toContain(message)
  })

  it('is warned of when more than two functions read the stream of a table', async () => {
    const event = { type: 'dynamodb', table: 'items' }
    const three = { a: event, b: event, c: event }
    const compiled = await compileText(
      withEvent(event, { functions: { f: lambda({ events: three }) } }),
    )
    const told = compiled.warnings.filter((warning) => warning.includes('stream of table items'))
    expect(told).toHaveLength(1)
    const two = await compileText(
      withEvent(event, { functions: { f: lambda({ events: { a: event, b: event } }) } }),
    )
    expect(two.warnings.join()).not.toContain('stream of table items')
  })

  it('is warned of when records expire before they are as old as they may get', async () => {
    const warned = async (maximumRecordAge: string) => {
      const event = { type: 'dynamodb', table: 'items', maximumRecordAge }
      return (await compileText(withEvent(event))).warnings.join()
    }
    expect(await warned('2d')).toContain('records are kept for 1d')
    expect(await warned('1d')).not.toContain('records are kept')
  })
})
