/** Executions of one state machine that differ by their input. */
import { describe, expect, it } from 'vitest'
import { runWorkflow } from '../../support/workflows.ts'

const DEFINITION = {
  StartAt: 'Size',
  States: {
    Size: {
      Type: 'Choice',
      Choices: [{ Variable: '$.size', NumericGreaterThan: 10, Next: 'Large' }],
      Default: 'Small',
    },
    Large: { Type: 'Wait', Seconds: 60, End: true },
    Small: { Type: 'Wait', SecondsPath: '$.size', End: true },
  },
}
const INPUTS = [
  { share: '25%', value: { size: 100 } },
  { share: '75%', value: { size: 2 } },
]
const many = { traffic: { start: { to: 'machine', stages: [{ for: '1000s', rate: '1/s' }] } } }

describe('several inputs', () => {
  it('spread over the executions by their shares, and data decides by each', async () => {
    const view = await runWorkflow({ definition: DEFINITION, inputs: INPUTS }, many)
    const average = view.value('machine.ExecutionTime.average')
    const large = (1_000 * (average - 2_000)) / 58_000
    expect(Number.isInteger(Math.round(1e6 * large) / 1e6)).toBe(true)
    // Binomial(1000, 1/4): four standard deviations are 55.
    expect(large).toBeGreaterThan(195)
    expect(large).toBeLessThan(305)
  })

  it('belong to the execution, whoever starts it', async () => {
    const machine = { type: 'EXPRESS', definition: DEFINITION, inputs: INPUTS }
    const plain = await runWorkflow(machine, many)
    const traffic = { start: { ...many.traffic.start, action: 'StartSyncExecution' } }
    const waiting = await runWorkflow(machine, { traffic })
    expect(waiting.value('machine.ExecutionTime.average')).toBe(
      plain.value('machine.ExecutionTime.average'),
    )
  })

  it('add up to all executions, and stand in place of the one', async () => {
    const half = runWorkflow({ definition: DEFINITION, inputs: INPUTS.slice(0, 1) })
    await expect(half).rejects.toThrow('the shares of the inputs add up to 100%')
    const both = runWorkflow({ definition: DEFINITION, input: {}, inputs: INPUTS })
    await expect(both).rejects.toThrow('a state machine has `input` or `inputs`')
  })
})
