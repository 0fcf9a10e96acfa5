import { describe, expect, test } from 'vitest'
import {
  KEEP_ALIVE_POLICIES,
  keepAlivePolicy,
} from '../../../src/model/compute/keep-alive/index.ts'
import type { EnvironmentLease } from '../../../src/model/compute/keep-alive/policy.ts'
import {
  KEEP_ALIVE_PRESETS,
  keepAlivePreset,
} from '../../../src/model/compute/keep-alive/preset.ts'
import { parsePlatformMonth } from '../../../src/model/compute/platform-timeline.ts'

const CONTEXT = { memoryMb: 128, coldStartUs: 500_000, shared: () => null }

const SECOND_US = 1_000_000
const MINUTE_US = 60_000_000
const HOUR_US = 60 * MINUTE_US

/** The lease when every draw is this quantile of its distribution. */
function leaseAt(kind: string, options: object, probability: number): EnvironmentLease {
  const policy = keepAlivePolicy(kind).create({ policy: kind, ...options }, CONTEXT)
  return policy.admit((_, distribution) => distribution.quantile(probability))
}

describe('fixed keep-alive', () => {
  test('keeps every environment idle for the same time, and for ever without a lifetime', () => {
    for (const probability of [0, 0.5, 1]) {
      expect(leaseAt('fixed', { idleTimeout: 6 * MINUTE_US }, probability)).toEqual({
        idleTimeoutUs: 6 * MINUTE_US,
        lifetimeUs: Number.POSITIVE_INFINITY,
        replacedAhead: false,
      })
    }
  })

  test('has a lifetime of one length or of a range', () => {
    const idleTimeout = MINUTE_US
    expect(leaseAt('fixed', { idleTimeout, lifetime: 2 * HOUR_US }, 0.5).lifetimeUs).toBe(
      2 * HOUR_US,
    )
    const lifetime = { min: HOUR_US, max: 3 * HOUR_US }
    expect(leaseAt('fixed', { idleTimeout, lifetime }, 0.25).lifetimeUs).toBe(1.5 * HOUR_US)
  })
})

describe('uniform keep-alive', () => {
  test('draws each idle timeout from its range', () => {
    const options = { idleTimeout: { min: 5 * MINUTE_US, max: 7 * MINUTE_US } }
    expect(leaseAt('uniform', options, 0).idleTimeoutUs).toBe(5 * MINUTE_US)
    expect(leaseAt('uniform', options, 0.5).idleTimeoutUs).toBe(6 * MINUTE_US)
    expect(leaseAt('uniform', options, 1).idleTimeoutUs).toBe(7 * MINUTE_US)
    expect(leaseAt('uniform', options, 1).lifetimeUs).toBe(Number.POSITIVE_INFINITY)
  })

  test('draws idle timeout and lifetime for different purposes', () => {
    const purposes: string[] = []
    const range = { min: MINUTE_US, max: 2 * MINUTE_US }
    keepAlivePolicy('uniform')
      .create({ policy: 'uniform', idleTimeout: range, lifetime: range }, CONTEXT)
      .admit((purpose, distribution) => {
        purposes.push(purpose)
        return distribution.mean
      })
    expect(purposes).toEqual(['idle-timeout', 'lifetime'])
  })
})

describe('keep-alive presets', () => {
  test.each([
    ['2017-06', 45, 60],
    ['2019-06', 25, 60],
    ['2021-01', 5, 7],
    ['2026-11', 5, 7],
  ])('%s: %d to %d minutes idle, about two hours of life', (month, minimum, maximum) => {
    const platform = parsePlatformMonth(month)
    const shortest = leaseAt('preset', { platform }, 0)
    const longest = leaseAt('preset', { platform }, 1)
    expect(shortest.idleTimeoutUs).toBe(minimum * MINUTE_US)
    expect(longest.idleTimeoutUs).toBe(maximum * MINUTE_US)
    expect([shortest.lifetimeUs, longest.lifetimeUs]).toEqual([1.5 * HOUR_US, 2.5 * HOUR_US])
  })

  test('2020: a surplus environment has its own timer, a whole idle function another', () => {
    const options = { platform: parsePlatformMonth('2020-06') }
    expect(leaseAt('preset', options, 0).idleTimeoutUs).toBe(1_000 * SECOND_US)
    expect(leaseAt('preset', options, 1).idleTimeoutUs).toBe(1_600 * SECOND_US)
    const policy = keepAlivePolicy('preset').create({ policy: 'preset', ...options }, CONTEXT)
    const togetherAt = (probability: number) =>
      policy.wholeFunctionIdleUs?.((_, distribution) => distribution.quantile(probability))
    expect([togetherAt(0), togetherAt(1)]).toEqual([620 * SECOND_US, 645 * SECOND_US])
  })

  test('2020: an environment is recycled at random or at its age, and replaced ahead', () => {
    const options = { platform: parsePlatformMonth('2020-06') }
    // 6 h x -ln(1 - 0.1) is 37m56s; at the median it would be 4 h, and the age decides.
    expect(leaseAt('preset', options, 0.1).lifetimeUs).toBeCloseTo(-6 * HOUR_US * Math.log(0.9), 3)
    expect(leaseAt('preset', options, 0.5)).toMatchObject({
      lifetimeUs: 7_100 * SECOND_US,
      replacedAhead: true,
    })
  })

  test('only that of 2020 has a timer for the whole function', () => {
    for (const month of ['2017-06', '2019-06', '2021-01', '2026-11']) {
      const options = { policy: 'preset', platform: parsePlatformMonth(month) }
      expect(keepAlivePolicy('preset').create(options, CONTEXT).wholeFunctionIdleUs).toBeUndefined()
    }
  })

  test('are listed by date, each with its source', () => {
    const dates = KEEP_ALIVE_PRESETS.map(({ since }) => since)
    expect(dates).toEqual([...dates].sort((a, b) => a - b))
    for (const { source } of KEEP_ALIVE_PRESETS) expect(source).toMatch(/20\d\d/)
    expect(keepAlivePreset(parsePlatformMonth('2019-07'))).not.toBe(
      keepAlivePreset(parsePlatformMonth('2019-06')),
    )
  })
})

describe('every listed policy', () => {
  test.each(KEEP_ALIVE_POLICIES.map((entry) => [entry.kind, entry] as const))(
    '%s reads what it documents and describes itself',
    (kind, entry) => {
      const written: Record<string, object> = {
        fixed: { idleTimeout: '6m', lifetime: '2h' },
        uniform: { idleTimeout: { min: '5m', max: '7m' } },
        preset: { platform: '2026-11' },
        'greedy-dual': { memory: '4GB' },
      }
      const options = entry.schema.parse({ policy: kind, ...written[kind] })
      expect(entry.describe(options as never)).toMatch(/^idle environments are kept .*\d/)
      expect(entry.schema.safeParse({ policy: kind, ...written[kind], more: 1 }).success).toBe(
        false,
      )
    },
  )

  test('an unknown one is a defect of the caller', () => {
    expect(() => keepAlivePolicy('greedy')).toThrow('unknown keep-alive policy greedy')
  })
})
