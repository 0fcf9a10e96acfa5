/** Quotas of callbacks, Map Runs and documents. */
import { describe, expect, it } from 'vitest'
import { runWorkflow } from '../../support/workflows.ts'

const only = (state: object, name = 'Only') => ({
  StartAt: name,
  States: { [name]: { ...state, End: true } },
})
const many = (count: number) => ({ traffic: { start: { to: 'machine', batch: count } } })

const CALLBACK = only({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl: 'callbacks', MessageBody: { 'token.$': '$$.Task.Token' } },
})

describe('callbacks', () => {
  const sendTask = { bucketSize: 30, refillRate: 5 }
  const account = { region: 'us-east-1', stepFunctions: { sendTask } }
  const machine = { definition: CALLBACK, durations: { Only: '60s' } }

  it('are taken at the rate of SendTaskSuccess, one after the other', async () => {
    const view = await runWorkflow(machine, { account, ...many(40) })
    expect(view.ledger('machine')).toEqual({ entered: 40, succeeded: 40 })
    expect(view.value('machine.SendTaskThrottled.sum')).toBe(10)
    // Thirty at once, then five a second.
    expect(view.value('machine.ExecutionTime.maximum')).toBe(62_000)
    expect(view.value('machine.ExecutionTime.p50')).toBe(60_000)
  })

  it('have quotas by Region', async () => {
    const large = await runWorkflow(machine, many(1_300))
    expect(large.value('machine.SendTaskThrottled.sum')).toBe(0)
    const uses = (view: typeof large) =>
      view.output.headroom.find(({ limit }) => limit === 'SendTask bucket')
    expect(uses(large)).toMatchObject({ used: 1_300, available: 3_000 })
    const small = await runWorkflow(machine, many(800), { set: ['account.region=eu-central-1'] })
    expect(uses(small)).toMatchObject({ used: 800, available: 1_500 })
  })

  it('that come too late have used up their tokens all the same', async () => {
    const late = { ...CALLBACK.States.Only!, TimeoutSeconds: 61 }
    const view = await runWorkflow(
      { definition: only(late), durations: { Only: '60s' } },
      { account, ...many(40) },
    )
    // The last five would have been taken after more than a second.
    expect(view.ledger('machine')).toEqual({ entered: 40, succeeded: 35, failed: 5 })
  })
})

describe('Map Runs', () => {
  const map = (executionType: string) =>
    only({
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: executionType },
        ...only({ Type: 'Wait', Seconds: 10 }, 'Inner'),
      },
    })

  it.each(['EXPRESS', 'STANDARD'])('of %s children wait while 1,000 are open', async (type) => {
    const machine = { definition: map(type), items: { Only: 2 } }
    const view = await runWorkflow(machine, many(1_001))
    expect(view.ledger('machine')).toEqual({ entered: 1_001, succeeded: 1_001 })
    expect(view.value('machine.ExecutionTime.p50')).toBeLessThan(11_000)
    expect(view.value('machine.ExecutionTime.maximum')).toBeGreaterThan(20_000)
    expect(view.output.headroom.find(({ limit }) => limit === 'open Map Runs')).toMatchObject({
      used: 1_000,
      available: 1_000,
    })
  })

  it('that are stopped while they wait take no place', async () => {
    const definition = { ...map('EXPRESS'), TimeoutSeconds: 9 }
    const view = await runWorkflow({ definition, items: { Only: 1 } }, many(1_200))
    expect(view.ledger('machine')).toEqual({ entered: 1_200, timedOut: 1_200 })
    expect(view.ledger('machine.Only')).toEqual({ entered: 1_200, dropped: 1_200 })
  })
})

describe('a document', () => {
  const half = 'x'.repeat(140_000)
  const work = (more: object) => ({
    StartAt: 'Work',
    States: {
      Work: { Type: 'Task', Resource: 'process', ResultPath: '$.result', Next: 'Done', ...more },
      Done: { Type: 'Succeed' },
      ...('Catch' in more ? { Mended: { Type: 'Succeed' } } : {}),
    },
  })
  const catching = (name: string) => ({
    Catch: [{ ErrorEquals: [name], Next: 'Mended', ResultPath: null }],
  })
  const given = { input: { half }, results: { Work: { half } } }

  it('of more than 256 KiB ends the execution, which only its own name catches', async () => {
    const outcome = async (more: object) =>
      (await runWorkflow({ definition: work(more), ...given })).ledger('machine')
    expect(await outcome({})).toEqual({ entered: 1, failed: 1 })
    expect(await outcome(catching('States.ALL'))).toEqual({ entered: 1, failed: 1 })
    expect(await outcome(catching('States.DataLimitExceeded'))).toEqual({
      entered: 1,
      succeeded: 1,
    })
    expect(await outcome({ ResultPath: '$' })).toEqual({ entered: 1, succeeded: 1 })
  })

  it('counts as UTF-8', async () => {
    const outcome = async (letter: string) => {
      const pass = only({ Type: 'Pass', Parameters: { 'a.$': '$.half', 'b.$': '$.half' } })
      const input = { half: letter.repeat(100_000) }
      return (await runWorkflow({ definition: pass, input })).ledger('machine')
    }
    expect(await outcome('x')).toEqual({ entered: 1, succeeded: 1 })
    expect(await outcome('\u00e9')).toEqual({ entered: 1, failed: 1 })
  })

  it('of that size is refused as an input, and as a message that starts an execution', async () => {
    const pass = only({ Type: 'Pass' })
    const large = runWorkflow({ definition: pass, input: { half, other: half } })
    await expect(large).rejects.toThrow('an input has at most 256 KiB as JSON')
    const sent = (payload: string) =>
      runWorkflow({ definition: pass }, { traffic: { start: { to: 'machine', payload } } })
    expect((await sent('262144B')).ledger('start')).toEqual({ entered: 1, handedOn: 1 })
    expect((await sent('262145B')).ledger('start')).toEqual({ entered: 1, rejected: 1 })
  })
})

describe('batches of a distributed Map', () => {
  it('hold what MaxInputBytesPerBatch allows of known items', async () => {
    const children = async (batcher: object) => {
      const definition = only({
        Type: 'Map',
        ItemBatcher: batcher,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          ...only({ Type: 'Pass' }, 'Inner'),
        },
      })
      // A hundred bytes each, with quotes and comma.
      const input = Array.from({ length: 50 }, () => 'x'.repeat(97))
      const view = await runWorkflow({ definition, input })
      return view.value('machine.ChildExecutionsStarted.sum')
    }
    expect(await children({ MaxInputBytesPerBatch: 1_000 })).toBe(6)
    expect(await children({ MaxInputBytesPerBatch: 1_000, MaxItemsPerBatch: 5 })).toBe(10)
    expect(await children({ MaxItemsPerBatch: 25 })).toBe(2)
  })
})

describe('a distributed Map that reads a file', () => {
  it('stops at MaxItems', async () => {
    const items = async (others: object, input?: object) => {
      const definition = only({
        Type: 'Map',
        ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: others },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          ...only({ Type: 'Pass' }, 'Inner'),
        },
      })
      const view = await runWorkflow({ definition, input, items: { Only: 40 } })
      return view.ledger('machine.Only')
    }
    expect(await items({ InputType: 'CSV' })).toEqual({ entered: 40, succeeded: 40 })
    expect(await items({ MaxItems: 15 })).toEqual({ entered: 15, succeeded: 15 })
    expect(await items({ MaxItemsPath: '$.most' }, { most: 7 })).toMatchObject({ entered: 7 })
  })
})
