/** Queues, topics, buses, streams, tables and buckets with any options. */
import fc from 'fast-check'
import { each, filter, oneOf, type Plan, rarely } from './plan.ts'

/** Dead-letter queues come later in the list, so that none leads in a circle. */
function queues(names: readonly string[], isFifo: boolean) {
  return each(names, (_, index) =>
    fc
      .record({
        visibilityTimeout: fc.constantFrom('3s', '5s', '20s'),
        messageRetentionPeriod: fc.constantFrom('60s', '90s', '4d'),
        delay: fc.constantFrom('0s', '0s', '2s', '7s'),
        maximumMessageSize: rarely(fc.constant('1KB')),
        deadLetterTarget: rarely(oneOf(names.slice(index + 1))),
        maxReceiveCount: fc.integer({ min: 1, max: 3 }),
        duplicateDeliveries: fc.constantFrom(undefined, '30%'),
        fifoThroughputLimit: fc.constantFrom(undefined, 'perMessageGroupId'),
      })
      .map(({ deadLetterTarget, maxReceiveCount, ...keys }) => {
        const { duplicateDeliveries, fifoThroughputLimit, ...plain } = keys
        return {
          ...plain,
          ...(isFifo ? { fifoQueue: true, fifoThroughputLimit } : { duplicateDeliveries }),
          ...(deadLetterTarget === undefined
            ? {}
            : { redrivePolicy: { deadLetterTarget, maxReceiveCount } }),
        }
      }),
  )
}

function deadLetters({ standardQueues }: Plan) {
  return rarely(
    oneOf(standardQueues).map((deadLetterTarget) =>
      deadLetterTarget === undefined ? undefined : { deadLetterTarget },
    ),
  )
}

/** The keys of a target and where it may lead; at least functions are always there. */
function target(lists: Readonly<Record<string, readonly string[]>>) {
  const choices = Object.entries(lists).flatMap(([key, names]) =>
    names.map((name) => ({ [key]: name })),
  )
  return fc.constantFrom(...choices)
}

function topic(nodes: Plan, functions: readonly string[]): fc.Arbitrary<object> {
  const { standardQueues } = nodes
  if (functions.length + standardQueues.length === 0) {
    return fc.constant({ subscriptions: [] })
  }
  const subscription = fc
    .record({
      to: target({ function: functions, queue: standardQueues }),
      filter,
      redrivePolicy: deadLetters(nodes),
    })
    .map(({ to, ...keys }) => ({ ...to, ...keys }))
  return fc.record({ subscriptions: fc.array(subscription, { maxLength: 2 }) })
}

export const retryPolicy = rarely(
  fc.record({
    maximumRetryAttempts: fc.constantFrom(0, 1, 185),
    maximumEventAge: fc.constantFrom('60s', '5m', '24h'),
  }),
)

/** Buses lead to later buses only. */
function bus(nodes: Plan, index: number) {
  const { functions, standardQueues, fifoQueues, kinesis, topics, buses } = nodes
  const ruleTarget = fc
    .record({
      to: target({
        function: functions,
        queue: [...standardQueues, ...fifoQueues],
        stream: kinesis,
        topic: topics,
        bus: buses.slice(index + 1),
      }),
      retryPolicy,
      deadLetterConfig: deadLetters(nodes),
    })
    .map(({ to, ...keys }) => ({ ...to, ...keys }))
  const rule = fc.record({
    filter,
    targets: fc.array(ruleTarget, { minLength: 1, maxLength: 2 }),
  })
  return fc.array(rule, { maxLength: 2 }).map((rules) => ({
    rules: Object.fromEntries(rules.map((own, at) => [`r${at}`, own])),
  }))
}

const kinesisStream = fc.oneof(
  fc.record({ shardCount: fc.integer({ min: 1, max: 3 }) }),
  fc.constant({ streamModeDetails: { streamMode: 'ON_DEMAND' } }),
)

const kafkaTopic = fc.record({
  type: fc.constant('kafka'),
  partitions: fc.integer({ min: 1, max: 3 }),
  maxMessageBytes: rarely(fc.constant('1KB')),
  retentionPeriod: fc.constantFrom(undefined, '70s', '2m'),
})

/** Any type; a cache stands in front of a later one, so that none leads in a circle. */
function downstream(later: readonly string[]): fc.Arbitrary<object> {
  const service = fc.constantFrom('20ms', { exponential: { mean: '200ms' } })
  const common = { service, errorRate: fc.constantFrom('0%', '20%') }
  const connections = fc.record({
    ...common,
    type: fc.constant('connection-pool'),
    maxConnections: fc.integer({ min: 1, max: 5 }),
    connection: fc.constantFrom('per-environment', 'per-invocation'),
    servers: fc.constantFrom(undefined, 1),
  })
  const proxied = fc.record({
    ...common,
    type: fc.constant('connection-pool'),
    maxConnections: fc.integer({ min: 1, max: 3 }),
    connection: fc.constant('proxy'),
    proxy: fc.record({
      connectionBorrowTimeout: fc.constantFrom('0s', '300ms', '5s'),
      pinning: fc.constantFrom('0%', '30%'),
    }),
  })
  const queueing = fc.record({
    ...common,
    type: fc.constant('queueing-service'),
    servers: fc.integer({ min: 1, max: 3 }),
    queueCapacity: fc.constantFrom(undefined, 0, 2),
  })
  const limited = fc.record({
    ...common,
    type: fc.constant('rate-limited'),
    rate: fc.constantFrom('1/s', '20/s'),
  })
  const degrading = fc.record({
    ...common,
    type: fc.constant('degrading'),
    contention: fc.constant({ sigma: 0.2, kappa: 0.05 }),
  })
  const all: fc.Arbitrary<object>[] = [connections, proxied, queueing, limited, degrading]
  if (later.length > 0) {
    const behind = fc.constantFrom(...later)
    const hitRate = fc.constantFrom('0%', '50%')
    all.push(fc.record({ ...common, type: fc.constant('cache'), hitRate, behind }))
  }
  return fc.oneof(...all)
}

/** On demand, or with so little that handlers are throttled. */
const table = fc.record({
  streamShards: fc.constantFrom(1, 2),
  latency: fc.constantFrom('3ms', '200ms', { exponential: { mean: '20ms' } }),
  provisionedThroughput: rarely(
    fc.record({
      readCapacityUnits: fc.constantFrom(1, 50),
      writeCapacityUnits: fc.constantFrom(1, 50),
    }),
  ),
  adaptiveCapacity: fc.boolean(),
})

export function resources(nodes: Plan) {
  return fc
    .record({
      standard: queues(nodes.standardQueues, false),
      fifo: queues(nodes.fifoQueues, true),
      topics: each(nodes.topics, () => topic(nodes, nodes.functions)),
      deadEndTopics: each(nodes.deadEndTopics, () => topic(nodes, [])),
      buses: each(nodes.buses, (_, index) => bus(nodes, index)),
      kinesis: each(nodes.kinesis, () => kinesisStream),
      kafka: each(nodes.kafka, () => kafkaTopic),
      tables: each(nodes.tables, () => table),
      downstreams: each(nodes.downstreams, (_, index) =>
        downstream(nodes.downstreams.slice(index + 1)),
      ),
      buckets: each([...nodes.buckets, ...nodes.deadEndBuckets], () =>
        fc.record({ notificationLatency: fc.constantFrom(undefined, '0s', '50ms') }),
      ),
    })
    .map(({ standard, fifo, kinesis, kafka, topics, deadEndTopics, ...others }) => ({
      queues: { ...standard, ...fifo },
      streams: { ...kinesis, ...kafka },
      topics: { ...topics, ...deadEndTopics },
      ...others,
    }))
}
