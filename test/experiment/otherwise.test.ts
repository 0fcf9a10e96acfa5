/** A month of so many runs and, for the rest of it, of another scenario. */
import { describe, expect, it } from 'vitest'
import { compareScenarios } from '../../src/experiment/compare.ts'
import type { ReplicationOptions, ReplicationOutput } from '../../src/experiment/replication.ts'
import { type RunOptions, runScenario } from '../../src/experiment/run.ts'
import { ScenarioError, simulate } from '../../src/index.ts'
import type { CompiledScenario } from '../../src/model/compiled-scenario.ts'
import { filesOf, load } from '../scenario/support.ts'
import { frame, output } from './fixtures.ts'

const scenario = (rate: string, keys = ''): string => `name: shop
duration: 1h
account: { region: us-east-1 }
functions:
  api: { runtime: nodejs22.x, memorySize: 1024, coldStart: none, handler: { duration: 100ms } }
traffic: { visitors: { to: api, process: constant, rate: ${rate} } }
${keys}`

const USUAL = scenario('1/s')
const SALE = scenario(
  '100/s',
  `billing: { represents: { times: 10 per month, otherwise: usual.yaml } }
variants:
  busier: { traffic.visitors.rate: 200/s }
`,
)
const files = filesOf({ 'usual.yaml': USUAL })

describe('the month', () => {
  it('is that of both, and the run is only its own', async () => {
    const { bill, eventCount, summary } = await simulate(SALE, { files })
    const alone = await simulate(scenario('100/s'))
    expect(bill).toMatchObject({ represents: '10 times per month', costUsd: alone.bill!.costUsd })
    expect(summary).toEqual(alone.summary)
    expect(eventCount).toBe(alone.eventCount)
    // 10 x 360,000 requests and 720 x 3,600 ones.
    const requests = bill!.lines.find(({ item }) => item === 'lambda-requests')
    expect(requests).toMatchObject({ quantity: '360000', costUsd: '0.072', monthlyUsd: '1.2384' })
    const [runs, rest] = [Number(bill!.otherwise!.runsUsd), Number(bill!.otherwise!.restUsd)]
    expect(runs).toBeCloseTo(10 * Number(bill!.costUsd.value), 9)
    expect(runs + rest).toBeCloseTo(Number(bill!.monthlyUsd!.value), 9)
    const usual = await simulate(USUAL)
    expect(rest).toBeCloseTo(720 * Number(usual.bill!.costUsd.value), 9)
  })

  it('has an interval over replications, each with a run of the other scenario', async () => {
    const usual = USUAL.replace('process: constant, ', '')
    const { bill } = await simulate(SALE, {
      files: filesOf({ 'usual.yaml': usual }),
      replications: 3,
    })
    const { value, ci95Low, ci95High } = bill!.monthlyUsd!
    expect(bill!.costUsd.ci95Low).toBe(bill!.costUsd.value)
    expect(Number(ci95Low)).toBeLessThan(Number(value))
    expect(Number(ci95High)).toBeGreaterThan(Number(value))
  })

  it('is refused as a whole where the other scenario is invalid', async () => {
    const broken = filesOf({ 'usual.yaml': USUAL.replace('1/s', 'some') })
    const error = await simulate(SALE, { files: broken }).catch((problem) => problem)
    expect(error).toBeInstanceOf(ScenarioError)
    expect(error.message).toMatch(/^usual\.yaml:6:/)
    expect(error.diagnostics[0].source.fileName).toBe('usual.yaml')
  })
})

describe('a comparison', () => {
  it('has the month of both in each variant', async () => {
    const written = await load(SALE, [], files)
    const busier = await load(SALE, ['traffic.visitors.rate=200/s'], files)
    const { rows, advice } = await compareScenarios(
      [
        { name: 'as-written', identity: written, files, changes: [] },
        { name: 'busier', identity: busier, files, changes: [] },
      ],
      { replications: 2, signal: null, onProgress: null },
    )
    const months = rows.filter(({ metric }) => metric === 'MonthlyCost').map(({ value }) => value)
    const { bill } = await simulate(SALE, { files })
    expect(months[0]).toBeCloseTo(Number(bill!.monthlyUsd!.value), 9)
    // The rest of the month is the same.
    expect(months[1]! - months[0]!).toBeCloseTo(10 * Number(bill!.costUsd.value), 6)
    expect(advice.cheapest).toMatchObject({ name: 'as-written', basis: 'month' })
  })

  it('recommends nothing while an init in the rest of the month is a stand-in', async () => {
    const other = USUAL.replace('api:', 'other:').replace('to: api', 'to: other')
    const standIn = filesOf({ 'usual.yaml': other.replace('coldStart: none, ', '') })
    const identity = await load(SALE, [], standIn)
    const { advice } = await compareScenarios(
      [{ name: 'one', identity, files: standIn, changes: [] }],
      {
        replications: 1,
        signal: null,
        onProgress: null,
      },
    )
    expect(advice.presetInits).toEqual(['other'])
  })
})

describe('while it runs', () => {
  const options: RunOptions = {
    files,
    replications: 2,
    signal: null,
    onProgress: null,
    onMetrics: null,
    metricsOf: 'all',
    allStatistics: false,
    onAttempt: null,
    onReplicationEnd: null,
  }
  const billing = { represents: { timesPerMonth: 10 }, freeTier: false, savingsPlan: null }
  const identity = {
    compiled: frame({ billing }),
    digest: 'digest',
    otherwise: {
      file: 'usual.yaml',
      compiled: frame({ name: 'rest', durationUs: 60_000_000 }),
      digest: 'other',
      files,
    },
  }
  /** One after another, whichever scenario it is. */
  const playing = (outputs: readonly ReplicationOutput[]) => {
    const left = [...outputs]
    return async (_: CompiledScenario, __: ReplicationOptions) => left.shift()!
  }
  const interrupted = output({ status: 'interrupted' })

  it('takes turns with the other scenario, whose rows nobody asked for', async () => {
    const names: string[] = []
    const replicate = playing([output(), output(), output(), output()])
    const watching: typeof replicate = async (compiled, given) => {
      names.push(`${compiled.name} ${given.replication} ${given.onMetrics === null}`)
      return replicate(compiled, given)
    }
    expect(await runScenario(identity, options, watching)).toMatchObject({ replications: 2 })
    expect(names).toEqual(['frame 0 false', 'rest 0 true', 'frame 1 false', 'rest 1 true'])
  })

  it('has one progress of both', async () => {
    const reports: unknown[] = []
    const replicate = playing([output({ eventCount: 100 }), output({ eventCount: 10 })])
    const reporting: typeof replicate = async (compiled, given) => {
      given.onProgress?.(30_000_000, 4)
      return replicate(compiled, given)
    }
    const onProgress = (progress: unknown) => reports.push(progress)
    await runScenario(identity, { ...options, replications: 1, onProgress }, reporting)
    const common = { replication: 0, replications: 1, durationUs: 660_000_000 }
    expect(reports).toEqual([
      { ...common, simulatedUs: 30_000_000, eventCount: 4 },
      { ...common, simulatedUs: 630_000_000, eventCount: 104 },
    ])
  })

  it.each([
    ['the run', [interrupted], 1],
    ['the other scenario', [output(), interrupted], 1],
    ['the second run', [output(), output(), interrupted], 1],
    ['the other scenario the second time', [output(), output(), output(), interrupted], 1],
  ])('interrupted in %s, keeps what is whole', async (where, outputs, kept) => {
    const replicate = playing(outputs)
    const { status, replications, bill } = await runScenario(identity, options, replicate)
    expect({ status, replications }).toEqual({ status: 'interrupted', replications: kept })
    // Part of a month is none.
    const isWhole = where.includes('second')
    expect(bill!.monthlyUsd === null).toBe(!isWhole)
    expect(bill!.otherwise === null).toBe(!isWhole)
  })
})
