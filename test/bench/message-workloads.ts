/** Workloads of events and messages. They have no plain loop beside them: only their speed counts. */

export interface MessageWorkload {
  readonly name: string
  readonly what: string
  /** Messages or events of the whole, given the benchmark's size. */
  readonly count: (size: number) => number
  readonly scenario: (count: number) => string
}

const WARM = `coldStart: { placement: 0ms, init: { lognormal: { mean: 300ms, sigma: 0.4 } }, firstInvocation: 0ms }, keepAlive: { policy: fixed, idleTimeout: 600s }`

const FUNCTIONS = 200
const EVENTS_PER_SECOND = 25 * FUNCTIONS

/** 200 functions share an account limit of 1,100; one event in a hundred fails and is retried. */
function asynchronousEvents(count: number): string {
  const indexes = Array.from({ length: FUNCTIONS }, (_, index) => index)
  return `name: w2
duration: ${count / EVENTS_PER_SECOND}s
account: { region: us-east-1, concurrentExecutions: 1100 }
functions:
${indexes
  .map(
    (index) =>
      `  f${index}: { runtime: nodejs22.x, memorySize: 512, timeout: 15m, scalingRate: unlimited, handler: { duration: { lognormal: { mean: 200ms, sigma: 0.5 } }, errorRate: 1% }, ${WARM} }`,
  )
  .join('\n')}
traffic:
${indexes.map((index) => `  t${index}: { to: f${index}, invocationType: Event, rate: 25/s }`).join('\n')}
`
}

/** A backlog that is there at the start and is worked off in batches of ten. */
function queueBacklog(count: number): string {
  return `name: queue
duration: 1s
drain: true
metricsPeriod: 60s
account: { region: us-east-1, concurrentExecutions: 2000 }
functions:
  worker:
    runtime: nodejs22.x
    memorySize: 512
    timeout: 30s
    scalingRate: unlimited
    handler: { duration: { lognormal: { mean: 200ms, sigma: 0.5 } } }
    ${WARM.replace('}, keepAlive', '}\n    keepAlive')}
    events: { orders: { type: sqs, queue: orders } }
queues: { orders: { visibilityTimeout: 3m } }
initial: { queues.orders: { messages: ${count} } }
`
}

const RECORDS_PER_SECOND = 50_000

/** A hundred shards at half their limit, read in batches of a hundred. */
function streamRecords(count: number): string {
  return `name: stream
duration: ${count / RECORDS_PER_SECOND}s
account: { region: us-east-1, concurrentExecutions: 2000 }
functions:
  reader:
    runtime: nodejs22.x
    memorySize: 512
    timeout: 30s
    scalingRate: unlimited
    handler: { duration: { lognormal: { mean: 100ms, sigma: 0.5 } } }
    ${WARM.replace('}, keepAlive', '}\n    keepAlive')}
    events: { clicks: { type: kinesis, stream: clicks } }
streams: { clicks: { shardCount: 100 } }
traffic: { visitors: { to: clicks, rate: ${RECORDS_PER_SECOND}/s, keys: { count: 1000000 } } }
`
}

const CALLS_PER_SECOND = 10_000

/** Every handler calls a service with a thousand servers, eight in ten of them at work. */
function downstreamCalls(count: number): string {
  return `name: downstream
duration: ${count / CALLS_PER_SECOND}s
account: { region: us-east-1, concurrentExecutions: 20000 }
functions:
  caller:
    runtime: nodejs22.x
    memorySize: 512
    timeout: 30s
    scalingRate: unlimited
    handler: { duration: { lognormal: { mean: 20ms, sigma: 0.5 } }, calls: [ { downstream: service } ] }
    ${WARM.replace('}, keepAlive', '}\n    keepAlive')}
downstreams:
  service: { type: queueing-service, servers: 1000, service: { lognormal: { mean: 80ms, sigma: 0.5 } } }
traffic: { visitors: { to: caller, rate: ${CALLS_PER_SECOND}/s } }
`
}

const EXECUTIONS_PER_SECOND = 500

/** Five states: two invocations of a function, a Pass, a Choice between one and two, a Wait. */
function workflowExecutions(count: number): string {
  return `name: workflow
duration: ${count / EXECUTIONS_PER_SECOND}s
account: { region: us-east-1, concurrentExecutions: 5000 }
functions:
  work:
    runtime: nodejs22.x
    memorySize: 512
    timeout: 30s
    scalingRate: unlimited
    handler: { duration: { lognormal: { mean: 200ms, sigma: 0.5 } } }
    ${WARM.replace('}, keepAlive', '}\n    keepAlive')}
stateMachines:
  five:
    type: EXPRESS
    choices: { Twice: { Again: 50% } }
    definition:
      StartAt: First
      States:
        First: { Type: Task, Resource: work, Next: Prepare }
        Prepare: { Type: Pass, Next: Twice }
        Twice: { Type: Choice, Choices: [ { Variable: $.twice, BooleanEquals: true, Next: Again } ], Default: Pause }
        Again: { Type: Task, Resource: work, Next: Pause }
        Pause: { Type: Wait, Seconds: 1, End: true }
traffic: { starts: { to: five, rate: ${EXECUTIONS_PER_SECOND}/s } }
`
}

export const MESSAGE_WORKLOADS: readonly MessageWorkload[] = [
  {
    name: 'W2',
    what: 'asynchronous events of 200 functions',
    count: (size) => size,
    scenario: asynchronousEvents,
  },
  {
    name: 'queue',
    what: 'messages of a backlog',
    count: (size) => size,
    scenario: queueBacklog,
  },
  {
    name: 'stream',
    what: 'records on 100 shards',
    count: (size) => size,
    scenario: streamRecords,
  },
  {
    name: 'downstream',
    what: 'requests with a call each',
    count: (size) => size,
    scenario: downstreamCalls,
  },
  {
    name: 'workflow',
    what: 'executions of five states',
    // A million of the whole benchmark's ten.
    count: (size) => size / 10,
    scenario: workflowExecutions,
  },
]
