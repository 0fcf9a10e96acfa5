import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../../src/scenario/load.ts'
import { attemptTimes } from '../../support/messaging.ts'
import { NO_FILES, SECOND } from '../../support/run.ts'
import { runWorkflow, workflow } from '../../support/workflows.ts'

/** A definition of one state, or of several in order. */
function chain(...states: object[]): { definition: object } {
  const names = states.map((_, index) => `S${index + 1}`)
  const entries = states.map((state, index) => {
    const next = names[index + 1]
    return [names[index]!, { ...state, ...(next === undefined ? { End: true } : { Next: next }) }]
  })
  return { definition: { StartAt: 'S1', States: Object.fromEntries(entries) } }
}

const PASS = { Type: 'Pass' }
const WORK = { Type: 'Task', Resource: 'process' }
const FAILED = { Type: 'Fail', Error: 'Bad' }
const wait = (seconds: number) => ({ Type: 'Wait', Seconds: seconds })
const only = (state: object, name = 'Only') => ({ StartAt: name, States: { [name]: state } })
const PROCESSOR = { ItemProcessor: only({ ...PASS, End: true }) }
const SLOW = { functions: { process: { timeout: '5m', handler: { duration: '60s' } } } }
const many = (count: number) => ({ traffic: { start: { to: 'machine', batch: count } } })

describe('quotas', () => {
  it('refuse StartExecution when its bucket is empty', async () => {
    const view = await runWorkflow(chain(PASS), many(2_000))
    expect(view.ledger('start')).toEqual({ entered: 2_000, handedOn: 1_300, throttled: 700 })
    expect(view.ledger('machine')).toEqual({ entered: 1_300, succeeded: 1_300 })
    expect(view.value('machine.ExecutionsRefused.sum')).toBe(700)
  })

  it('are smaller in other Regions, and larger of Express workflows', async () => {
    const region = { set: ['account.region=eu-central-1'] }
    const standard = await runWorkflow(chain(PASS), many(10_000), region)
    expect(standard.value('machine.ExecutionsStarted.sum')).toBe(800)
    const express = await runWorkflow({ ...chain(PASS), type: 'EXPRESS' }, many(10_000), region)
    expect(express.value('machine.ExecutionsStarted.sum')).toBe(6_000)
  })

  it('delay state transitions, in the order in which they came, and lose none', async () => {
    const account = {
      region: 'us-east-1',
      stepFunctions: { stateTransition: { bucketSize: 10, refillRate: 10 } },
    }
    const view = await runWorkflow(chain(PASS, PASS), { account, ...many(20) })
    expect(view.ledger('machine')).toEqual({ entered: 20, succeeded: 20 })
    // 40 transitions, ten of them at once, one every 100 ms after that.
    expect(view.value('machine.ExecutionThrottled.sum')).toBe(30)
    expect(view.value('machine.ExecutionTime.maximum')).toBe(3_000)
    const express = await runWorkflow(
      { ...chain(PASS, PASS), type: 'EXPRESS' },
      { account, ...many(20) },
    )
    expect(express.value('machine.ExecutionTime.maximum')).toBe(0)
  })

  it('that delay for ever show as a backlog that grows', async () => {
    const account = {
      region: 'us-east-1',
      stepFunctions: { stateTransition: { bucketSize: 10, refillRate: 10 } },
    }
    const traffic = {
      start: { to: 'machine', process: 'constant', stages: [{ for: '1h', rate: '6/s' }] },
    }
    const view = await runWorkflow(chain(PASS, PASS), { account, traffic, duration: '10m' })
    const [machine] = view.output.backlogs.filter(({ name }) => name === 'machine')
    // Twelve a second come, ten go.
    expect(machine).toMatchObject({
      isStable: false,
      heldBy: { cause: 'state-transitions', at: 'account.stepFunctions.stateTransition' },
    })
  })

  it('end a Standard execution whose history grows to 25,000 events', async () => {
    const loop = {
      StartAt: 'Loop',
      States: {
        Loop: { Type: 'Pass', Next: 'Go On' },
        'Go On': {
          Type: 'Choice',
          Choices: [{ Variable: '$.x', IsPresent: true, Next: 'Loop' }],
          Default: 'End',
        },
        End: { Type: 'Succeed' },
      },
    }
    const account = {
      region: 'us-east-1',
      stepFunctions: { stateTransition: { bucketSize: 1_000_000, refillRate: 1 } },
    }
    const machine = { definition: loop, choices: { 'Go On': { Loop: '100%' } } }
    const view = await runWorkflow(machine, { account })
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    expect(view.value('machine.StateTransitions.sum')).toBe(12_500)
  })

  it('end an Express execution after 5 minutes', async () => {
    const view = await runWorkflow({ ...chain(wait(400)), type: 'EXPRESS' })
    expect(view.ledger('machine')).toEqual({ entered: 1, timedOut: 1 })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(300_000)
  })
})

describe('a task', () => {
  it('is given up after its TimeoutSeconds, and the function runs on', async () => {
    const view = await runWorkflow(chain({ ...WORK, TimeoutSeconds: 10 }), SLOW)
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(10_000)
    expect(view.value('machine.LambdaFunctionsTimedOut.sum')).toBe(1)
    expect(view.value('process.Duration.maximum')).toBe(60_000)
  })

  it('meets the throttles of its function, and its retrier tries again', async () => {
    const retried = {
      ...WORK,
      Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 2 }],
    }
    const functions = {
      process: { reservedConcurrentExecutions: 1, handler: { duration: '1s' } },
    }
    const view = await runWorkflow(chain(retried), { functions, ...many(2) })
    expect(view.ledger('machine')).toEqual({ entered: 2, succeeded: 2 })
    expect(view.value('process.Throttles.sum')).toBe(1)
    expect(view.value('machine.S1.StateRetries.sum')).toBe(1)
    expect(attemptTimes(view, 'process')).toEqual([0.5 * SECOND, 0.5 * SECOND, 2.5 * SECOND])
    const [record] = view.output.throttles
    expect(record).toMatchObject({ count: 1, retriedCount: 1 })
  })

  it('has new counters of retries each time that its state is entered', async () => {
    const definition = {
      StartAt: 'Call',
      States: {
        Call: {
          ...WORK,
          Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Again?' }],
          End: true,
        },
        'Again?': {
          Type: 'Choice',
          Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'Stop' }],
          Default: 'Once',
        },
        Once: { Type: 'Pass', Result: { n: 1 }, Next: 'Call' },
        Stop: { Type: 'Succeed' },
      },
    }
    const functions = { process: { handler: { duration: '0s', errorRate: '100%' } } }
    const view = await runWorkflow({ definition, input: { n: 0 } }, { functions })
    const times = attemptTimes(view, 'process').map((time) => time / SECOND - 0.5)
    expect(times).toEqual([0, 1, 1, 2])
  })

  it('of a callback that never comes ends with its heartbeat', async () => {
    const results = { 'Start Task And Wait For Callback': [{ share: '100%', never: true }] }
    const view = await runWorkflow({ definition: 'callback-token.asl.json', results })
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(600_000)
    expect(view.value('machine.ServiceIntegrationsTimedOut.sum')).toBe(1)
  })

  it('of a service that the simulator lacks takes what is stated for all of them', async () => {
    const foreign = { Type: 'Task', Resource: 'arn:aws:states:::bedrock:invokeModel' }
    const job = { Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun.sync' }
    const machine = { ...chain(foreign, job), serviceDuration: '2s', durations: { S2: '1m' } }
    const view = await runWorkflow(machine)
    expect(view.value('machine.ExecutionTime.maximum')).toBe(62_000)
  })

  it('that sends nothing takes no time, which is an assumption unless it is stated', async () => {
    const task = (action: string) =>
      chain({
        Type: 'Task',
        Resource: `arn:aws:states:::${action}`,
        Parameters: { TableName: 'messages' },
      })
    const ids = async (machine: object) => {
      const text = workflow(machine)
      const loaded = await loadScenario({ text, fileName: 's.json', files: NO_FILES })
      return loaded.ok ? loaded.compiled.assumptions.map(({ id }) => id) : loaded.formatted
    }
    const read = task('dynamodb:getItem')
    expect(await ids(read)).toContain('other-actions')
    expect(await ids({ ...read, durations: { S1: '5ms' } })).not.toContain('other-actions')
    expect(await ids({ ...read, serviceDuration: '5ms' })).not.toContain('other-actions')
    expect(await ids(task('dynamodb:putItem'))).not.toContain('other-actions')
    const never = { ...task('http:invoke'), results: { S1: [{ share: '100%', never: true }] } }
    expect(await ids(never)).not.toContain('other-actions')
    const answer = task('aws-sdk:dynamodb:query.waitForTaskToken')
    expect(await ids(answer)).toContain('how long until somebody answers is not known')
  })

  it('sends to a queue, and meets the refusal of a stream', async () => {
    const put = {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:kinesis:putRecord',
      Parameters: { StreamName: 'clicks' },
      Catch: [{ ErrorEquals: ['Kinesis.ProvisionedThroughputExceededException'], Next: 'Refused' }],
      End: true,
    }
    const definition = { StartAt: 'Put', States: { Put: put, Refused: FAILED } }
    const view = await runWorkflow(
      { definition },
      { streams: { clicks: { shardCount: 1 } }, ...many(1_200) },
    )
    expect(view.ledger('machine')).toEqual({ entered: 1_200, succeeded: 1_000, failed: 200 })
    expect(view.value('machine.ServiceIntegrationsFailed.sum')).toBe(200)
  })
})

describe('a Parallel', () => {
  it('fails with its first branch, and the others are stopped', async () => {
    const branches = [only({ ...WORK, End: true }), only({ ...wait(100), End: true }, 'Other')]
    const functions = { process: { handler: { duration: '100ms', errorRate: '100%' } } }
    const view = await runWorkflow(chain({ Type: 'Parallel', Branches: branches }), { functions })
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(100)
  })

  it('whose branch fails at once starts the others all the same, and stops them', async () => {
    const branches = [only(FAILED), only({ ...WORK, End: true }, 'Other')]
    const view = await runWorkflow(chain({ Type: 'Parallel', Branches: branches }))
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(0)
  })
})

describe('a result that does not fit', () => {
  const handled = (state: object) => ({
    StartAt: 'Fork',
    States: {
      Fork: {
        ...state,
        ResultPath: '$.list.first',
        Retry: [
          { ErrorEquals: ['States.ResultPathMatchFailure'], IntervalSeconds: 5, MaxAttempts: 1 },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mend' }],
        End: true,
      },
      Mend: { Type: 'Wait', Seconds: 7, End: true },
    },
  })

  it('fails a Parallel or a Map at its end, where it may be tried again and caught', async () => {
    const parallel = { Type: 'Parallel', Branches: [only({ ...wait(10), End: true })] }
    const map = {
      Type: 'Map',
      ItemsPath: '$.list',
      ItemProcessor: only({ ...wait(10), End: true }),
    }
    for (const state of [parallel, map]) {
      const view = await runWorkflow({ definition: handled(state), input: { list: [1] } })
      expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
      // Twice its own time with a wait between, and what mends it.
      expect(view.value('machine.ExecutionTime.maximum')).toBe(32_000)
    }
  })

  it('or is no such number as a field wants', async () => {
    const map = (key: string) => ({ Type: 'Map', [key]: '$.n', ItemsPath: '$.list', ...PROCESSOR })
    const task = { ...WORK, TimeoutSecondsPath: '$.n' }
    const heartbeat = { ...WORK, HeartbeatSecondsPath: '$.n' }
    for (const state of [map('MaxConcurrencyPath'), task, heartbeat]) {
      for (const n of [-1, 2.5, '3', null]) {
        const view = await runWorkflow({ ...chain(state), input: { n, list: [1, 2] } })
        expect(view.ledger('machine'), `${JSON.stringify(n)}`).toEqual({ entered: 1, failed: 1 })
      }
      const fine = await runWorkflow({ ...chain(state), input: { n: 3, list: [1, 2] } })
      expect(fine.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    }
  })

  it('or is no truth where a condition is wanted', async () => {
    const choice = (condition: string) => ({
      definition: {
        QueryLanguage: 'JSONata',
        StartAt: 'Which',
        States: {
          Which: {
            Type: 'Choice',
            Choices: [{ Condition: `{% ${condition} %}`, Next: 'Yes' }],
            Default: 'Yes',
          },
          Yes: { Type: 'Succeed' },
        },
      },
      input: { n: 0 },
    })
    const truth = await runWorkflow(choice('$states.input.n = 1'))
    expect(truth.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    const number = await runWorkflow(choice('$states.input.n'))
    expect(number.ledger('machine')).toEqual({ entered: 1, failed: 1 })
  })

  it('of what is caught fails the execution only where an error is caught', async () => {
    const caught = { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Next: 'S1' }] }
    const machine = { ...chain({ ...WORK, ...caught }), input: ['no object'] }
    const fine = await runWorkflow(machine)
    expect(fine.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    const functions = { process: { handler: { duration: '100ms', errorRate: '100%' } } }
    const failing = await runWorkflow(machine, { functions })
    expect(failing.ledger('machine')).toEqual({ entered: 1, failed: 1 })
  })
})

describe('a distributed Map', () => {
  const map = (settings: object, child: object = { ...WORK, End: true }) =>
    chain({
      Type: 'Map',
      ...settings,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        ...only(child),
      },
    })
  const halfFails = {
    functions: { process: { handler: { duration: '100ms', errorRate: '50%' } } },
  }

  it('gives each child its item as the input of an execution', async () => {
    const child = {
      StartAt: 'Nap',
      States: { Nap: { Type: 'Wait', SecondsPath: '$$.Execution.Input.seconds', End: true } },
    }
    const config = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } }
    const map = (processor: object) => ({
      Type: 'Map',
      ItemsPath: '$.naps',
      ItemProcessor: processor,
    })
    const input = { seconds: 9, naps: [{ seconds: 1 }, { seconds: 4 }] }
    const distributed = await runWorkflow({ ...chain(map({ ...config, ...child })), input })
    // The second child begins 10 ms later.
    expect(distributed.value('machine.ExecutionTime.maximum')).toBe(4_010)
    const inline = await runWorkflow({ ...chain(map(child)), input })
    expect(inline.value('machine.ExecutionTime.maximum')).toBe(9_000)
  })

  it('starts 100 Standard children a second', async () => {
    const view = await runWorkflow({ ...map({}), items: { S1: 201 } })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(2_100)
    expect(view.value('machine.ChildExecutionsStarted.sum')).toBe(201)
    expect(view.ledger('machine.S1')).toEqual({ entered: 201, succeeded: 201 })
  })

  it('goes on while no more items fail than it tolerates', async () => {
    const machine = { ...map({ ToleratedFailurePercentage: 100 }), items: { S1: 200 } }
    const view = await runWorkflow(machine, halfFails)
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    const { succeeded, failed } = view.ledger('machine.S1')
    expect(succeeded! + failed!).toBe(200)
    expect(failed).toBeGreaterThan(0)
  })

  it('fails with the first item too many, and drops the rest', async () => {
    const machine = { ...map({ ToleratedFailureCount: 3 }), items: { S1: 200 } }
    const view = await runWorkflow(machine, halfFails)
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    const { entered, succeeded, failed, dropped } = view.ledger('machine.S1')
    expect(failed).toBe(4)
    expect(succeeded! + failed! + dropped!).toBe(entered)
    expect(dropped).toBeGreaterThan(100)
  })

  it('keeps to its MaxConcurrency, of batches', async () => {
    const settings = { MaxConcurrency: 2, ItemBatcher: { MaxItemsPerBatch: 10 } }
    const view = await runWorkflow({ ...map(settings), items: { S1: 95 } })
    expect(view.value('process.ConcurrentExecutions.maximum')).toBe(2)
    expect(view.value('process.Invocations.sum')).toBe(10)
    expect(view.ledger('machine.S1')).toEqual({ entered: 95, succeeded: 95 })
  })

  it('says what is under way and what has not begun at the end of the run', async () => {
    const machine = {
      ...map({ MaxConcurrency: 5 }, { ...wait(7_200), End: true }),
      items: { S1: 50 },
    }
    const view = await runWorkflow(machine)
    expect(view.ledger('machine.S1')).toEqual({ entered: 50, queued: 45, inFlight: 5 })
    expect(view.ledger('machine')).toEqual({ entered: 1, inFlight: 1 })
  })
})

describe('nested executions', () => {
  const nested = { definition: 'nested-workflows.asl.json' }

  it('fail the task that waits for them', async () => {
    const child = { definition: { StartAt: 'F', States: { F: FAILED } } }
    const view = await runWorkflow(nested, { stateMachines: { child } })
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    expect(view.ledger('child')).toEqual({ entered: 1, failed: 1 })
  })

  it('are stopped with the execution that waits for them', async () => {
    const definition = chain({
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: 'child' },
      TimeoutSeconds: 5,
    })
    const child = chain(wait(100))
    const view = await runWorkflow(definition, { stateMachines: { child } })
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    expect(view.ledger('child')).toEqual({ entered: 1, dropped: 1 })
    expect(view.value('child.ExecutionsAborted.sum')).toBe(1)
  })
})

describe('executions are started', () => {
  it('by themselves, where the definition names its own state machine', async () => {
    const machine = {
      definition: 'starts-itself.asl.json',
      choices: { 'Go On?': { 'Go On Anew': '50%' } },
    }
    const view = await runWorkflow(machine, { ...many(400), drain: true })
    // One in two goes on once more.
    const { entered = 0, succeeded } = view.ledger('machine') as Record<string, number>
    expect(succeeded).toBe(entered)
    expect(view.value('machine.ExecutionsStarted.sum')).toBe(entered)
    expect(view.value('process.Invocations.sum')).toBe(entered)
    expect(entered).toBeGreaterThan(400)
  })

  it('by a rule of a bus', async () => {
    const buses = { shop: { rules: { all: { targets: [{ stateMachine: 'machine' }] } } } }
    const view = await runWorkflow(chain(PASS), { buses, traffic: { start: { to: 'shop' } } })
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
  })

  it('by a schedule', async () => {
    const events = { often: { type: 'schedule', schedule: 'rate(10 minutes)' } }
    const view = await runWorkflow({ ...chain(PASS), events }, { traffic: {} })
    expect(view.ledger('machine')).toEqual({ entered: 5, succeeded: 5 })
    expect(view.ledger('machine.often')).toEqual({ entered: 5, handedOn: 5 })
  })

  it('by the code of a function', async () => {
    const functions = {
      process: { handler: { duration: '1s', calls: [{ stateMachine: 'machine', count: 3 }] } },
    }
    const view = await runWorkflow(chain(PASS), {
      functions,
      traffic: { start: { to: 'process' } },
    })
    expect(view.ledger('machine')).toEqual({ entered: 3, succeeded: 3 })
  })

  it('twice, of some asynchronous Express executions', async () => {
    const machine = { ...chain(WORK), type: 'EXPRESS', duplicateExecutions: '100%' }
    const view = await runWorkflow(machine)
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('machine.DuplicateExecutions.sum')).toBe(1)
    expect(view.value('process.Invocations.sum')).toBe(2)
  })
})

describe('a redrive', () => {
  it('starts what failed again, from the state that failed', async () => {
    const machine = chain(wait(1), { ...WORK, Resource: 'flaky' })
    const functions = { flaky: { handler: { duration: '100ms', errorRate: '100%' } } }
    const timeline = [
      { at: '10m', set: { 'functions.flaky.handler.errorRate': '0%' } },
      { at: '11m', redriveExecutions: 'machine' },
    ]
    const view = await runWorkflow(machine, { functions, timeline, ...many(3) })
    expect(view.ledger('machine')).toEqual({ entered: 3, succeeded: 3 })
    expect(view.value('machine.ExecutionsFailed.sum')).toBe(3)
    expect(view.value('machine.ExecutionsRedriven.sum')).toBe(3)
    // Two states, and the failed one once more.
    expect(view.value('machine.StateTransitions.sum')).toBe(9)
  })
})

describe('the history of a redriven execution', () => {
  // Four events for each item, and four more for the Map.
  const map = (items: number) => ({
    ...chain(
      { Type: 'Map', ItemProcessor: only({ Type: 'Pass', End: true }, 'Item') },
      { ...WORK, Resource: 'flaky' },
      { Type: 'Pass' },
    ),
    items: { S1: items },
  })
  const options = {
    functions: { flaky: { handler: { duration: '1s', errorRate: '100%' } } },
    timeline: [
      { at: '5m', redriveExecutions: 'machine' },
      { at: '10m', redriveExecutions: 'machine' },
      { at: '14m', set: { 'functions.flaky.handler.errorRate': '0%' } },
      { at: '15m', redriveExecutions: 'machine' },
    ],
  }

  it('goes on, so that it may come to its end by them', async () => {
    // One of the start, 24,984 of the Map and five of the task. A redrive adds one and the task's five,
    // and the second one fails by the 25,000.
    const view = await runWorkflow(map(6_245), options)
    expect(view.value('machine.ExecutionsRedriven.sum')).toBe(2)
    expect(view.ledger('machine')).toEqual({ entered: 1, failed: 1 })
    const shorter = await runWorkflow(map(6_240), options)
    expect(shorter.value('machine.ExecutionsRedriven.sum')).toBe(3)
    expect(shorter.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
  })
})

describe('a redrive of a Parallel or Map state', () => {
  const FLAKY = { Type: 'Task', Resource: 'flaky', End: true }
  const steady = (name: string) => only({ ...WORK, End: true }, name)
  const options = (others: object = {}) => ({
    functions: {
      flaky: { handler: { duration: '2s', errorRate: '100%' } },
      process: { handler: { duration: '1s' } },
    },
    timeline: [
      { at: '10m', set: { 'functions.flaky.handler.errorRate': '0%' } },
      { at: '11m', redriveExecutions: 'machine' },
    ],
    ...others,
  })

  it('runs the branches again that failed or were stopped, and no others', async () => {
    const Branches = [
      steady('A'),
      only(FLAKY, 'B'),
      only({ ...wait(60), End: true }, 'C'),
      steady('D'),
    ]
    const machine = chain({ Type: 'Parallel', Branches })
    const view = await runWorkflow(machine, options(many(3)))
    expect(view.ledger('machine')).toEqual({ entered: 3, succeeded: 3 })
    expect(view.value('process.Invocations.sum')).toBe(6)
    expect(view.value('flaky.Invocations.sum')).toBe(6)
    // Four branches and the state, and of these two branches and the state once more.
    expect(view.value('machine.StateTransitions.sum')).toBe(24)
  })

  it('runs the items again that are not done', async () => {
    const errors = { flaky: { handler: { duration: '2s', errorRate: '10%' } } }
    const inner = { ItemProcessor: only(FLAKY, 'Each'), MaxConcurrency: 1 }
    const machine = { ...chain({ Type: 'Map', ...inner }), items: { S1: 40 } }
    const view = await runWorkflow(machine, options({ functions: errors }))
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    // One item fails, and it alone runs a second time.
    expect(view.value('flaky.Errors.sum')).toBe(1)
    expect(view.value('flaky.Invocations.sum')).toBe(41)
  })

  it('starts those child executions again that failed or were never started', async () => {
    const errors = { flaky: { handler: { duration: '2s', errorRate: '20%' } } }
    const ItemProcessor = {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...only(FLAKY, 'Each'),
    }
    const inner = { ItemProcessor, MaxConcurrency: 1, ToleratedFailureCount: 3 }
    const machine = { ...chain({ Type: 'Map', ...inner }), items: { S1: 40 } }
    const view = await runWorkflow(machine, options({ functions: errors }))
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.ledger('machine.S1')).toEqual({ entered: 40, succeeded: 40 })
    expect(view.value('flaky.Errors.sum')).toBe(4)
    expect(view.value('flaky.Invocations.sum')).toBe(44)
  })

  it.each([
    // Two fail, and the last one is stopped.
    [5, 1, 5 + 3],
    // Of the first 31 there are 18 that succeed before the seventeenth failure, which is the 37th item.
    [40, 16, 40 + 22],
  ])('knows of the first 31 of %s different items which are done', async (count, most, calls) => {
    const inner = {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Which',
      States: {
        Which: {
          Type: 'Choice',
          Choices: [{ Variable: '$.n', NumericGreaterThan: 3, Next: 'Large' }],
          Default: 'Small',
        },
        Large: FLAKY,
        Small: FLAKY,
      },
    }
    const errors = { flaky: { handler: { duration: '2s', errorRate: '40%' } } }
    const input = Array.from({ length: count }, (_, n) => ({ n }))
    const map = { Type: 'Map', ItemProcessor: inner, ToleratedFailureCount: most }
    const view = await runWorkflow({ ...chain(map), input }, options({ functions: errors }))
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.ledger('machine.S1')).toEqual({ entered: count, succeeded: count })
    expect(view.value('flaky.Invocations.sum')).toBe(calls)
  })

  it('forgets what was done when a retrier begins the state anew', async () => {
    const Branches = [steady('A'), only(FLAKY, 'B')]
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }]
    const view = await runWorkflow(chain({ Type: 'Parallel', Branches, Retry }), options())
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
    // Both attempts before the redrive run the branch that succeeds.
    expect(view.value('process.Invocations.sum')).toBe(2)
    expect(view.value('flaky.Invocations.sum')).toBe(3)
  })
})

describe('a run', () => {
  const busy = () =>
    runWorkflow(
      {
        definition: 'map-legacy-iterator.asl.json',
        items: { ProcessAllItems: { uniform: { min: 1, max: 9 } } },
      },
      {
        functions: {
          process: { handler: { duration: { exponential: { mean: '1s' } }, errorRate: '10%' } },
        },
        ...many(50),
      },
    )

  it('has the same fingerprint each time', async () => {
    const [one, other] = [await busy(), await busy()]
    expect(one.output.fingerprint).toBe(other.output.fingerprint)
    expect(one.value('process.Invocations.sum')).toBeGreaterThan(100)
  })
})

describe('two variants', () => {
  it('meet the same executions: what one needs does not depend on what another met', async () => {
    const definition = chain(
      { ...WORK, Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 50 }] },
      { ...WORK, Resource: 'charge' },
    )
    const functionsOf = (limit: object) => ({
      process: { ...limit, timeout: '1m', handler: { duration: { exponential: { mean: '1s' } } } },
      charge: { timeout: '1m', handler: { duration: { exponential: { mean: '1s' } } } },
    })
    const durations = async (limit: object) => {
      const others = { functions: functionsOf(limit), ...many(50), drain: true }
      const view = await runWorkflow(definition, others)
      const sorted = view.attempts
        .filter(({ functionName }) => functionName === 'charge')
        .map(({ durationUs }) => durationUs)
      return sorted.sort((one, other) => Number(one) - Number(other))
    }
    const free = await durations({})
    const tight = await durations({ reservedConcurrentExecutions: 5 })
    expect(free).toHaveLength(50)
    expect(tight).toEqual(free)
  })
})
