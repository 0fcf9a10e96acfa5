/**
 * Gathers every metric of a run. Only one period is open at a time; when it closes, its values go
 * out as rows and into the summary, so that memory does not grow with the length of the run.
 */
import { type Clock, MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import { METRICS, metricEntry, SCOPES, statisticsOf, timeSeriesStatisticsOf } from './catalogue.ts'
import type { MetricEntry, MetricKind, Scope, Statistic } from './catalogue-entry.ts'
import { CounterSeries, DurationSeries, GaugeSeries, SampledSeries, type Series } from './series.ts'

/** One value of the output. */
export interface MetricValue {
  readonly scope: Scope
  readonly name: string
  readonly metric: string
  readonly statistic: Statistic
  readonly unit: string
  readonly value: number
}

/** Takes an entity's values of a period that starts at `startSeconds`. */
export type PeriodSink = (startSeconds: number, values: readonly MetricValue[]) => void

/** A statistic of a series: of the open period, or since the warm-up. */
type Read = (series: Series, statistic: Statistic) => number | undefined

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
    return this.register(scope, name, new DurationSeries(listed(metric, 'duration')))
  }

  /**
   * The period ends: its rows go out and the next one begins. A period without length has rows
   * only when something happened in it: a run may end on the very instant at which it began.
   */
  closePeriod(nowUs: number): void {
    if (this.sink !== null) this.emit(this.sink, nowUs)
    for (const entity of this.entities) {
      for (const series of entity.series) series.roll(nowUs)
    }
    this.periodStartUs = nowUs
  }

  endWarmUp(nowUs: number): void {
    for (const entity of this.entities) {
      for (const series of entity.series) series.endWarmUp(nowUs)
    }
  }

  /** Every statistic since the warm-up, in output order. Only after `closePeriod` at the end. */
  summary(): MetricValue[] {
    const values: MetricValue[] = []
    const read: Read = (series, statistic) => series.readSummary(statistic)
    for (const entity of this.entities) {
      for (const series of entity.series)
        append(values, entity, series, statisticsOf(series.entry), read)
    }
    return values
  }

  /** An entity at a time: what lives for long, such as the rows of hundreds, the collector copies. */
  private emit(sink: PeriodSink, nowUs: number): void {
    if (nowUs === this.periodStartUs && !this.hasHappened(nowUs)) return
    for (const entity of this.entities) {
      sink(this.periodStartUs / MICROSECONDS_PER_SECOND, this.periodValues(entity, nowUs))
    }
  }

  private hasHappened(nowUs: number): boolean {
    return this.entities.some((entity) =>
      this.periodValues(entity, nowUs).some(({ value }) => value !== 0),
    )
  }

  private periodValues(entity: Entity, nowUs: number): MetricValue[] {
    const values: MetricValue[] = []
    const read: Read = (series, statistic) => series.readPeriod(statistic, nowUs)
    for (const series of entity.series) {
      const { entry } = series
      if (entry.summaryOnly === true && !this.allStatistics) continue
      const statistics = this.allStatistics ? statisticsOf(entry) : timeSeriesStatisticsOf(entry)
      append(values, entity, series, statistics, read)
    }
    return values
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

function append(
  values: MetricValue[],
  entity: Entity,
  series: Series,
  statistics: readonly Statistic[],
  read: Read,
): void {
  const { scope, name } = entity
  const { entry } = series
  for (const statistic of statistics) {
    const isShare = statistic === 'share'
    const value = isShare ? shareOf(entity, entry, read) : read(series, statistic)
    if (value === undefined) continue
    const unit = isShare ? 'ratio' : entry.unit
    values.push({ scope, name, metric: entry.name, statistic, unit, value })
  }
}

/** A counter divided by the counters that the catalogue names; 0 of 0 has no value. */
function shareOf({ series }: Entity, entry: MetricEntry, read: Read): number | undefined {
  const sumOf = (metric: string): number => {
    const counter = series.find((each) => each.entry.name === metric)
    return (counter === undefined ? undefined : read(counter, 'sum')) ?? 0
  }
  const whole = entry.shareOf!.reduce((sum, metric) => sum + sumOf(metric), 0)
  return whole === 0 ? undefined : sumOf(entry.shareNumerator ?? entry.name) / whole
}
