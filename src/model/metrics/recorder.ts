/**
 * Gathers every metric of a run. Only one period is open at a time; when it closes, its values go
 * out as rows and into the summary, so that memory does not grow with the length of the run.
 */
import { type Clock, MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import { METRICS, metricEntry, SCOPES, statisticsOf, timeSeriesStatisticsOf } from './catalogue.ts'
import type { MetricEntry, MetricKind, Scope, Statistic } from './catalogue-entry.ts'
import { DurationIntake } from './duration-intake.ts'
import {
  CounterSeries,
  DurationSeries,
  GaugeSeries,
  type Reading,
  SampledSeries,
  type Series,
} from './series.ts'

/** One value of the output. */
export interface MetricValue {
  readonly scope: Scope
  readonly name: string
  readonly metric: string
  readonly statistic: Statistic
  readonly unit: string
  readonly value: number
}

/** Takes the values of a period that starts at `startSeconds`. */
export type PeriodSink = (startSeconds: number, values: readonly MetricValue[]) => void

/** An entity's series in catalogue order. */
interface Entity {
  readonly scope: Scope
  readonly name: string
  readonly series: Series[]
}

const CATALOGUE_ORDER = new Map(METRICS.map((entry, index) => [entry.name, index]))

export class Recorder {
  readonly clock: Clock
  private readonly entities: Entity[] = []
  private readonly intake = new DurationIntake()
  private readonly sink: PeriodSink | null
  private readonly allStatistics: boolean
  private periodStartUs = Number.NaN

  constructor(clock: Clock, sink: PeriodSink | null, allStatistics: boolean) {
    this.clock = clock
    this.sink = sink
    this.allStatistics = allStatistics
    this.periodStartUs = 0
  }

  counter(scope: Scope, name: string, metric: string): CounterSeries {
    return this.register(scope, name, new CounterSeries(listed(metric, 'counter')))
  }

  gauge(scope: Scope, name: string, metric: string, isSummaryOnly = false): GaugeSeries {
    const entry = listed(metric, 'gauge')
    const narrowed = isSummaryOnly ? { ...entry, summaryOnly: true } : entry
    return this.register(scope, name, new GaugeSeries(narrowed, this.clock))
  }

  /** A gauge that is read off at the end of each period; `read` answers in the metric's unit. */
  sampled(
    scope: Scope,
    name: string,
    metric: string,
    read: (nowUs: number) => number | undefined,
  ): void {
    this.register(scope, name, new SampledSeries(listed(metric, 'gauge'), read))
  }

  duration(scope: Scope, name: string, metric: string): DurationSeries {
    return this.register(scope, name, new DurationSeries(listed(metric, 'duration'), this.intake))
  }

  /**
   * The period ends: its rows go out and the next one begins. A period without length has rows
   * only when something happened in it: a run may end on the very instant at which it began.
   */
  closePeriod(nowUs: number): void {
    this.intake.empty()
    if (this.sink !== null) this.emit(this.sink, nowUs)
    for (const entity of this.entities) {
      for (const series of entity.series) series.roll(nowUs)
    }
    this.periodStartUs = nowUs
  }

  endWarmUp(nowUs: number): void {
    this.intake.empty()
    for (const entity of this.entities) {
      for (const series of entity.series) series.endWarmUp(nowUs)
    }
  }

  /** Every statistic since the warm-up, in output order. Only after `closePeriod` at the end. */
  summary(): MetricValue[] {
    const values: MetricValue[] = []
    for (const entity of this.entities) {
      const readings = readingsOf(entity, (series) => series.readSummary())
      for (const series of entity.series) {
        append(values, entity, series.entry, statisticsOf(series.entry), readings)
      }
    }
    return values
  }

  private emit(sink: PeriodSink, nowUs: number): void {
    const values: MetricValue[] = []
    for (const entity of this.entities) {
      const readings = readingsOf(entity, (series) => series.readPeriod(nowUs))
      for (const { entry } of entity.series) {
        if (entry.summaryOnly === true && !this.allStatistics) continue
        const statistics = this.allStatistics ? statisticsOf(entry) : timeSeriesStatisticsOf(entry)
        append(values, entity, entry, statistics, readings)
      }
    }
    if (nowUs === this.periodStartUs && values.every(({ value }) => value === 0)) return
    sink(this.periodStartUs / MICROSECONDS_PER_SECOND, values)
  }

  private register<S extends Series>(scope: Scope, name: string, series: S): S {
    let entity = this.entities.find((known) => known.scope === scope && known.name === name)
    if (entity === undefined) {
      entity = { scope, name, series: [] }
      this.entities.push(entity)
      this.entities.sort((one, other) => SCOPES.indexOf(one.scope) - SCOPES.indexOf(other.scope))
    }
    entity.series.push(series)
    entity.series.sort((one, other) => orderOf(one) - orderOf(other))
    return series
  }
}

function listed(metric: string, kind: MetricKind): MetricEntry {
  const entry = metricEntry(metric)
  if (entry.kind !== kind) throw new RangeError(`${metric} is a ${entry.kind}, not a ${kind}`)
  return entry
}

function orderOf(series: Series): number {
  return CATALOGUE_ORDER.get(series.entry.name)!
}

function readingsOf(entity: Entity, read: (series: Series) => Reading): Map<string, Reading> {
  return new Map(entity.series.map((series) => [series.entry.name, read(series)]))
}

function append(
  values: MetricValue[],
  { scope, name }: Entity,
  entry: MetricEntry,
  statistics: readonly Statistic[],
  readings: ReadonlyMap<string, Reading>,
): void {
  for (const statistic of statistics) {
    const value =
      statistic === 'share' ? shareOf(entry, readings) : readings.get(entry.name)!(statistic)
    if (value === undefined) continue
    const unit = statistic === 'share' ? 'ratio' : entry.unit
    values.push({ scope, name, metric: entry.name, statistic, unit, value })
  }
}

/** A counter divided by the counters that the catalogue names; 0 of 0 has no value. */
function shareOf(entry: MetricEntry, readings: ReadonlyMap<string, Reading>): number | undefined {
  const sumOf = (metric: string): number => readings.get(metric)?.('sum') ?? 0
  const whole = entry.shareOf!.reduce((sum, metric) => sum + sumOf(metric), 0)
  return whole === 0 ? undefined : sumOf(entry.shareNumerator ?? entry.name) / whole
}
