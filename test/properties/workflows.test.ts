/**
 * State machines of any shape: nothing is lost, nothing goes on after its end, and what happens
 * depends neither on how the run is cut into slices nor on what else is in the definition.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runWorkflow } from '../support/workflows.ts'

type State = Record<string, unknown>

/** A state without its name and its way on; `inner` are flows that it may hold. */
type Shape =
  | { readonly kind: 'pass' | 'fail' | 'call' | 'send' | 'nested' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'choice'; readonly share: number }
  | { readonly kind: 'parallel'; readonly flows: readonly Flow[] }
  | {
      readonly kind: 'map'
      readonly flow: Flow
      readonly items: number
      readonly mode: 'INLINE' | 'STANDARD' | 'EXPRESS'
      readonly most: number
      readonly tolerated: number
    }

interface Step {
  readonly shape: Shape
  readonly retries: number
  readonly isCaught: boolean
  readonly timeout: number
}

type Flow = readonly Step[]

const { flow } = fc.letrec<{ flow: Flow; step: Step; shape: Shape }>((tie) => ({
  flow: fc.array(tie('step'), { minLength: 1, maxLength: 4 }),
  step: fc.record({
    shape: tie('shape'),
    retries: fc.integer({ min: 0, max: 2 }),
    isCaught: fc.boolean(),
    timeout: fc.integer({ min: 0, max: 3 }),
  }),
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('pass', 'fail', 'call', 'send', 'nested') }),
    fc.record({ kind: fc.constant('wait'), seconds: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('choice'), share: fc.integer({ min: 0, max: 100 }) }),
    fc.record({
      kind: fc.constant('parallel'),
      flows: fc.array(tie('flow'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('map'),
      flow: tie('flow'),
      items: fc.integer({ min: 0, max: 60 }),
      mode: fc.constantFrom('INLINE', 'STANDARD', 'EXPRESS'),
      most: fc.integer({ min: 0, max: 5 }),
      tolerated: fc.integer({ min: 0, max: 40 }),
    }),
  ) as fc.Arbitrary<Shape>,
}))

/** Writes a flow in Amazon States Language, and collects what the scenario says beside it. */
class Writer {
  readonly choices: Record<string, object> = {}
  readonly items: Record<string, number> = {}
  private count = 0

  write(steps: Flow): object {
    const names = steps.map(() => `S${++this.count}`)
    const end = `E${++this.count}`
    const states: Record<string, State> = { [end]: { Type: 'Succeed' } }
    for (const [index, step] of steps.entries()) {
      states[names[index]!] = this.state(names[index]!, step, names[index + 1] ?? end, end)
    }
    return { StartAt: names[0], States: reachedFrom(names[0]!, states) }
  }

  private state(name: string, { shape, ...step }: Step, next: string, end: string): State {
    const all = ['States.ALL']
    const handling: State = { Next: next }
    if (step.retries > 0) {
      handling.Retry = [{ ErrorEquals: all, MaxAttempts: step.retries, JitterStrategy: 'FULL' }]
    }
    if (step.isCaught) handling.Catch = [{ ErrorEquals: all, Next: end }]
    const task = (action: string, argument: object): State => ({
      Type: 'Task',
      Resource: `arn:aws:states:::${action}`,
      Parameters: argument,
      ...handling,
      ...(step.timeout > 0 ? { TimeoutSeconds: step.timeout } : {}),
    })
    switch (shape.kind) {
      case 'pass':
        return { Type: 'Pass', Next: next }
      case 'fail':
        return { Type: 'Fail', Error: 'Bad' }
      case 'wait':
        return { Type: 'Wait', Seconds: shape.seconds, Next: next }
      case 'call':
        return task('lambda:invoke', { FunctionName: 'flaky' })
      case 'send':
        return task('sqs:sendMessage', { QueueUrl: 'callbacks' })
      case 'nested':
        return task('states:startExecution.sync', { StateMachineArn: 'child' })
      case 'choice':
        this.choices[name] = { [end]: `${shape.share}%` }
        return {
          Type: 'Choice',
          Choices: [{ Variable: '$.x', IsNull: true, Next: end }],
          Default: next,
        }
      case 'parallel':
        return {
          Type: 'Parallel',
          Branches: shape.flows.map((inner) => this.write(inner)),
          ...handling,
        }
      case 'map': {
        this.items[name] = shape.items
        const isInline = shape.mode === 'INLINE'
        const config = isInline ? {} : { Mode: 'DISTRIBUTED', ExecutionType: shape.mode }
        return {
          Type: 'Map',
          MaxConcurrency: shape.most,
          ...(isInline ? {} : { ToleratedFailureCount: shape.tolerated }),
          ItemProcessor: { ProcessorConfig: config, ...this.write(shape.flow) },
          ...handling,
        }
      }
    }
  }
}

/** Without the states that nothing leads to, such as those after a Fail. */
function reachedFrom(start: string, states: Record<string, State>): Record<string, State> {
  const reached = new Set([start])
  for (const name of reached) {
    const { Next: next, Default: other, Catch: caught = [], Choices: rules = [] } = states[name]!
    const listed = [...(caught as State[]), ...(rules as State[])].map(({ Next: target }) => target)
    for (const target of [next, other, ...listed]) {
      if (typeof target === 'string') reached.add(target)
    }
  }
  return Object.fromEntries([...reached].map((name) => [name, states[name]!]))
}

const CHILD = {
  definition: {
    StartAt: 'Nap',
    States: {
      Nap: { Type: 'Wait', Seconds: 2, Next: 'Work' },
      Work: { Type: 'Task', Resource: 'flaky', End: true },
    },
  },
}

function runOf(steps: Flow, type: string, eventBudget?: number) {
  const writer = new Writer()
  const definition = writer.write(steps)
  const machine = {
    type,
    definition: type === 'STANDARD' ? definition : withoutStandard(definition),
    choices: ofStatesIn(definition, writer.choices),
    items: ofStatesIn(definition, writer.items),
  }
  const others = {
    stateMachines: { child: CHILD },
    functions: {
      flaky: {
        reservedConcurrentExecutions: 8,
        timeout: '4s',
        handler: { duration: { exponential: { mean: '1s' } }, errorRate: '15%' },
      },
    },
    traffic: { start: { to: 'machine', batch: 4, stages: [{ for: '4s', rate: '1/s' }] } },
    duration: '1m',
    drain: true,
    timeline:
      type === 'STANDARD' ? ['20s', '50s'].map((at) => ({ at, redriveExecutions: 'machine' })) : [],
    account: {
      region: 'us-east-1',
      stepFunctions: { stateTransition: { bucketSize: 20, refillRate: 50 } },
    },
  }
  const options = eventBudget === undefined ? {} : { eventBudget }
  return runWorkflow(machine, others, { rows: false, ...options })
}

/** What is said of states that are reached. */
function ofStatesIn<Value>(definition: object, said: Record<string, Value>): Record<string, Value> {
  const text = JSON.stringify(definition)
  return Object.fromEntries(Object.entries(said).filter(([name]) => text.includes(`"${name}":{`)))
}

/** What only Standard workflows may have, as Express workflows may have it. */
function withoutStandard(definition: object): object {
  return JSON.parse(
    JSON.stringify(definition)
      .replaceAll('startExecution.sync', 'startExecution')
      .replaceAll(/"ToleratedFailureCount":\d+,/g, '')
      .replaceAll(/"Mode":"DISTRIBUTED","ExecutionType":"\w+"/g, ''),
  )
}

test('what enters a state machine ends once, and nothing is left when all have ended', async () => {
  await fc.assert(
    fc.asyncProperty(flow, fc.constantFrom('STANDARD', 'EXPRESS'), async (steps, type) => {
      // The books of every place are checked at the end of each run.
      const { output } = await runOf(steps, type)
      const left = output.ledger.filter(({ outcome }) => outcome === 'inFlight')
      expect(left).toEqual([])
      expect(output.ledger.filter(({ count }) => count < 0)).toEqual([])
      const own = output.ledger.filter(({ name }) => name === 'machine')
      const entered = own.find(({ outcome }) => outcome === 'entered')!.count
      const ended = own.filter(({ outcome }) => outcome !== 'entered')
      expect(ended.reduce((sum, { count }) => sum + count, 0)).toBe(entered)
      expect(entered).toBe(16)
    }),
    { numRuns: 60 },
  )
})

test('slices of the run change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(flow, fc.integer({ min: 1, max: 50 }), async (steps, eventBudget) => {
      const whole = await runOf(steps, 'STANDARD')
      const sliced = await runOf(steps, 'STANDARD', eventBudget)
      expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
      expect(sliced.output.summary).toEqual(whole.output.summary)
    }),
    { numRuns: 15 },
  )
})
