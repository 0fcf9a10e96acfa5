/** Functions on managed instances: places, scaling, what breaks, and what is paid. */
import { describe, expect, it } from 'vitest'
import { Places } from '../../../src/model/compute/managed-instances/places.ts'
import {
  ScaleIn,
  wantedEnvironments,
} from '../../../src/model/compute/managed-instances/scaling.ts'
import { at, lambda, runExact, stateOf, times } from '../../support/exact.ts'
import { type Managed, managed } from '../../support/managed.ts'
import { compileText, run } from '../../support/run.ts'

const MINIMUM_OF_ONE = { minExecutionEnvironments: 1, maxExecutionEnvironments: 1 }
const ONE_PLACE = { perExecutionEnvironmentMaxConcurrency: 1 }

/** What became of the requests at these times, in their order. */
async function fates(
  moments: readonly (number | string)[],
  scenario: Managed,
): Promise<readonly string[]> {
  const view = await runExact(managed({ ...scenario, traffic: { shop: at('f', ...moments) } }))
  return view.attempts
    .toSorted((one, other) => one.request - other.request)
    .map(({ outcome }) => outcome)
}

describe('admission', () => {
  it('takes as many at once as three environments have places, and refuses the next at once', async () => {
    const view = await runExact(managed({ traffic: { shop: at('f', times(7, 1)) } }))
    expect(view.throttles()).toEqual({ 'f managed-concurrency': 1 })
    expect(view.value('f.ConcurrencyThrottles.sum')).toBe(1)
    expect(view.value('f.CPUThrottles.sum')).toBe(0)
    expect(view.value('f.ConcurrencyUtilization.maximum')).toBe(1)
    expect(view.value('f.ColdStarts.sum')).toBe(0)
    expect(view.value('shop.ClientLatency.maximum')).toBe(1_000)
    expect(view.ledger('shop')).toEqual({ entered: 7, succeeded: 6, throttled: 1 })
  })

  it('refuses for the CPU where vCPUs have no time for as many requests as there are places', async () => {
    const handler = { duration: '1s', cpuBound: '40%' }
    const use = { perExecutionEnvironmentMaxConcurrency: 20 }
    const traffic = { shop: at('f', times(8, 1)) }
    const view = await runExact(managed({ settings: { handler }, use, traffic }))
    // 1 vCPU has time for 2 requests at 40%.
    expect(view.throttles()).toEqual({ 'f managed-cpu': 2 })
    expect(view.value('f.CPUThrottles.sum')).toBe(2)
    expect(view.value('f.ConcurrencyThrottles.sum')).toBe(0)
    expect(view.value('fleet.CPUUtilization.maximum')).toBeCloseTo((6 * 0.4) / 12, 12)
  })

  it('has a default for each runtime, for each vCPU', async () => {
    const use = { perExecutionEnvironmentMaxConcurrency: undefined }
    const settings = { runtime: 'python3.13', memorySize: 4_096 }
    const traffic = { shop: at('f', times(97, 1)) }
    const view = await runExact(managed({ settings, use, traffic }))
    expect(view.throttles()).toEqual({ 'f managed-concurrency': 97 - 3 * 2 * 16 })
  })

  it("takes nothing of the account's concurrency, and meets none of its limits", async () => {
    const base = managed({ traffic: { shop: at('f', times(6, 1)), web: at('g', times(2, 1.5)) } })
    const functions = { ...(base.functions as object), g: lambda() }
    const account = { region: 'us-east-1', concurrentExecutions: 1 }
    const view = await runExact({ ...base, functions, account })
    expect(view.throttles()).toEqual({ 'g account-concurrency': 1 })
    expect(view.value('account.ConcurrentExecutions.maximum')).toBe(1)
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(6)
  })

  it('serves events and messages as any function does', async () => {
    const queues = { work: {} }
    const events = { work: { type: 'sqs', queue: 'work', batchSize: 1 } }
    const traffic = {
      shop: { ...at('f', times(30, 1)), invocationType: 'Event' },
      producer: at('work', times(30, 1)),
    }
    const view = await runExact(
      managed({ settings: { events, timeout: '3s' }, traffic, more: { queues } }),
    )
    expect(view.ledger('work')).toEqual({ entered: 30, succeeded: 30 })
    const asynchronous = view.output.ledger.filter(
      ({ scope, name }) => scope === 'function' && name === 'f',
    )
    expect(asynchronous.map(({ outcome, count }) => [outcome, count])).toEqual([
      ['entered', 30],
      ['succeeded', 30],
    ])
    expect(view.value('f.Throttles.sum')).toBeGreaterThan(0)
  })
})

/** Six requests of a hundred seconds take every place from half a second on. */
const FULL = [times(6, 0.5)]
const LONG = { handler: { duration: '100s' } }

describe('scaling out', () => {
  it('takes a look and an init where instances have room', async () => {
    // At 10 s the places were taken for 9.5 s of 10: 3 x 0.95 / 0.5 are 6 environments.
    const moments = [...FULL, 11.999, 12, times(6, 13)]
    expect(await fates(moments, { settings: LONG })).toEqual([
      ...Array(6).fill('succeeded'),
      'throttled',
      ...Array(6).fill('succeeded'),
      'throttled',
    ])
  })

  it('takes the launch of instances too where they have none', async () => {
    // 8 GB with 2 GiB for each are 4 vCPUs, the whole of an instance.
    const settings = { ...LONG, memorySize: 8_192 }
    const moments = [...FULL, 71.999, 72]
    const outcomes = await fates(moments, { settings, fleet: { instanceLaunchTime: '60s' } })
    expect(outcomes.slice(6)).toEqual(['throttled', 'succeeded'])
  })

  it('ends at the vCPUs of the capacity provider', async () => {
    const fleet = { capacityProviderScalingConfig: { maxVCpuCount: 12 } }
    const settings = { ...LONG, memorySize: 8_192 }
    const traffic = { shop: at('f', ...FULL, 150) }
    const view = await runExact(managed({ settings, fleet, traffic }))
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(3)
    expect(view.value('fleet.ManagedInstances.maximum')).toBe(3)
    expect(view.output.headroom).toContainEqual(
      expect.objectContaining({ name: 'fleet', limit: 'vCPUs', used: 12, available: 12 }),
    )
  })

  it('ends at the maximum of the function', async () => {
    const scaling = { maxExecutionEnvironments: 4 }
    const view = await runExact(
      managed({ settings: LONG, scaling, traffic: { shop: at('f', ...FULL) } }),
    )
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(4)
  })

  it('looks at the CPU too, by the target of the policy', async () => {
    const settings = { handler: { duration: '100s', cpuBound: '10%' } }
    const use = { perExecutionEnvironmentMaxConcurrency: 10 }
    const scaled = async (targetValue: string) => {
      const scalingPolicies = [{ targetValue }]
      const fleet = {
        targetConcurrencyUtilization: '100%',
        capacityProviderScalingConfig: { scalingMode: 'Manual', scalingPolicies },
      }
      // Six of thirty places and 0.6 of 3 vCPUs are in use: a fifth of both.
      const traffic = { shop: at('f', times(6, 0)) }
      const view = await runExact(managed({ settings, use, fleet, traffic }))
      return view.value('f.ExecutionEnvironments.maximum')
    }
    expect(await scaled('20%')).toBe(3)
    expect(await scaled('10%')).toBe(6)
  })

  it('has what the timeline asks for after an init', async () => {
    const timeline = [
      { at: '50s', set: { 'functions.f.functionScalingConfig.minExecutionEnvironments': 5 } },
    ]
    const moments = [times(10, 51.999), times(10, 60)]
    const outcomes = await fates(moments, { more: { timeline } })
    expect(outcomes.filter((outcome) => outcome === 'throttled')).toHaveLength(4)
    expect(outcomes.slice(10)).toEqual(Array(10).fill('succeeded'))
  })

  it('starts again what fails in its init', async () => {
    const timeline = [
      { at: '50s', set: { 'functions.f.functionScalingConfig.minExecutionEnvironments': 9 } },
    ]
    const settings = { handler: { duration: '1s', failures: { initError: '50%' } } }
    const view = await runExact(managed({ settings, more: { timeline } }))
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(9)
    expect(view.value('f.InitDuration.minimum')).toBe(2_000)
    expect(view.value('f.InitDuration.maximum') % 2_000).toBe(0)
    expect(view.value('f.InitDuration.maximum')).toBeGreaterThan(2_000)
  })
})

describe('scaling in', () => {
  it('gives up environments and instances when fewer were enough for a while', async () => {
    const settings = { ...LONG, memorySize: 8_192 }
    const fleet = { instanceLaunchTime: '0s', scaleInDelay: '30s' }
    const traffic = { shop: at('f', ...FULL) }
    const view = await runExact(managed({ settings, fleet, traffic, more: { duration: '10m' } }))
    const environments = view.series('f.ExecutionEnvironments.maximum')
    const instances = view.series('fleet.ManagedInstances.maximum')
    expect(Math.max(...environments)).toBe(6)
    expect(environments.at(-1)).toBe(3)
    expect(instances).toEqual(environments.map((count) => Math.max(3, count)))
    // The requests end at 100.5 s; from the look at 110 s on fewer would do.
    const times = view.seriesTimes('f.ExecutionEnvironments.maximum')
    const smallFrom = times[environments.lastIndexOf(6) + 1]!
    expect(smallFrom).toBeGreaterThanOrEqual(110 + 30)
    expect(smallFrom).toBeLessThanOrEqual(150 + 30)
  })

  it('lets an environment that is given up finish its requests', async () => {
    const timeline = [
      { at: '0s', set: { 'functions.f.functionScalingConfig.minExecutionEnvironments': 4 } },
      {
        at: '20s',
        set: {
          'functions.f.functionScalingConfig.minExecutionEnvironments': 3,
          'functions.f.functionScalingConfig.maxExecutionEnvironments': 3,
        },
      },
    ]
    const traffic = { shop: at('f', times(8, 10)) }
    const view = await runExact(managed({ settings: LONG, traffic, more: { timeline } }))
    expect(view.ledger('shop')).toEqual({ entered: 8, succeeded: 8 })
    expect(view.series('f.ExecutionEnvironments.maximum').at(-1)).toBe(3)
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(4)
  })
})

it('a maximum that is lowered holds at once, and takes no more away before the delay is over', async () => {
  // Ten of twelve environments are wanted at the first look, and the minimum of three from then on.
  const set = { 'functions.f.functionScalingConfig.maxExecutionEnvironments': 8 }
  const view = await runExact(
    managed({
      settings: { handler: { duration: '10s' } },
      traffic: { shop: at('f', times(10, 0)) },
      more: {
        duration: '60s',
        initial: { functions: { f: { environments: 12 } } },
        timeline: [{ at: '25s', set }],
      },
    }),
  )
  expect(view.series('f.ExecutionEnvironments.maximum')).toEqual([12, 12, 12, 8, 8, 8])
  expect(view.value('f.ExecutionEnvironments.minimum')).toBe(8)
})

describe('what breaks', () => {
  it('a timed-out request keeps its place until its code would have returned', async () => {
    const settings = { handler: { duration: '3s' }, timeout: '1s' }
    const scenario = { settings, use: ONE_PLACE, scaling: MINIMUM_OF_ONE }
    expect(await fates([0, 2.999, 3], scenario)).toEqual(['timedOut', 'throttled', 'timedOut'])
  })

  it('one that hangs keeps it for heldAfterTimeout', async () => {
    const settings = { handler: { duration: '10ms', failures: { timeout: '100%' } }, timeout: '1s' }
    const use = { ...ONE_PLACE, heldAfterTimeout: '5s' }
    const scenario = { settings, use, scaling: MINIMUM_OF_ONE }
    expect(await fates([0, 5.999, 6], scenario)).toEqual(['timedOut', 'throttled', 'timedOut'])
  })

  it('a crash ends its own request, and another environment comes after an init', async () => {
    const failures = { crash: '100%' }
    const timeline = [{ at: '500ms', set: { 'functions.f.handler.failures.crash': '0%' } }]
    const settings = { handler: { duration: '1s', failures } }
    const view = await runExact(
      managed({
        settings,
        scaling: MINIMUM_OF_ONE,
        traffic: { shop: at('f', 0, 0.6, 1.1, 2.999, 3) },
        more: { timeline },
      }),
    )
    // It takes none from 1 s on, finishes at 1.6 s, and the next one is ready at 3 s.
    expect(view.ledger('shop')).toEqual({ entered: 5, failed: 1, succeeded: 2, throttled: 2 })
    expect(view.value('f.InitDuration.maximum')).toBe(2_000)
  })

  it('an error breaks nothing', async () => {
    const settings = { handler: { duration: '1s', errorRate: '100%' } }
    const scenario = { settings, use: ONE_PLACE, scaling: MINIMUM_OF_ONE }
    expect(await fates([0, 1, 2], scenario)).toEqual(['failed', 'failed', 'failed'])
  })
})

it('every version has the minimum at the start, and that of the bare name what initial says', async () => {
  const view = await runExact(
    managed({
      settings: { aliases: { live: { functionVersion: '1', routingConfig: { 2: '10%' } } } },
      more: { initial: { functions: { f: { environments: 5 } } }, duration: '10s' },
    }),
  )
  expect(view.value('f.ExecutionEnvironments.maximum')).toBe(5 + 3 + 3)
})

describe('a deployment', () => {
  it('waits for one before it that still waits for its environments', async () => {
    // The first is done at 110 s; the second is Active at 210 s and shifts a tenth of the traffic.
    const timeline = [
      { at: '10s', deploy: 'f' },
      { at: '20s', deploy: 'f', strategy: 'Canary10Percent5Minutes' },
    ]
    const settings = {
      handler: { duration: '10ms' },
      coldStart: { init: '100s' },
      provisionedConcurrentExecutions: 0,
    }
    const traffic = { shop: { to: 'f', process: 'constant', rate: '1/s' } }
    const view = await runExact(
      managed({ settings, traffic, more: { timeline, duration: '600s' } }),
    )
    expect(view.throttles()).toEqual({})
    const versionAt = (atSeconds: number) =>
      view.attempts.findLast(({ arrivedUs }) => arrivedUs <= atSeconds * 1e6)!.version
    expect([109, 209, 515].map(versionAt)).toEqual(['1', 'deployed-1', 'deployed-2'])
    const canary = view.attempts.filter(({ arrivedUs }) => arrivedUs > 211e6 && arrivedUs < 509e6)
    const versions = new Set(canary.map(({ version }) => version))
    expect(versions).toEqual(new Set(['deployed-1', 'deployed-2']))
  })

  const deployed = (moments: readonly (number | string)[], more: object = {}) =>
    runExact(
      managed({
        traffic: { shop: at('f', ...moments) },
        more: { timeline: [{ at: '10s', deploy: 'f' }], ...more },
      }),
    )

  it('shifts its traffic when the minimum of environments has been started for the new version', async () => {
    const view = await deployed([11.999, 12, times(6, 20)])
    expect(view.attempts.map(({ version }) => version)).toEqual([
      '$LATEST',
      ...Array(7).fill('deployed-1'),
    ])
    expect(view.ledger('shop')).toEqual({ entered: 8, succeeded: 8 })
    // An old one goes when it has nothing left to do: one has, until 12.999 s.
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(4)
    expect(view.series('f.ExecutionEnvironments.maximum').at(-1)).toBe(3)
  })

  it('begins with the minimum, however many environments the old version has', async () => {
    const initial = { functions: { f: { environments: 6 } } }
    const view = await deployed([times(12, 5), times(12, 15)], { initial })
    expect(view.ledger('shop')).toEqual({ entered: 24, succeeded: 18, throttled: 6 })
  })

  it('waits while the capacity provider has no room for a second version', async () => {
    const base = managed({
      settings: { memorySize: 8_192 },
      fleet: { capacityProviderScalingConfig: { maxVCpuCount: 12 } },
      traffic: { shop: at('f', 100) },
      more: { timeline: [{ at: '10s', deploy: 'f' }] },
    })
    const view = await runExact(base)
    expect(view.attempts.map(({ version }) => version)).toEqual(['$LATEST'])
  })
})

it('the state at an instant counts environments, and names what would refuse the next request', async () => {
  const parts = managed({ settings: LONG, traffic: { shop: at('f', 1, 2, times(4, 4)) } })
  const [early] = (await stateOf(parts, 3)).functions
  expect(early).toMatchObject({ environments: 3, idleEnvironments: 1, bindingLimit: null })
  const [late] = (await stateOf(parts, 5)).functions
  expect(late).toMatchObject({ idleEnvironments: 0, bindingLimit: 'managed-concurrency' })
  const [scaling] = (await stateOf(parts, 11)).functions
  expect(scaling).toMatchObject({ environments: 3, waitingForInit: 2, scalingTokens: 0 })
})

describe('the bill', () => {
  it('has instances by the hour, the fee on their on-demand price, and requests; no durations', async () => {
    const traffic = { shop: { to: 'f', process: 'constant', rate: '1/s' } }
    const { output } = await runExact(managed({ traffic, more: { duration: '1h' } }))
    expect(output.usages.map(({ name, product, amount }) => [name, product, amount])).toEqual([
      ['f', 'lambdaManagedInstanceRequests', 3_600],
      ['fleet', 'lambdaManagedInstanceM7gXlarge', 3 * 3_600_000_000],
      ['fleet', 'lambdaManagedInstanceFeeM7gXlarge', 3 * 3_600_000_000],
    ])
  })

  it('has no instances of a provider that no function runs on', async () => {
    const base = managed({ more: { duration: '1h' } })
    const { output } = await runExact({ ...base, capacityProviders: { fleet: {}, spare: {} } })
    expect(output.usages.filter(({ name }) => name === 'spare')).toEqual([])
    expect(output.usages.filter(({ name }) => name === 'fleet')).toHaveLength(2)
  })

  it('has what the function logs', async () => {
    const traffic = { shop: { to: 'f', process: 'constant', rate: '1/s' } }
    const settings = { loggingConfig: { bytesPerInvocation: '2KB' } }
    const { output } = await runExact(managed({ traffic, settings, more: { duration: '1h' } }))
    const logs = output.usages.find(({ product }) => product === 'cloudWatchLogs')
    expect(logs).toMatchObject({ name: 'f', amount: 3_600, times: 2_048 })
  })

  it('is of what functions share', async () => {
    const base = managed({ traffic: { shop: at('f', times(6, 1)), web: at('g', times(6, 1)) } })
    const { f } = base.functions as { readonly f: object }
    const view = await runExact({ ...base, functions: { f, g: f } })
    expect(view.value('fleet.vCPUAllocated.maximum')).toBe(6)
    expect(view.value('fleet.vCPUAvailable.minimum')).toBe(6)
    expect(view.value('fleet.ManagedInstances.maximum')).toBe(3)
    expect(view.throttles()).toEqual({})
  })
})

it('what other functions of the account use is no assumption where all run on managed instances', async () => {
  const isAssumed = async (functions: object) => {
    const base = managed()
    const own = base.functions as object
    const { assumptions } = await compileText({ ...base, functions: { ...own, ...functions } })
    return assumptions.some(({ id }) => id === 'other-functions')
  }
  expect(await isAssumed({})).toBe(false)
  expect(await isAssumed({ g: lambda() })).toBe(true)
})

it('every alternative rule of scaling changes a run whose CPU is short', async () => {
  const fleet = { instanceLaunchTime: '0s' }
  const settings = { handler: { duration: '1s', cpuBound: '50%' } }
  const traffic = { shop: { to: 'f', process: 'constant', rate: '4/s' } }
  const scenario = managed({ settings, fleet, traffic })
  const { assumptions } = await compileText(scenario)
  const { alternatives } = assumptions.find(({ id }) => id === 'managed-instance-scaling')!
  const asWritten = await run(scenario)
  for (const { set } of alternatives!) {
    const sets = Object.entries(set).map(([path, value]) => `${path}=${value}`)
    const other = await run(scenario, { set: sets })
    expect(other.output.fingerprint).not.toBe(asWritten.output.fingerprint)
  }
})

describe('places', () => {
  it('are taken of the least busy environment, of several the first that became so', () => {
    const places = new Places(2)
    places.open(4)
    places.open(7)
    expect([places.take(), places.take(), places.take(), places.take(), places.take()]).toEqual([
      4, 7, 4, 7, -1,
    ])
    places.give(7)
    expect(places.take()).toBe(7)
  })

  it('of an environment that is shut are not taken, and not free when they are given back', () => {
    const places = new Places(2)
    places.open(0)
    places.open(1)
    expect(places.take()).toBe(0)
    places.shut(0)
    expect(places.free).toBe(2)
    places.give(0)
    expect(places.free).toBe(2)
    expect([places.take(), places.take(), places.take()]).toEqual([1, 1, -1])
  })
})

describe('the rule of scaling', () => {
  const TARGETS = { concurrency: 0.5, cpu: 0.25 }

  it('wants as many environments as bring the busier signal to its target', () => {
    expect(wantedEnvironments(4, { concurrency: 0.5, cpu: 0 }, TARGETS)).toBe(4)
    expect(wantedEnvironments(4, { concurrency: 0.51, cpu: 0 }, TARGETS)).toBe(5)
    expect(wantedEnvironments(4, { concurrency: 0.5, cpu: 0.5 }, TARGETS)).toBe(8)
    expect(wantedEnvironments(4, { concurrency: 0, cpu: 0 }, TARGETS)).toBe(0)
  })

  it('gives up what was not wanted at any time of the delay', () => {
    const scaleIn = new ScaleIn()
    expect(scaleIn.surplus(0, 10, 4, 20)).toBe(0)
    expect(scaleIn.surplus(10, 10, 6, 20)).toBe(0)
    expect(scaleIn.surplus(20, 10, 5, 20)).toBe(4)
    expect(scaleIn.surplus(30, 6, 5, 20)).toBe(0)
    expect(scaleIn.surplus(40, 6, 6, 20)).toBe(0)
    expect(scaleIn.surplus(60, 6, 5, 20)).toBe(0)
  })
})
