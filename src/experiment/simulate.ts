/** The library's entry: a scenario in, a result out, in Node and in a page. */
import type { ScenarioFiles } from '../kernel/files.ts'
import type { AttemptRow } from '../model/attempt-log.ts'
import type { Diagnostic } from '../scenario/diagnostics.ts'
import { loadScenario } from '../scenario/load.ts'
import type { MetricRow, RunResult } from './result.ts'
import type { RunProgress } from './run.ts'
import { runScenario } from './run.ts'

export interface SimulateOptions {
  /** What the scenario's relative file names mean; left out, a scenario that names files fails. */
  readonly files?: ScenarioFiles
  /** Stops the run; the result then has status `interrupted` and what was finished. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
  /** In place of the scenario's own. */
  readonly seed?: string | number
  /** `PATH=VALUE`, as on the command line. */
  readonly set?: readonly string[]
  /** How many independent runs; more than one gives 95% intervals. Default 1. */
  readonly replications?: number
  /**
   * Takes the rows of the time series as periods close; they are then not in the result. Of an
   * interrupted run, rows whose replication is not below the result's `replications` do not count.
   */
  readonly onMetrics?: (rows: readonly MetricRow[]) => void
  /** Time series of the first replication (the default) or of all. */
  readonly metricsOf?: 'first' | 'all'
  /** Every statistic in the time series, not only the few. */
  readonly allStatistics?: boolean
  /** Takes a row per attempt, of which the same holds. */
  readonly onAttempt?: (row: AttemptRow) => void
  /** How messages name the scenario. Default `scenario`. */
  readonly fileName?: string
}

/** The scenario is invalid. The message has every problem with its line and a caret. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super(message)
    this.diagnostics = diagnostics
  }
}

const MOST_REPLICATIONS = 10_000

/**
 * Simulates a scenario given as YAML text or as the plain object that such text describes.
 * Throws a ScenarioError when it is invalid and a RangeError for impossible options.
 */
export async function simulate(
  scenario: string | object,
  options: SimulateOptions = {},
): Promise<RunResult> {
  const replications = options.replications ?? 1
  if (!Number.isInteger(replications) || replications < 1 || replications > MOST_REPLICATIONS) {
    throw new RangeError(
      `replications must be a whole number from 1 to ${MOST_REPLICATIONS}, not ${replications}`,
    )
  }
  const files = options.files ?? NO_FILES
  const loaded = await loadScenario({
    text: scenario,
    fileName: options.fileName ?? 'scenario',
    files,
    set: options.set ?? [],
    ...(options.seed === undefined ? {} : { seed: String(options.seed) }),
  })
  if (!loaded.ok) throw new ScenarioError(loaded.formatted, loaded.diagnostics)
  return runScenario(loaded, {
    files,
    replications,
    signal: options.signal ?? null,
    onProgress: options.onProgress ?? null,
    onMetrics: options.onMetrics ?? null,
    metricsOf: options.metricsOf ?? 'first',
    allStatistics: options.allStatistics ?? false,
    onAttempt: options.onAttempt ?? null,
    onReplicationEnd: null,
  })
}

const NO_FILES: ScenarioFiles = {
  readText: (path) => Promise.reject(new Error(noFile(path))),
  // biome-ignore lint/correctness/useYield: there is nothing to yield
  readChunks: async function* (path) {
    throw new Error(noFile(path))
  },
}

function noFile(path: string): string {
  return `cannot read ${path}: no files were given to simulate (option \`files\`)`
}
