import { describe, expect, it } from 'vitest'
import { IDLE_SELECTIONS } from '../../../src/model/compute/idle-selection/index.ts'
import { at, lambda, runExact, times } from '../../support/exact.ts'
import type { RunView } from '../../support/run.ts'

/** The environments in the order in which they were given requests. */
function environments(view: RunView): number[] {
  return [...view.attempts]
    .sort((one, other) => one.arrivedUs - other.arrivedUs)
    .map(({ environment }) => environment)
}

function select(idleSelection: string, ...seconds: (number | string)[]) {
  return runExact({
    functions: { f: lambda({ idleSelection }) },
    traffic: { p: at('f', ...seconds) },
  })
}

/** Environments 0, 1 and 2 become idle at 2.0, 2.2 and 2.4 s. */
const THREE = [1, 1.2, 1.4]

describe('the choice among idle environments', () => {
  it('is, most recently used first, the one that became idle last', async () => {
    const view = await select('most-recently-used', ...THREE, 3, 3.5, 5, 5.1)
    // 2 until 4.0, 1 until 4.5: then 1 is the most recent and 2 the next.
    expect(environments(view).slice(3)).toEqual([2, 1, 1, 2])
  })

  it('is, least recently used first, the one that has been idle longest', async () => {
    const view = await select('least-recently-used', ...THREE, 3, 3.5, 5, 5.1, 7)
    expect(environments(view).slice(3)).toEqual([0, 1, 2, 0, 1])
  })

  it('is, newest first, the one that was created last, however it was used', async () => {
    const view = await select('newest', ...THREE, 3, 3.5, 5, 5.1)
    expect(environments(view).slice(3)).toEqual([2, 1, 2, 1])
  })

  it('is most recently used first unless the scenario says otherwise', async () => {
    const view = await runExact({
      functions: { f: lambda() },
      traffic: { p: at('f', ...THREE, 3, 3.5, 5, 5.1) },
    })
    expect(environments(view).slice(3)).toEqual([2, 1, 1, 2])
  })

  it('is, at random, each of them equally often', async () => {
    const requests = Array.from({ length: 1_200 }, (_, k) => 5 + 2 * k)
    const view = await runExact({
      duration: '1h',
      metricsPeriod: '1m',
      functions: { f: lambda({ idleSelection: 'random' }) },
      traffic: { p: at('f', times(3, 1), ...requests) },
    })
    const counts = [0, 0, 0]
    for (const environment of environments(view).slice(3)) counts[environment]!++
    const chiSquare = counts.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0)
    // Exceeded once in 10^8 with two degrees of freedom, where the tail is exp(-x / 2).
    expect(chiSquare).toBeLessThan(-2 * Math.log(1e-8))
  })

  it('is repeatable at random with the same seed', async () => {
    const requests = Array.from({ length: 20 }, (_, k) => 5 + 2 * k)
    const again = () => select('random', times(3, 1), ...requests)
    expect(environments(await again())).toEqual(environments(await again()))
  })

  it('serves with an unused environment only where no used one is idle', async () => {
    const view = await runExact({
      functions: { f: lambda() },
      initial: { functions: { f: { environments: 2 } } },
      traffic: { p: at('f', 1, 3, 5, times(2, 7)) },
    })
    const [first, second, third, fourth, fifth] = environments(view)
    expect([second, third, fourth]).toEqual([first, first, first])
    expect(fifth).not.toBe(first)
  })
})

describe.each(IDLE_SELECTIONS.map(({ kind }) => kind))('with idle selection %s', (kind) => {
  it('no environment serves two requests at once and none is lost', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          idleSelection: kind,
          handler: { duration: { exponential: { mean: '700ms' } } },
        }),
      },
      traffic: { p: { to: 'f', rate: '30/s' } },
    })
    const busyUntil = new Map<number, number>()
    const byArrival = [...view.attempts].sort((one, other) => one.arrivedUs - other.arrivedUs)
    for (const { environment, arrivedUs, latencyUs } of byArrival) {
      expect(busyUntil.get(environment) ?? 0).toBeLessThanOrEqual(arrivedUs)
      busyUntil.set(environment, Math.round(arrivedUs + latencyUs))
    }
    // A cold start happens only when all are busy, so the peaks are the same.
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(
      view.value('f.ConcurrentExecutions.maximum'),
    )
  })
})
