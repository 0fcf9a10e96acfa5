import type { Assumption, Threshold } from '../model/compiled-scenario.ts'
import type { Scope } from '../model/metrics/catalogue-entry.ts'
import type { MetricValue } from '../model/metrics/recorder.ts'
import type { Refusals } from '../model/part.ts'
import type { BreakEven } from './break-even.ts'
import type { BacklogVerdict } from './stability.ts'

/** One line of metrics.csv. */
export interface MetricRow extends MetricValue {
  readonly replication: number
  /** Start of the period, seconds. */
  readonly timeSeconds: number
}

/** One line of summary.csv. With replications: the mean over them and its Student-t interval. */
export interface SummaryRow extends MetricValue {
  readonly ci95Low: number | null
  readonly ci95High: number | null
}

/** What one line of summary.csv is of. */
export type SummaryKey = Pick<MetricValue, 'scope' | 'name' | 'metric' | 'statistic'>

export function summaryKey({ scope, name, metric, statistic }: SummaryKey): string {
  return `${scope} ${name} ${metric} ${statistic}`
}

/** One line of ledger.csv. The outcomes of an entry add up to its `entered`. */
export interface LedgerRow {
  readonly scope: Scope
  readonly name: string
  readonly outcome: string
  readonly count: number
}

/** Why a function refused attempts, whole run (mean over replications when there are several). */
export interface ThrottleRecord {
  readonly functionName: string
  /** Which limit bound: reserved-concurrency, account-concurrency, scaling-rate, ... */
  readonly cause: string
  /** The reason in AWS's 429 response. */
  readonly reason: string
  readonly count: number
  /** Of these, how many a queue or a poller tries again: they are late, not lost. */
  readonly retriedCount: number
  readonly firstUs: number
  readonly lastUs: number
  /** Highest count in one metrics period, and that period's start. */
  readonly peakPeriodCount: number
  readonly peakPeriodStartUs: number
}

export interface ThresholdVerdict {
  readonly threshold: Threshold
  /** undecided: the interval over replications contains the limit. */
  readonly verdict: 'passed' | 'failed' | 'undecided'
  /** null when the metric had no sample: then the verdict is undecided. */
  readonly value: number | null
  readonly ci95Low: number | null
  readonly ci95High: number | null
  /** Unit of value and limit: `ms`, `count`, `ratio` (shares too) or `usd`. */
  readonly unit: string
  /** How far `value` is on the passing side of the limit, in `unit`; negative when beyond it. */
  readonly margin: number | null
  /** Why there is no clear verdict; '' when there is one. */
  readonly note: string
}

export interface RunResult {
  readonly scenarioName: string
  readonly description: string
  /** 64-bit FNV-1a hash of the canonical scenario after overrides, as 16 hexadecimal digits. */
  readonly scenarioDigest: string
  readonly version: string
  readonly seed: string
  readonly replications: number
  /** One 16-digit hexadecimal fingerprint per replication, joined by '-'. */
  readonly fingerprint: string
  readonly status: 'complete' | 'interrupted'
  /** Simulated time reached, of the last replication. */
  readonly simulatedUs: number
  readonly durationUs: number
  readonly warmUpUs: number
  readonly metricsPeriodUs: number
  /** With drain: how long after `durationUs` it took until nothing was in flight. */
  readonly drainedAfterUs: number | null
  /** With drain: how long it went on without an end, in any replication, until it was given up. */
  readonly undrainedAfterUs: number | null
  readonly eventCount: number
  readonly summary: readonly SummaryRow[]
  readonly ledger: readonly LedgerRow[]
  /** Empty when an `onMetrics` sink took the rows. */
  readonly metrics: readonly MetricRow[]
  readonly throttles: readonly ThrottleRecord[]
  readonly headroom: readonly Headroom[]
  /** What waits in queues, streams and asynchronous events, and whether it still grows at the end. */
  readonly backlogs: readonly BacklogVerdict[]
  /** null: some price is not known. */
  readonly bill: Bill | null
  /** Why there is no bill; '' where there is one. */
  readonly unbilled: string
  readonly breakEvens: readonly BreakEven[]
  readonly thresholds: readonly ThresholdVerdict[]
  readonly assumptions: readonly Assumption[]
  readonly warnings: readonly string[]
}

/**
 * What a run cost; of several replications the mean. Money and quantities are exact decimal numbers
 * as text, because they may have more digits than a number of JavaScript holds.
 */
export interface Bill {
  readonly priceList: { readonly region: string; readonly date: string }
  /** What the run stands for: `day`, `4 times per month`; null: nothing is said, so there is no month. */
  readonly represents: string | null
  readonly lines: readonly BillLine[]
  /** The sum of the lines. */
  readonly costUsd: BillTotal
  readonly monthlyUsd: BillTotal | null
  /** Of which parts the month is where another scenario stands for the rest of it; null: none does. */
  readonly otherwise: BillSplit | null
  /** The cost for a million requests of traffic that succeeded; null: none did. */
  readonly perMillionUsd: BillTotal | null
}

/** A month of so many runs, and of another scenario: the two parts are the month. */
export interface BillSplit {
  /** As the scenario names it. */
  readonly file: string
  readonly runsUsd: string
  readonly restUsd: string
}

/** One line of cost.csv. Lines never overlap. */
export interface BillLine {
  readonly scope: Scope
  readonly name: string
  readonly item: string
  readonly quantity: string
  readonly unit: string
  readonly unitPriceUsd: string
  readonly costUsd: string
  readonly monthlyUsd: string | null
}

export interface BillTotal {
  readonly value: string
  /** With replications: the Student-t interval. */
  readonly ci95Low: string | null
  readonly ci95High: string | null
}

/** How close a run came to a limit. */
export interface Headroom {
  /** Of `name`: `unreserved concurrency` (account), `reserved concurrency`, `scaling rate`, ... */
  readonly limit: string
  readonly scope: Scope
  readonly name: string
  readonly used: number
  readonly available: number
  /** What the limit refused, whole run; left out: nothing, or it is told elsewhere. */
  readonly refusals?: Refusals
}
