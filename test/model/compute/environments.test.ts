import { describe, expect, it } from 'vitest'
import type { CompiledScenario } from '../../../src/model/compiled-scenario.ts'
import type { KeepAlivePolicy } from '../../../src/model/compute/keep-alive/policy.ts'
import { at, lambda, runExact, stateOf, times } from '../../support/exact.ts'
import type { RunView } from '../../support/run.ts'

/** Start and environment of each attempt, in the order of arrival. */
function path(view: RunView): string[] {
  return [...view.attempts]
    .sort((one, other) => one.arrivedUs - other.arrivedUs)
    .map(({ start, environment }) => `${start} ${environment}`)
}

function withKeepAlive(policy: KeepAlivePolicy) {
  return (compiled: CompiledScenario): CompiledScenario => ({
    ...compiled,
    functions: compiled.functions.map((settings) => ({
      ...settings,
      keepAlive: { create: () => policy, description: 'for a test' },
    })),
  })
}

describe('a cold start', () => {
  const coldStart = { placement: '100ms', init: '400ms', firstInvocation: '30ms' }
  const functions = { f: lambda({ coldStart, handler: { duration: '50ms' } }) }

  it('has four parts: placement, init, the first invocation, and none of them later', async () => {
    const view = await runExact({ functions, traffic: { p: at('f', 1, 2) } })
    const parts = view.attempts.map((row) => [
      row.start,
      row.waitUs,
      row.placementUs,
      row.initUs,
      row.durationUs,
      row.latencyUs,
    ])
    expect(parts).toEqual([
      ['cold', 0, 100_000, 400_000, 80_000, 580_000],
      ['warm', 0, 0, 0, 50_000, 50_000],
    ])
  })

  it('is reported apart, and not part of Duration', async () => {
    const view = await runExact({ functions, traffic: { p: at('f', 1, 2) } })
    expect(view.value('f.PlacementDuration.maximum')).toBe(100)
    expect(view.value('f.InitDuration.maximum')).toBe(400)
    expect(view.value('f.Duration.maximum')).toBe(80)
    expect(view.value('f.Duration.minimum')).toBe(50)
    expect(view.value('p.ClientLatency.maximum')).toBe(580)
    expect(view.value('f.ColdStarts.sum')).toBe(1)
    expect(view.value('f.ColdStarts.share')).toBe(0.5)
  })

  it('counts as concurrency of the request that waits for it', async () => {
    const parts = { functions, traffic: { p: at('f', 1) } }
    const during = (await stateOf(parts, 1.2)).functions[0]!
    expect([during.inFlight, during.waitingForInit, during.environments]).toEqual([1, 1, 1])
    const after = (await stateOf(parts, 1.55)).functions[0]!
    expect([after.inFlight, after.waitingForInit, after.environments]).toEqual([1, 0, 1])
  })

  it('keeps fractions of microseconds: only instants are rounded, never durations', async () => {
    const view = await runExact({
      functions: { f: lambda({ coldStart: { ...coldStart, init: '0.4us' } }) },
      traffic: { p: at('f', 1) },
    })
    expect(view.attempts[0]!.initUs).toBe(0.4)
    expect(view.attempts[0]!.latencyUs).toBe(1_130_000.4)
  })
})

describe('an init of more than ten seconds', () => {
  const slow = (timeout: string, init = '12s') => ({
    functions: {
      f: lambda({
        timeout,
        coldStart: { placement: '100ms', init, firstInvocation: '30ms' },
        handler: { duration: '50ms' },
      }),
    },
    traffic: { p: at('f', 1, 40) },
  })

  it('is abandoned and run again within the first invocation', async () => {
    const view = await runExact(slow('20s'))
    expect(
      view.attempts.map(({ initUs, durationUs, outcome }) => [initUs, durationUs, outcome]),
    ).toEqual([
      [10_000_000, 12_080_000, 'succeeded'],
      [0, 50_000, 'succeeded'],
    ])
    // No InitDuration: the abandoned init was never completed outside the invocation.
    expect(view.find('f.InitDuration.average')).toBeUndefined()
    expect(view.value('f.ColdStarts.sum')).toBe(1)
  })

  it('times out, invocation after invocation, where the function timeout is too short for it', async () => {
    const view = await runExact(slow('12s'))
    expect(
      view.attempts.map(({ start, durationUs, outcome }) => [start, durationUs, outcome]),
    ).toEqual([
      ['cold', 12_000_000, 'timedOut'],
      ['warm', 12_000_000, 'timedOut'],
    ])
  })

  it('is none at exactly ten seconds', async () => {
    const view = await runExact(slow('3s', '10s'))
    expect(view.attempts[0]!.durationUs).toBe(80_000)
    expect(view.value('f.InitDuration.maximum')).toBe(10_000)
  })

  it('bills the abandoned init as well', async () => {
    const view = await runExact(slow('20s'))
    expect(view.value('f.BilledDuration.sum')).toBe(10_000 + 12_080 + 50)
  })
})

describe('an idle environment', () => {
  const keepAlive = { policy: 'fixed', idleTimeout: '10s' }
  const functions = { f: lambda({ keepAlive }) }

  it('serves up to the microsecond before its idle timeout, and not at it', async () => {
    // Busy until 2 s, so idle until 12 s; then busy until 12.999999 s and idle until 22.999999 s.
    expect(
      path(await runExact({ functions, traffic: { p: at('f', 1, 11.999999, 22.999999) } })),
    ).toEqual(['cold 0', 'warm 0', 'cold 1'])
    expect(path(await runExact({ functions, traffic: { p: at('f', 1, 12) } }))).toEqual([
      'cold 0',
      'cold 1',
    ])
  })

  it('is retired at its idle timeout, whether or not a request comes', async () => {
    const parts = { functions, traffic: { p: at('f', 1) } }
    const sizes = [12, 12.000001].map(async (seconds) => {
      const state = await stateOf(parts, seconds)
      return state.functions[0]!.environments
    })
    expect(await Promise.all(sizes)).toEqual([1, 0])
  })

  it('has a fresh idle timeout after every use', async () => {
    const view = await runExact({ functions, traffic: { p: at('f', 1, 9, 18, 27, 36, 45) } })
    expect(view.value('f.ColdStarts.sum')).toBe(1)
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(1)
  })
})

describe('the lifetime of an environment', () => {
  const functions = {
    f: lambda({ keepAlive: { policy: 'fixed', idleTimeout: '1h', lifetime: '20s' } }),
  }

  it('ends an idle environment at its end, the request of that instant finds it gone', async () => {
    expect(path(await runExact({ functions, traffic: { p: at('f', 1, 10, 20.999999) } }))).toEqual([
      'cold 0',
      'warm 0',
      'warm 0',
    ])
    expect(path(await runExact({ functions, traffic: { p: at('f', 1, 10, 21) } }))).toEqual([
      'cold 0',
      'warm 0',
      'cold 1',
    ])
  })

  it('waits for a busy environment to end its invocation', async () => {
    const parts = { functions, traffic: { p: at('f', 1, 20.5, 21.5) } }
    expect(path(await runExact(parts))).toEqual(['cold 0', 'warm 0', 'cold 1'])
    expect((await stateOf(parts, 21.4)).functions[0]!.environments).toBe(1)
  })

  it('is followed at once by a replacement where the policy says so', async () => {
    const policy: KeepAlivePolicy = {
      admit: () => ({
        idleTimeoutUs: Number.POSITIVE_INFINITY,
        lifetimeUs: 20_000_000,
        replacedAhead: true,
      }),
    }
    const view = await runExact(
      { functions, traffic: { p: at('f', 1, 21, 22.5) } },
      { adjust: withKeepAlive(policy) },
    )
    expect(path(view)).toEqual(['cold 0', 'warm 1', 'warm 1'])
    expect(view.value('f.ColdStarts.sum')).toBe(1)
  })
})

describe('a policy that retires a whole function', () => {
  it('does so when nothing has been in flight for its time, and starts anew with each use', async () => {
    const policy: KeepAlivePolicy = {
      admit: () => ({
        idleTimeoutUs: Number.POSITIVE_INFINITY,
        lifetimeUs: Number.POSITIVE_INFINITY,
        replacedAhead: false,
      }),
      wholeFunctionIdleUs: () => 10_000_000,
    }
    // Busy until 2 s; used again at 11 s, until 12 s; retired at 22 s.
    const parts = {
      functions: { f: lambda() },
      traffic: { p: at('f', times(3, 1), 11, times(2, 22)) },
    }
    const view = await runExact(parts, { adjust: withKeepAlive(policy) })
    expect(view.countAttempts(({ start }) => start)).toEqual({ cold: 5, warm: 1 })
    const earlier = { ...parts, traffic: { p: at('f', times(3, 1), 11, times(2, 21.999999)) } }
    const kept = await runExact(earlier, { adjust: withKeepAlive(policy) })
    expect(kept.countAttempts(({ start }) => start)).toEqual({ cold: 3, warm: 3 })
  })
})

describe('a policy that retires a whole function that has provisioned concurrency', () => {
  it('leaves that alone', async () => {
    const policy: KeepAlivePolicy = {
      admit: () => ({
        idleTimeoutUs: Number.POSITIVE_INFINITY,
        lifetimeUs: Number.POSITIVE_INFINITY,
        replacedAhead: false,
      }),
      wholeFunctionIdleUs: () => 5_000_000,
    }
    const view = await runExact(
      {
        functions: { f: lambda({ provisionedConcurrentExecutions: 2 }) },
        traffic: { p: at('f', times(3, 1), times(3, 30)) },
      },
      { adjust: withKeepAlive(policy) },
    )
    expect(view.countAttempts(({ start }) => start)).toEqual({
      provisioned: 4,
      'spilled-cold': 2,
    })
  })
})

describe('environments that are there from the start', () => {
  it('serve warm, their first requests with the first-invocation time', async () => {
    const view = await runExact({
      functions: {
        f: lambda({ coldStart: { placement: '100ms', init: '400ms', firstInvocation: '30ms' } }),
      },
      initial: { functions: { f: { environments: 2 } } },
      traffic: { p: at('f', times(3, 1)) },
    })
    expect(view.countAttempts(({ start, durationUs }) => `${start} ${durationUs}`)).toEqual({
      'warm 1030000': 2,
      'cold 1030000': 1,
    })
    expect(view.value('f.ExecutionEnvironments.minimum')).toBe(2)
    expect(view.value('f.ColdStarts.sum')).toBe(1)
  })

  it('belong to what the bare name means and take nothing from the scaling rate', async () => {
    const view = await runExact({
      account: { region: 'us-east-1', concurrentExecutions: 5_000 },
      functions: { f: lambda({ aliases: { live: { functionVersion: '7' } } }) },
      initial: { functions: { f: { environments: 500 } } },
      traffic: { p: at('f', times(1_600, 1)), q: at('f:live', 30) },
    })
    expect(view.throttles()).toEqual({ 'f scaling-rate': 100 })
    expect(view.attempts.find(({ producer }) => producer === 'q')!.start).toBe('cold')
  })
})
