/** Runs the replications of a compiled scenario in this process, one after another. */
import type { ScenarioFiles } from '../kernel/files.ts'
import type { AttemptRow } from '../model/attempt-log.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { mergeBills } from './bill.ts'
import { mergeHeadroom, mergeLedgers, mergeSummaries, mergeThrottles } from './merge.ts'
import type { ReplicationOutput } from './replication.ts'
import { runReplication } from './replication.ts'
import type { MetricRow, RunResult } from './result.ts'
import { mergeBacklogs } from './stability.ts'
import { evaluateThresholds } from './thresholds.ts'
import { VERSION } from './version.ts'

/** How far a run has come, for a progress bar. */
export interface RunProgress {
  /** From 0. */
  readonly replication: number
  readonly replications: number
  /** Of this replication. */
  readonly simulatedUs: number
  readonly durationUs: number
  /** Of all replications so far. */
  readonly eventCount: number
}

export interface RunOptions {
  readonly files: ScenarioFiles
  readonly replications: number
  readonly signal: AbortSignal | null
  readonly onProgress: ((progress: RunProgress) => void) | null
  /** Takes the rows of metrics.csv as periods close; null: they are collected in the result. */
  readonly onMetrics: ((rows: readonly MetricRow[]) => void) | null
  /** Which replications have a time series. */
  readonly metricsOf: 'first' | 'all'
  readonly allStatistics: boolean
  readonly onAttempt: ((row: AttemptRow) => void) | null
  /**
   * A replication is over, and both sinks have all of its rows. It is not kept when it was
   * interrupted and is not the only one: then the result is without it, and no other follows.
   */
  readonly onReplicationEnd: ((isKept: boolean) => void) | null
}

/** What names a run beside its figures. */
export interface RunIdentity {
  readonly compiled: CompiledScenario
  readonly digest: string
}

/**
 * Interrupted between replications, the result has those that finished; within the first one, its
 * figures until then. `replicate` is how one replication runs.
 */
export async function runScenario(
  { compiled, digest }: RunIdentity,
  options: RunOptions,
  replicate: typeof runReplication = runReplication,
): Promise<RunResult> {
  const metrics: MetricRow[] = []
  const sink = options.onMetrics ?? ((rows: readonly MetricRow[]) => void metrics.push(...rows))
  const outputs: ReplicationOutput[] = []
  let eventCount = 0
  let status: RunResult['status'] = 'complete'
  for (let replication = 0; replication < options.replications; replication++) {
    const hasMetrics = replication === 0 || options.metricsOf === 'all'
    const output = await replicate(compiled, {
      replication,
      files: options.files,
      onMetrics: hasMetrics ? sink : null,
      allStatistics: options.allStatistics,
      onAttempt: options.onAttempt,
      signal: options.signal,
      onProgress: progressOf(options, compiled, replication, eventCount),
      snapshotAtUs: null,
    })
    const isWhole = output.status === 'complete'
    const isKept = isWhole || outputs.length === 0
    if (isKept) {
      outputs.push(output)
      eventCount += output.eventCount
    }
    options.onReplicationEnd?.(isKept)
    const isStopped = options.signal?.aborted === true && replication + 1 < options.replications
    if (!isWhole || isStopped) {
      status = 'interrupted'
      break
    }
  }
  const kept = metrics.filter((row) => row.replication < outputs.length)
  return assemble({ compiled, digest }, outputs, status, eventCount, kept)
}

function progressOf(
  options: RunOptions,
  compiled: CompiledScenario,
  replication: number,
  eventsBefore: number,
): ((simulatedUs: number, eventCount: number) => void) | null {
  const { onProgress } = options
  if (onProgress === null) return null
  return (simulatedUs, eventCount) => {
    onProgress({
      replication,
      replications: options.replications,
      simulatedUs,
      durationUs: compiled.durationUs,
      eventCount: eventsBefore + eventCount,
    })
  }
}

function assemble(
  { compiled, digest }: RunIdentity,
  outputs: readonly ReplicationOutput[],
  status: RunResult['status'],
  eventCount: number,
  metrics: readonly MetricRow[],
): RunResult {
  const last = outputs[outputs.length - 1]!
  const summary = mergeSummaries(outputs)
  const backlogs = mergeBacklogs(outputs.map((output) => output.backlogs))
  return {
    scenarioName: compiled.name,
    description: compiled.description,
    scenarioDigest: digest,
    version: VERSION,
    seed: compiled.seed,
    replications: outputs.length,
    fingerprint: outputs.map((output) => output.fingerprint).join('-'),
    status,
    simulatedUs: last.simulatedUs,
    durationUs: compiled.durationUs,
    warmUpUs: compiled.warmUpUs,
    metricsPeriodUs: compiled.metricsPeriodUs,
    drainedAfterUs: longest(outputs.map(({ drainedAfterUs }) => drainedAfterUs)),
    undrainedAfterUs: longest(outputs.map(({ undrainedAfterUs }) => undrainedAfterUs)),
    eventCount,
    summary,
    ledger: mergeLedgers(outputs),
    metrics,
    throttles: mergeThrottles(outputs),
    headroom: mergeHeadroom(outputs),
    backlogs,
    bill: mergeBills(outputs, compiled.tariff),
    unbilled: compiled.unbilled,
    thresholds: evaluateThresholds(compiled.thresholds, summary, {
      replications: outputs.length,
      isInterrupted: status === 'interrupted',
      growing: backlogs.filter(({ isStable }) => !isStable),
    }),
    assumptions: compiled.assumptions,
    warnings: compiled.warnings,
  }
}

/** Of several replications; null where none has it. */
function longest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.max(...known)
}
