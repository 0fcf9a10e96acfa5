import { describe, expect, it } from 'vitest'
import { complaint, withFunction } from '../../scenario/support.ts'
import { at, lambda, runExact, times } from '../../support/exact.ts'

const COLD_START = { placement: '100ms', init: '400ms', firstInvocation: '0s' }

function shop(tenants: number | null, keys: object = {}): object {
  const tenancyConfig =
    tenants === null ? undefined : { tenantIsolationMode: 'PER_TENANT', tenants }
  return {
    f: lambda({ coldStart: COLD_START, ...(tenancyConfig && { tenancyConfig }), ...keys }),
  }
}

const ONE_BY_ONE = { p: at('f', ...Array.from({ length: 400 }, (_, index) => 2 * index + 1)) }

describe('tenant isolation', () => {
  it('never serves two tenants with one environment', async () => {
    const parts = (tenants: number | null) => ({
      duration: '15m',
      functions: shop(tenants),
      traffic: ONE_BY_ONE,
    })
    expect((await runExact(parts(null))).value('f.ColdStarts.sum')).toBe(1)
    // Of 400 requests each of 20 tenants has some: one environment and one cold start each.
    const view = await runExact(parts(20))
    expect(view.value('f.ColdStarts.sum')).toBe(20)
    expect(view.value('f.TenantEnvironments.sum')).toBe(20)
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(20)
  })

  it('lets one tenant be as if it were alone', async () => {
    const view = await runExact({ duration: '15m', functions: shop(1), traffic: ONE_BY_ONE })
    expect(view.value('f.ColdStarts.sum')).toBe(1)
  })

  it('shares the concurrency of function and account among all tenants', async () => {
    const view = await runExact({
      functions: shop(50, { reservedConcurrentExecutions: 10 }),
      traffic: { p: at('f', times(30, 1)) },
    })
    expect(view.value('f.Throttles.sum')).toBe(20)
  })

  it('begins anew for every tenant after a deployment', async () => {
    const view = await runExact({
      duration: '30m',
      functions: shop(5),
      timeline: [{ at: '14m', deploy: 'f' }],
      traffic: {
        p: at('f', ...Array.from({ length: 800 }, (_, index) => 2 * index + 1)),
      },
    })
    expect(view.value('f.ColdStarts.sum')).toBe(10)
    expect(view.series('f.ExecutionEnvironments.maximum').at(-1)).toBe(5)
  })

  it('gives a request the same tenant whatever else is different', async () => {
    const environments = async (keys: object): Promise<number[]> =>
      (
        await runExact({ duration: '15m', functions: shop(7, keys), traffic: ONE_BY_ONE })
      ).attempts.map(({ environment }) => environment)
    expect(await environments({ timeout: '20s' })).toEqual(await environments({ memorySize: 512 }))
  })

  it('exists since November 2025, and excludes what is initialised ahead', async () => {
    const keys = 'tenancyConfig: { tenantIsolationMode: PER_TENANT, tenants: 3 }'
    expect(await complaint(withFunction(keys))).toBe('no complaint')
    expect(await complaint(`${withFunction(keys)}platform: 2025-10\n`)).toContain(
      'tenant isolation exists since 2025-11',
    )
    expect(await complaint(withFunction(`${keys}, provisionedConcurrentExecutions: 1`))).toContain(
      'tenant isolation and provisioned concurrency exclude each other',
    )
  })
})
