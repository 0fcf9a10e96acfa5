/** AWS's worked examples of Step Functions (aws-facts, section 10), by their ids. */
import { describe, expect, it } from 'vitest'
import { workflowBill } from '../../src/model/workflow/billing.ts'
import { retryDelayUs } from '../../src/model/workflow/retry-delay.ts'
import { attemptTimes } from '../support/messaging.ts'
import { SECOND } from '../support/run.ts'
import { runWorkflow } from '../support/workflows.ts'

const FAILING = { functions: { flaky: { handler: { duration: '0s', errorRate: '100%' } } } }

function retried(retrier: object): object {
  return {
    definition: {
      StartAt: 'Call',
      States: {
        Call: {
          Type: 'Task',
          Resource: 'flaky',
          Retry: [{ ErrorEquals: ['States.ALL'], ...retrier }],
          End: true,
        },
      },
    },
  }
}

/** The waits between the attempts, s. */
async function waits(retrier: object, seed = 1): Promise<number[]> {
  const view = await runWorkflow(retried(retrier), FAILING, { seed })
  const times = attemptTimes(view, 'flaky')
  return times.slice(1).map((time, index) => (time - times[index]!) / SECOND)
}

describe('E38: retries of Step Functions', () => {
  const three = { IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 3 }

  it('waits 3, 6 and 12 s', async () => {
    expect(await waits(three)).toEqual([3, 6, 12])
  })

  it('waits 3, 5 and 5 s with MaxDelaySeconds 5', async () => {
    expect(await waits({ ...three, MaxDelaySeconds: 5 })).toEqual([3, 5, 5])
  })

  it('waits up to 2, 4 and 8 s with full jitter on an interval of 2', async () => {
    const jitter = { IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: 'FULL' }
    const runs = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => waits(jitter, seed)))
    for (const [retry, most] of [2, 4, 8].entries()) {
      const drawn = runs.map((each) => each[retry]!)
      expect(Math.max(...drawn)).toBeLessThan(most)
      // All eight in the lower half would come about once in 256 cases; the seeds are fixed.
      expect(Math.max(...drawn)).toBeGreaterThan(most / 2)
    }
    const retrier = {
      errorEquals: [],
      intervalUs: 2 * SECOND,
      maxAttempts: 3,
      backoffRate: 2,
      maxDelayUs: null,
      isJittered: true,
    }
    expect([1, 2, 3].map((retry) => retryDelayUs(retrier, retry, 0.5))).toEqual([
      SECOND,
      2 * SECOND,
      4 * SECOND,
    ])
  })

  it('waits 1, 2 and 4 s when nothing is said', async () => {
    expect(await waits({})).toEqual([1, 2, 4])
  })
})

describe('what the bill counts', () => {
  it('E65: 10 M Express executions of 800 ms with 512 MB are 1,111.11 GB-hours', () => {
    const meter = { billed: { transitions: 0, requests: 10_000_000, durationMs: 8e9 } } as never
    const [requests, duration] = workflowBill({ type: 'EXPRESS', memory: 512 })
    const run = { lengthUs: 0 }
    expect(requests!.amount({ meter }, run)).toBe(10_000_000)
    const megabyteHours = (duration!.amount({ meter }, run) * duration!.times!) / 3_600_000
    expect(megabyteHours / 1_024).toBeCloseTo(1_111.11, 2)
  })

  it('E68: transitions of a Standard workflow are counted with their retries', async () => {
    const view = await runWorkflow(retried({ MaxAttempts: 2 }), FAILING)
    expect(view.value('machine.StateTransitions.sum')).toBe(3)
  })
})
