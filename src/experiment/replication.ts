import type { ScenarioFiles } from '../kernel/files.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { Scope, Statistic } from '../model/metrics/catalogue-entry.ts'
import type { Headroom, LedgerRow, MetricRow, ThrottleRecord } from './result.ts'

/** One row of `--invocations`: an attempt, its fate and where its time went. */
export interface AttemptRow {
  readonly replication: number
  readonly arrivedUs: number
  readonly producer: string
  readonly request: number
  readonly functionName: string
  readonly version: string
  /** succeeded, failed, timedOut, throttled */
  readonly outcome: string
  /** Throttle reason of AWS, or failure kind (error, crash, outOfMemory, initError, timeout); '' if none. */
  readonly reason: string
  /** warm, cold, provisioned, spilled-warm, spilled-cold, handed-over; '' when refused. */
  readonly start: string
  /** Why provisioned concurrency did not serve it: busy, rate, allocating; '' if not spilled. */
  readonly spilloverReason: string
  readonly environment: number
  readonly waitUs: number
  readonly placementUs: number
  readonly initUs: number
  readonly durationUs: number
  readonly latencyUs: number
}

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

export interface SummaryValue {
  readonly scope: Scope
  readonly name: string
  readonly metric: string
  readonly statistic: Statistic
  readonly unit: string
  readonly value: number
}

export interface ReplicationOutput {
  readonly status: 'complete' | 'interrupted'
  readonly simulatedUs: number
  readonly drainedAfterUs: number | null
  readonly eventCount: number
  readonly fingerprint: string
  /** Sorted by scope (catalogue order), then entity in scenario order, then metric, then statistic. */
  readonly summary: readonly SummaryValue[]
  readonly ledger: readonly LedgerRow[]
  readonly throttles: readonly ThrottleRecord[]
  readonly headroom: readonly Headroom[]
  readonly snapshot: StateSnapshot | null
}

/** Runs one replication of a scenario; the CPU-bound loop yields to the event loop between slices. */
export async function runReplication(
  _compiled: CompiledScenario,
  _options: ReplicationOptions,
): Promise<ReplicationOutput> {
  throw new Error('not assembled yet')
}
