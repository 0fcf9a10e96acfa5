/** Times and exceptions that the scenario states of tasks for which they do not hold. */
import { expect, it, test } from 'vitest'
import { runWorkflow } from '../support/workflows.ts'

const only = (Resource: string, Parameters: object = {}) => ({
  StartAt: 'Only',
  States: { Only: { Type: 'Task', Resource, Parameters, End: true } },
})
const FUNCTION = only('process')
const HTTP = only('arn:aws:states:::http:invoke')
const CALLBACK = only('arn:aws:states:::lambda:invoke.waitForTaskToken', {
  FunctionName: 'process',
})
const AWAITED = only('arn:aws:states:::states:startExecution.sync:2', {
  StateMachineArn: 'child',
})
const child = { definition: { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } } }
const others = { stateMachines: { child } }

test.each([
  [
    FUNCTION,
    { durations: { Only: '5s' } },
    '`Only` takes as long as the function process that it calls, whatever is stated here',
  ],
  [
    AWAITED,
    { durations: { Only: '5s' } },
    '`Only` takes as long as the execution of child that it waits for, whatever is stated here',
  ],
  [
    HTTP,
    { durations: { Only: '5s' }, errors: { Only: 'Oops' } },
    '`Only` calls no function that throws exceptions',
  ],
])('are a fault: %j with %j', async (definition, stated, message) => {
  await expect(runWorkflow({ definition, ...stated }, others)).rejects.toThrow(message)
})

it('are none where the task waits for more than its call, or calls a function', async () => {
  const stated = { durations: { Only: '5s' }, errors: { Only: 'Oops' } }
  const view = await runWorkflow({ definition: CALLBACK, ...stated }, others)
  expect(view.value('machine.ExecutionTime.maximum')).toBe(5_100)
})
