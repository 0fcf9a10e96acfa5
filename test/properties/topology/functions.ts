/** Functions that fail in every way, call any node, and hand their failures to any node. */
import fc from 'fast-check'
import { type Event, events, maximumConcurrencyOf } from './events.ts'
import { each, oneOf, type Plan, rarely, shape } from './plan.ts'

export interface Functions {
  readonly [name: string]: {
    readonly reservedConcurrentExecutions?: number
    readonly provisionedConcurrentExecutions?: number
    readonly events: Readonly<Record<string, Event>>
    readonly [key: string]: unknown
  }
}

const duration = fc.constantFrom(
  '10ms',
  '700ms',
  '2500ms',
  { exponential: { mean: '100ms' } },
  { exponential: { mean: '1s' } },
)

const share = (percent: number) => fc.integer({ min: 0, max: percent }).map((n) => `${n}%`)

const failures = rarely(
  fc.record({
    error: share(20),
    crash: share(10),
    outOfMemory: share(10),
    timeout: share(10),
    initError: share(30),
  }),
)

const recordFailures = rarely(
  fc.record({
    poison: fc.constantFrom('0%', '15%', '100%'),
    transient: fc.constantFrom('0%', '20%'),
    byAttribute: rarely(fc.constant([{ attribute: 'kind', value: 'refund', share: '50%' }])),
  }),
)

const RETRIES = [
  { mode: 'standard' },
  { mode: 'adaptive', sdk: 'javascript' },
  { mode: 'exponential', maxAttempts: 3, baseDelay: '40ms' },
]

/** A call to any node. Few enough that loops die out more often than they explode. */
function call(nodes: Plan) {
  const { standardQueues, fifoQueues, topics, buses, kinesis, kafka, tables, buckets } = nodes
  const lists = {
    function: nodes.functions,
    queue: [...standardQueues, ...fifoQueues],
    topic: topics,
    bus: buses,
    stream: [...kinesis, ...kafka],
    table: tables,
    bucket: buckets,
    downstream: nodes.downstreams,
  }
  const targets = Object.entries(lists).flatMap(([key, names]) =>
    names.map((name) => ({ [key]: name })),
  )
  return fc
    .record({
      to: fc.constantFrom(...targets),
      invocationType: fc.constantFrom('RequestResponse', 'Event'),
      count: fc.constantFrom(1, 1, 2),
      perRecord: fc.boolean(),
      probability: fc.constantFrom('10%', '30%'),
      shape,
      timeout: rarely(fc.constantFrom('50ms', '500ms')),
      retry: rarely(fc.constantFrom(...RETRIES)),
      operation: fc.constantFrom('put', 'transactWrite', 'get', 'query'),
      itemSize: fc.constantFrom('100B', '5KB'),
    })
    .map(({ to, invocationType, shape: own, timeout, retry, operation, itemSize, ...keys }) => {
      const isFunction = 'function' in to
      const isTable = 'table' in to
      const isAnswered = 'downstream' in to || isTable
      const isAwaited = isAnswered || (isFunction && invocationType === 'RequestResponse')
      return {
        ...to,
        ...(isFunction ? { invocationType } : {}),
        ...(isTable ? { operation, itemSize } : {}),
        ...keys,
        ...(isAwaited ? { timeout, retry } : own),
      }
    })
}

/**
 * What was never invoked is not cut as a loop: where failures led to several functions at once,
 * their number would double with each pass.
 */
function eventInvokeConfig(nodes: Plan) {
  const { standardQueues, topics, buses, functions, deadEndTopics, deadEndBuckets } = nodes
  return fc.record({
    maximumRetryAttempts: fc.integer({ min: 0, max: 2 }),
    maximumEventAge: fc.constantFrom('60s', '5m', '6h'),
    pollerWindow: fc.constantFrom(1, 3, 1_000),
    duplicateDeliveries: fc.constantFrom('0%', '0%', '30%'),
    destinationConfig: rarely(
      fc.record({
        onSuccess: rarely(oneOf(standardQueues, topics, buses, functions)),
        onFailure: rarely(oneOf(standardQueues, deadEndTopics, functions, deadEndBuckets)),
      }),
    ),
  })
}

const coldStart = fc.constantFrom('none', {
  placement: '20ms',
  init: { exponential: { mean: '300ms' } },
  firstInvocation: '5ms',
})

function plainHandler(nodes: Plan) {
  return fc.record({
    duration,
    recordDuration: rarely(fc.constant('20ms')),
    recordFailures,
    failures,
    calls: rarely(fc.array(call(nodes), { maxLength: 2 })),
  })
}

function handlerOfSteps(nodes: Plan) {
  const compute = fc.record({
    compute: duration,
    probability: fc.constantFrom('100%', '100%', '50%'),
  })
  const simple = fc.oneof(compute, call(nodes))
  const parallel = fc.record({
    parallel: fc.array(fc.oneof(simple, fc.array(simple, { maxLength: 2 })), {
      minLength: 1,
      maxLength: 3,
    }),
    probability: fc.constantFrom('100%', '30%'),
  })
  return fc.record({
    steps: fc.array(fc.oneof(simple, parallel), { minLength: 1, maxLength: 3 }),
    recordFailures,
    failures,
  })
}

function lambda(nodes: Plan) {
  const { standardQueues, deadEndTopics } = nodes
  return fc
    .record({
      timeout: fc.constantFrom('1s', '2s', '3s'),
      handler: fc.oneof(
        { weight: 3, arbitrary: plainHandler(nodes) },
        { weight: 1, arbitrary: handlerOfSteps(nodes) },
      ),
      coldStart,
      keepAlive: fc.constant({ policy: 'fixed', idleTimeout: '10s' }),
      recursiveLoop: fc.constantFrom('Terminate', 'Terminate', 'Allow'),
      eventInvokeConfig: eventInvokeConfig(nodes),
      deadLetterTarget: rarely(oneOf(standardQueues, deadEndTopics)),
      reserved: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
      provisioned: rarely(fc.integer({ min: 0, max: 2 })),
      events: events(nodes),
    })
    .map(({ deadLetterTarget, reserved, provisioned, events: own, ...keys }) => ({
      runtime: 'nodejs22.x',
      ...keys,
      aliases: { steady: { functionVersion: '7', routingConfig: { 8: '30%' } } },
      ...(deadLetterTarget === undefined ? {} : { deadLetterConfig: { deadLetterTarget } }),
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
      ...(provisioned === undefined || provisioned > (reserved ?? 5)
        ? {}
        : { provisionedConcurrentExecutions: provisioned }),
      events: Object.fromEntries(
        Object.entries(own).map(([name, event]) => [name, withinReserved(event, reserved)]),
      ),
    }))
}

/** AWS refuses a maximumConcurrency above the reserved concurrency. */
function withinReserved(event: Event, reserved = 5): Event {
  if ((maximumConcurrencyOf(event) ?? 0) <= reserved) return event
  const { scalingConfig: _, ...others } = event
  return others as Event
}

export function functions(nodes: Plan): fc.Arbitrary<Functions> {
  return each(nodes.functions, () => lambda(nodes))
}
