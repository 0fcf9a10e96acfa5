/** What holds of every run, whatever the scenario. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RunView, run } from '../support/run.ts'
import { smallScenario } from './arbitrary-scenario.ts'

const RUNS = { numRuns: 25 }

/** Everything a run has to say, without what names the run. */
function everything(view: RunView) {
  const { output, attempts, metrics } = view
  return { output, attempts, metrics }
}

function outcomesOf(view: RunView, producer: string): { entered: number; sum: number } {
  const { entered = 0, ...outcomes } = view.ledger(producer)
  return { entered, sum: Object.values(outcomes).reduce((total, count) => total + count, 0) }
}

describe('every run of a valid scenario', () => {
  it('ends, balances its ledgers and agrees with its own metrics and attempts', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, async (scenario) => {
        const view = await run(scenario)
        expect(view.output.status).toBe('complete')
        for (const name of Object.keys(scenario.traffic)) {
          const { entered, sum } = outcomesOf(view, name)
          expect(sum).toBe(entered)
          const ofPeriods = view.series(`${name}.Requests.sum`).reduce((a, b) => a + b, 0)
          expect(ofPeriods).toBe(entered)
          if (scenario.warmUp === '0s') expect(view.value(`${name}.Requests.sum`)).toBe(entered)
          const told = view.attempts.filter(({ producer }) => producer === name).length
          expect(told + (view.ledger(name).inFlight ?? 0)).toBe(entered)
          if (scenario.drain) expect(view.ledger(name).inFlight).toBeUndefined()
        }
      }),
      RUNS,
    )
  })

  it('adds the parts of each attempt up to its latency, and tells where it came from', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, async (scenario) => {
        const view = await run(scenario)
        for (const row of view.attempts) {
          const parts =
            row.waitUs + row.placementUs + row.initUs + row.restoreUs + row.durationUs + row.callUs
          // Each part is a double of at most 2^40: their sum is right to 2^-10 us.
          expect(Math.abs(parts - row.latencyUs)).toBeLessThanOrEqual(2 ** -10)
          expect(row.latencyUs).toBeGreaterThanOrEqual(0)
          if (!row.producer.endsWith('.warm')) expect(scenario.traffic).toHaveProperty(row.producer)
          if (row.outcome === 'throttled') expect([row.start, row.latencyUs]).toEqual(['', 0])
          else expect(row.start).not.toBe('')
        }
      }),
      RUNS,
    )
  })

  it('never lets more be in flight than the limits of the whole run allow', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, async (scenario) => {
        // Limits that move may be below what is in flight already.
        const view = await run({ ...scenario, timeline: [] })
        const limit = scenario.account.concurrentExecutions
        const peaks = view.series('account.ConcurrentExecutions.maximum')
        for (const peak of peaks) expect(peak).toBeLessThanOrEqual(limit)
        for (const [name, settings] of Object.entries(scenario.functions)) {
          const most =
            'reservedConcurrentExecutions' in settings
              ? settings.reservedConcurrentExecutions
              : limit
          for (const peak of view.series(`${name}.ConcurrentExecutions.maximum`)) {
            expect(peak).toBeLessThanOrEqual(most!)
          }
          const busy = view.series(`${name}.ConcurrentExecutions.maximum`)
          const environments = view.series(`${name}.ExecutionEnvironments.maximum`)
          // An environment serves one request at a time.
          busy.forEach((peak, period) => {
            expect(peak).toBeLessThanOrEqual(environments[period]!)
          })
        }
        for (const { used, available } of view.output.headroom) {
          expect(used).toBeLessThanOrEqual(available)
        }
      }),
      RUNS,
    )
  })

  it('lets no environment serve two requests at once', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, async (scenario) => {
        const view = await run(scenario)
        const freeAt = new Map<string, number>()
        const served = view.attempts
          .filter(({ outcome }) => outcome !== 'throttled')
          .map((row) => ({ ...row, startedUs: row.arrivedUs + row.latencyUs - row.durationUs }))
          .sort((one, other) => one.startedUs - other.startedUs)
        for (const { functionName, version, start, environment, startedUs, durationUs } of served) {
          const kind = start === 'provisioned' ? 'provisioned' : 'on-demand'
          const key = `${functionName} ${version} ${kind} ${environment}`
          // Only instants are rounded: start and end may each be off by half a microsecond.
          expect((freeAt.get(key) ?? 0) - startedUs).toBeLessThanOrEqual(2)
          freeAt.set(key, startedUs + durationUs)
        }
      }),
      RUNS,
    )
  })
})

describe('the budget of a slice', () => {
  it('cannot be seen in anything that a run says', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, async (scenario) => {
        const whole = everything(await run(scenario))
        for (const eventBudget of [7, 1_000]) {
          expect(everything(await run(scenario, { eventBudget }))).toEqual(whole)
        }
      }),
      { numRuns: 10 },
    )
  })

  it('cannot be seen even if it is a single event', async () => {
    const [scenario] = fc.sample(smallScenario, { numRuns: 1, seed: 4 })
    const whole = everything(await run(scenario!))
    expect(everything(await run(scenario!, { eventBudget: 1 }))).toEqual(whole)
  })
})

describe('the same scenario', () => {
  it('gives the same run twice with the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, async (scenario) => {
        expect(everything(await run(scenario))).toEqual(everything(await run(scenario)))
      }),
      { numRuns: 15 },
    )
  })

  it('gives another run with another seed or replication', async () => {
    const scenario = {
      name: 'seeds',
      duration: '20s',
      metricsPeriod: '5s',
      account: { region: 'us-east-1' },
      functions: {
        f: { runtime: 'nodejs22.x', handler: { duration: { exponential: { mean: '300ms' } } } },
      },
      traffic: { p: { to: 'f', rate: '20/s' } },
    }
    const fingerprints = new Set<string>()
    for (const seed of [1, 2, 3]) {
      for (const replication of [0, 1]) {
        fingerprints.add((await run(scenario, { seed, replication })).output.fingerprint)
      }
    }
    expect(fingerprints.size).toBe(6)
  })

  it('is not changed by being watched', async () => {
    await fc.assert(
      fc.asyncProperty(smallScenario, async (scenario) => {
        const watched = (await run(scenario, { allStatistics: true })).output
        const unwatched = (await run(scenario, { rows: false })).output
        expect(unwatched).toEqual(watched)
      }),
      { numRuns: 15 },
    )
  })
})
