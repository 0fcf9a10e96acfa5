import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, stateOf, times } from '../../support/exact.ts'
import type { RunView } from '../../support/run.ts'

/** Version and start of each attempt, in the order of arrival. */
function versions(view: RunView): string[] {
  return [...view.attempts]
    .sort((one, other) => one.arrivedUs - other.arrivedUs)
    .map(({ version, start }) => `${version} ${start}`)
}

describe('a deployment all at once', () => {
  const parts = {
    functions: { f: lambda({ handler: { duration: '5s' } }) },
    timeline: [{ at: '20s', deploy: 'f' }],
    traffic: { p: at('f', times(3, 1), times(2, 18), 30, 36) },
  }

  it('sends every later request to the new version, whose first ones start cold', async () => {
    expect(versions(await runExact(parts)).slice(5)).toEqual(['deployed-1 cold', 'deployed-1 warm'])
  })

  it('retires idle environments at once and busy ones when they end', async () => {
    const sizes = [20, 20.000001, 23, 23.000001]
    const states = sizes.map(async (seconds) => (await stateOf(parts, seconds)).functions[0]!)
    const counts = (await Promise.all(states)).map(({ environments }) => environments)
    expect(counts).toEqual([3, 2, 2, 0])
  })

  it('lets requests in flight end where they began', async () => {
    const view = await runExact(parts)
    expect(versions(view).slice(3, 5)).toEqual(['$LATEST warm', '$LATEST warm'])
    expect(view.ledger('p')).toEqual({ entered: 7, succeeded: 7 })
  })

  it('happens as often as the timeline says', async () => {
    const view = await runExact({
      functions: { f: lambda() },
      timeline: [
        { at: '10s', deploy: 'f' },
        { at: '20s', deploy: 'f' },
      ],
      traffic: { p: at('f', 5, 15, 25) },
    })
    expect(versions(view)).toEqual(['$LATEST cold', 'deployed-1 cold', 'deployed-2 cold'])
  })

  it('leaves other functions alone', async () => {
    const view = await runExact({
      functions: { f: lambda(), g: lambda() },
      timeline: [{ at: '10s', deploy: 'f' }],
      traffic: { q: at('g', 5, 15) },
    })
    expect(versions(view)).toEqual(['$LATEST cold', '$LATEST warm'])
  })

  it('finds the scaling rate, the limits and the counters of the function as they were', async () => {
    const view = await runExact({
      functions: { f: lambda({ reservedConcurrentExecutions: 3, handler: { duration: '15s' } }) },
      timeline: [{ at: '10s', deploy: 'f' }],
      traffic: { p: at('f', times(2, 5), times(2, 12)) },
    })
    expect(view.throttles()).toEqual({ 'f reserved-concurrency': 1 })
  })
})

/** Share of an alias's requests that ran on the new version, minute by minute. */
async function sharesOnNew(strategy: string, minutes: number): Promise<number[]> {
  const view = await runExact({
    duration: `${minutes}m`,
    metricsPeriod: '1m',
    // The shorthand makes alias live, which the bare name then means.
    functions: { f: lambda({ provisionedConcurrentExecutions: 0 }) },
    timeline: [{ at: '1m', deploy: 'f', strategy }],
    traffic: { p: { to: 'f', process: 'constant', rate: '100/s' } },
  })
  const counts = Array.from({ length: minutes }, () => ({ moved: 0, total: 0 }))
  for (const { arrivedUs, version } of view.attempts) {
    const minute = counts[Math.floor(arrivedUs / 60_000_000)]!
    minute.total++
    if (version !== '1') minute.moved++
  }
  return counts.map(({ moved, total }) => moved / total)
}

function expectShares(shares: readonly number[], wanted: readonly number[]): void {
  expect(shares).toHaveLength(wanted.length)
  wanted.forEach((share, minute) => {
    // Six standard deviations of a share of 5,900 requests or more: 0 at 0 and 1.
    const margin = 6 * Math.sqrt((share * (1 - share)) / 5_900)
    expect(Math.abs(shares[minute]! - share)).toBeLessThanOrEqual(margin)
  })
}

describe('a gradual deployment', () => {
  it('shifts a tenth first and the rest later: canary', async () => {
    const shares = await sharesOnNew('Canary10Percent5Minutes', 8)
    expectShares(shares, [0, 0.1, 0.1, 0.1, 0.1, 0.1, 1, 1])
  })

  it('shifts a tenth more every minute: linear', async () => {
    const shares = await sharesOnNew('Linear10PercentEvery1Minute', 12)
    expectShares(shares, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1])
  })

  it('keeps the old version warm until the last shift', async () => {
    const parts = {
      duration: '8m',
      functions: { f: lambda({ provisionedConcurrentExecutions: 0 }) },
      timeline: [{ at: '1m', deploy: 'f', strategy: 'Canary10Percent5Minutes' }],
      traffic: { p: at('f', times(40, 30)) },
    }
    expect((await stateOf(parts, 359)).functions[0]!.environments).toBe(40)
    expect((await stateOf(parts, 361)).functions[0]!.environments).toBe(0)
  })
})

describe('a deployment with provisioned concurrency', () => {
  const parts = {
    duration: '6m',
    functions: { f: lambda({ provisionedConcurrentExecutions: 3 }) },
    timeline: [{ at: '1m', deploy: 'f' }],
    traffic: { p: at('f', times(3, 30), 70, times(3, 300)) },
  }

  it('allocates it anew; meanwhile requests run on demand', async () => {
    const view = await runExact(parts)
    expect(versions(view)).toEqual([
      ...Array(3).fill('1 provisioned'),
      'deployed-1 spilled-cold',
      ...Array(3).fill('deployed-1 provisioned'),
    ])
    const during = (await stateOf(parts, 90)).functions[0]!
    expect([during.provisionedReady, during.provisionedAllocating]).toEqual([0, 3])
    // The old ones are gone; the one on demand is left.
    expect(during.environments).toBe(1)
  })

  it('gives up what was still being allocated for the old version', async () => {
    const early = {
      ...parts,
      initial: { functions: { f: { provisionedConcurrentExecutions: 0 } } },
      timeline: [{ at: '30s', deploy: 'f' }],
    }
    const state = (await stateOf(early, 299)).functions[0]!
    expect([state.provisionedReady, state.provisionedAllocating]).toEqual([3, 0])
    expect(versions(await runExact(early)).slice(-3)).toEqual(
      Array(3).fill('deployed-1 provisioned'),
    )
    // Three allocated and three on demand since 30 s.
    expect(state.environments).toBe(6)
  })

  it('keeps its claim on the account while it is allocated', async () => {
    const view = await runExact(parts)
    expect(view.value('account.ClaimedAccountConcurrency.minimum')).toBe(3)
  })

  it('of a canary keeps the old one until the last shift', async () => {
    const view = await runExact({
      ...parts,
      duration: '10m',
      timeline: [{ at: '1m', deploy: 'f', strategy: 'Canary10Percent5Minutes' }],
      traffic: { p: at('f', times(3, 350), times(3, 361), times(3, 590)) },
    })
    const shiftedEarly = view.attempts.filter(
      ({ arrivedUs, version }) => arrivedUs === 350_000_000 && version !== '1',
    )
    const byStart = view.countAttempts(({ arrivedUs, start }) => `${arrivedUs / 1e6} ${start}`)
    expect(byStart['350 provisioned']).toBe(3 - shiftedEarly.length)
    expect(byStart['361 provisioned']).toBeUndefined()
    expect(byStart['590 provisioned']).toBe(3)
  })
})

describe('a deployment of a function with other aliases', () => {
  it('leaves an alias that is pinned to a version where it is', async () => {
    const view = await runExact({
      functions: { f: lambda({ aliases: { stable: { functionVersion: '7' } } }) },
      timeline: [{ at: '10s', deploy: 'f' }],
      traffic: { p: at('f', 15), q: at('f:stable', 5, 16) },
    })
    expect(versions(view)).toEqual(['7 cold', 'deployed-1 cold', '7 warm'])
  })

  it('leaves requests to the version itself where they are', async () => {
    const view = await runExact({
      functions: { f: lambda({ provisionedConcurrentExecutions: 0 }) },
      timeline: [{ at: '10s', deploy: 'f' }],
      traffic: { p: at('f', 15), q: at('f:1', 5, 16) },
    })
    expect(versions(view)).toEqual(['1 cold', 'deployed-1 cold', '1 warm'])
  })

  it('takes an alias along that leads where the bare name leads', async () => {
    const view = await runExact({
      functions: { f: lambda({ aliases: { newest: { functionVersion: '$LATEST' } } }) },
      timeline: [{ at: '10s', deploy: 'f' }],
      traffic: { q: at('f:newest', 5, 16) },
    })
    expect(versions(view)).toEqual(['$LATEST cold', 'deployed-1 cold'])
  })
})
