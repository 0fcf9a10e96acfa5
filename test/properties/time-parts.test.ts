/** What holds of the rows of attempts, whoever calls whom by which way. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttemptRow } from '../../src/index.ts'
import { type RunView, run } from '../support/run.ts'

const MODES = ['none', 'legacy', 'standard', 'adaptive', 'standard-2026', 'exponential'] as const

const client = fc.record(
  {
    timeout: fc.constantFrom('40000.7us', '300ms', '2s'),
    instances: fc.integer({ min: 1, max: 2 }),
    retry: fc
      .constantFrom(...MODES)
      .map((mode) => (mode === 'none' ? { mode } : { mode, maxAttempts: 3 })),
    retryBudget: fc.constantFrom({ share: '20%', capacity: 3 }, { rate: '1/s', capacity: 2 }),
    circuitBreaker: fc.constant({ window: 5, minimumAttempts: 5, openFor: '500ms', probes: 1 }),
    loadShedding: fc.constant({ maximumInFlight: 4 }),
  },
  { requiredKeys: [] },
)

const retry = fc.constantFrom(
  undefined,
  { mode: 'exponential', maxAttempts: 3, baseDelay: '20ms' },
  { mode: 'standard' },
)

const leaf = fc.oneof(
  fc.record({
    downstream: fc.constantFrom('pool', 'direct', 'line', 'limited', 'cached'),
    count: fc.integer({ min: 1, max: 2 }),
    probability: fc.constantFrom('100%', '50%'),
    timeout: fc.constantFrom(undefined, '15000.3us', '100ms'),
    retry,
  }),
  fc.record({ function: fc.constant('inner'), invocationType: fc.constant('RequestResponse') }),
  fc.record({ compute: fc.constantFrom('0ms', '7ms', '100us'), cpuBound: fc.constant('0%') }),
  fc.record({ queue: fc.constant('orders') }),
  fc.record({
    stateMachine: fc.constant('quote'),
    action: fc.constantFrom('StartSyncExecution', 'StartExecution'),
  }),
  fc.record({
    stateMachine: fc.constant('quote'),
    action: fc.constant('StartSyncExecution'),
    timeout: fc.constantFrom('15000.3us', '200ms'),
    retry,
  }),
)

const step = fc.oneof(
  { weight: 3, arbitrary: leaf },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.oneof(leaf, fc.array(leaf, { minLength: 1, maxLength: 2 })), {
        minLength: 1,
        maxLength: 3,
      })
      .map((parallel) => ({ parallel })),
  },
)

const cold = fc.constantFrom('none', {
  placement: '20300us',
  init: { exponential: { mean: '90ms' } },
  firstInvocation: '11100us',
  handOver: 'busy',
})

const door = fc.oneof(
  fc.record({
    protocol: fc.constant('rest-api'),
    integrationTimeout: fc.constantFrom('60ms', '1s'),
    latency: fc.constantFrom(undefined, { exponential: { mean: '8ms' } }),
    throttle: fc.constantFrom(undefined, { rate: '5/s', burst: 3 }),
  }),
  fc.record({ protocol: fc.constant('alb'), latency: fc.constantFrom('3ms', '0ms') }),
)

const QUOTE = {
  StartAt: 'Ask',
  TimeoutSeconds: 1,
  States: { Ask: { Type: 'Task', Resource: 'inner', End: true } },
}

const rate = fc.constantFrom('8/s', '25/s')
const toFunction = fc.oneof(
  fc.record({ to: fc.constant('f'), rate }),
  fc.record({ to: fc.constant('f'), rate, client }),
)
const closed = fc.record({
  to: fc.constantFrom('f', 'shop'),
  process: fc.constant('users'),
  users: fc.constant(5),
  thinkTime: fc.constant('100ms'),
  client,
})
const toDoor = fc.record({ to: fc.constant('shop'), rate, client })
const toMachine = fc.record({
  to: fc.constant('quote'),
  action: fc.constant('StartSyncExecution'),
  rate,
  client,
})

const scenario = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
    coldStart: cold,
    door,
    web: toFunction,
    users: closed,
    app: toDoor,
    quoted: toMachine,
    startAction: fc.constantFrom('StartExecution', 'StartSyncExecution'),
    reserved: fc.constantFrom(2, 6, 30),
    timeout: fc.constantFrom('1s', '10s'),
    failures: fc.constantFrom({}, { error: '10%', crash: '5%', initError: '30%' }),
    innerMean: fc.constantFrom('60ms', '600ms'),
    drain: fc.boolean(),
  })
  .map(clean)
  .map((given) => {
    const lambda = {
      runtime: 'nodejs22.x',
      timeout: given.timeout,
      coldStart: given.coldStart,
      keepAlive: { policy: 'fixed', idleTimeout: '1s' },
    }
    const { protocol } = given.door
    return {
      name: 'time-parts',
      duration: '4s',
      metricsPeriod: '1s',
      drain: given.drain,
      account: { region: 'us-east-1', concurrentExecutions: 200 },
      functions: {
        f: {
          ...lambda,
          reservedConcurrentExecutions: given.reserved,
          handler: {
            steps: [{ compute: { exponential: { mean: '20ms' } }, cpuBound: '0%' }, ...given.steps],
            failures: given.failures,
          },
          events: { http: { type: protocol, api: 'shop' } },
        },
        inner: {
          ...lambda,
          timeout: '1s',
          handler: { duration: { exponential: { mean: given.innerMean } } },
        },
        worker: {
          ...lambda,
          timeout: '1s',
          reservedConcurrentExecutions: 1,
          handler: { duration: '80ms', errorRate: '20%' },
          events: { orders: { type: 'sqs', queue: 'orders' } },
        },
        mailer: {
          ...lambda,
          reservedConcurrentExecutions: 1,
          handler: { duration: '30ms', errorRate: '10%' },
          events: { mail: { type: 'eventbridge', bus: 'mails' } },
        },
      },
      buses: { mails: {} },
      apis: { shop: given.door },
      queues: { orders: { visibilityTimeout: '2s' } },
      stateMachines: {
        quote: {
          type: 'EXPRESS',
          definition: QUOTE,
          events:
            protocol === 'rest-api'
              ? { way: { type: protocol, api: 'shop', path: '/q', action: given.startAction } }
              : {},
        },
      },
      downstreams: {
        pool: {
          type: 'connection-pool',
          connection: 'proxy',
          maxConnections: 2,
          service: { exponential: { mean: '12ms' } },
          proxy: { connectionBorrowTimeout: '50000.5us', pinning: '10%' },
        },
        direct: { type: 'connection-pool', maxConnections: 3, service: '5ms' },
        line: {
          type: 'queueing-service',
          servers: 1,
          queueCapacity: 4,
          service: { exponential: { mean: '9ms' } },
          errorRate: '5%',
        },
        limited: { type: 'rate-limited', rate: '20/s', burst: 2, service: '4ms' },
        cached: { type: 'cache', service: '1ms', hitRate: '40%', behind: 'line' },
      },
      traffic: {
        web: given.web,
        users: given.users,
        app: given.app,
        quoted: given.quoted,
        mail: { to: 'mails', rate: '8/s' },
      },
      timeline: [{ at: '2s', outage: 'line', for: '300ms' }],
    }
  })

/** Without keys that are undefined, which a scenario does not have. */
function clean<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}

function byRequest(rows: readonly AttemptRow[]): AttemptRow[][] {
  const all = new Map<number, AttemptRow[]>()
  for (const row of rows) {
    const own = all.get(row.request)
    if (own === undefined) all.set(row.request, [row])
    else own.push(row)
  }
  return [...all.values()].map((own) => own.sort((one, other) => one.attempt - other.attempt))
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** What the meter of the producer recorded, us: of requests that succeeded, and of the others. */
function recorded(view: RunView, producer: string) {
  const total = (metric: string, counter: string) => {
    const count = view.find(`${producer}.${counter}.sum`) ?? 0
    return Math.round((view.find(`${producer}.${metric}.average`) ?? 0) * 1_000 * count)
  }
  return total('ClientLatency', 'Succeeded') + total('ClientLatencyFailed', 'Failed')
}

describe('rows of attempts', () => {
  it('add up: parts to latencies, attempts to what their requests took', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const view = await run(given)
        const faulty = view.attempts.filter(
          ({ parts, callerUs }) =>
            sumOf(parts) !== callerUs || parts.some((us) => us < 0 || !Number.isInteger(us)),
        )
        expect(faulty).toEqual([])
        for (const producer of ['web', 'users', 'app', 'quoted']) {
          const requests = byRequest(view.attempts.filter((row) => row.producer === producer))
          const settled = requests.filter((rows) => rows.at(-1)!.isLast)
          for (const rows of requests) {
            expect(rows.map(({ attempt }) => attempt)).toEqual(rows.map((_, index) => index + 1))
            expect(rows.slice(0, -1).some(({ isLast }) => isLast)).toBe(false)
            expect(sumOf(rows.map(({ callerUs }) => callerUs))).toBe(rows.at(-1)!.elapsedUs)
          }
          const { entered = 0, inFlight = 0 } = view.ledger(producer)
          expect(settled).toHaveLength(entered - inFlight)
          expect(sumOf(settled.map((rows) => rows.at(-1)!.elapsedUs))).toBe(
            recorded(view, producer),
          )
        }
        const events = byRequest(view.attempts.filter(({ producer }) => producer === 'mailer'))
        for (const rows of events) {
          expect(sumOf(rows.map(({ callerUs }) => callerUs))).toBe(rows.at(-1)!.elapsedUs)
        }
        const done = events.filter((rows) => rows.at(-1)!.outcome === 'succeeded')
        const averageUs = (view.find('mailer.EndToEndLatency.average') ?? 0) * 1_000
        expect(sumOf(done.map((rows) => rows.at(-1)!.elapsedUs))).toBe(
          Math.round(averageUs * done.length),
        )
        const sliced = await run(given, { eventBudget: 3 })
        expect(sliced.attempts).toEqual(view.attempts)
        const unseen = await run(given, { rows: false })
        expect(unseen.output.fingerprint).toBe(view.output.fingerprint)
      }),
      { numRuns: 25 },
    )
  })
})
