import { describe, expect, it } from 'vitest'
import { restorePreset } from '../../../src/model/compute/restore-presets.ts'
import { meanStartUs } from '../../../src/model/compute/snap-start.ts'
import { at, exact, lambda, runExact, times } from '../../support/exact.ts'
import { compileText } from '../../support/run.ts'

const COLD_START = {
  placement: '100ms',
  init: '4s',
  firstInvocation: '30ms',
  restore: '600ms',
  restoreHooks: '50ms',
}

function quote(keys: object = {}): object {
  return {
    f: lambda({
      runtime: 'java21',
      snapStart: { applyOn: 'PublishedVersions' },
      aliases: { live: { functionVersion: '1' } },
      coldStart: COLD_START,
      ...keys,
    }),
  }
}

describe('SnapStart', () => {
  it('restores a published version in place of its init', async () => {
    const view = await runExact({ functions: quote(), traffic: { p: at('f:live', 1, 10) } })
    const [cold, warm] = view.attempts
    expect(cold).toMatchObject({
      start: 'cold',
      placementUs: 100_000,
      initUs: 0,
      restoreUs: 650_000,
      durationUs: 1_030_000,
      latencyUs: 1_780_000,
    })
    expect(warm).toMatchObject({ start: 'warm', restoreUs: 0, latencyUs: 1_000_000 })
    expect(view.value('f.RestoreDuration.maximum')).toBeCloseTo(650, 6)
    expect(view.value('f.SnapStartRestores.sum')).toBe(1)
    expect(view.value('f.ColdStarts.sum')).toBe(1)
    expect(view.find('f.InitDuration.maximum')).toBeUndefined()
  })

  it('bills the hooks of a restore and not the rest of it, before August 2025 as well', async () => {
    for (const platform of ['2025-07', '2026-11']) {
      const view = await runExact({
        platform,
        functions: quote(),
        traffic: { p: at('f:live', 1) },
      })
      expect(view.value('f.BilledDuration.sum')).toBe(1_080)
    }
  })

  it('leaves $LATEST to its init', async () => {
    const view = await runExact({ functions: quote(), traffic: { p: at('f', 1) } })
    expect(view.attempts[0]).toMatchObject({ restoreUs: 0, initUs: 4_000_000 })
    expect(view.find('f.RestoreDuration.maximum')).toBeUndefined()
  })

  it('restores what a deployment publishes, and nothing of a deployed $LATEST', async () => {
    const traffic = { p: at('f', 1, 20) }
    const timeline = [{ at: '10s', deploy: 'f' }]
    const unpublished = await runExact({
      functions: quote({ aliases: undefined }),
      traffic,
      timeline,
    })
    expect(unpublished.attempts.map(({ initUs }) => initUs)).toEqual([4_000_000, 4_000_000])
    const published = await runExact({
      functions: quote({ aliases: undefined, provisionedConcurrentExecutions: 0 }),
      traffic,
      timeline,
    })
    expect(published.attempts.map(({ restoreUs }) => restoreUs)).toEqual([650_000, 650_000])
    expect(published.value('f.SnapStartSnapshots.maximum')).toBe(2)
  })

  it('fails the request whose restore takes longer than ten seconds', async () => {
    const view = await runExact({
      functions: quote({ coldStart: { ...COLD_START, restore: '11s' } }),
      traffic: { p: at('f:live', 1, 20) },
    })
    const [failed, next] = view.attempts
    expect(failed).toMatchObject({ outcome: 'failed', durationUs: 0, latencyUs: 10_100_000 })
    // The environment is reset: its next invocation runs the whole init within its duration.
    expect(next).toMatchObject({ outcome: 'succeeded', durationUs: 5_030_000 })
    expect(view.value('f.Errors.sum')).toBe(1)
  })

  it('is what forecasts reckon with where a published version may be called', async () => {
    const meanOf = async (keys: object, to: string): Promise<number> => {
      const parts = { functions: quote(keys), traffic: { p: { to, rate: '1/s' } } }
      return meanStartUs((await compileText(exact(parts))).functions[0]!)
    }
    expect(await meanOf({}, 'f:live')).toBeCloseTo(750_000, 6)
    expect(await meanOf({ aliases: undefined }, 'f')).toBeCloseTo(4_100_000, 6)
  })

  it('does not fail by the init of its version, which was over when it was published', async () => {
    const view = await runExact({
      functions: quote({ handler: { duration: '1s', failures: { initError: '100%' } } }),
      traffic: { p: at('f:live', times(3, 1)) },
    })
    expect(view.value('f.Errors.sum')).toBe(0)
  })
})

describe('the measured restore', () => {
  it('has the mean of the ten restores of the nearest memory size', () => {
    expect(restorePreset('java21', 512).mean / 1_000).toBeCloseTo(740.29, 6)
    expect(restorePreset('java21', 2_048).mean / 1_000).toBeCloseTo(721.23, 6)
    // As near to 128 as to 256.
    expect(restorePreset('java11', 192).mean / 1_000).toBeCloseTo(690.23, 6)
  })

  it('is inferred for runtimes that were not measured', () => {
    const inferred = restorePreset('python3.13', 512)
    expect(inferred.cumulative(300_000)).toBeCloseTo(0.5, 9)
    expect(inferred.cumulative(1_000_000)).toBeCloseTo(0.99, 9)
  })
})
