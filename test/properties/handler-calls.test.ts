/** What holds of every run whose handlers make calls, whoever calls whom. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runReplication } from '../../src/experiment/replication.ts'
import type { HandlerCall } from '../../src/model/compiled-scenario.ts'
import {
  attemptsOf,
  type CallScenario,
  compileCalls,
  invoke,
  Probe,
  runCalls,
  send,
} from '../support/handler-calls.ts'

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
      for (const { name, handler, timeoutUs } of (await compileCalls(calling)).functions) {
        const rows = attemptsOf(view, name).filter(({ outcome }) => outcome !== 'throttled')
        for (const {
          callUs,
          durationUs,
          initUs,
          latencyUs,
          outcome,
          placementUs,
          reason,
        } of rows) {
          const parts = placementUs + initUs + durationUs + callUs
          expect(Math.abs(parts - latencyUs)).toBeLessThanOrEqual(2 ** -10)
          expect(durationUs + callUs).toBeLessThanOrEqual(timeoutUs + 2 ** -10)
          if (outcome === 'timedOut') expect(reason).toBe('timeout')
          if (handler.steps.length === 0) expect(callUs).toBe(0)
        }
        expect(view.value(`${name}.Errors.sum`)).toBe(
          rows.filter(({ outcome }) => outcome !== 'succeeded').length,
        )
      }
      const sliced = await runCalls(
        { ...calling, probes: [new Probe('queue')] },
        { eventBudget: 7 },
      )
      expect(sliced.attempts).toEqual(view.attempts)
      expect(sliced.output.fingerprint).toBe(view.output.fingerprint)
    }),
    { numRuns: 40 },
  )
})

it('balances wherever a run is interrupted', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.integer({ min: 1, max: 2_000 }), async (calling, events) => {
      const compiled = await compileCalls({ ...calling, probes: [new Probe('queue')] })
      const controller = new AbortController()
      const output = await runReplication(compiled, {
        replication: 0,
        files: { readText: neverRead, readChunks: neverRead },
        onMetrics: null,
        allStatistics: false,
        onAttempt: null,
        signal: controller.signal,
        onProgress: () => controller.abort(),
        snapshotAtUs: null,
        eventBudget: events,
      })
      expect(output.eventCount).toBeLessThanOrEqual(events)
    }),
    { numRuns: 40 },
  )
})

function neverRead(): never {
  throw new Error('there are no files')
}
