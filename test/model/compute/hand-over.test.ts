import { describe, expect, it } from 'vitest'
import type { CompiledScenario } from '../../../src/model/compiled-scenario.ts'
import { at, lambda, runExact, stateOf } from '../../support/exact.ts'

/** Cold starts take two seconds, so that an environment may become free first. */
function functions(handOver: string) {
  return {
    f: lambda({ coldStart: { placement: '1s', init: '1s', firstInvocation: '0s', handOver } }),
  }
}

/** The first request ends at 4 s; the second waits for an init from 3.5 s on. */
const TRAFFIC = { p: at('f', 1, 3.5) }

/** Environments end at an age of three seconds. */
function mortal(compiled: CompiledScenario, replacedAhead: boolean): CompiledScenario {
  const lease = {
    idleTimeoutUs: Number.POSITIVE_INFINITY,
    lifetimeUs: 3_000_000,
    replacedAhead,
  }
  return {
    ...compiled,
    functions: compiled.functions.map((settings) => ({
      ...settings,
      keepAlive: { create: () => ({ admit: () => lease }), description: 'for a test' },
    })),
  }
}

const replacing = (compiled: CompiledScenario) => mortal(compiled, true)
const dying = (compiled: CompiledScenario) => mortal(compiled, false)

async function secondOf(handOver: string, adjust?: typeof replacing) {
  const view = await runExact(
    { functions: functions(handOver), traffic: TRAFFIC },
    adjust === undefined ? {} : { adjust },
  )
  const { start, waitUs, placementUs, initUs, latencyUs, environment } = view.attempts.find(
    ({ arrivedUs }) => arrivedUs === 3_500_000,
  )!
  return { start, waitUs, placementUs, initUs, latencyUs, environment }
}

const OWN_INIT = {
  start: 'cold',
  waitUs: 0,
  placementUs: 1_000_000,
  initUs: 1_000_000,
  latencyUs: 3_000_000,
  environment: 1,
}
const HANDED_OVER = { start: 'handed-over', placementUs: 0, initUs: 0 }

describe('a request that waits for an init', () => {
  it('waits for its own by default, even if an environment becomes free', async () => {
    expect(await secondOf('never')).toEqual(OWN_INIT)
  })

  it('takes, if hand-over is busy, an environment that ends its request first', async () => {
    expect(await secondOf('busy')).toEqual({
      ...HANDED_OVER,
      waitUs: 500_000,
      latencyUs: 1_500_000,
      environment: 0,
    })
  })

  it('takes, if hand-over is proactive, no environment that served a request', async () => {
    expect(await secondOf('proactive')).toEqual(OWN_INIT)
  })

  it('takes, if hand-over is proactive, one that was initialised ahead', async () => {
    // The first environment is too old at 4 s; its replacement is there at once.
    expect(await secondOf('proactive', replacing)).toEqual({
      ...HANDED_OVER,
      waitUs: 500_000,
      latencyUs: 1_500_000,
      environment: 2,
    })
    expect(await secondOf('never', replacing)).toEqual(OWN_INIT)
  })

  it('takes none whose life is over when its request ends', async () => {
    expect(await secondOf('busy', dying)).toEqual(OWN_INIT)
  })
})

describe('an environment whose request was served elsewhere', () => {
  it('becomes idle when its init is over and serves the next request', async () => {
    const parts = { functions: functions('busy'), traffic: { p: at('f', 1, 3.5, 5.2, 5.3) } }
    const state = (await stateOf(parts, 5.6)).functions[0]!
    // 0 serves the second request until 5 s and then the third; 1 is ready at 5.5 s.
    expect([state.environments, state.idleEnvironments, state.waitingForInit]).toEqual([3, 0, 1])
    const view = await runExact(parts)
    expect(view.value('f.ColdStarts.sum')).toBe(3)
    const fourth = view.attempts.find(({ arrivedUs }) => arrivedUs === 5_300_000)!
    expect([fourth.start, fourth.environment, fourth.waitUs]).toEqual(['handed-over', 1, 200_000])
  })

  it('is used after those that have served, however late it became idle', async () => {
    const view = await runExact({
      functions: functions('busy'),
      traffic: { p: at('f', 1, 3.5, 7) },
    })
    // 0 has been idle since 5 s; 1 was ready at 5.5 s and has served nobody.
    expect(view.attempts.at(-1)!.environment).toBe(0)
  })

  it('is offered to the request that has waited longest', async () => {
    const view = await runExact({
      functions: functions('busy'),
      traffic: { p: at('f', 1, 3.5, 3.6) },
    })
    const handed = view.attempts.filter(({ start }) => start === 'handed-over')
    expect(handed.map(({ arrivedUs, waitUs }) => [arrivedUs, waitUs])).toEqual([
      [3_500_000, 500_000],
      // The first one's environment is free again at 5 s, before any init is over at 5.5 s.
      [3_600_000, 1_400_000],
    ])
  })

  it('is a cold start in the count and no init on the bill of the request', async () => {
    const view = await runExact({ functions: functions('busy'), traffic: TRAFFIC })
    expect(view.value('f.ColdStarts.sum')).toBe(2)
    expect(view.value('f.BilledDuration.sum')).toBe(2_000 + 1_000)
  })
})
