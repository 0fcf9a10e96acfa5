/** Who starts executions, what an API answers, and who waits for the end. */
import { describe, expect, it } from 'vitest'
import { type MessagingScenario, ONCE } from '../../support/messaging.ts'
import { SECOND } from '../../support/run.ts'
import { runWorkflow } from '../../support/workflows.ts'

const ends = (state: object) => ({ StartAt: 'Only', States: { Only: { ...state, End: true } } })
const FAIL = { StartAt: 'Only', States: { Only: { Type: 'Fail', Error: 'Bad' } } }
const wait = (seconds: number) => ends({ Type: 'Wait', Seconds: seconds })
const CALL = ends({ Type: 'Task', Resource: 'process' })
const RANDOM = { process: { handler: { duration: { exponential: { mean: '300ms' } } } } }
const SYNC = { action: 'StartSyncExecution' }

/** A machine behind an api; traffic goes to the api. */
function behind(protocol: string, machine: object, route: object = {}, others = {}) {
  const events = { way: { type: protocol, api: 'front', ...route } }
  const { traffic, ...more } = others as MessagingScenario
  return runWorkflow(
    { ...machine, events },
    {
      apis: { front: { protocol } },
      traffic: { web: { to: 'front', ...traffic } },
      ...more,
    },
  )
}

const PROTOCOLS = [
  { protocol: 'http-api', errors: '4xx', failures: '5xx' },
  { protocol: 'rest-api', errors: '4XXError', failures: '5XXError' },
]

describe.each(PROTOCOLS)('a route of a $protocol', ({ protocol, errors, failures }) => {
  it('answers when the execution has been started', async () => {
    const view = await behind(protocol, { definition: wait(60) })
    expect(view.ledger('web')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('web.ClientLatency.maximum')).toBe(0)
    expect(view.value('machine.ExecutionTime.maximum')).toBe(60_000)
    expect(view.attempts.map(({ outcome, status }) => ({ outcome, status }))).toEqual([
      { outcome: 'succeeded', status: 200 },
    ])
  })

  it('passes on a refused start as 400, which is a throttle to the client', async () => {
    const stepFunctions = { startStandard: { bucketSize: 5, refillRate: 1 } }
    const others = {
      account: { region: 'us-east-1', stepFunctions },
      traffic: { stages: [{ for: '1s', rate: '20/s' }] },
    }
    const view = await behind(protocol, { definition: wait(1) }, {}, others)
    // Within the second the bucket refills by less than one.
    expect(view.ledger('machine')).toEqual({ entered: 5, succeeded: 5 })
    expect(view.ledger('web')).toEqual({ entered: 20, succeeded: 5, throttled: 15 })
    expect(view.value('machine.ExecutionsRefused.sum')).toBe(15)
    expect(view.value(`front.${errors}.sum`)).toBe(15)
    const refused = view.attempts.filter(({ outcome }) => outcome === 'refused')
    expect(refused.map(({ status, reason }) => `${status} ${reason}`)).toEqual(
      Array(15).fill('400 Bad Request'),
    )
  })

  it('waits for the end of a synchronous execution', async () => {
    const view = await behind(protocol, { type: 'EXPRESS', definition: wait(7) }, SYNC)
    expect(view.ledger('web')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('web.ClientLatency.maximum')).toBe(7_000)
    expect(view.value('front.IntegrationLatency.maximum')).toBe(7_000)
  })

  it('answers 200 where a synchronous execution fails, and the request has failed', async () => {
    const client = { retry: { mode: 'exponential', maxAttempts: 3 } }
    const view = await behind(protocol, { type: 'EXPRESS', definition: FAIL }, SYNC, {
      traffic: { client },
    })
    expect(view.ledger('web')).toEqual({ entered: 1, failed: 1 })
    expect(view.value(`front.${failures}.sum`)).toBe(0)
    expect(view.value('web.Attempts.sum')).toBe(1)
    expect(view.attempts[0]).toMatchObject({ outcome: 'failed', status: 200 })
  })

  it('may be named by traffic, beside a function behind the same api', async () => {
    const functions = { other: { events: { other: { type: protocol, api: 'front', path: '/x' } } } }
    const view = await behind(
      protocol,
      { definition: wait(1) },
      { path: '/y' },
      {
        functions,
        traffic: { route: 'machine.way', stages: [{ for: '10s', rate: '1/s' }] },
      },
    )
    expect(view.ledger('machine')).toEqual({ entered: 10, succeeded: 10 })
    const spread = await behind(
      protocol,
      { definition: wait(1) },
      { path: '/y', weight: 3 },
      {
        functions,
        traffic: { stages: [{ for: '1000s', rate: '1/s' }] },
      },
    )
    const { entered } = spread.ledger('machine')
    // Binomial(1000, 3/4): four standard deviations are 55.
    expect(entered).toBeGreaterThan(695)
    expect(entered).toBeLessThan(805)
    expect(spread.value('other.Invocations.sum')).toBe(1_000 - entered!)
  })

  it('keeps the limit that is its own', async () => {
    const throttle = { rate: '0/s', burst: 2 }
    const view = await behind(
      protocol,
      { definition: wait(1) },
      { throttle },
      {
        traffic: { stages: [{ for: '5s', rate: '1/s' }] },
      },
    )
    expect(view.ledger('web')).toEqual({ entered: 5, succeeded: 2, throttled: 3 })
  })
})

describe('a synchronous execution that outlasts the integration timeout', () => {
  it.each([
    { protocol: 'rest-api', limitMs: 29_000, status: 504 },
    { protocol: 'http-api', limitMs: 30_000, status: 503 },
  ])('is $status of a $protocol, and runs on', async ({ protocol, limitMs, status }) => {
    const view = await behind(protocol, { type: 'EXPRESS', definition: wait(40) }, SYNC)
    expect(view.ledger('web')).toEqual({ entered: 1, timedOut: 1 })
    expect(view.value('web.ClientLatencyFailed.maximum')).toBe(limitMs)
    expect(view.attempts[0]).toMatchObject({ outcome: 'timedOut', status, givenUpBy: 'api' })
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(40_000)
  })
})

describe('traffic to a state machine', () => {
  const express = { type: 'EXPRESS', definition: CALL }
  const many = { stages: [{ for: '50s', rate: '1/s' }] }

  it('that waits has the time of the execution', async () => {
    const view = await runWorkflow(express, {
      functions: RANDOM,
      traffic: { start: { to: 'machine', ...SYNC, ...many } },
    })
    expect(view.ledger('start')).toEqual({ entered: 50, succeeded: 50 })
    for (const statistic of ['average', 'p50', 'maximum']) {
      expect(view.value(`start.ClientLatency.${statistic}`)).toBe(
        view.value(`machine.ExecutionTime.${statistic}`),
      )
    }
    const rows = view.attempts.filter(({ producer }) => producer === 'start')
    const column = rows[0]!.partNames.indexOf('machine.service')
    expect(rows).toHaveLength(50)
    for (const { parts, callerUs } of rows) expect(parts[column]).toBe(callerUs)
  })

  it('meets the same executions whoever waits and by whichever way they come', async () => {
    const traffic = (more: object) => ({ traffic: { start: { ...many, ...more } } })
    const events = { way: { type: 'http-api', api: 'front', ...SYNC } }
    const plain = await runWorkflow(express, {
      functions: RANDOM,
      ...traffic({ to: 'machine' }),
    })
    const synchronous = await runWorkflow(express, {
      functions: RANDOM,
      ...traffic({ to: 'machine', ...SYNC }),
    })
    const byDoor = await runWorkflow(
      { ...express, events },
      {
        functions: RANDOM,
        apis: { front: { protocol: 'http-api' } },
        ...traffic({ to: 'front' }),
      },
    )
    const timesOf = (view: typeof plain) =>
      view.attempts
        .filter(({ functionName }) => functionName === 'process')
        .map(({ arrivedUs, durationUs }) => [arrivedUs, durationUs])
    expect(timesOf(plain)).toHaveLength(50)
    expect(timesOf(synchronous)).toEqual(timesOf(plain))
    expect(timesOf(byDoor)).toEqual(timesOf(plain))
  })

  it('gives up after its timeout, and the execution runs on', async () => {
    const view = await runWorkflow(
      { type: 'EXPRESS', definition: wait(9) },
      { traffic: { start: { to: 'machine', ...SYNC, client: { timeout: '2s' } } } },
    )
    expect(view.ledger('start')).toEqual({ entered: 1, timedOut: 1 })
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    const [row] = view.attempts
    expect(row).toMatchObject({ outcome: 'succeeded', givenUpBy: 'client' })
    expect(row!.abandonedUs).toBe(7 * SECOND)
  })

  it('tries a failed execution again only where function errors are, for it is answered 200', async () => {
    const attempts = async (retryOn: readonly string[]) => {
      const client = { retry: { mode: 'standard', retryOn } }
      const view = await runWorkflow(
        { type: 'EXPRESS', definition: FAIL },
        { traffic: { start: { to: 'machine', ...SYNC, client } } },
      )
      expect(view.ledger('start')).toEqual({ entered: 1, failed: 1 })
      return view.value('machine.ExecutionsStarted.sum')
    }
    expect(await attempts([])).toBe(1)
    expect(await attempts(['functionErrors'])).toBe(3)
  })

  it('that waits meets no quota, and no execution runs twice', async () => {
    const account = {
      region: 'us-east-1',
      stepFunctions: { startExpress: { bucketSize: 1, refillRate: 1 } },
    }
    const burst = { stages: [{ for: '1s', rate: '1000/s' }] }
    const machine = { type: 'EXPRESS', definition: wait(1), duplicateExecutions: '50%' }
    const view = await runWorkflow(machine, {
      account,
      traffic: { start: { to: 'machine', ...SYNC, ...burst } },
    })
    expect(view.ledger('machine')).toEqual({ entered: 1_000, succeeded: 1_000 })
    expect(view.value('machine.DuplicateExecutions.sum')).toBe(0)
    const asynchronous = await runWorkflow(machine, {
      account,
      traffic: { start: { to: 'machine', ...burst } },
    })
    expect(asynchronous.ledger('start')).toMatchObject({ throttled: 999 })
  })

  it('of users waits for each end before the next request', async () => {
    const users = { process: 'users', users: 1, thinkTime: '1s', stages: undefined }
    const view = await runWorkflow(
      { type: 'EXPRESS', definition: wait(9) },
      { duration: '101s', traffic: { start: { ...users, to: 'machine', ...SYNC } } },
    )
    expect(view.ledger('machine')).toMatchObject({ succeeded: 10 })
  })
})

describe('a handler', () => {
  const calling = (call: object) => ({
    caller: {
      timeout: '1m',
      handler: { duration: '100ms', calls: [{ stateMachine: 'machine', ...call }] },
    },
  })
  const others = (call: object) => ({
    functions: calling(call),
    traffic: { start: { ...ONCE, to: 'caller' } },
  })

  it('that starts an execution goes on at once', async () => {
    const view = await runWorkflow({ type: 'EXPRESS', definition: wait(5) }, others({}))
    expect(view.value('caller.Duration.maximum')).toBe(100)
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
  })

  it('that waits for it is billed meanwhile', async () => {
    const view = await runWorkflow({ type: 'EXPRESS', definition: wait(5) }, others(SYNC))
    expect(view.value('caller.Duration.maximum')).toBe(5_100)
    const row = view.attempts.find(({ functionName }) => functionName === 'caller')!
    expect(row.parts[row.partNames.indexOf('machine.service')]).toBe(5 * SECOND)
  })

  it('fails where it fails, and does not wait longer than its timeout', async () => {
    const failed = await runWorkflow({ type: 'EXPRESS', definition: FAIL }, others(SYNC))
    expect(failed.ledger('start')).toEqual({ entered: 1, failed: 1 })
    const call = { ...SYNC, timeout: '2s' }
    const late = await runWorkflow({ type: 'EXPRESS', definition: wait(5) }, others(call))
    expect(late.value('caller.Duration.maximum')).toBe(2_100)
    expect(late.value('caller.CallErrors.sum')).toBe(1)
    expect(late.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
  })

  it('may wait for one after the other, each begun when the one before has ended', async () => {
    const call = { ...SYNC, count: 3 }
    const view = await runWorkflow({ type: 'EXPRESS', definition: wait(5) }, others(call))
    expect(view.value('caller.Duration.maximum')).toBe(15_100)
    expect(view.ledger('machine')).toEqual({ entered: 3, succeeded: 3 })
  })

  it('tries again after its timeout with an execution of its own', async () => {
    const retry = { mode: 'exponential', maxAttempts: 3, baseDelay: '1ms' }
    const call = { ...SYNC, timeout: '2s', retry }
    const view = await runWorkflow({ type: 'EXPRESS', definition: wait(5) }, others(call))
    expect(view.ledger('machine')).toEqual({ entered: 3, succeeded: 3 })
    expect(view.value('caller.CallRetries.sum')).toBe(2)
  })
})

describe('an event of a state machine', () => {
  it('is a rule of a bus, as one of a function is', async () => {
    const events = { placed: { type: 'eventbridge', bus: 'shop', filter: '50%' } }
    const view = await runWorkflow(
      { definition: wait(1), events },
      { traffic: { start: { to: 'shop', batch: 400 } } },
    )
    const { entered } = view.ledger('machine')
    // Binomial(400, 1/2): four standard deviations are 40.
    expect(entered).toBeGreaterThan(160)
    expect(entered).toBeLessThan(240)
    expect(view.ledger('shop')).toMatchObject({ handedOn: entered, filtered: 400 - entered! })
  })

  it('is a schedule', async () => {
    const events = { nightly: { type: 'schedule', schedule: 'rate(10 minutes)' } }
    const view = await runWorkflow(
      { definition: wait(1), events },
      { traffic: { start: { to: 'callbacks' } } },
    )
    expect(view.ledger('machine')).toEqual({ entered: 5, succeeded: 5 })
  })
})
