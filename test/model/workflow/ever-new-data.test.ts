/** Loops whose data is another one in each round, and results of functions. */
import { describe, expect, it, test } from 'vitest'
import { canonical, opened, UNKNOWN } from '../../../src/scenario/workflow/known.ts'
import { common } from '../../../src/scenario/workflow/widening.ts'
import { runWorkflow } from '../../support/workflows.ts'

const INVOKE = 'arn:aws:states:::lambda:invoke'
const loop = (choices: object[], seconds: unknown) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Init',
  States: {
    Init: { Type: 'Pass', Assign: { tries: 0, fixed: 7 }, Next: 'Try' },
    Try: {
      Type: 'Task',
      Resource: INVOKE,
      Arguments: { FunctionName: 'process' },
      Assign: { status: '{% $states.result.Payload.status %}', tries: '{% $tries + 1 %}' },
      Next: 'Done?',
    },
    'Done?': { Type: 'Choice', Choices: choices, Default: 'Done' },
    Pause: { Type: 'Wait', Seconds: seconds, Next: 'Try' },
    Done: { Type: 'Pass', End: true },
  },
})
const ROUND = { Condition: "{% $status = 'open' and $tries < 3 %}", Next: 'Pause' }

describe('a loop that counts', () => {
  const choices = { 'Done?': { Pause: '50%' } }

  it('runs where the scenario states how often it goes round', async () => {
    const machine = { definition: loop([ROUND], '{% $fixed %}'), choices }
    const view = await runWorkflow(machine, { traffic: { start: { to: 'machine', batch: 400 } } })
    expect(view.ledger('machine')).toEqual({ entered: 400, succeeded: 400 })
    const rounds = view.value('process.Invocations.sum') as number
    // On average two, with a variance of two: four standard errors.
    expect(Math.abs(rounds / 400 - 2)).toBeLessThan(4 * Math.sqrt(2 / 400))
    // What no round changes is known: pauses of 7s.
    expect((view.value('machine.ExecutionTime.maximum') as number) % 7_100).toBe(100)
  })

  it('is asked for what depends on the count, and for no other thing', async () => {
    const machine = { definition: loop([ROUND], '{% $power(2, $tries) %}'), choices }
    await expect(runWorkflow(machine)).rejects.toThrow(
      'how long `Pause` waits depends on data that is not known',
    )
    const view = await runWorkflow({ ...machine, durations: { Pause: '1s' } })
    expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
  })
})

describe('what two documents have in common', () => {
  test.each([
    [
      { a: 1, b: 2 },
      { a: 1, b: 3 },
      { a: 1, b: UNKNOWN },
    ],
    [{ a: 1, b: 2 }, { a: 1 }, opened({ a: 1 })],
    [opened({ a: 1 }), { a: 1 }, opened({ a: 1 })],
    [opened({ a: 1 }), opened({ a: 1 }), opened({ a: 1 })],
    [
      [1, { x: 2 }],
      [1, { x: 3 }],
      [1, { x: UNKNOWN }],
    ],
    [[1], [1, 2], UNKNOWN],
    [[1], { a: 1 }, UNKNOWN],
    [null, 0, UNKNOWN],
  ])('%j and %j', (one, other, both) => {
    expect(canonical(common(one, other))).toBe(canonical(both))
    expect(canonical(common(other, one))).toBe(canonical(both))
  })
})

describe('the result of lambda:invoke', () => {
  test.each([[{ Payload: { status: 'paid' } }], [{ status: 'paid' }]])(
    'may be stated as %j',
    async (result) => {
      const definition = loop([{ Condition: "{% $status = 'open' %}", Next: 'Pause' }], 1)
      const view = await runWorkflow({ definition, results: { Try: result } })
      expect(view.ledger('machine')).toEqual({ entered: 1, succeeded: 1 })
      expect(view.value('process.Invocations.sum')).toBe(1)
    },
  )
})
