import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { ScalingSettings } from './sqs-settings.ts'

/** The target is halved at most this often (assumed). */
const BETWEEN_HALVINGS_US = 10 * MICROSECONDS_PER_SECOND
/** Seconds of a minute. */
const PARTS = 60

/**
 * On how many batches at once an event source mapping works: a few when messages appear, more each
 * second while all places are taken and messages remain, half of them after a throttle or an error.
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings";
 * how far and how often Lambda backs off is not documented.
 */
export class ConcurrencyTarget {
  private settings: ScalingSettings
  /** In sixtieths, so that any growth per minute is a whole number of them per second. */
  private level: number
  private halvedUs = Number.NEGATIVE_INFINITY
  private readonly onChange: () => void
  /** Why it slowed down last, a cause of throttles or errors; null: it has not. */
  slowedBy: string | null = null

  constructor(settings: ScalingSettings, onChange: () => void) {
    this.settings = settings
    this.onChange = onChange
    this.level = this.initial
  }

  /** Whole places. */
  get places(): number {
    return Math.floor(this.level / PARTS)
  }

  /** Pollers of provisioned mode that these are; else null. */
  get pollers(): number | null {
    const { concurrencyPerPoller } = this.settings
    return concurrencyPerPoller === null ? null : Math.ceil(this.places / concurrencyPerPoller)
  }

  /** One second more with all places taken. */
  grow(): void {
    const { concurrencyPerMinute, maximumConcurrency } = this.settings
    this.level = Math.min(PARTS * maximumConcurrency, this.level + concurrencyPerMinute)
    this.onChange()
  }

  halve(nowUs: number, cause: string): void {
    this.slowedBy = cause
    if (nowUs < this.halvedUs + BETWEEN_HALVINGS_US) return
    this.halvedUs = nowUs
    const { minimumConcurrency, maximumConcurrency } = this.settings
    const least = Math.min(minimumConcurrency, maximumConcurrency)
    const half = PARTS * Math.max(least, Math.floor(this.places / 2))
    this.level = Math.min(this.level, half)
    this.onChange()
  }

  /** Everything is empty. */
  reset(): void {
    this.level = this.initial
    this.slowedBy = null
    this.onChange()
  }

  reconfigure(settings: ScalingSettings): void {
    this.settings = settings
    this.level = Math.min(PARTS * settings.maximumConcurrency, this.level)
    this.onChange()
  }

  private get initial(): number {
    return PARTS * Math.min(this.settings.initialConcurrency, this.settings.maximumConcurrency)
  }
}
