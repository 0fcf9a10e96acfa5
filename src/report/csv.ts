/**
 * The CSV files (columns and meaning: the output reference). No value holds a comma, a quote or a
 * line break, so a reader that splits at commas is right.
 *
 * Rows become arrays of finished strings before they reach csv-stringify, a batch at a time: that
 * is its fastest path (1.5 us for a row of eight, against 2.9 us for objects with column names).
 * Its build without Node modules runs in a page too, and is as fast.
 */
import { stringify } from 'csv-stringify/browser/esm/sync'
import type { ComparisonRow } from '../experiment/compare.ts'
import type { Bill, LedgerRow, SummaryRow } from '../experiment/result.ts'
import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type { AttemptRow } from '../model/attempt-log.ts'
import { formatDecimal } from './decimal.ts'
import type { SensitivityRow } from './sensitivity.ts'

export const SUMMARY_COLUMNS = ['scope', 'name', 'metric', 'statistic', 'unit', 'value'] as const

/** Present only where there is more than one replication. */
export const INTERVAL_COLUMNS = ['ci95_low', 'ci95_high'] as const

export const COMPARISON_COLUMNS = [
  'scenario',
  ...SUMMARY_COLUMNS,
  ...INTERVAL_COLUMNS,
  'difference',
  'difference_ci95_low',
  'difference_ci95_high',
  'verdict',
] as const

export const LEDGER_COLUMNS = ['scope', 'name', 'outcome', 'count'] as const

export const COST_COLUMNS = [
  'scope',
  'name',
  'item',
  'quantity',
  'unit',
  'unit_price_usd',
  'cost_usd',
  'monthly_usd',
] as const

/** One row per attempt; wait, placement, init, duration and call add up to the latency. */
export const ATTEMPT_COLUMNS = [
  'replication',
  'time_s',
  'traffic',
  'request',
  'function',
  'version',
  'outcome',
  'reason',
  'start',
  'spillover_reason',
  'environment',
  'wait_ms',
  'placement_ms',
  'init_ms',
  'duration_ms',
  'call_ms',
  'latency_ms',
  'attempt',
] as const

/** The first line of a file. */
export function csvHeader(columns: readonly string[]): string {
  return stringify([[...columns]])
}

/** The whole of summary.csv. */
export function summaryCsv(rows: readonly SummaryRow[], replications: number): string {
  const hasIntervals = replications > 1
  const columns = hasIntervals ? [...SUMMARY_COLUMNS, ...INTERVAL_COLUMNS] : SUMMARY_COLUMNS
  const lines = rows.map((row) => {
    const fields = [
      row.scope,
      row.name,
      row.metric,
      row.statistic,
      row.unit,
      formatDecimal(row.value),
    ]
    if (hasIntervals) fields.push(optionalDecimal(row.ci95Low), optionalDecimal(row.ci95High))
    return fields
  })
  return csvHeader(columns) + stringify(lines)
}

/** The whole of comparison.csv. */
export function comparisonCsv(rows: readonly ComparisonRow[]): string {
  const lines = rows.map((row) => [
    row.contender,
    row.scope,
    row.name,
    row.metric,
    row.statistic,
    row.unit,
    formatDecimal(row.value),
    optionalDecimal(row.ci95Low),
    optionalDecimal(row.ci95High),
    optionalDecimal(row.difference),
    optionalDecimal(row.differenceLow),
    optionalDecimal(row.differenceHigh),
    row.verdict,
  ])
  return csvHeader(COMPARISON_COLUMNS) + stringify(lines)
}

export const SENSITIVITY_COLUMNS = [
  'assumption',
  'alternative',
  'kind',
  'subject',
  'outcome',
  'changed',
  'value',
  'unit',
] as const

/** The whole of sensitivity.csv. */
export function sensitivityCsv(rows: readonly SensitivityRow[]): string {
  const lines = rows.map((row) => [
    row.assumption,
    row.alternative,
    row.kind,
    row.subject,
    row.outcome,
    String(row.isChanged),
    optionalDecimal(row.value),
    row.unit,
  ])
  return csvHeader(SENSITIVITY_COLUMNS) + stringify(lines)
}

/** The whole of ledger.csv. */
export function ledgerCsv(rows: readonly LedgerRow[]): string {
  const lines = rows.map((row) => [row.scope, row.name, row.outcome, formatDecimal(row.count)])
  return csvHeader(LEDGER_COLUMNS) + stringify(lines)
}

/** The whole of cost.csv. */
export function costCsv({ lines }: Bill): string {
  const rows = lines.map((line) => [
    line.scope,
    line.name,
    line.item,
    line.quantity,
    line.unit,
    line.unitPriceUsd,
    line.costUsd,
    line.monthlyUsd ?? '',
  ])
  return csvHeader(COST_COLUMNS) + stringify(rows)
}

/** Lines of the invocations file, without the header. */
export function attemptCsvLines(rows: readonly AttemptRow[]): string {
  return stringify(
    rows.map((row) => [
      formatDecimal(row.replication),
      formatDecimal(row.arrivedUs / MICROSECONDS_PER_SECOND),
      row.producer,
      formatDecimal(row.request),
      row.functionName,
      row.version,
      row.outcome,
      row.reason,
      row.start,
      row.spilloverReason,
      formatDecimal(row.environment),
      milliseconds(row.waitUs),
      milliseconds(row.placementUs),
      milliseconds(row.initUs),
      milliseconds(row.durationUs),
      milliseconds(row.callUs),
      milliseconds(row.latencyUs),
      formatDecimal(row.attempt),
    ]),
  )
}

function milliseconds(durationUs: number): string {
  return formatDecimal(durationUs / MICROSECONDS_PER_MILLISECOND)
}

/** An interval is missing where fewer than two replications have the metric. */
function optionalDecimal(value: number | null): string {
  return value === null ? '' : formatDecimal(value)
}
