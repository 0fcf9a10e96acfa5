/** The function that was measured in 2020 as a scenario, the measured table, and one run of it. */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { runReplication } from '../../src/experiment/replication.ts'
import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_SECOND } from '../../src/kernel/time.ts'
import type { CompiledScenario } from '../../src/model/compiled-scenario.ts'
import { drawnLeases } from '../../src/model/compute/keep-alive/lease.ts'
import { keepAlivePreset } from '../../src/model/compute/keep-alive/preset.ts'
import { platformMonth } from '../../src/model/compute/platform-timeline.ts'
import { Moments } from '../../src/stats/moments.ts'
import { compileText } from '../support/run.ts'
import { estimateColdStarts, estimateInstances, type RequestLog } from './estimators.ts'

export interface MeasuredRate {
  /** As the table has it; with it the scenario is written. */
  readonly ratePerSecond: string
  readonly warmResponseMs: number
  readonly coldResponseMs: number
  readonly coldStartProbability: number
  readonly coldStartStandardError: number
  readonly meanInstances: number
}

const TABLE = new URL('../fixtures/lambda-2020/measured.csv', import.meta.url)

/** Ten arrival rates, each measured for about 28 hours. */
export function measuredRates(): MeasuredRate[] {
  const rows: Record<string, string>[] = parse(readFileSync(TABLE), { columns: true })
  return rows.map((row) => ({
    ratePerSecond: row.arrival_rate_per_s!,
    warmResponseMs: Number(row.warm_response_ms),
    coldResponseMs: Number(row.cold_response_ms),
    coldStartProbability: Number(row.cold_start_probability),
    coldStartStandardError: Number(row.cold_start_probability_se),
    meanInstances: Number(row.mean_instances),
  }))
}

/** The clients began before the recording, or its first requests would all be cold. */
const LEAD_SECONDS = 900
/** Median length of the recordings. */
const LENGTH_SECONDS = 100_700
/** Client's elapsed time less the handler's, median of the raw logs. */
const OUTSIDE_HANDLER_MS = 95
/** Standard deviation of a warm handler in the raw logs. */
const HANDLER_SPREAD_MS = 30

export interface Variant {
  readonly id: string
  readonly description: string
  readonly keepAlive: string
  readonly handOver: 'busy' | 'never'
  /** For what no scenario can say. */
  readonly adjust?: (compiled: CompiledScenario) => CompiledScenario
}

const PRESET = '{ policy: preset, platform: 2020-06 }'

function withoutReplacement(compiled: CompiledScenario): CompiledScenario {
  const ranges = { ...keepAlivePreset(platformMonth(2020, 6)), replacedAhead: false }
  const functions = compiled.functions.map((settings) => ({
    ...settings,
    keepAlive: { ...settings.keepAlive, create: () => drawnLeases(ranges) },
  }))
  return { ...compiled, functions }
}

export const VARIANTS: readonly [Variant, ...Variant[]] = [
  {
    id: 'preset',
    description: 'the preset of 2020, hand-over of waiting requests',
    keepAlive: PRESET,
    handOver: 'busy',
  },
  {
    id: 'no-hand-over',
    description: 'the preset, a waiting request keeps to its init',
    keepAlive: PRESET,
    handOver: 'never',
  },
  {
    id: 'no-replacement',
    description: 'the preset with hand-over, nothing replaced ahead of demand',
    keepAlive: PRESET,
    handOver: 'busy',
    adjust: withoutReplacement,
  },
  {
    id: 'one-timer-lifetime',
    description: 'each environment idle for 620 to 645 s, life of 6,900 to 7,300 s, no replacement',
    keepAlive:
      '{ policy: uniform, idleTimeout: { min: 620s, max: 645s }, lifetime: { min: 6900s, max: 7300s } }',
    handOver: 'never',
  },
  {
    id: 'fixed-600s',
    description: 'each environment idle for 600 s, no lifetime: the usual model',
    keepAlive: '{ policy: fixed, idleTimeout: 600s }',
    handOver: 'never',
  },
]

function scenarioText({ ratePerSecond, warmResponseMs }: MeasuredRate, variant: Variant): string {
  const handlerMs = warmResponseMs - OUTSIDE_HANDLER_MS
  // A lognormal this narrow is a normal distribution to the eye.
  const sigma = HANDLER_SPREAD_MS / handlerMs
  return `
name: lambda-2020
metricsPeriod: ${LEAD_SECONDS + LENGTH_SECONDS}s
duration: ${LEAD_SECONDS + LENGTH_SECONDS}s
platform: 2020-06
account: { region: us-east-1 }
functions:
  measured:
    runtime: python3.6
    timeout: 30s
    handler: { duration: { lognormal: { mean: ${handlerMs.toFixed(2)}ms, sigma: ${sigma} } } }
    coldStart: { placement: 0s, init: 420ms, firstInvocation: 125ms, handOver: ${variant.handOver} }
    keepAlive: ${variant.keepAlive}
traffic:
  clients: { to: measured, rate: ${ratePerSecond}/s }
`
}

export async function compileRate(rate: MeasuredRate, variant: Variant): Promise<CompiledScenario> {
  const compiled = await compileText(scenarioText(rate, variant))
  return variant.adjust?.(compiled) ?? compiled
}

/** What the authors' estimators say of one simulated run. */
export interface RunEstimate {
  readonly coldStartProbability: number
  readonly coldStartStandardError: number
  readonly meanInstances: number
  /** How much longer first uses took than other requests, at the client. */
  readonly firstUseExtraMs: number
  /** Requests that found no environment (ColdStarts), of all first uses. */
  readonly coldStartsPerFirstUse: number
}

/** Seeds are 1 to the number of runs. */
export async function simulateRun(compiled: CompiledScenario, seed: number): Promise<RunEstimate> {
  const log = new LogBuilder()
  const output = await runReplication(
    { ...compiled, seed: String(seed) },
    {
      replication: 0,
      files: { readText: noFile, readChunks: noFile },
      onMetrics: null,
      allStatistics: false,
      onAttempt: (attempt) => log.add(attempt),
      signal: null,
      onProgress: null,
      snapshotAtUs: null,
    },
  )
  const coldStarts = output.summary.find(({ metric }) => metric === 'ColdStarts')!.value
  const requests = log.build()
  const { probability, standardError } = estimateColdStarts(requests)
  return {
    coldStartProbability: probability,
    coldStartStandardError: standardError,
    meanInstances: estimateInstances(requests),
    firstUseExtraMs: log.firstUseMs.mean - log.otherUseMs.mean,
    coldStartsPerFirstUse: coldStarts / log.firstUseMs.count,
  }
}

function noFile(): never {
  throw new Error('the scenario names no files')
}

interface Attempt {
  readonly arrivedUs: number
  readonly request: number
  readonly environment: number
  readonly latencyUs: number
}

/** Turns attempts, told in the order of their ends, into the log of those that were recorded. */
class LogBuilder {
  readonly firstUseMs = new Moments()
  readonly otherUseMs = new Moments()
  private readonly starts: number[] = []
  private readonly firstUseFlags: number[] = []
  private readonly lives = new Map<number, { first: number; last: number }>()

  add({ arrivedUs, request, environment, latencyUs }: Attempt): void {
    const start = arrivedUs / MICROSECONDS_PER_SECOND - LEAD_SECONDS
    const end = start + latencyUs / MICROSECONDS_PER_SECOND + OUTSIDE_HANDLER_MS / 1_000
    const life = this.lives.get(environment)
    const latencies = life === undefined ? this.firstUseMs : this.otherUseMs
    latencies.add(latencyUs / MICROSECONDS_PER_MILLISECOND)
    if (life === undefined) this.lives.set(environment, { first: start, last: end })
    else life.last = end
    this.starts[request] = start
    this.firstUseFlags[request] = life === undefined ? 1 : 0
  }

  /** A request that was still running at the end has no row: the log ends before it. */
  build(): RequestLog {
    let to = 0
    while (this.starts[to] !== undefined) to++
    const from = this.starts.findIndex((start) => start >= 0)
    return {
      starts: Float64Array.from(this.starts.slice(from, to)),
      isFirstUse: Uint8Array.from(this.firstUseFlags.slice(from, to)),
      lives: [...this.lives.values()].flatMap(({ first, last }) => [first, last]),
      lengthSeconds: LENGTH_SECONDS,
    }
  }
}
