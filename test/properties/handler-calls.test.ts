/** What holds of every run whose handlers make calls, whoever calls whom. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { HandlerCall } from '../../src/model/compiled-scenario.ts'
import { type CallScenario, invoke, Probe, runCalls, send } from '../support/handler-calls.ts'
import { SECOND } from '../support/run.ts'

const NAMES = ['first', 'second', 'third'] as const

const call: fc.Arbitrary<HandlerCall> = fc
  .record({
    to: fc.constantFrom(...NAMES, 'queue'),
    count: fc.integer({ min: 1, max: 3 }),
    probability: fc.constantFrom(1, 0.5),
  })
  .map(({ to, ...options }) => (to === 'queue' ? send(to, options) : invoke(to, options)))

const lambda = fc.record({
  timeout: fc.constantFrom('1s', '3s', '10s'),
  mean: fc.constantFrom('1ms', '300ms', '1s'),
  errorRate: fc.constantFrom('0%', '10%'),
  reserved: fc.constantFrom(undefined, 3, 15),
  calls: fc.array(call, { maxLength: 3 }),
})

const scenario = fc
  .record({ first: lambda, second: lambda, third: lambda })
  .map((functions): Omit<CallScenario, 'probes'> => {
    const entries = Object.entries(functions).map(([name, options]) => [
      name,
      {
        runtime: 'nodejs22.x',
        timeout: options.timeout,
        handler: {
          duration: { exponential: { mean: options.mean } },
          errorRate: options.errorRate,
        },
        coldStart: { placement: '10ms', init: '100ms', firstInvocation: '5ms' },
        keepAlive: { policy: 'fixed', idleTimeout: '2s' },
        ...(options.reserved === undefined
          ? {}
          : { reservedConcurrentExecutions: options.reserved }),
      },
    ])
    return {
      plain: {
        name: 'calls',
        duration: '10s',
        account: { region: 'us-east-1', concurrentExecutions: 150 },
        functions: Object.fromEntries(entries),
        traffic: { web: { to: 'first', rate: '10/s' } },
      },
      calls: Object.fromEntries(
        Object.entries(functions).map(([name, { calls }]) => [name, calls]),
      ),
    }
  })

it('adds up times, keeps timeouts and limits, and cannot be seen to run in slices', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (calling) => {
      const queue = new Probe('queue')
      const view = await runCalls({ ...calling, probes: [queue] })
      expect(view.value('account.ConcurrentExecutions.maximum')).toBeLessThanOrEqual(150)
      for (const owner of view.simulation.functions) {
        const { name, settings } = owner
        const rows = view.of(name).filter(({ outcome }) => outcome !== 'throttled')
        for (const row of rows) {
          const { callUs, durationUs, initUs, latencyUs, outcome, placementUs, reason } = row
          const parts = placementUs + initUs + durationUs + callUs
          expect(Math.abs(parts - latencyUs)).toBeLessThanOrEqual(2 ** -10)
          expect(durationUs + callUs).toBeLessThanOrEqual(settings.timeoutUs + 2 ** -10)
          if (outcome === 'timedOut') expect(reason).toBe('timeout')
          if (settings.handler.calls.length === 0) expect(callUs).toBe(0)
        }
        expect(view.value(`${name}.Errors.sum`)).toBe(
          rows.filter(({ outcome }) => outcome !== 'succeeded').length,
        )
        // What is in flight at the end has started or still waits for its init.
        const waiting = view.simulation.environments.initialisingCount(owner.index)
        const started = view.value(`${name}.Invocations.sum`)
        expect(owner.inFlight + rows.length).toBe(started + waiting)
      }
      const sliced = await runCalls({ ...calling, probes: [new Probe('queue')], eventBudget: 7 })
      expect(sliced.attempts).toEqual(view.attempts)
    }),
    { numRuns: 40 },
  )
})

it('balances wherever a run is interrupted', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.integer({ min: 1, max: 2_000 }), async (calling, events) => {
      const view = await runCalls({ ...calling, probes: [new Probe('queue')], stopAfter: events })
      expect(view.simulation.simulator.nowUs).toBeLessThanOrEqual(10 * SECOND)
    }),
    { numRuns: 40 },
  )
})
