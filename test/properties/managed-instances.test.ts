/** What holds of every function on managed instances, whatever comes to it and breaks on it. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { managed } from '../support/managed.ts'
import { type RunView, run } from '../support/run.ts'

const scenario = fc.record({
  duration: fc.constantFrom('10ms', '700ms', { exponential: { mean: '400ms' } }),
  cpuBound: fc.constantFrom(undefined, '5%', '60%'),
  timeout: fc.constantFrom('1s', '3s'),
  failures: fc.record({
    error: fc.constantFrom('0%', '10%'),
    crash: fc.constantFrom('0%', '3%'),
    timeout: fc.constantFrom('0%', '3%'),
    initError: fc.constantFrom('0%', '50%'),
  }),
  memorySize: fc.constantFrom(2_048, 3_072, 8_192),
  perExecutionEnvironmentMaxConcurrency: fc.integer({ min: 1, max: 12 }),
  minExecutionEnvironments: fc.integer({ min: 1, max: 4 }),
  maxExecutionEnvironments: fc.constantFrom(undefined, 4, 9),
  maxVCpuCount: fc.integer({ min: 16, max: 60 }),
  instanceLaunchTime: fc.constantFrom('0s', '7s'),
  scaleInDelay: fc.constantFrom('10s', '40s'),
  init: fc.constantFrom('0s', '1s', { exponential: { mean: '2s' } }),
  rate: fc.integer({ min: 1, max: 60 }),
  isRetried: fc.boolean(),
  deployment: fc.constantFrom(undefined, 'AllAtOnce', 'Linear10PercentEvery1Minute'),
  calls: fc.constantFrom([], [{ downstream: 'db', timeout: '500ms' }]),
})

type Drawn = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never

function textOf(drawn: Drawn): object {
  const { duration, cpuBound, failures, calls, maxVCpuCount } = drawn
  return managed({
    settings: {
      timeout: drawn.timeout,
      memorySize: drawn.memorySize,
      handler: { duration, cpuBound, failures, calls },
      coldStart: { init: drawn.init },
      // Only an alias can shift its traffic step by step.
      ...(drawn.deployment === 'AllAtOnce' ? {} : { provisionedConcurrentExecutions: 0 }),
    },
    use: { perExecutionEnvironmentMaxConcurrency: drawn.perExecutionEnvironmentMaxConcurrency },
    scaling: {
      minExecutionEnvironments: drawn.minExecutionEnvironments,
      maxExecutionEnvironments: drawn.maxExecutionEnvironments,
    },
    fleet: {
      instanceLaunchTime: drawn.instanceLaunchTime,
      scaleInDelay: drawn.scaleInDelay,
      capacityProviderScalingConfig: { maxVCpuCount },
    },
    traffic: {
      shop: {
        to: 'f',
        process: 'poisson',
        stages: [
          { for: '40s', rate: `${drawn.rate}/s` },
          { for: '40s', rate: `${drawn.rate * 3}/s` },
          { for: '70s', rate: '1/s' },
        ],
        ...(drawn.isRetried ? { client: { retry: { mode: 'standard' } } } : {}),
      },
    },
    more: {
      duration: '150s',
      timeline:
        drawn.deployment === undefined
          ? []
          : [{ at: '30s', deploy: 'f', strategy: drawn.deployment }],
      downstreams: {
        db: { type: 'queueing-service', servers: 20, service: { exponential: { mean: '300ms' } } },
      },
    },
  })
}

/** The most attempts that one environment had at once; a row says which it ran on and when. */
function mostOnOneEnvironment({ attempts }: RunView): number {
  // Nobody waits for an environment: an attempt is on it from its arrival to its end.
  const moments = attempts.flatMap(({ environment, arrivedUs, latencyUs }) =>
    environment < 0
      ? []
      : [
          { environment, atUs: arrivedUs, change: 1 },
          { environment, atUs: arrivedUs + latencyUs, change: -1 },
        ],
  )
  moments.sort((one, other) => one.atUs - other.atUs || one.change - other.change)
  const levels = new Map<number, number>()
  let most = 0
  for (const { environment, change } of moments) {
    const level = (levels.get(environment) ?? 0) + change
    levels.set(environment, level)
    most = Math.max(most, level)
  }
  return most
}

it('no environment has more requests than places, and every refusal is counted once', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (drawn) => {
      const view = await run(textOf(drawn))
      const { perExecutionEnvironmentMaxConcurrency: places, maxVCpuCount } = drawn
      const most = drawn.maxExecutionEnvironments ?? 1_000
      expect(mostOnOneEnvironment(view)).toBeLessThanOrEqual(places)
      const attempts = view.value('shop.Attempts.sum')
      const throttles = view.value('f.Throttles.sum')
      expect(view.value('f.Invocations.sum') + throttles).toBe(attempts)
      expect(view.value('f.ConcurrencyThrottles.sum') + view.value('f.CPUThrottles.sum')).toBe(
        throttles,
      )
      expect(view.value('f.ExecutionEnvironments.minimum')).toBeGreaterThanOrEqual(0)
      expect(view.value('f.ConcurrentExecutions.maximum')).toBeLessThanOrEqual(
        view.value('f.ExecutionEnvironments.maximum') * places,
      )
      expect(view.value('f.ConcurrencyUtilization.maximum')).toBeLessThanOrEqual(1)
      expect(view.value('fleet.ManagedInstances.maximum') * 4).toBeLessThanOrEqual(maxVCpuCount)
      // Those that crashed finish beside their replacements, and old versions beside new ones.
      const hasCrashes = drawn.failures.crash !== '0%'
      const [fewest, largest] = ['minimum', 'maximum'].map((statistic) =>
        view.value(`f.ExecutionEnvironments.${statistic}`),
      )
      if (!hasCrashes) expect(fewest).toBeGreaterThanOrEqual(drawn.minExecutionEnvironments)
      if (!hasCrashes && drawn.deployment === undefined) {
        expect(largest).toBeLessThanOrEqual(most)
      }
      expect(view.find('f.BilledDuration.sum')).toBe(0)
      expect(view.value('f.ColdStarts.sum')).toBe(0)
    }),
    { numRuns: 60 },
  )
})

it('does not depend on how the run is sliced', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.integer({ min: 1, max: 50 }), async (drawn, eventBudget) => {
      const text = textOf(drawn)
      const [whole, sliced] = [await run(text), await run(text, { eventBudget })]
      expect(sliced.output.summary).toEqual(whole.output.summary)
      expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
    }),
    { numRuns: 5 },
  )
})
