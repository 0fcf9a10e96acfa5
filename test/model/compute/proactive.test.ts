import { describe, expect, it } from 'vitest'
import { studentInterval } from '../../../src/stats/confidence.ts'
import { complaint, withFunction } from '../../scenario/support.ts'
import { at, lambda, runExact, times } from '../../support/exact.ts'

const COLD_START = { placement: '100ms', init: '400ms', firstInvocation: '0s' }

describe('proactive initialisation', () => {
  const parts = {
    duration: '10m',
    functions: {
      f: lambda({
        coldStart: { ...COLD_START, proactive: '67%' },
        // Every environment is gone when the next requests come.
        keepAlive: { policy: 'fixed', idleTimeout: '1s' },
      }),
    },
    traffic: { p: at('f', ...Array.from({ length: 100 }, (_, index) => times(10, 6 * index + 1))) },
  }

  it('makes up its share of all environments that are initialised', async () => {
    const shares: number[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const view = await runExact(parts, { seed, rows: false })
      const asked = view.value('f.ColdStarts.sum')
      const unasked = view.value('f.ProactiveInits.sum')
      shares.push(unasked / (asked + unasked))
    }
    const interval = studentInterval(shares, 0.9999)
    expect(interval.low).toBeLessThan(0.67)
    expect(interval.high).toBeGreaterThan(0.67)
    expect(interval.high - interval.low).toBeLessThan(0.04 * 0.67)
  })

  it('serves later requests; only inits that were asked for count as billed durations', async () => {
    const view = await runExact({
      functions: { f: lambda({ coldStart: { ...COLD_START, proactive: '80%' } }) },
      traffic: { p: at('f', times(5, 1), times(10, 10)) },
    })
    const unasked = view.value('f.ProactiveInits.sum')
    expect(unasked).toBeGreaterThan(5)
    expect(view.value('f.ColdStarts.sum')).toBe(5)
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(5 + unasked)
    expect(view.value('f.BilledDuration.sum')).toBe(15 * 1_000 + 5 * 400)
  })

  it('is off by default, and never all', async () => {
    const view = await runExact({ functions: { f: lambda() }, traffic: { p: at('f', 1) } })
    expect(view.find('f.ProactiveInits.sum')).toBeUndefined()
    const all = withFunction('').replace('coldStart: none', 'coldStart: { proactive: 100% }')
    expect(await complaint(all)).toContain('proactive is below 100%')
  })
})

describe('provisioned environments', () => {
  it('are recycled at about their lifetime, with another ready at once', async () => {
    const view = await runExact({
      duration: '10h',
      functions: {
        f: lambda({ provisionedConcurrentExecutions: 1, provisionedLifetime: '2h' }),
      },
      traffic: { p: { to: 'f', process: 'constant', rate: '1/min' } },
    })
    expect(view.value('f.ExecutionEnvironments.minimum')).toBe(1)
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(1)
    const served = new Set(view.attempts.map(({ environment }) => environment))
    // Ten hours are four to seven lives of 1.5 to 2.5 hours.
    expect(served.size).toBeGreaterThanOrEqual(4)
    expect(served.size).toBeLessThanOrEqual(7)
    expect(view.countAttempts(({ start }) => start)).toEqual({ provisioned: 600 })
  })

  it('live for ever where nothing is said', async () => {
    const view = await runExact({
      duration: '10h',
      functions: { f: lambda({ provisionedConcurrentExecutions: 2 }) },
      traffic: { p: { to: 'f', process: 'constant', rate: '1/min' } },
    })
    expect(new Set(view.attempts.map(({ environment }) => environment)).size).toBe(1)
  })
})
