/** Figures of a run, in the words of the summary, for the phrases of a scenario's header. */
import type { LedgerRow, SummaryRow } from '../../src/experiment/result.ts'
import { count, instant, milliseconds, money, percent } from '../../src/report/phrase.ts'

interface Throttle {
  readonly function: string
  readonly cause: string
  readonly count: number
  readonly firstSeconds: number
  readonly lastSeconds: number
  readonly peakPeriodCount: number
}

interface CostLine {
  readonly name: string
  readonly item: string
  readonly costUsd: string
}

export class Figures {
  readonly throttles: readonly Throttle[]
  readonly warnings: readonly string[]
  /** Of cost.csv, all lines together: `$0.73` */
  readonly costUsd: string
  /** How long after its duration a run with drain went on; null without drain. */
  readonly drainedAfterSeconds: number | null
  private readonly rows: readonly SummaryRow[]
  private readonly ledger: readonly LedgerRow[]
  private readonly series: readonly (readonly string[])[]
  private readonly cost: readonly CostLine[]

  /** `json` as of --format json; `metricsCsv` may be empty where no figure is asked of it. */
  constructor(json: string, metricsCsv: string) {
    const result = JSON.parse(json)
    this.throttles = result.throttles
    this.warnings = result.warnings
    const lines: readonly { readonly costUsd: string }[] = result.cost
    this.costUsd = `$${lines.reduce((sum, { costUsd }) => sum + Number(costUsd), 0).toFixed(2)}`
    this.drainedAfterSeconds = result.drainedAfterSeconds
    this.rows = result.summary
    this.ledger = result.ledger
    this.cost = result.cost ?? []
    this.series = metricsCsv.split('\n').map((line) => line.split(','))
  }

  /** Of cost.csv, what the run cost: `$28.93`; all of the items whose names begin so. */
  dollars(name: string, item: string): string {
    const lines = this.cost.filter((line) => line.name === name && line.item.startsWith(item))
    if (lines.length === 0) throw new RangeError(`no ${item} of ${name} in the bill`)
    return money(String(lines.reduce((sum, { costUsd }) => sum + Number(costUsd), 0)))
  }

  /** Of summary.csv. */
  value(name: string, metric: string, statistic: string): number {
    const row = this.rows.find(
      (candidate) =>
        candidate.name === name && candidate.metric === metric && candidate.statistic === statistic,
    )
    if (row === undefined) throw new RangeError(`no ${metric} ${statistic} of ${name}`)
    return row.value
  }

  /** Of metrics.csv: the sum over the periods that start from `fromSeconds` until `toSeconds`. */
  sum(name: string, metric: string, fromSeconds: number, toSeconds: number): number {
    return this.series
      .filter((row) => row[3] === name && row[4] === metric && row[5] === 'sum')
      .filter((row) => Number(row[1]) >= fromSeconds && Number(row[1]) < toSeconds)
      .reduce((sum, row) => sum + Number(row[7]), 0)
  }

  /** Of metrics.csv: when a period starts in which a gauge first rises above a level, in seconds. */
  firstAbove(name: string, metric: string, level: number): number {
    const row = this.series.find(
      (candidate) =>
        candidate[3] === name &&
        candidate[4] === metric &&
        candidate[5] === 'maximum' &&
        Number(candidate[7]) > level,
    )
    if (row === undefined) throw new RangeError(`${metric} of ${name} never exceeds ${level}`)
    return Number(row[1])
  }

  /** Of ledger.csv; an outcome that has no row is 0. */
  outcome(name: string, outcome: string): number {
    const row = this.ledger.find(
      (candidate) => candidate.name === name && candidate.outcome === outcome,
    )
    return row?.count ?? 0
  }

  /** Of ledger.csv: `11,842` */
  outcomes(name: string, outcome: string): string {
    return count(this.outcome(name, outcome))
  }

  /** A time, in the summary's words: `1m58s` */
  time(name: string, metric: string, statistic: string): string {
    return milliseconds(this.value(name, metric, statistic))
  }

  /** `11,842` */
  count(name: string, metric: string, statistic = 'sum'): string {
    return count(this.value(name, metric, statistic))
  }

  /** `10.6%` */
  share(name: string, metric: string): string {
    return percent(this.value(name, metric, 'share'))
  }

  /** `from 10m5s to 10m54s` */
  throttledWhen(functionName: string): string {
    const records = this.throttles.filter((record) => record.function === functionName)
    const first = Math.min(...records.map((record) => record.firstSeconds))
    const last = Math.max(...records.map((record) => record.lastSeconds))
    return `${instant(first * 1e6)} to ${instant(last * 1e6)}`
  }

  /** Which limits refused something, of all functions or of one. */
  causes(functionName?: string): readonly string[] {
    const records = this.throttles.filter(
      (record) =>
        record.count > 0 && (functionName === undefined || record.function === functionName),
    )
    return [...new Set(records.map((record) => record.cause))]
  }
}
