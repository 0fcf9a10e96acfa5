/** What a handler sends and whom it calls. */
import { describe, expect, it } from 'vitest'
import { hashName } from '../../../src/kernel/generator.ts'
import { DURATION_US } from '../../../src/model/invocation/invocation-store.ts'
import type { Origin } from '../../../src/model/invocation/origin.ts'
import { PLAIN_SHAPE } from '../../../src/model/messages/births.ts'
import type { Part } from '../../../src/model/part.ts'
import { ACCEPTED, REJECTED, THROTTLED } from '../../../src/model/resources/target.ts'
import type { World } from '../../../src/model/world.ts'
import {
  attemptsOf,
  invoke,
  Probe,
  queueEvent,
  runCalls,
  send,
} from '../../support/handler-calls.ts'
import { run, SECOND } from '../../support/run.ts'

const MS = 1_000

interface FunctionOptions {
  readonly duration?: string | object
  readonly timeout?: string
  readonly reserved?: number
  readonly handler?: object
  readonly settings?: object
}

function lambda({
  duration = '100ms',
  timeout = '60s',
  reserved,
  handler = {},
  settings = {},
}: FunctionOptions = {}): object {
  return {
    runtime: 'nodejs22.x',
    timeout,
    handler: { duration, ...handler },
    coldStart: 'none',
    keepAlive: { policy: 'fixed', idleTimeout: '10m' },
    scalingRate: 'unlimited',
    ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    ...settings,
  }
}

function plain(
  functions: Record<string, object>,
  extra: object = {},
  traffic: object = {},
): object {
  return {
    name: 'calls',
    duration: '100s',
    drain: true,
    account: { region: 'us-east-1', concurrentExecutions: 1000 },
    functions,
    traffic: {
      web: { to: Object.keys(functions)[0], process: 'constant', rate: '1/s', ...traffic },
    },
    ...extra,
  }
}

describe('a handler that waits for a function', () => {
  const callerAndCallee = {
    plain: plain({ caller: lambda(), callee: lambda({ duration: '200ms' }) }),
    calls: { caller: [invoke('callee')] },
  }

  it('lasts as long as its own time and that of the function, and both are billed', async () => {
    const view = await runCalls(callerAndCallee)
    expect(view.value('caller.Invocations.sum')).toBe(100)
    expect(view.value('caller.Duration.minimum')).toBe(300)
    expect(view.value('caller.Duration.maximum')).toBe(300)
    expect(view.value('callee.Duration.maximum')).toBe(200)
    expect(view.value('caller.BilledDuration.sum')).toBe(100 * 300)
    expect(view.value('callee.BilledDuration.sum')).toBe(100 * 200)
    expect(view.value('web.ClientLatency.maximum')).toBe(300)
    expect(view.value('caller.Errors.sum')).toBe(0)
    expect(view.value('caller.CallErrors.sum')).toBe(0)
  })

  it('is written as a call of the handler', async () => {
    const calls = [
      { function: 'callee', count: 2 },
      { function: 'worker', invocationType: 'Event' },
    ]
    const view = await run(
      plain({
        caller: lambda({ handler: { calls } }),
        callee: lambda({ duration: '200ms' }),
        worker: lambda({ duration: '1s' }),
      }),
    )
    expect(view.value('caller.Duration.average')).toBe(500)
    expect(view.value('callee.Invocations.sum')).toBe(200)
    expect(view.ledger('worker')).toEqual({ entered: 100, succeeded: 100 })
  })

  it('keeps both environments busy, as Little says', async () => {
    const view = await runCalls(callerAndCallee)
    const lengthUs = view.output.simulatedUs
    const integral = (path: string) => view.value(`${path}.ConcurrentExecutions.average`) * lengthUs
    expect(integral('caller')).toBeCloseTo(100 * 300 * MS, 3)
    expect(integral('callee')).toBeCloseTo(100 * 200 * MS, 3)
    expect(integral('account')).toBeCloseTo(100 * 500 * MS, 3)
  })

  it('keeps both busy as Little says when their times are random and some are refused', async () => {
    const exponential = (mean: string) => ({ exponential: { mean } })
    const view = await runCalls({
      plain: plain(
        {
          caller: lambda({ duration: exponential('100ms') }),
          callee: lambda({ duration: exponential('500ms'), reserved: 8 }),
        },
        {},
        { process: 'poisson', rate: '20/s' },
      ),
      calls: { caller: [invoke('callee', { count: 2 })] },
    })
    const lengthUs = view.output.simulatedUs
    expect(view.value('callee.Throttles.sum')).toBeGreaterThan(100)
    for (const name of ['caller', 'callee']) {
      const count = view.value(`${name}.Invocations.sum`)
      const integralUs = view.value(`${name}.ConcurrentExecutions.average`) * lengthUs
      const sumUs = view.value(`${name}.Duration.average`) * MS * count
      // Each end is rounded to a microsecond: half of one at most.
      expect(Math.abs(integralUs - sumUs)).toBeLessThanOrEqual(count / 2 + integralUs * 1e-12)
    }
  })

  it('tells in the attempts how long it waited, beside its own time', async () => {
    const view = await runCalls(callerAndCallee)
    const [row] = attemptsOf(view, 'caller')
    expect(row).toMatchObject({
      producer: 'web',
      durationUs: 100 * MS,
      callUs: 200 * MS,
      latencyUs: 300 * MS,
      outcome: 'succeeded',
    })
    const [nested] = attemptsOf(view, 'callee')
    expect(nested).toMatchObject({
      producer: 'caller.calls',
      arrivedUs: row!.arrivedUs + 100 * MS,
      durationUs: 200 * MS,
      callUs: 0,
      latencyUs: 200 * MS,
    })
  })

  it("waits for the function's placement, init and first invocation, too", async () => {
    const coldStart = { placement: '100ms', init: '400ms', firstInvocation: '50ms' }
    const view = await runCalls({
      ...callerAndCallee,
      plain: plain({
        caller: lambda(),
        callee: lambda({ duration: '200ms', settings: { coldStart } }),
      }),
    })
    expect(view.value('caller.Duration.maximum')).toBe(100 + 100 + 400 + 50 + 200)
    expect(view.value('caller.Duration.minimum')).toBe(300)
  })

  it('waits for several one after the other, each as often as `count` says', async () => {
    const view = await runCalls({
      plain: plain({
        caller: lambda(),
        one: lambda({ duration: '10ms' }),
        other: lambda({ duration: '1ms' }),
      }),
      calls: { caller: [invoke('one', { count: 3 }), invoke('other', { count: 2 })] },
    })
    expect(view.value('caller.Duration.average')).toBe(100 + 3 * 10 + 2 * 1)
    expect(view.value('one.Invocations.sum')).toBe(300)
    expect(view.value('other.Invocations.sum')).toBe(200)
    expect(view.value('one.ConcurrentExecutions.maximum')).toBe(1)
    const requests = attemptsOf(view, 'one').map(({ request }) => request)
    expect(new Set(requests).size).toBe(300)
  })

  it('fails when the function fails, and makes no further calls', async () => {
    const after = new Probe('after')
    const view = await runCalls({
      plain: plain({
        caller: lambda(),
        callee: lambda({ handler: { errorRate: '30%' } }),
      }),
      calls: { caller: [invoke('callee'), send('after')] },
      probes: [after],
    })
    const errors = view.value('callee.Errors.sum')
    expect(errors).toBeGreaterThan(10)
    expect(view.value('caller.Errors.sum')).toBe(errors)
    expect(view.value('caller.CallErrors.sum')).toBe(errors)
    expect(after.arrivals).toHaveLength(100 - errors)
    const failed = attemptsOf(view, 'caller').filter(({ outcome }) => outcome === 'failed')
    expect(failed).toHaveLength(errors)
    expect(failed[0]).toMatchObject({ reason: 'error', durationUs: 100 * MS, callUs: 100 * MS })
  })

  it('has as many errors as the function has throttles', async () => {
    const view = await runCalls({
      plain: plain(
        {
          caller: lambda(),
          callee: lambda({ duration: { exponential: { mean: '1s' } }, reserved: 5 }),
        },
        {},
        { process: 'poisson', rate: '8/s' },
      ),
      calls: { caller: [invoke('callee')] },
    })
    const throttles = view.value('callee.Throttles.sum')
    expect(throttles).toBeGreaterThan(50)
    expect(view.value('caller.Errors.sum')).toBe(throttles)
    expect(view.value('caller.CallErrors.sum')).toBe(throttles)
    expect(view.value('callee.ConcurrentExecutions.maximum')).toBe(5)
    expect(view.value('web.Failed.sum')).toBe(throttles)
    expect(view.value('web.Succeeded.sum')).toBe(view.value('callee.Invocations.sum'))
  })

  it('is cut by its timeout while it waits; the function runs on and is not heard', async () => {
    const after = new Probe('after')
    const view = await runCalls({
      plain: plain({
        caller: lambda({ timeout: '3s' }),
        callee: lambda({ duration: '10s' }),
      }),
      calls: { caller: [invoke('callee'), send('after')] },
      probes: [after],
    })
    expect(view.value('caller.Duration.minimum')).toBe(3000)
    expect(view.value('caller.Duration.maximum')).toBe(3000)
    expect(view.value('caller.Errors.sum')).toBe(100)
    expect(view.value('caller.CallErrors.sum')).toBe(0)
    expect(view.value('callee.Errors.sum')).toBe(0)
    expect(view.value('callee.Duration.average')).toBe(10_000)
    expect(after.arrivals).toEqual([])
    expect(attemptsOf(view, 'caller')[0]).toMatchObject({
      outcome: 'timedOut',
      durationUs: 100 * MS,
      callUs: 2_900 * MS,
      latencyUs: 3 * SECOND,
    })
  })

  it('keeps each timeout where slow and quick answers alternate', async () => {
    // Slots and their timers are used again by invocations with earlier and with later deadlines.
    const own = { uniform: { min: '0s', max: '2s' } }
    const answers = { uniform: { min: '0s', max: '4s' } }
    const view = await runCalls({
      plain: plain(
        { caller: lambda({ timeout: '3s', duration: own }), callee: lambda({ duration: answers }) },
        {},
        { process: 'poisson', rate: '20/s' },
      ),
      calls: { caller: [invoke('callee'), invoke('callee', { probability: 0.3 })] },
    })
    const rows = attemptsOf(view, 'caller')
    expect(rows.length).toBeGreaterThan(1_800)
    const timedOut = rows.filter(({ outcome }) => outcome === 'timedOut')
    expect(timedOut.length).toBeGreaterThan(400)
    expect(new Set(timedOut.map(({ latencyUs }) => latencyUs))).toEqual(new Set([3 * SECOND]))
    for (const { outcome, latencyUs } of rows) {
      if (outcome === 'succeeded') expect(latencyUs).toBeLessThanOrEqual(3 * SECOND)
      else expect(outcome).toBe('timedOut')
    }
    // They end when they say: the time in flight is the sum of the latencies, rounding apart.
    const integralUs = view.value('caller.ConcurrentExecutions.average') * view.output.simulatedUs
    const sumUs = rows.reduce((sum, { latencyUs }) => sum + latencyUs, 0)
    expect(Math.abs(integralUs - sumUs)).toBeLessThanOrEqual(rows.length / 2 + sumUs * 1e-12)
  })

  it('succeeds when the answer comes at the very instant of the timeout', async () => {
    const view = await runCalls({
      plain: plain({
        caller: lambda({ timeout: '3s' }),
        callee: lambda({ duration: '2900ms' }),
      }),
      calls: { caller: [invoke('callee')] },
    })
    expect(view.value('caller.Duration.average')).toBe(3000)
    expect(view.value('caller.Errors.sum')).toBe(0)
  })

  it('keeps the timeout that held when it started', async () => {
    const view = await runCalls({
      plain: plain(
        { caller: lambda({ timeout: '9s', duration: '5s' }), callee: lambda({ duration: '1s' }) },
        { timeline: [{ at: '50s', set: { 'functions.caller.timeout': '3s' } }] },
      ),
      calls: { caller: [invoke('callee')] },
    })
    const rows = attemptsOf(view, 'caller')
    const before = rows.filter(({ arrivedUs }) => arrivedUs < 50 * SECOND)
    expect(new Set(before.map(({ latencyUs }) => latencyUs))).toEqual(new Set([6 * SECOND]))
    const later = rows.filter(({ arrivedUs }) => arrivedUs >= 50 * SECOND)
    expect(new Set(later.map(({ latencyUs }) => latencyUs))).toEqual(new Set([3 * SECOND]))
  })

  it('ends in throttles when it calls itself at once and without end, however deep', async () => {
    const account = { region: 'us-east-1', concurrentExecutions: 20_000 }
    const view = await runCalls({
      plain: plain({ self: lambda({ duration: '0s' }) }, { duration: '2s', account }),
      calls: { self: [invoke('self')] },
    })
    // Each request fills the account, is refused there and comes back as an error of all of them.
    expect(view.value('web.Failed.sum')).toBe(2)
    expect(view.value('self.Invocations.sum')).toBe(2 * 20_000)
    expect(view.value('self.Errors.sum')).toBe(2 * 20_000)
    expect(view.value('self.Throttles.sum')).toBe(2)
    expect(attemptsOf(view, 'self').at(-1)).toMatchObject({ producer: 'web', outcome: 'failed' })
  })

  it('ends in timeouts when it calls itself and takes some time', async () => {
    const view = await runCalls({
      plain: plain({ self: lambda({ timeout: '1s' }) }, { duration: '10s', drain: false }),
      calls: { self: [invoke('self')] },
    })
    const rows = attemptsOf(view, 'self')
    expect(rows.length).toBeGreaterThan(50)
    expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['timedOut']))
    expect(new Set(rows.map(({ latencyUs }) => latencyUs))).toEqual(new Set([SECOND]))
  })
})

describe('a handler that sends', () => {
  it('sends after its own time, without taking any', async () => {
    const queue = new Probe('queue')
    const view = await runCalls({
      plain: plain({ f: lambda() }, { duration: '3s' }),
      calls: { f: [send('queue', { count: 2 })] },
      probes: [queue],
    })
    // Constant traffic comes in the middle of each second.
    const instants = [600, 600, 1_600, 1_600, 2_600, 2_600].map((at) => at * MS)
    expect(queue.arrivals.map(({ atUs }) => atUs)).toEqual(instants)
    expect(queue.arrivals[0]!.birth).toBe('f/calls/0')
    expect(new Set(queue.arrivals.map(({ ordinal }) => ordinal)).size).toBe(6)
    expect(view.value('f.Duration.maximum')).toBe(100)
  })

  it('has one event for each invocation', async () => {
    const scenario = plain({ f: lambda() })
    const without = await runCalls({ plain: scenario, calls: {} })
    const withSends = await runCalls({
      plain: scenario,
      calls: { f: [send('queue', { count: 5 })] },
      probes: [new Probe('queue')],
    })
    expect(withSends.output.eventCount).toBe(without.output.eventCount)
  })

  it('sends nothing when it fails by itself', async () => {
    const queue = new Probe('queue')
    const failures = { error: '20%', crash: '10%', outOfMemory: '10%', timeout: '10%' }
    const view = await runCalls({
      plain: plain({ f: lambda({ handler: { failures } }) }),
      calls: { f: [send('queue')] },
      probes: [queue],
    })
    expect(view.value('f.Errors.sum')).toBeGreaterThan(30)
    expect(queue.arrivals).toHaveLength(100 - view.value('f.Errors.sum'))
    expect(view.value('f.CallErrors.sum')).toBe(0)
  })

  it.each([
    ['over a rate', THROTTLED],
    ['for good', REJECTED],
  ] as const)('fails when its target refuses %s, and sends no more', async (_, answer) => {
    const first = new Probe('first', ({ ordinal }) => (ordinal % 4 === 0 ? answer : ACCEPTED))
    const second = new Probe('second')
    const view = await runCalls({
      plain: plain({ f: lambda() }),
      calls: { f: [send('first'), send('second')] },
      probes: [first, second],
    })
    expect(first.refused).toBeGreaterThan(10)
    expect(first.refused + first.arrivals.length).toBe(100)
    expect(second.arrivals).toHaveLength(first.arrivals.length)
    expect(view.value('f.CallErrors.sum')).toBe(first.refused)
    expect(view.value('f.Errors.sum')).toBe(first.refused)
    expect(view.value('web.Failed.sum')).toBe(first.refused)
  })

  it('makes each call with its probability, whatever the others do', async () => {
    const [half, all] = [new Probe('half'), new Probe('all')]
    const shape = { ...PLAIN_SHAPE, sizeBytes: 10 }
    await runCalls({
      plain: plain({ f: lambda() }, { duration: '1000s' }, { rate: '10/s' }),
      calls: { f: [send('half', { probability: 0.5 }), send('all', { shape })] },
      probes: [half, all],
    })
    expect(all.arrivals).toHaveLength(10_000)
    // Four standard deviations of a binomial count: 200.
    expect(Math.abs(half.arrivals.length - 5_000)).toBeLessThan(200)
  })

  it('brings as many asynchronous events as it sends, and their retries send anew', async () => {
    const queue = new Probe('queue')
    const view = await runCalls({
      plain: plain({ f: lambda(), worker: lambda() }),
      calls: { f: [queueEvent('worker', { count: 3 })], worker: [send('queue')] },
      probes: [queue],
    })
    expect(view.value('worker.AsyncEventsReceived.sum')).toBe(300)
    expect(view.value('worker.Invocations.sum')).toBe(300)
    expect(queue.arrivals).toHaveLength(300)
    expect(new Set(queue.arrivals.map(({ ordinal }) => ordinal)).size).toBe(300)
    expect(view.ledger('worker')).toEqual({ entered: 300, succeeded: 300 })
  })

  it('counts a refused send as an error of its event, which is tried again', async () => {
    let refusals = 2
    const queue = new Probe('queue', () => (refusals-- > 0 ? THROTTLED : ACCEPTED))
    const view = await runCalls({
      plain: plain({ f: lambda() }, { duration: '1s' }, { invocationType: 'Event' }),
      calls: { f: [send('queue')] },
      probes: [queue],
    })
    expect(view.value('f.Invocations.sum')).toBe(3)
    expect(view.value('f.CallErrors.sum')).toBe(2)
    // Half a second to the arrival, the retries one and two minutes later, three times 100 ms.
    expect(queue.arrivals.map(({ atUs }) => atUs)).toEqual([180.8 * SECOND])
  })

  it('notes the functions that a message has come through', async () => {
    const queue = new Probe('queue')
    await runCalls({
      plain: plain({ f: lambda(), worker: lambda() }, { duration: '2s' }),
      calls: { f: [queueEvent('worker')], worker: [send('queue', { count: 2 })] },
      probes: [queue],
    })
    const { lineages } = queue.world
    for (const { lineage } of queue.arrivals) {
      expect(lineages.invocationsOf(0, lineage)).toBe(1)
      expect(lineages.invocationsOf(1, lineage)).toBe(1)
    }
  })

  it('sends the same messages whatever the limits of those it calls', async () => {
    const sent = async (reserved: number) => {
      const queue = new Probe('queue')
      const view = await runCalls({
        plain: plain(
          {
            f: lambda(),
            slow: lambda({ duration: { exponential: { mean: '2s' } }, reserved }),
          },
          {},
          { process: 'poisson', rate: '5/s' },
        ),
        calls: { f: [send('queue', { probability: 0.7, count: 2 }), invoke('slow')] },
        probes: [queue],
      })
      const nested = attemptsOf(view, 'slow').map(({ request, durationUs }) => ({
        request,
        durationUs,
      }))
      return { messages: queue.arrivals.map(({ ordinal }) => ordinal), nested, view }
    }
    const narrow = await sent(3)
    const wide = await sent(100)
    expect(narrow.view.value('slow.Throttles.sum')).toBeGreaterThan(50)
    expect(wide.view.value('slow.Throttles.sum')).toBe(0)
    expect(narrow.messages).toEqual(wide.messages)
    const durations = new Map(wide.nested.map(({ request, durationUs }) => [request, durationUs]))
    const served = narrow.nested.filter(({ durationUs }) => durationUs > 0)
    expect(served.length).toBeGreaterThan(50)
    for (const { request, durationUs } of served) expect(durations.get(request)).toBe(durationUs)
  })
})

/** Invokes a function once, at time 0, with a batch of messages. */
class BatchOrigin implements Part, Origin {
  readonly path = 'queues.batches'
  readonly name = 'batches'
  readonly hash = hashName('batches')
  readonly outcomes: number[] = []
  private readonly world: World
  private readonly batch: number[] = []
  private readonly origin: number
  private readonly processed: number

  constructor(world: World, size: number, processed = size) {
    this.world = world
    this.processed = processed
    this.origin = world.invocations.addOrigin(this)
    const birth = world.births.add('batches', PLAIN_SHAPE)
    for (let ordinal = 0; ordinal < size; ordinal++) {
      this.batch.push(world.messages.create(birth, ordinal, 1_024, 0))
    }
  }

  start(): void {
    const { invocations } = this.world
    const slot = invocations.open(this.origin, 0)
    invocations.store.reals[4 * slot + DURATION_US] = 50 * MS
    const qualifier = this.world.qualifier('f')
    invocations.attempt(slot, qualifier, qualifier.routes[0]!.pool)
  }

  forEachMessage(_invocation: number, visit: (message: number) => void): void {
    for (const message of this.batch.slice(0, this.processed)) visit(message)
  }

  onRefused(): void {
    throw new Error('there is room')
  }

  onEnded(_invocation: number, outcome: number): void {
    this.outcomes.push(outcome)
  }
}

describe('a handler that works on a batch', () => {
  const scenario = plain({ f: lambda(), callee: lambda({ duration: '10ms' }) }, {}, { rate: '0/s' })

  it('calls once for each message where it is told to, else once for all', async () => {
    const [each, all] = [new Probe('each'), new Probe('all')]
    const view = await runCalls({
      plain: scenario,
      calls: {
        f: [
          send('each', { isPerRecord: true, count: 2 }),
          send('all'),
          invoke('callee', { isPerRecord: true }),
        ],
      },
      probes: [each, all],
      parts: { 'queues.batches': (world) => new BatchOrigin(world, 10) },
    })
    expect(each.arrivals).toHaveLength(20)
    expect(new Set(each.arrivals.map(({ ordinal }) => ordinal)).size).toBe(20)
    expect(all.arrivals).toHaveLength(1)
    expect(view.value('callee.Invocations.sum')).toBe(10)
    expect(view.value('f.Duration.maximum')).toBe(50 + 10 * 10)
  })

  it('calls nobody where it has failed on every message', async () => {
    const [each, all] = [new Probe('each'), new Probe('all')]
    await runCalls({
      plain: scenario,
      calls: { f: [send('each', { isPerRecord: true }), send('all')] },
      probes: [each, all],
      parts: { 'queues.batches': (world) => new BatchOrigin(world, 10, 0) },
    })
    expect([each.arrivals, all.arrivals]).toEqual([[], []])
  })

  it('does once for a plain request what it does for each message', async () => {
    const each = new Probe('each')
    await runCalls({
      plain: plain({ f: lambda() }),
      calls: { f: [send('each', { isPerRecord: true })] },
      probes: [each],
    })
    expect(each.arrivals).toHaveLength(100)
  })
})
