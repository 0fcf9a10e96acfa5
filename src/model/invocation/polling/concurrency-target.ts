import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { ScalingSettings } from './sqs-settings.ts'

/** The target is halved at most this often (assumed). */
const BETWEEN_HALVINGS_US = 10 * MICROSECONDS_PER_SECOND
const SECONDS_PER_MINUTE = 60

/**
 * On how many batches at once an event source mapping works: a few when messages appear, more each
 * second while all places are taken and messages remain, half of them after a throttle or an error.
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings";
 * how far and how often Lambda backs off is not documented.
 */
export class ConcurrencyTarget {
  private settings: ScalingSettings
  private level: number
  private halvedUs = Number.NEGATIVE_INFINITY

  constructor(settings: ScalingSettings) {
    this.settings = settings
    this.level = this.initial
  }

  /** Whole places. */
  get places(): number {
    return Math.floor(this.level)
  }

  /** One second more with all places taken. */
  grow(): void {
    const { concurrencyPerMinute, maximumConcurrency } = this.settings
    const grown = this.level + concurrencyPerMinute / SECONDS_PER_MINUTE
    this.level = Math.min(maximumConcurrency, grown)
  }

  halve(nowUs: number): void {
    if (nowUs < this.halvedUs + BETWEEN_HALVINGS_US) return
    this.halvedUs = nowUs
    const { minimumConcurrency, maximumConcurrency } = this.settings
    const least = Math.min(minimumConcurrency, maximumConcurrency)
    this.level = Math.max(least, Math.floor(this.level / 2))
  }

  /** Everything is empty. */
  reset(): void {
    this.level = this.initial
  }

  reconfigure(settings: ScalingSettings): void {
    this.settings = settings
    this.level = Math.min(settings.maximumConcurrency, this.level)
  }

  private get initial(): number {
    return Math.min(this.settings.initialConcurrency, this.settings.maximumConcurrency)
  }
}
