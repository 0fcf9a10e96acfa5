/**
 * Provisioned environments that are all busy let requests spill over to on-demand ones. To the
 * provisioned ones, spilled requests are lost ones: M/G/c/c.
 */
import { expect, it } from 'vitest'
import { erlangB } from '../../src/stats/queueing-theory.ts'
import { replicate } from '../support/run.ts'
import { Claims, RARE_PRECISION } from './interval.ts'
import { CONSTANT, EXPONENTIAL, oneFunction } from './one-function.ts'

const claims = new Claims('provisioned concurrency')

const PROVISIONED = 20
const LOAD = 18

/** Provisioned environments are there from the start; the warm-up is 50 services long. */
function scenarioOf(service: string | object): object {
  return oneFunction({
    durationSeconds: 1_550,
    warmUpSeconds: 50,
    service,
    settings: { provisionedConcurrentExecutions: PROVISIONED },
    traffic: { rate: `${LOAD}/s` },
  })
}

it.each([
  ['exponential', EXPONENTIAL],
  ['constant', CONSTANT],
])(
  'requests spill over as Erlang B of the provisioned count says: %s service',
  async (_, service) => {
    const runs = await replicate(scenarioOf(service), 30, (view) => {
      const busy = view.value('f.ProvisionedConcurrentExecutions.average')
      return {
        spilled:
          view.value('f.ProvisionedConcurrencySpilloverInvocations.sum') /
          view.value('f.Invocations.sum'),
        utilization: view.value('f.ProvisionedConcurrencyUtilization.average'),
        onDemand: view.value('f.ConcurrentExecutions.average') - busy,
        throttles: view.value('f.Throttles.sum'),
      }
    })
    const spilled = erlangB(PROVISIONED, LOAD)
    const expectMean = (read: (run: (typeof runs)[number]) => number, known: number): void =>
      claims.expectMean(runs.map(read), known, { precision: RARE_PRECISION })
    expectMean((run) => run.spilled, spilled)
    expectMean((run) => run.onDemand, LOAD * spilled)
    claims.expectMean(
      runs.map(({ utilization }) => utilization),
      (LOAD * (1 - spilled)) / PROVISIONED,
    )
    for (const { throttles } of runs) expect(throttles).toBe(0)
  },
)
