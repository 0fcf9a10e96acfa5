/** Runs the replications of a compiled scenario in this process, one after another. */
import type { ScenarioFiles } from '../kernel/files.ts'
import type { AttemptRow } from '../model/attempt-log.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { Otherwise } from '../scenario/otherwise.ts'
import { mergeBills, type RestOutputs, tariffOf } from './bill.ts'
import { breakEvens } from './break-even.ts'
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
  readonly metricsOf: 'first' | 'all' | 'none'
  readonly allStatistics: boolean
  readonly onAttempt: ((row: AttemptRow) => void) | null
  /**
   * A replication is over, and both sinks have all of its rows. It is not kept when it was
   * interrupted and is not the only one: then the result is without it, and no other follows.
   */
  readonly onReplicationEnd: ((isKept: boolean, replicated: Replicated) => void) | null
}

/** What a replication came to. */
export interface Replicated {
  readonly output: ReplicationOutput
  /** What stands for the rest of the month; null: nothing does, or the run was interrupted before. */
  readonly rest: ReplicationOutput | null
}

/** What names a run beside its figures. */
export interface RunIdentity {
  readonly compiled: CompiledScenario
  readonly digest: string
  /** What stands for the rest of its month; left out: nothing does. */
  readonly otherwise?: Otherwise | null
}

/**
 * Interrupted between replications, the result has those that finished; within the first one, its
 * figures until then. `replicate` is how one replication runs.
 */
export async function runScenario(
  identity: RunIdentity,
  options: RunOptions,
  replicate: typeof runReplication = runReplication,
): Promise<RunResult> {
  const metrics: MetricRow[] = []
  const sink = options.onMetrics ?? ((rows: readonly MetricRow[]) => void metrics.push(...rows))
  const kept: Replicated[] = []
  let eventCount = 0
  let status: RunResult['status'] = 'complete'
  for (let replication = 0; replication < options.replications; replication++) {
    const replicated = await replicateBoth(identity, replication, eventCount, {
      ...options,
      onMetrics: sink,
      replicate,
    })
    const isWhole = isComplete(replicated, identity)
    const isKept = isWhole || kept.length === 0
    if (isKept) {
      kept.push(replicated)
      eventCount += eventsOf(replicated)
    }
    options.onReplicationEnd?.(isKept, replicated)
    const isStopped = options.signal?.aborted === true && replication + 1 < options.replications
    if (!isWhole || isStopped) {
      status = 'interrupted'
      break
    }
  }
  const rows = metrics.filter((row) => row.replication < kept.length)
  return assemble(identity, kept, status, rows)
}

type Replicating = RunOptions & { readonly replicate: typeof runReplication }

/** The scenario, then what stands for the rest of its month, on the same random numbers. */
async function replicateBoth(
  { compiled, otherwise }: RunIdentity,
  replication: number,
  eventsBefore: number,
  options: Replicating,
): Promise<Replicated> {
  const { replicate, signal, files, allStatistics, onAttempt, metricsOf } = options
  const hasMetrics = metricsOf === 'all' || (metricsOf === 'first' && replication === 0)
  const other = otherwise ?? null
  const durationUs = compiled.durationUs + (other?.compiled.durationUs ?? 0)
  const common = { replication, signal, snapshotAtUs: null }
  const before = { replication, durationUs, simulatedUs: 0, eventCount: eventsBefore }
  const output = await replicate(compiled, {
    ...common,
    files,
    onMetrics: hasMetrics ? options.onMetrics : null,
    allStatistics,
    onAttempt,
    onProgress: progressOf(options, before),
  })
  if (other === null || output.status !== 'complete') return { output, rest: null }
  const { simulatedUs, eventCount } = output
  const rest = await replicate(other.compiled, {
    ...common,
    files: other.files,
    onMetrics: null,
    allStatistics: false,
    onAttempt: null,
    onProgress: progressOf(options, {
      ...before,
      simulatedUs,
      eventCount: eventsBefore + eventCount,
    }),
  })
  return { output, rest }
}

function isComplete({ output, rest }: Replicated, { otherwise }: RunIdentity): boolean {
  if (output.status !== 'complete') return false
  return (otherwise ?? null) === null || rest?.status === 'complete'
}

function eventsOf({ output, rest }: Replicated): number {
  return output.eventCount + (rest?.eventCount ?? 0)
}

/** `before`: how far it has come without what is reported. */
function progressOf(
  { onProgress, replications }: RunOptions,
  before: Omit<RunProgress, 'replications'>,
): ((simulatedUs: number, eventCount: number) => void) | null {
  if (onProgress === null) return null
  return (simulatedUs, eventCount) => {
    onProgress({
      ...before,
      replications,
      simulatedUs: before.simulatedUs + simulatedUs,
      eventCount: before.eventCount + eventCount,
    })
  }
}

function assemble(
  { compiled, digest, otherwise = null }: RunIdentity,
  kept: readonly Replicated[],
  status: RunResult['status'],
  metrics: readonly MetricRow[],
): RunResult {
  const outputs = kept.map(({ output }) => output)
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
    eventCount: outputs.reduce((sum, { eventCount }) => sum + eventCount, 0),
    summary,
    ledger: mergeLedgers(outputs),
    metrics,
    throttles: mergeThrottles(outputs),
    headroom: mergeHeadroom(outputs),
    backlogs,
    bill: mergeBills(outputs, tariffOf(compiled), restOutputs(kept, otherwise)),
    unbilled: compiled.unbilled,
    breakEvens: breakEvens(compiled, summary, outputs),
    thresholds: evaluateThresholds(compiled.thresholds, summary, {
      replications: outputs.length,
      isInterrupted: status === 'interrupted',
      growing: backlogs.filter(({ isStable }) => !isStable),
    }),
    assumptions: compiled.assumptions,
    warnings: compiled.warnings,
  }
}

/** The runs that stand for the rest of the month; null: nothing stands for it. */
export function restOutputs(
  kept: readonly Replicated[],
  otherwise: Otherwise | null,
): RestOutputs | null {
  if (otherwise === null) return null
  return { otherwise, outputs: kept.flatMap(({ rest }) => (rest === null ? [] : [rest])) }
}

/** Of several replications; null where none has it. */
function longest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.max(...known)
}
