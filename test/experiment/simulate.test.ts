import { describe, expect, test } from 'vitest'
import { type AttemptRow, type MetricRow, ScenarioError, simulate } from '../../src/index.ts'

const STEADY = {
  name: 'steady',
  duration: '10m',
  account: { region: 'us-east-1' },
  functions: {
    api: { runtime: 'nodejs22.x', handler: { duration: '50ms' }, coldStart: 'none' },
  },
  traffic: { visitors: { to: 'api', process: 'constant', rate: '10/s' } },
}

describe('simulate', () => {
  test('takes a plain object, and the YAML text that says the same, with the same result', async () => {
    const fromObject = await simulate(STEADY)
    const fromText = await simulate(JSON.stringify(STEADY))
    expect(fromText).toEqual(fromObject)
    expect(fromObject.summary).toContainEqual({
      scope: 'function',
      name: 'api',
      metric: 'Invocations',
      statistic: 'sum',
      unit: 'count',
      value: 6_000,
      ci95Low: null,
      ci95High: null,
    })
  })

  test('has the time series as typed rows', async () => {
    const { metrics } = await simulate(STEADY)
    const invocations = metrics.filter(({ metric }) => metric === 'Invocations')
    expect(invocations.map(({ timeSeconds, value }) => [timeSeconds, value])).toEqual(
      Array.from({ length: 10 }, (_, minute) => [minute * 60, 600]),
    )
  })

  test('hands the rows to onMetrics instead, and attempts to onAttempt', async () => {
    const rows: MetricRow[] = []
    const attempts: AttemptRow[] = []
    const result = await simulate(STEADY, {
      onMetrics: (batch) => void rows.push(...batch),
      onAttempt: (attempt) => void attempts.push(attempt),
    })
    expect(result.metrics).toEqual([])
    expect(rows).toEqual((await simulate(STEADY)).metrics)
    expect(attempts[0]).toMatchObject({ producer: 'visitors', functionName: 'api', start: 'cold' })
  })

  test('applies set and seed, which name the scenario anew', async () => {
    const plain = await simulate(STEADY)
    const changed = await simulate(STEADY, {
      set: ['traffic.visitors.rate=20/s'],
      seed: 42,
    })
    expect(changed.seed).toBe('42')
    expect(changed.scenarioDigest).not.toBe(plain.scenarioDigest)
    expect(changed.summary.find(({ metric }) => metric === 'Invocations')?.value).toBe(12_000)
  })

  test('rejects an invalid scenario with every problem, each at its line', async () => {
    const invalid = { ...STEADY, duration: '10', traffic: { visitors: { to: 'nobody', rate: 5 } } }
    const error = await simulate(invalid, { fileName: 'mine' }).catch((problem) => problem)
    expect(error).toBeInstanceOf(ScenarioError)
    expect(error.diagnostics.length).toBeGreaterThanOrEqual(3)
    expect(error.message).toMatch(/^mine:3:15: /)
    for (const { line, column } of error.diagnostics) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(column).toBeGreaterThanOrEqual(1)
    }
  })

  test.each([0, -1, 1.5, Number.NaN, 10_001])('rejects %d replications', (replications) =>
    expect(simulate(STEADY, { replications })).rejects.toThrow(
      /^replications must be a whole number from 1 to 10000, not /,
    ),
  )

  test('reads the files that a scenario names through `files`', async () => {
    const scenario = {
      ...STEADY,
      traffic: { visitors: { to: 'api', trace: 'visits.csv' } },
    }
    const text = 'time_s\n0.5\n1.5\n2.25\n'
    const files = {
      readText: async () => text,
      readChunks: async function* () {
        yield new TextEncoder().encode(text)
      },
    }
    const { summary } = await simulate(scenario, { files })
    expect(summary.find(({ metric }) => metric === 'Requests')?.value).toBe(3)
  })
})
