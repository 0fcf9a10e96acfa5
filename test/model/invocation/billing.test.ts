import { describe, expect, it } from 'vitest'
import { at, lambda, runExact } from '../../support/exact.ts'

const COLD_START = { placement: '70ms', init: '84.2ms', firstInvocation: '0s' }

async function billed(platform: string, keys: Record<string, unknown> = {}) {
  const view = await runExact({
    platform,
    functions: {
      f: lambda({
        coldStart: COLD_START,
        handler: { duration: '100.3ms' },
        timeout: '3s',
        ...keys,
      }),
    },
    traffic: { p: at('f', 1, 5) },
  })
  return view.value('f.BilledDuration.sum')
}

describe('the billed duration', () => {
  it('is init and duration together, rounded up once to a millisecond', async () => {
    // 84.2 + 100.3 = 184.5 -> 185, then 100.3 -> 101: placement is not billed.
    expect(await billed('2026-11')).toBe(185 + 101)
  })

  it('had no init of zip functions on managed runtimes before August 2025', async () => {
    expect(await billed('2025-08')).toBe(185 + 101)
    expect(await billed('2025-07')).toBe(101 + 101)
  })

  it('always had the init of container images and of OS-only runtimes', async () => {
    expect(await billed('2025-07', { packageType: 'Image' })).toBe(185 + 101)
    expect(await billed('2025-07', { runtime: 'provided.al2023' })).toBe(185 + 101)
  })

  it('was rounded up to 100 ms before December 2020', async () => {
    expect(await billed('2020-12')).toBe(101 + 101)
    expect(await billed('2020-11')).toBe(200 + 200)
  })

  it('counts what ended, so nothing of an invocation still running at the end', async () => {
    const view = await runExact({
      functions: { f: lambda({ handler: { duration: '2s' } }) },
      traffic: { p: at('f', 1, 59) },
    })
    expect(view.value('f.BilledDuration.sum')).toBe(2_000)
    expect(view.value('f.Invocations.sum')).toBe(2)
    expect(view.value('p.Unfinished.sum')).toBe(1)
  })
})
