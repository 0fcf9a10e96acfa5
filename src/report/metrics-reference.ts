import {
  METRICS,
  SCOPES,
  statisticsOf,
  timeSeriesStatisticsOf,
} from '../model/metrics/catalogue.ts'
import type { MetricEntry, Scope } from '../model/metrics/catalogue-entry.ts'
import {
  COST_COLUMNS,
  INTERVAL_COLUMNS,
  LEDGER_COLUMNS,
  SENSITIVITY_COLUMNS,
  SUMMARY_COLUMNS,
} from './csv.ts'
import { METRICS_COLUMNS } from './metrics-csv.ts'

/** The content of `docs/reference/metrics.md`. */
export function metricsReferenceText(): string {
  const scopes = SCOPES.filter((scope) => METRICS.some((entry) => entry.scopes.includes(scope)))
  return `# Metrics and files

<!-- Generated from the catalogue. A test compares the two; \`npx vitest run test/report -u\` writes it anew. -->

\`spillway run SCENARIO --out DIR\` writes these files. Values are plain decimals with at most six decimals, in cost.csv with as many as are exact; no value contains a comma, a quote or a line break.

| file | what | columns |
|---|---|---|
${fileRow('metrics.csv', 'time series; `time_s` is the start of the period', METRICS_COLUMNS)}
${fileRow('summary.csv', 'after the warm-up; the interval columns with several replications', [...SUMMARY_COLUMNS, ...INTERVAL_COLUMNS])}
${fileRow('ledger.csv', 'conservation over the whole run: the outcomes of an entry add up to its `entered`; counts of several replications are added', LEDGER_COLUMNS)}
${fileRow('cost.csv', 'the bill of the whole run, whose lines add up to it; `monthly_usd` with `billing` only; the mean of several replications; without a price list there is no such file', COST_COLUMNS)}
| \`run.json\` | what the CSV files do not have: version, scenario digest, seed, fingerprint, throttles by cause, headroom, price list and totals of the bill, thresholds, assumptions, warnings |  |
${fileRow('sensitivity.csv', 'only with `--sensitivity`, and none of the files above: each fact, threshold and choice, as written and under each alternative', SENSITIVITY_COLUMNS)}
| \`--invocations FILE\` | one row per attempt: its fate, and the parts of its time, which add up to its latency | [its own page](invocations.md) |

A counter has a row in every period once its feature is used. A duration without a sample has no row, and neither has a share of 0 of 0. Times are in ms, shares are between 0 and 1. A value belongs to the period in which it becomes known: requests, invocations and throttles at their start; durations, errors and latencies at their end.

With several replications, a value of summary.csv is the mean over the replications that have it, \`ci95_low\` and \`ci95_high\` are its 95% Student-t interval, and metrics.csv has the first replication only unless \`--metrics all\` asks for more.

Statistics in **bold** are in metrics.csv; all are in summary.csv, and in metrics.csv with \`--statistics all\`. CloudWatch marks metrics that bear the name and meaning of CloudWatch's own.
${scopes.map(scopeSection).join('')}`
}

function fileRow(file: string, what: string, columns: readonly string[]): string {
  return `| \`${file}\` | ${what} | ${columns.map((column) => `\`${column}\``).join(', ')} |`
}

function scopeSection(scope: Scope): string {
  const rows = METRICS.filter((entry) => entry.scopes.includes(scope)).map((entry) =>
    metricRow(entry, scope),
  )
  return `
## Scope \`${scope}\`

| metric | unit | statistics | CloudWatch | meaning |
|---|---|---|---|---|
${rows.join('\n')}
`
}

function metricRow(entry: MetricEntry, scope: Scope): string {
  const { cloudWatch } = entry
  const isOfCloudWatch = typeof cloudWatch === 'boolean' ? cloudWatch : cloudWatch.includes(scope)
  const inTimeSeries = entry.summaryOnly === true ? [] : timeSeriesStatisticsOf(entry)
  const statistics = statisticsOf(entry).map((statistic) =>
    inTimeSeries.includes(statistic) ? `**${statistic}**` : statistic,
  )
  const share = statisticsOf(entry).includes('share') ? shareText(entry) : ''
  return `| \`${entry.name}\` | ${entry.unit} | ${statistics.join(', ')} | ${isOfCloudWatch ? 'yes' : ''} | ${entry.help}${share} |`
}

function shareText({ name, shareOf = [], shareNumerator = name }: MetricEntry): string {
  const whole = shareOf.length > 1 ? `(${shareOf.join(' + ')})` : shareOf.join('')
  return ` Share: ${shareNumerator} / ${whole}.`
}
