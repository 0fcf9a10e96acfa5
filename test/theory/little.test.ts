/**
 * Little's law, which holds for every single run: over a time in which the system begins and ends
 * empty, the integral of the number in it is the sum of the times spent in it (Little, 1961).
 */
import { describe, expect, it } from 'vitest'
import { replicate, run, SECOND } from '../support/run.ts'
import { Claims } from './interval.ts'
import { oneFunction } from './one-function.ts'

function busyFunction(service: object, drain: boolean, settings = {}): object {
  return oneFunction({
    durationSeconds: 500,
    drain,
    service,
    settings: {
      coldStart: { placement: '100ms', init: '400ms', firstInvocation: '50ms' },
      keepAlive: { policy: 'fixed', idleTimeout: '20s' },
      ...settings,
    },
    traffic: { rate: '50/s' },
  })
}

describe("Little's law", () => {
  it.each([
    ['with room', {}],
    ['with losses', { reservedConcurrentExecutions: 20 }],
  ])('holds exactly in a run that drains, %s', async (_, settings) => {
    const service = { gamma: { mean: '500ms', shape: 0.5 } }
    const scenario = busyFunction(service, true, settings)
    const view = await run(scenario, { seed: 1, rows: false })
    const count = view.value('callers.Succeeded.sum')
    const integralUs = view.value('f.ConcurrentExecutions.average') * view.output.simulatedUs
    const latencyUs = view.value('callers.ClientLatency.average') * 1000 * count
    expect(view.value('f.Errors.sum')).toBe(0)
    // A request's end, and the end of its init, are rounded to a microsecond: half of one each;
    // the mean latency carries 53 bits.
    const rounding = count + integralUs * 1e-12
    expect(Math.abs(integralUs - latencyUs)).toBeLessThanOrEqual(rounding)
  })

  it('holds up to the requests in flight in a run that does not drain', async () => {
    const view = await run(busyFunction({ uniform: { min: '0s', max: '3s' } }, false), {
      seed: 1,
    })
    const lengthUs = 500 * SECOND
    const integralUs = view.value('f.ConcurrentExecutions.average') * lengthUs
    let endedUs = 0
    for (const { latencyUs } of view.attempts) endedUs += latencyUs
    const unfinished = view.value('callers.Unfinished.sum')
    const excess = integralUs - endedUs
    const rounding = view.attempts.length + integralUs * 1e-12
    expect(unfinished).toBeGreaterThan(0)
    expect(excess).toBeGreaterThanOrEqual(-rounding)
    // None of them is older than a cold start and the longest handler time there can be: 3 s.
    expect(excess).toBeLessThanOrEqual(unfinished * (0.55 + 3) * SECOND + rounding)
  })

  it('E44: 0.9 requests a second of 1.991 s keep 1.792 environments busy', async () => {
    const scenario = oneFunction({
      durationSeconds: 8_000,
      service: { exponential: { mean: '1.991s' } },
      settings: { coldStart: { placement: '0s', init: '0s', firstInvocation: '253ms' } },
      traffic: { rate: '0.9/s' },
    })
    const busy = await replicate(scenario, 60, (view) =>
      view.value('f.ConcurrentExecutions.average'),
    )
    // Started empty, the run lacks the service that requests before it would have had: 0.9 x
    // E[S^2] / 2 = 3.57 s of it, 0.00045 over 8,000 s. The cold starts, 0.14 %, add 253 ms each.
    new Claims('Little').expectMean(busy, 1.792, { bias: 0.002 })
  })
})
