/**
 * One metric of one entity while the run goes on. Each series keeps what the open period has seen
 * and what the summary has gathered; `roll` moves the first into the second.
 */
import type { Clock } from '../../kernel/time.ts'
import { LogHistogram } from '../../stats/log-histogram.ts'
import { TimeWeighted } from '../../stats/time-weighted.ts'
import type { MetricEntry, Statistic } from './catalogue-entry.ts'

export interface Series {
  readonly entry: MetricEntry
  /**
   * A statistic of the open period, from its start (also across the end of the warm-up) to now;
   * undefined where there was no sample.
   */
  readPeriod(statistic: Statistic, nowUs: number): number | undefined
  /** The same of the summary, including the open period. Only after `roll` at the same instant. */
  readSummary(statistic: Statistic): number | undefined
  /** Adds the open period to the summary and starts the next one. */
  roll(nowUs: number): void
  /** The warm-up ends: the summary starts afresh, the open period goes on in metrics.csv. */
  endWarmUp(nowUs: number): void
}

/** Occurrences. */
export class CounterSeries implements Series {
  readonly entry: MetricEntry
  private open = 0
  /** The part of the open period that lies in the warm-up. */
  private warmUpPart = 0
  private gathered = 0
  private closed = 0

  constructor(entry: MetricEntry) {
    this.entry = entry
  }

  /** Over the whole run so far, warm-up included: what is billed. */
  get total(): number {
    return this.closed + this.warmUpPart + this.open
  }

  add(count: number): void {
    this.open += count
  }

  readPeriod(statistic: Statistic, _nowUs: number): number | undefined {
    return statistic === 'sum' ? this.open + this.warmUpPart : undefined
  }

  readSummary(statistic: Statistic): number | undefined {
    return statistic === 'sum' ? this.gathered : undefined
  }

  roll(_nowUs: number): void {
    this.gathered += this.open
    this.closed += this.open + this.warmUpPart
    this.open = 0
    this.warmUpPart = 0
  }

  endWarmUp(_nowUs: number): void {
    this.warmUpPart = this.open
    this.open = 0
    this.gathered = 0
  }
}

/** A level over time. */
export class GaugeSeries implements Series {
  readonly entry: MetricEntry
  private readonly open: TimeWeighted
  private readonly gathered = new GaugeSum()
  private readonly warmUpPart = new GaugeSum()
  private readonly clock: Clock
  private startUs = Number.NaN
  /** Level x us of all stretches that are over. */
  private closed = Number.NaN

  constructor(entry: MetricEntry, clock: Clock) {
    this.entry = entry
    this.clock = clock
    this.open = new TimeWeighted(0, 0)
    this.startUs = 0
    this.closed = 0
  }

  /** Level x us over the whole run, warm-up included. Only after `roll` at the same instant. */
  get total(): number {
    return this.closed
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

  readPeriod(statistic: Statistic, nowUs: number): number | undefined {
    const sum = new GaugeSum()
    sum.merge(this.warmUpPart)
    sum.gather(this.open, this.startUs, nowUs)
    return sum.read(statistic)
  }

  readSummary(statistic: Statistic): number | undefined {
    return this.gathered.read(statistic)
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
    this.closed += this.open.integral(nowUs)
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

  readPeriod(statistic: Statistic, nowUs: number): number | undefined {
    return statistic === 'sum' ? undefined : this.read(nowUs)
  }

  readSummary(statistic: Statistic): number | undefined {
    if (this.count === 0) return undefined
    if (statistic === 'average') return this.sum / this.count
    if (statistic === 'maximum') return this.maximum
    return statistic === 'minimum' ? this.minimum : undefined
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

  read(statistic: Statistic): number | undefined {
    if (this.lengthUs === 0) return undefined
    if (statistic === 'average') return this.integral / this.lengthUs
    if (statistic === 'maximum') return this.maximum
    return statistic === 'minimum' ? this.minimum : undefined
  }
}

const PENDING_DURATIONS = 128

/**
 * A length of time per occurrence, recorded in us and read in ms. Durations wait in a row until
 * there are enough of them: with hundreds of functions every histogram is out of the cache when an
 * event comes to it, and this way the misses come once for a hundred events and not with each.
 */
export class DurationSeries implements Series {
  readonly entry: MetricEntry
  private readonly open = new LogHistogram()
  private readonly gathered = new LogHistogram()
  private warmUpPart: LogHistogram | null = null
  private readonly pending = new Float64Array(PENDING_DURATIONS)
  private pendingCount = 0

  constructor(entry: MetricEntry) {
    this.entry = entry
  }

  record(durationUs: number): void {
    this.pending[this.pendingCount++] = durationUs
    if (this.pendingCount === PENDING_DURATIONS) this.settle()
  }

  readPeriod(statistic: Statistic, _nowUs: number): number | undefined {
    this.settle()
    if (this.warmUpPart === null) return readHistogram(this.open, statistic)
    const whole = new LogHistogram()
    whole.merge(this.warmUpPart)
    whole.merge(this.open)
    return readHistogram(whole, statistic)
  }

  readSummary(statistic: Statistic): number | undefined {
    return readHistogram(this.gathered, statistic)
  }

  roll(_nowUs: number): void {
    this.settle()
    this.gathered.merge(this.open)
    this.open.reset()
    this.warmUpPart = null
  }

  endWarmUp(_nowUs: number): void {
    this.settle()
    this.warmUpPart = new LogHistogram()
    this.warmUpPart.merge(this.open)
    this.open.reset()
    this.gathered.reset()
  }

  private settle(): void {
    this.open.recordAll(this.pending, this.pendingCount)
    this.pendingCount = 0
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

function readHistogram(histogram: LogHistogram, statistic: Statistic): number | undefined {
  const { count, sum, minimum, maximum } = histogram
  if (count === 0) return undefined
  if (statistic === 'average') return sum / count / US_PER_MS
  if (statistic === 'maximum') return maximum / US_PER_MS
  if (statistic === 'minimum') return minimum / US_PER_MS
  const probability = PROBABILITIES[statistic]
  return probability === undefined ? undefined : histogram.quantile(probability) / US_PER_MS
}
