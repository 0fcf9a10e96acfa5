/**
 * Runs a scenario as users write it and lets tests ask for what came out. Only stable seams are
 * used: the scenario's text goes in, rows come out.
 */
import { type ReplicationOutput, runReplication } from '../../src/experiment/replication.ts'
import type { MetricRow } from '../../src/experiment/result.ts'
import type { ScenarioFiles } from '../../src/kernel/files.ts'
import type { AttemptRow } from '../../src/model/attempt-log.ts'
import type { CompiledScenario } from '../../src/model/compiled-scenario.ts'
import { loadScenario } from '../../src/scenario/load.ts'

export interface RunOptions {
  /** `PATH=VALUE`, as on the command line. */
  readonly set?: readonly string[]
  readonly seed?: number
  readonly replication?: number
  /** Events per slice. */
  readonly eventBudget?: number
  readonly allStatistics?: boolean
  readonly snapshotAtUs?: number
  /** Interrupts the run at the first slice that ends after so many events. */
  readonly eventLimit?: number
  readonly files?: ScenarioFiles
  /** For what a scenario cannot say, such as the time that extensions take to shut down. */
  readonly adjust?: (compiled: CompiledScenario) => CompiledScenario
  /** Keep a row per attempt and the time series. Default true; false for long runs. */
  readonly rows?: boolean
}

/** A run, and its rows by name. */
export class RunView {
  readonly output: ReplicationOutput
  readonly attempts: readonly AttemptRow[]
  readonly metrics: readonly MetricRow[]

  constructor(
    output: ReplicationOutput,
    attempts: readonly AttemptRow[],
    metrics: readonly MetricRow[],
  ) {
    this.output = output
    this.attempts = attempts
    this.metrics = metrics
  }

  /** The summary's value at `NAME.METRIC.STATISTIC`; throws where there is none. */
  value(path: string): number {
    const value = this.find(path)
    if (value === undefined) throw new Error(`the summary has no ${path}`)
    return value
  }

  /** The same, or undefined where there is no such row. */
  find(path: string): number | undefined {
    return this.output.summary.find((row) => pathOf(row) === path)?.value
  }

  /** A metric's values period by period; a period without a row is left out. */
  series(path: string): number[] {
    return this.rowsAt(path).map(({ value }) => value)
  }

  /** The starts of the periods that have a row, in seconds. */
  seriesTimes(path: string): number[] {
    return this.rowsAt(path).map(({ timeSeconds }) => timeSeconds)
  }

  /** A producer's outcomes by name. */
  ledger(name: string): Record<string, number> {
    const rows = this.output.ledger.filter((row) => row.name === name)
    return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]))
  }

  /** How many attempts each limit refused: `{ 'function cause': count }`. */
  throttles(): Record<string, number> {
    const rows = this.output.throttles
    return Object.fromEntries(
      rows.map(({ functionName, cause, count }) => [`${functionName} ${cause}`, count]),
    )
  }

  /** How many attempts there were of each kind that `keyOf` tells apart. */
  countAttempts(keyOf: (attempt: AttemptRow) => string): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const attempt of this.attempts) {
      const key = keyOf(attempt)
      counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }

  private rowsAt(path: string): MetricRow[] {
    return this.metrics.filter((row) => pathOf(row) === path)
  }
}

function pathOf(row: { name: string; metric: string; statistic: string }): string {
  return `${row.name}.${row.metric}.${row.statistic}`
}

export const NO_FILES: ScenarioFiles = {
  readText: (path) => Promise.reject(new Error(`the test has no file ${path}`)),
  // biome-ignore lint/correctness/useYield: there is nothing to yield
  readChunks: async function* (path) {
    throw new Error(`the test has no file ${path}`)
  },
}

/** Loads a scenario; throws with its diagnostics where it is invalid. */
export async function compileText(
  text: string | object,
  { set = [], files = NO_FILES }: RunOptions = {},
): Promise<CompiledScenario> {
  const loaded = await loadScenario({ text, fileName: 'test.yaml', files, set })
  if (!loaded.ok) throw new Error(loaded.formatted)
  return loaded.compiled
}

/** Runs a scenario once. */
export async function run(text: string | object, options: RunOptions = {}): Promise<RunView> {
  return runCompiled(await compileText(text, options), options)
}

/** Runs what has been compiled once. */
export async function runCompiled(
  compiled: CompiledScenario,
  options: RunOptions = {},
): Promise<RunView> {
  const { adjust, seed, rows = true, files = NO_FILES } = options
  const seeded = seed === undefined ? compiled : { ...compiled, seed: String(seed) }
  const attempts: AttemptRow[] = []
  const metrics: MetricRow[] = []
  const controller = new AbortController()
  const { eventLimit = Number.POSITIVE_INFINITY } = options
  const output = await runReplication(adjust === undefined ? seeded : adjust(seeded), {
    replication: options.replication ?? 0,
    files,
    onMetrics: rows ? (batch) => metrics.push(...batch) : null,
    allStatistics: options.allStatistics ?? false,
    onAttempt: rows ? (row) => attempts.push(row) : null,
    signal: controller.signal,
    onProgress: (_, eventCount) => {
      if (eventCount >= eventLimit) controller.abort()
    },
    snapshotAtUs: options.snapshotAtUs ?? null,
    ...(options.eventBudget === undefined ? {} : { eventBudget: options.eventBudget }),
  })
  return new RunView(output, attempts, metrics)
}

/** Runs a scenario with seeds 1 to `count`, without rows, and reads something off each run. */
export async function replicate<Reading>(
  text: string | object,
  count: number,
  read: (view: RunView) => Reading,
  options: RunOptions = {},
): Promise<Reading[]> {
  const compiled = await compileText(text, options)
  const readings: Reading[] = []
  for (let seed = 1; seed <= count; seed++) {
    readings.push(read(await runCompiled(compiled, { ...options, rows: false, seed })))
  }
  return readings
}

/** The rows of a stopped clock: the state at an instant, before what happens at it. */
export async function stateAt(text: string | object, atUs: number, options: RunOptions = {}) {
  const view = await run(text, { ...options, snapshotAtUs: atUs })
  return view.output.snapshot!
}

export const SECOND = 1_000_000
