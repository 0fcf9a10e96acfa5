import { stringify } from 'csv-stringify/browser/esm/sync'
import type { MetricRow } from '../experiment/result.ts'
import { formatDecimal } from './decimal.ts'

export const METRICS_COLUMNS = [
  'replication',
  'time_s',
  'scope',
  'name',
  'metric',
  'statistic',
  'unit',
  'value',
] as const

/**
 * Lines of metrics.csv, without the header. There is a row for every statistic of every period, so
 * what rows cost decides about the speed of a run with many functions. Only the numbers of a row
 * change from period to period: csv-stringify writes the names between them once.
 */
export class MetricsCsv {
  /** By name, then scope, metric and statistic. */
  private readonly labels = new Map<string, Map<string, Map<string, Map<string, string>>>>()

  lines(rows: readonly MetricRow[]): string {
    let text = ''
    for (const row of rows) {
      const { replication, timeSeconds, value } = row
      text += `${formatDecimal(replication)},${formatDecimal(timeSeconds)},${this.labelOf(row)},${formatDecimal(value)}\n`
    }
    return text
  }

  private labelOf({ scope, name, metric, statistic, unit }: MetricRow): string {
    const ofMetric = inner(inner(inner(this.labels, name), scope), metric)
    const known = ofMetric.get(statistic)
    if (known !== undefined) return known
    const label = stringify([[scope, name, metric, statistic, unit]]).trimEnd()
    ofMetric.set(statistic, label)
    return label
  }
}

function inner<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = new Map<string, Value>()
  map.set(key, created)
  return created
}
