import type { ScenarioFiles } from '../kernel/files.ts'
import { InvariantViolation } from '../kernel/invariant.ts'
import { Clock, formatDuration } from '../kernel/time.ts'
import { AttemptLog, type AttemptRow } from '../model/attempt-log.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { throttleRecords } from '../model/metrics/function-meter.ts'
import { type Book, LEDGER_OUTCOMES } from '../model/metrics/ledger.ts'
import { type MetricValue, type PeriodSink, Recorder } from '../model/metrics/recorder.ts'
import type { Backlog } from '../model/part.ts'
import type { Usage } from '../model/pricing/charge.ts'
import { Simulation } from '../model/simulation.ts'
import type { Headroom, LedgerRow, MetricRow, ThrottleRecord } from './result.ts'
import { headroomOf, takeSnapshot } from './snapshot.ts'
import { type BacklogVerdict, judgeBacklog } from './stability.ts'

/** What a person sees when the clock is stopped at an instant (`explain --at`). */
export interface StateSnapshot {
  readonly atUs: number
  readonly account: {
    readonly limit: number
    readonly unreservedLimit: number
    readonly unreservedInFlight: number
    readonly requestTokens: number
    readonly requestTokenCapacity: number
  }
  readonly functions: readonly FunctionSnapshot[]
  /** What waits in queues, streams and asynchronous events. */
  readonly backlogs: readonly Backlog[]
  /** How close the run has come so far to each limit. */
  readonly headroom: readonly Headroom[]
}

export interface FunctionSnapshot {
  readonly name: string
  readonly inFlight: number
  readonly waitingForInit: number
  readonly idleEnvironments: number
  readonly environments: number
  readonly reservedConcurrency: number | null
  readonly provisionedReady: number
  readonly provisionedBusy: number
  readonly provisionedAllocating: number
  readonly scalingTokens: number
  readonly throttles: readonly ThrottleRecord[]
  /** What would refuse the next request right now, or null. */
  readonly bindingLimit: string | null
}

export interface ReplicationOptions {
  readonly replication: number
  readonly files: ScenarioFiles
  /** Takes the rows of each period as it closes; null: rows are not computed. */
  readonly onMetrics: ((rows: readonly MetricRow[]) => void) | null
  /** Every statistic in the time series, not only the few. */
  readonly allStatistics: boolean
  readonly onAttempt: ((row: AttemptRow) => void) | null
  readonly signal: AbortSignal | null
  /** Called between slices. */
  readonly onProgress: ((simulatedUs: number, eventCount: number) => void) | null
  /** Stop here and take a snapshot instead of going on to the end. */
  readonly snapshotAtUs: number | null
  /** Events per slice; cannot change a result. */
  readonly eventBudget?: number
}

export interface ReplicationOutput {
  readonly status: 'complete' | 'interrupted'
  readonly simulatedUs: number
  readonly drainedAfterUs: number | null
  /** With drain: how long it went on until it was given up; null: it was not. */
  readonly undrainedAfterUs: number | null
  readonly eventCount: number
  readonly fingerprint: string
  /** Sorted by scope (catalogue order), then entity in scenario order, then metric, then statistic. */
  readonly summary: readonly MetricValue[]
  readonly ledger: readonly LedgerRow[]
  readonly throttles: readonly ThrottleRecord[]
  readonly headroom: readonly Headroom[]
  /** What is billed, over the whole run. */
  readonly usages: readonly Usage[]
  readonly backlogs: readonly BacklogVerdict[]
  readonly snapshot: StateSnapshot | null
}

/** About 50 ms of work: how long a signal or a frame waits at most. */
const EVENTS_PER_SLICE = 200_000

/**
 * Runs one replication of a scenario. The loop yields to the host between slices, where signals,
 * progress and the next chunk of a trace are handled; where it yields cannot be seen in a result.
 * Throws InvariantViolation, with the seed and the time in its message, for a defect of the engine.
 */
export async function runReplication(
  compiled: CompiledScenario,
  options: ReplicationOptions,
): Promise<ReplicationOutput> {
  const { replication, onMetrics } = options
  const sink: PeriodSink | null =
    onMetrics === null
      ? null
      : (timeSeconds, values) =>
          onMetrics(values.map((value) => metricRow(replication, timeSeconds, value)))
  const recorder = new Recorder(new Clock(), sink, options.allStatistics)
  const simulation = new Simulation(compiled, replication, recorder, options.files)
  const log = options.onAttempt === null ? null : attachLog(simulation, options)
  try {
    await simulation.start()
    const status = await runToEnd(simulation, options)
    log?.close()
    return collect(simulation, recorder, options, status)
  } catch (problem) {
    if (problem instanceof InvariantViolation) {
      const { nowUs } = simulation.simulator
      problem.message += ` (at ${formatDuration(nowUs)}, seed ${compiled.seed}, replication ${replication})`
    }
    throw problem
  }
}

function attachLog(
  simulation: Simulation,
  { replication, onAttempt }: ReplicationOptions,
): AttemptLog {
  const log = new AttemptLog(simulation, replication, onAttempt!)
  simulation.transitions.view = log
  simulation.transitions.timeParts = log
  return log
}

/** Written out: spreading an object costs several microseconds, and there are many rows. */
function metricRow(replication: number, timeSeconds: number, value: MetricValue): MetricRow {
  const { scope, name, metric, statistic, unit } = value
  return { replication, timeSeconds, scope, name, metric, statistic, unit, value: value.value }
}

async function runToEnd(
  simulation: Simulation,
  { eventBudget, signal, snapshotAtUs, onProgress }: ReplicationOptions,
): Promise<ReplicationOutput['status']> {
  const { simulator } = simulation
  const untilUs = snapshotAtUs ?? Number.POSITIVE_INFINITY
  for (;;) {
    const reason = simulator.run(untilUs, eventBudget ?? EVENTS_PER_SLICE)
    if (reason === 'stopped' || reason === 'time-reached') return 'complete'
    if (reason === 'source-starved') await simulation.refillStarvedSource()
    onProgress?.(simulator.nowUs, simulator.eventCount)
    await nextTurn()
    if (signal?.aborted === true) return 'interrupted'
  }
}

function collect(
  simulation: Simulation,
  recorder: Recorder,
  { snapshotAtUs }: ReplicationOptions,
  status: ReplicationOutput['status'],
): ReplicationOutput {
  const { simulator, scenario, transitions } = simulation
  const snapshot = snapshotAtUs === null ? null : takeSnapshot(simulation, snapshotAtUs)
  simulation.finish()
  const { drainedAtUs } = simulation
  return {
    status,
    simulatedUs: simulator.nowUs,
    drainedAfterUs: drainedAtUs === null ? null : drainedAtUs - scenario.durationUs,
    undrainedAfterUs:
      scenario.drain && status === 'complete' && drainedAtUs === null && snapshotAtUs === null
        ? simulator.nowUs - scenario.durationUs
        : null,
    eventCount: simulator.eventCount,
    fingerprint: transitions.fingerprint.toString(),
    summary: recorder.summary(),
    ledger: simulation.books().flatMap(ledgerRows),
    throttles: simulation.functions.flatMap(({ name, meter }) => throttleRecords(name, meter)),
    headroom: headroomOf(simulation),
    usages: simulation.usages(),
    backlogs: simulation.backlogs.read().map(judgeBacklog),
    snapshot,
  }
}

/** `entered` and every outcome that occurred. */
function ledgerRows(book: Book): LedgerRow[] {
  const { scope, name, entered } = book
  const rows: LedgerRow[] = [{ scope, name, outcome: 'entered', count: entered }]
  for (const outcome of LEDGER_OUTCOMES) {
    const count = book.countOf(outcome)
    if (count > 0) rows.push({ scope, name, outcome, count })
  }
  return rows
}

/** Lets the host handle signals, timers and frames. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
