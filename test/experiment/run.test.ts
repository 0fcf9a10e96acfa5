import { describe, expect, test } from 'vitest'
import type { MetricRow } from '../../src/experiment/result.ts'
import { type RunOptions, runScenario } from '../../src/experiment/run.ts'
import { frame, output, playing, threshold, value } from './fixtures.ts'

const NO_FILES = {
  readText: () => Promise.reject(new Error('no files')),
  readChunks: () => {
    throw new Error('no files')
  },
}

function options(overrides: Partial<RunOptions> = {}): RunOptions {
  return {
    files: NO_FILES,
    replications: 1,
    signal: null,
    onProgress: null,
    onMetrics: null,
    metricsOf: 'first',
    allStatistics: false,
    onAttempt: null,
    onReplicationEnd: null,
    ...overrides,
  }
}

function identity(overrides: Parameters<typeof frame>[0] = {}) {
  return { compiled: frame(overrides), digest: 'digest' }
}

describe('one replication', () => {
  test('its figures are the result, without intervals', async () => {
    const { replicate } = playing([
      output({
        summary: [value('api', 'Invocations', 'sum', 12)],
        ledger: [{ scope: 'traffic', name: 'web', outcome: 'entered', count: 12 }],
        eventCount: 24,
        drainedAfterUs: 5,
      }),
    ])
    expect(await runScenario(identity(), options(), replicate)).toMatchObject({
      scenarioName: 'frame',
      scenarioDigest: 'digest',
      replications: 1,
      status: 'complete',
      fingerprint: '0123456789abcdef',
      eventCount: 24,
      drainedAfterUs: 5,
      summary: [{ metric: 'Invocations', value: 12, ci95Low: null, ci95High: null }],
      ledger: [{ outcome: 'entered', count: 12 }],
    })
  })

  test('the time series is in the result unless a sink takes it', async () => {
    const row: MetricRow = {
      replication: 0,
      timeSeconds: 0,
      ...value('api', 'Invocations', 'sum', 12),
    }
    const replicate: typeof import('../../src/experiment/replication.ts').runReplication = async (
      _compiled,
      { onMetrics },
    ) => {
      onMetrics?.([row])
      return output()
    }
    const taken: MetricRow[] = []
    const onMetrics = (rows: readonly MetricRow[]) => void taken.push(...rows)
    expect((await runScenario(identity(), options(), replicate)).metrics).toEqual([row])
    expect((await runScenario(identity(), options({ onMetrics }), replicate)).metrics).toEqual([])
    expect(taken).toEqual([row])
  })

  test('interrupted, it gives its figures until then and decides no threshold', async () => {
    const { replicate } = playing([
      output({
        status: 'interrupted',
        simulatedUs: 90_000_000,
        summary: [value('api', 'Throttles', 'sum', 3)],
      }),
    ])
    const thresholds = [threshold('api.Throttles.sum', '<', 1)]
    expect(await runScenario(identity({ thresholds }), options(), replicate)).toMatchObject({
      status: 'interrupted',
      simulatedUs: 90_000_000,
      summary: [{ value: 3 }],
      thresholds: [{ verdict: 'undecided', note: 'the run was interrupted' }],
    })
  })
})

describe('several replications', () => {
  test('a value is the mean with its 95% Student-t interval', async () => {
    const values = [4, 6, 8]
    const { replicate } = playing(
      values.map((amount) => output({ summary: [value('api', 'Invocations', 'sum', amount)] })),
    )
    const { summary } = await runScenario(identity(), options({ replications: 3 }), replicate)
    // Student's t with two degrees of freedom has the closed quantile a sqrt(2 / (1 - a^2)),
    // a = 2p - 1; the standard error is 2 / sqrt(3).
    const halfWidth = 0.95 * Math.sqrt(2 / (1 - 0.95 * 0.95)) * (2 / Math.sqrt(3))
    expect(summary).toHaveLength(1)
    expect(summary[0]?.value).toBe(6)
    expect(Math.abs(summary[0]!.ci95Low! - (6 - halfWidth))).toBeLessThan(1e-12)
    expect(Math.abs(summary[0]!.ci95High! - (6 + halfWidth))).toBeLessThan(1e-12)
  })

  test('a value that one replication lacks is the mean of the others, in its place', async () => {
    const duration = (amount: number) => value('api', 'Duration', 'p99', amount)
    const invocations = (amount: number) => value('api', 'Invocations', 'sum', amount)
    const throttles = (amount: number) => value('api', 'Throttles', 'sum', amount)
    const { replicate } = playing([
      output({ summary: [invocations(0), throttles(5)] }),
      output({ summary: [invocations(2), duration(40), throttles(5)] }),
      output({ summary: [invocations(4), duration(60), throttles(5)] }),
    ])
    const { summary } = await runScenario(identity(), options({ replications: 3 }), replicate)
    expect(summary.map((row) => [row.metric, row.value])).toEqual([
      ['Invocations', 2],
      ['Duration', 50],
      ['Throttles', 5],
    ])
  })

  test('a value that a single replication has carries no interval', async () => {
    const { replicate } = playing([
      output(),
      output({ summary: [value('api', 'Duration', 'p99', 40)] }),
    ])
    const { summary } = await runScenario(identity(), options({ replications: 2 }), replicate)
    expect(summary).toMatchObject([{ value: 40, ci95Low: null, ci95High: null }])
  })

  test('ledger counts add up over replications', async () => {
    const entered = (count: number) =>
      ({ scope: 'traffic', name: 'web', outcome: 'entered', count }) as const
    const failed = { ...entered(1), outcome: 'failed' }
    const succeeded = (count: number) => ({ ...entered(count), outcome: 'succeeded' })
    const { replicate } = playing([
      output({ ledger: [entered(3), succeeded(3)] }),
      output({ ledger: [entered(5), succeeded(4), failed] }),
    ])
    const { ledger } = await runScenario(identity(), options({ replications: 2 }), replicate)
    expect(ledger.map((row) => [row.outcome, row.count])).toEqual([
      ['entered', 8],
      ['succeeded', 7],
      ['failed', 1],
    ])
  })

  test('throttles have the mean count, the whole span and the worst period', async () => {
    const record = {
      functionName: 'api',
      cause: 'scaling-rate',
      reason: 'FunctionInvocationRateLimitExceeded',
      count: 10,
      retriedCount: 0,
      firstUs: 70,
      lastUs: 90,
      peakPeriodCount: 6,
      peakPeriodStartUs: 60,
    }
    const later = {
      ...record,
      count: 20,
      retriedCount: 0,
      firstUs: 80,
      lastUs: 200,
      peakPeriodCount: 15,
    }
    const { replicate } = playing([
      output({ throttles: [record] }),
      output({ throttles: [{ ...later, peakPeriodStartUs: 120 }] }),
      output(),
    ])
    const { throttles } = await runScenario(identity(), options({ replications: 3 }), replicate)
    expect(throttles).toEqual([
      { ...record, count: 10, lastUs: 200, peakPeriodCount: 15, peakPeriodStartUs: 120 },
    ])
  })

  test('headroom is that of the replication that came closest to the limit', async () => {
    const entry = { limit: 'account concurrency', scope: 'account', name: 'account' } as const
    const { replicate } = playing([
      output({ headroom: [{ ...entry, used: 700, available: 1_000 }] }),
      output({ headroom: [{ ...entry, used: 900, available: 1_000 }] }),
    ])
    const { headroom } = await runScenario(identity(), options({ replications: 2 }), replicate)
    expect(headroom).toEqual([{ ...entry, used: 900, available: 1_000 }])
  })

  test('only the first has a time series unless all are asked for', async () => {
    const first = playing([output(), output()])
    await runScenario(identity(), options({ replications: 2 }), first.replicate)
    expect(first.asked.map(({ onMetrics }) => onMetrics !== null)).toEqual([true, false])
    const all = playing([output(), output()])
    await runScenario(identity(), options({ replications: 2, metricsOf: 'all' }), all.replicate)
    expect(all.asked.map(({ onMetrics }) => onMetrics !== null)).toEqual([true, true])
  })

  test('fingerprints stand in the order of the replications', async () => {
    const { replicate } = playing([output({ fingerprint: 'a' }), output({ fingerprint: 'b' })])
    const result = await runScenario(identity(), options({ replications: 2 }), replicate)
    expect(result.fingerprint).toBe('a-b')
  })

  test('interrupted in a later one, those that finished are kept and the broken one is not', async () => {
    const { replicate } = playing([
      output({ summary: [value('api', 'Invocations', 'sum', 10)] }),
      output({ summary: [value('api', 'Invocations', 'sum', 20)] }),
      output({ status: 'interrupted', summary: [value('api', 'Invocations', 'sum', 1)] }),
      output(),
    ])
    const result = await runScenario(identity(), options({ replications: 4 }), replicate)
    expect(result).toMatchObject({
      status: 'interrupted',
      replications: 2,
      summary: [{ value: 15 }],
    })
  })

  test('rows of a replication that is not kept are not in the result', async () => {
    const { replicate } = playing([output(), output({ status: 'interrupted' })])
    const writing: typeof replicate = async (compiled, given) => {
      const { replication, onMetrics } = given
      onMetrics?.([{ replication, timeSeconds: 0, ...value('api', 'Invocations', 'sum', 12) }])
      return replicate(compiled, given)
    }
    const given = options({ replications: 2, metricsOf: 'all' })
    const { metrics } = await runScenario(identity(), given, writing)
    expect(metrics.map(({ replication }) => replication)).toEqual([0])
  })

  test('who takes rows is told at the end of each whether it is kept', async () => {
    const toldOf = async (...statuses: readonly ('complete' | 'interrupted')[]) => {
      const { replicate } = playing(statuses.map((status) => output({ status })))
      const told: boolean[] = []
      const onReplicationEnd = (isKept: boolean) => void told.push(isKept)
      await runScenario(identity(), options({ replications: 3, onReplicationEnd }), replicate)
      return told
    }
    expect(await toldOf('complete', 'complete', 'complete')).toEqual([true, true, true])
    expect(await toldOf('complete', 'interrupted')).toEqual([true, false])
    expect(await toldOf('interrupted')).toEqual([true])
  })

  test('interrupted between two, no further one begins', async () => {
    const abort = new AbortController()
    const { asked, replicate } = playing([output(), output(), output()])
    const aborting: typeof replicate = async (compiled, given) => {
      if (given.replication === 1) abort.abort()
      return replicate(compiled, given)
    }
    const result = await runScenario(
      identity(),
      options({ replications: 3, signal: abort.signal }),
      aborting,
    )
    expect(asked).toHaveLength(2)
    expect(result).toMatchObject({ status: 'interrupted', replications: 2 })
  })

  test('interrupted when the last one is already whole, the run is complete', async () => {
    const abort = new AbortController()
    const { replicate } = playing([output()])
    const aborting: typeof replicate = async (compiled, given) => {
      abort.abort()
      return replicate(compiled, given)
    }
    const result = await runScenario(identity(), options({ signal: abort.signal }), aborting)
    expect(result.status).toBe('complete')
  })

  test('progress counts the events of all replications so far', async () => {
    const { replicate } = playing([output({ eventCount: 100 }), output({ eventCount: 100 })])
    const reports: unknown[] = []
    const reporting: typeof replicate = async (compiled, given) => {
      given.onProgress?.(300_000_000, 40)
      return replicate(compiled, given)
    }
    await runScenario(
      identity(),
      options({ replications: 2, onProgress: (progress) => reports.push(progress) }),
      reporting,
    )
    const common = { replications: 2, simulatedUs: 300_000_000, durationUs: 600_000_000 }
    expect(reports).toEqual([
      { ...common, replication: 0, eventCount: 40 },
      { ...common, replication: 1, eventCount: 140 },
    ])
  })
})
