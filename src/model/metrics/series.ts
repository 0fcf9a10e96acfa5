/**
 * One metric of one entity while the run goes on. Each series keeps what the open period has seen
 * and what the summary has gathered; `roll` moves the first into the second.
 */
import type { Clock } from '../../kernel/time.ts'
import { LogHistogram } from '../../stats/log-histogram.ts'
import { TimeWeighted } from '../../stats/time-weighted.ts'
import type { MetricEntry, Statistic } from './catalogue-entry.ts'
import type { DurationIntake } from './duration-intake.ts'

/** Values of one interval by statistic; undefined where there was no sample. */
export type Reading = (statistic: Statistic) => number | undefined

export interface Series {
  readonly entry: MetricEntry
  /** The open period, from its start (also across the end of the warm-up) to now. */
  readPeriod(nowUs: number): Reading
  /** The summary, including the open period. Only after `roll` at the same instant. */
  readSummary(): Reading
  /** Adds the open period to the summary and starts the next one. */
  roll(nowUs: number): void
  /** The warm-up ends: the summary starts afresh, the open period goes on in metrics.csv. */
  endWarmUp(nowUs: number): void
}

/** Occurrences. */
export class CounterSeries implements Series {
  readonly entry: MetricEntry
  private open = Number.NaN
  /** The part of the open period that lies in the warm-up. */
  private warmUpPart = Number.NaN
  private gathered = Number.NaN

  constructor(entry: MetricEntry) {
    this.entry = entry
    this.open = 0
    this.warmUpPart = 0
    this.gathered = 0
  }

  add(count: number): void {
    this.open += count
  }

  readPeriod(_nowUs: number): Reading {
    return onlySum(this.open + this.warmUpPart)
  }

  readSummary(): Reading {
    return onlySum(this.gathered)
  }

  roll(_nowUs: number): void {
    this.gathered += this.open
    this.open = 0
    this.warmUpPart = 0
  }

  endWarmUp(_nowUs: number): void {
    this.warmUpPart = this.open
    this.open = 0
    this.gathered = 0
  }
}

function onlySum(sum: number): Reading {
  return (statistic) => (statistic === 'sum' ? sum : undefined)
}

/** A level over time. */
export class GaugeSeries implements Series {
  readonly entry: MetricEntry
  private readonly open: TimeWeighted
  private readonly gathered = new GaugeSum()
  private readonly warmUpPart = new GaugeSum()
  private readonly clock: Clock
  private startUs = Number.NaN

  constructor(entry: MetricEntry, clock: Clock) {
    this.entry = entry
    this.clock = clock
    this.open = new TimeWeighted(0, 0)
    this.startUs = 0
  }

  get level(): number {
    return this.open.level
  }

  set(level: number): void {
    this.open.set(this.clock.nowUs, level)
  }

  add(change: number): void {
    this.open.add(this.clock.nowUs, change)
  }

  readPeriod(nowUs: number): Reading {
    const sum = new GaugeSum()
    sum.merge(this.warmUpPart)
    sum.gather(this.open, this.startUs, nowUs)
    return sum.read()
  }

  readSummary(): Reading {
    return this.gathered.read()
  }

  roll(nowUs: number): void {
    this.gathered.gather(this.open, this.startUs, nowUs)
    this.warmUpPart.reset()
    this.restart(nowUs)
  }

  endWarmUp(nowUs: number): void {
    this.warmUpPart.gather(this.open, this.startUs, nowUs)
    this.gathered.reset()
    this.restart(nowUs)
  }

  private restart(nowUs: number): void {
    this.open.startPeriod(nowUs)
    this.startUs = nowUs
  }
}

/**
 * A level that is read off once a period, at its end, because keeping it up to date would cost more
 * than it is worth (the age of the oldest message). `read` answers undefined while there is none.
 */
export class SampledSeries implements Series {
  readonly entry: MetricEntry
  private readonly read: (nowUs: number) => number | undefined
  private count = 0
  private sum = 0
  private minimum = Number.POSITIVE_INFINITY
  private maximum = Number.NEGATIVE_INFINITY

  constructor(entry: MetricEntry, read: (nowUs: number) => number | undefined) {
    this.entry = entry
    this.read = read
  }

  readPeriod(nowUs: number): Reading {
    const value = this.read(nowUs)
    return (statistic) => (statistic === 'sum' ? undefined : value)
  }

  readSummary(): Reading {
    return (statistic) => {
      if (this.count === 0) return undefined
      if (statistic === 'average') return this.sum / this.count
      if (statistic === 'maximum') return this.maximum
      return statistic === 'minimum' ? this.minimum : undefined
    }
  }

  roll(nowUs: number): void {
    const value = this.read(nowUs)
    if (value === undefined) return
    this.count++
    this.sum += value
    this.minimum = Math.min(this.minimum, value)
    this.maximum = Math.max(this.maximum, value)
  }

  endWarmUp(_nowUs: number): void {
    this.count = 0
    this.sum = 0
    this.minimum = Number.POSITIVE_INFINITY
    this.maximum = Number.NEGATIVE_INFINITY
  }
}

/** Integral, length and extremes of a level over several stretches of time. */
class GaugeSum {
  private integral = Number.NaN
  private lengthUs = Number.NaN
  private maximum = Number.NaN
  private minimum = Number.NaN

  constructor() {
    this.reset()
  }

  gather(level: TimeWeighted, startUs: number, nowUs: number): void {
    if (nowUs === startUs) return
    this.integral += level.integral(nowUs)
    this.lengthUs += nowUs - startUs
    this.maximum = Math.max(this.maximum, level.maximum(nowUs))
    this.minimum = Math.min(this.minimum, level.minimum(nowUs))
  }

  merge(other: GaugeSum): void {
    this.integral += other.integral
    this.lengthUs += other.lengthUs
    this.maximum = Math.max(this.maximum, other.maximum)
    this.minimum = Math.min(this.minimum, other.minimum)
  }

  reset(): void {
    this.integral = 0
    this.lengthUs = 0
    this.maximum = Number.NEGATIVE_INFINITY
    this.minimum = Number.POSITIVE_INFINITY
  }

  read(): Reading {
    return (statistic) => {
      if (this.lengthUs === 0) return undefined
      if (statistic === 'average') return this.integral / this.lengthUs
      if (statistic === 'maximum') return this.maximum
      return statistic === 'minimum' ? this.minimum : undefined
    }
  }
}

/** A length of time per occurrence, recorded in us and read in ms, only from an empty intake. */
export class DurationSeries implements Series {
  readonly entry: MetricEntry
  private readonly intake: DurationIntake
  private readonly index: number
  private readonly open = new LogHistogram()
  private readonly gathered = new LogHistogram()
  private warmUpPart: LogHistogram | null = null

  constructor(entry: MetricEntry, intake: DurationIntake) {
    this.entry = entry
    this.intake = intake
    this.index = intake.add(this.open)
  }

  record(durationUs: number): void {
    this.intake.take(this.index, durationUs)
  }

  readPeriod(_nowUs: number): Reading {
    if (this.warmUpPart === null) return readHistogram(this.open)
    const whole = new LogHistogram()
    whole.merge(this.warmUpPart)
    whole.merge(this.open)
    return readHistogram(whole)
  }

  readSummary(): Reading {
    return readHistogram(this.gathered)
  }

  roll(_nowUs: number): void {
    this.gathered.merge(this.open)
    this.open.reset()
    this.warmUpPart = null
  }

  endWarmUp(_nowUs: number): void {
    this.warmUpPart = new LogHistogram()
    this.warmUpPart.merge(this.open)
    this.open.reset()
    this.gathered.reset()
  }
}

const PROBABILITIES: Partial<Record<Statistic, number>> = {
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  'p99.9': 0.999,
}
const US_PER_MS = 1_000

function readHistogram(histogram: LogHistogram): Reading {
  const count = histogram.count
  return (statistic) => {
    if (count === 0) return undefined
    if (statistic === 'average') return histogram.sum / count / US_PER_MS
    if (statistic === 'maximum') return histogram.maximum / US_PER_MS
    if (statistic === 'minimum') return histogram.minimum / US_PER_MS
    const probability = PROBABILITIES[statistic]
    return probability === undefined ? undefined : histogram.quantile(probability) / US_PER_MS
  }
}
