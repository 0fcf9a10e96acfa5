/** What leads to a function: events of every type with any options. */
import fc from 'fast-check'
import { filter, oneOf, type Plan, rarely, several } from './plan.ts'
import { retryPolicy } from './resources.ts'

export interface Event {
  readonly type: string
  readonly [key: string]: unknown
}

const reports = fc.constantFrom([], ['ReportBatchItemFailures'])
const enabled = fc.constantFrom(true, true, true, false)

const scaling = fc.oneof(
  fc.constant({}),
  fc
    .integer({ min: 2, max: 5 })
    .map((maximumConcurrency) => ({ scalingConfig: { maximumConcurrency } })),
  fc.record({
    provisionedPollerConfig: fc.constantFrom(
      { minimumPollers: 2, maximumPollers: 2 },
      { minimumPollers: 2, maximumPollers: 4 },
    ),
  }),
  fc.constant({ poller: { initialConcurrency: 1, concurrencyPerMinute: 60, backOffCap: '2s' } }),
)

function sqs(queue: string, isFifo: boolean): fc.Arbitrary<Event> {
  return fc
    .record({
      batchSize: fc.constantFrom(1, 3, 10, 25),
      window: fc.constantFrom('0s', '0s', '1s', '8s'),
      functionResponseTypes: reports,
      filter,
      enabled,
      scaling,
    })
    .map(({ batchSize, window, scaling: own, ...keys }) => {
      const maximumBatchingWindow = isFifo ? '0s' : window
      const most = maximumBatchingWindow === '0s' ? 10 : 25
      return {
        type: 'sqs',
        queue,
        batchSize: Math.min(batchSize, most),
        maximumBatchingWindow,
        ...own,
        ...keys,
      }
    })
}

function consumerKeys({ standardQueues, topics, buckets, kafka }: Plan) {
  return {
    batchSize: fc.constantFrom(1, 4, 100),
    startingPosition: fc.constantFrom('TRIM_HORIZON', 'LATEST'),
    maximumRecordAge: fc.constantFrom(-1, -1, '60s'),
    maximumRetryAttempts: fc.constantFrom(-1, 0, 1, 3),
    bisectBatchOnFunctionError: fc.boolean(),
    functionResponseTypes: reports,
    destinationConfig: rarely(
      fc.record({ onFailure: oneOf(standardQueues, topics, buckets, kafka) }),
    ),
    filter,
    enabled,
    backOffCap: rarely(fc.constant('2s')),
    maximumBatchingWindow: fc.constantFrom('0s', '0s', '1s', '7s'),
  }
}

function shardEvent(
  type: 'kinesis' | 'dynamodb',
  source: Readonly<Record<string, string>>,
  nodes: Plan,
): fc.Arbitrary<Event> {
  const lanes = fc.constantFrom(
    {},
    { parallelizationFactor: 2 },
    { parallelizationFactor: 5 },
    { tumblingWindow: '5s' },
  )
  const fanOut = type === 'kinesis' ? { enhancedFanOut: fc.boolean() } : {}
  return fc
    .record({ lanes, ...fanOut, ...consumerKeys(nodes) })
    .map(({ lanes: own, ...keys }) => ({ type, ...source, ...own, ...keys }))
}

/** Only provisioned mode knows an end of retries. */
function msk(stream: string, nodes: Plan): fc.Arbitrary<Event> {
  const {
    maximumRetryAttempts,
    maximumRecordAge,
    bisectBatchOnFunctionError,
    functionResponseTypes,
    ...common
  } = consumerKeys(nodes)
  const own = { type: fc.constant('msk'), stream: fc.constant(stream), ...common }
  const provisioned = fc.record({
    ...own,
    maximumRetryAttempts,
    maximumRecordAge,
    bisectBatchOnFunctionError,
    functionResponseTypes,
    provisionedPollerConfig: fc.constant({ minimumPollers: 1, maximumPollers: 2 }),
  })
  return fc.oneof(fc.record(own), provisioned)
}

function pushed(type: string, source: Readonly<Record<string, string>>): fc.Arbitrary<Event> {
  const policy = type === 'eventbridge' ? { retryPolicy } : {}
  return fc.record({ filter, ...policy }).map((keys) => ({ type, ...source, ...keys }))
}

const schedule: fc.Arbitrary<Event> = fc.record({
  type: fc.constant('schedule'),
  schedule: fc.constantFrom('rate(1 minute)', 'cron(* * * * ? *)', 'at(2026-03-02T00:00:20)'),
  enabled,
  retryPolicy,
})

/** One event of any type whose source there is. */
function event(nodes: Plan): fc.Arbitrary<Event> {
  const polled = [
    ...nodes.standardQueues.map((queue) => sqs(queue, false)),
    ...nodes.fifoQueues.map((queue) => sqs(queue, true)),
    ...nodes.kinesis.map((stream) => shardEvent('kinesis', { stream }, nodes)),
    ...nodes.tables.map((table) => shardEvent('dynamodb', { table }, nodes)),
    ...nodes.kafka.map((stream) => msk(stream, nodes)),
  ]
  return fc.oneof(
    schedule,
    ...polled.map((arbitrary) => ({ weight: 3, arbitrary })),
    ...nodes.topics.map((topic) => pushed('sns', { topic })),
    ...nodes.buses.map((bus) => pushed('eventbridge', { bus })),
    ...nodes.buckets.map((bucket) => pushed('s3', { bucket })),
  )
}

export function events(nodes: Plan): fc.Arbitrary<Record<string, Event>> {
  const qualified = fc
    .record({ event: event(nodes), qualifier: fc.constantFrom(undefined, undefined, 'steady') })
    .map(({ event: own, qualifier }) => ({ ...own, qualifier }))
  return several(qualified).map((list) =>
    Object.fromEntries(list.map((own, index) => [`e${index}`, own])),
  )
}

/** The limit of concurrent batches that a queue's event has, if any. */
export function maximumConcurrencyOf({ scalingConfig }: Event): number | undefined {
  return (scalingConfig as { maximumConcurrency?: number } | undefined)?.maximumConcurrency
}
