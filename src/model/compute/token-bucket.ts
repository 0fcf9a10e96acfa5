import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'

/**
 * A token bucket in exact integers: tokens are counted in millionths, so that a whole number of
 * tokens per second fills a whole number per microsecond.
 */
export class TokenBucket {
  private ratePerSecond: number
  private capacity: number
  private level: number
  private updatedUs = 0

  /** Full at the start. `capacityTokens` defaults to one second of the rate. */
  constructor(ratePerSecond: number, capacityTokens = ratePerSecond) {
    this.ratePerSecond = ratePerSecond
    this.capacity = capacityTokens * MICROSECONDS_PER_SECOND
    this.level = this.capacity
  }

  get capacityTokens(): number {
    return this.capacity / MICROSECONDS_PER_SECOND
  }

  /** Tokens at this instant, with their fraction. */
  tokens(nowUs: number): number {
    this.refill(nowUs)
    return this.level / MICROSECONDS_PER_SECOND
  }

  hasToken(nowUs: number): boolean {
    this.refill(nowUs)
    return this.level >= MICROSECONDS_PER_SECOND
  }

  /** Takes tokens that are there; only after `hasToken` or `tokens` at the same instant. */
  take(tokens = 1): void {
    this.level -= tokens * MICROSECONDS_PER_SECOND
  }

  /** A new rate with a capacity of one second of it; what is in the bucket stays, up to that. */
  setRate(nowUs: number, ratePerSecond: number): void {
    this.refill(nowUs)
    this.ratePerSecond = ratePerSecond
    this.capacity = ratePerSecond * MICROSECONDS_PER_SECOND
    if (this.level > this.capacity) this.level = this.capacity
  }

  private refill(nowUs: number): void {
    const level = this.level + (nowUs - this.updatedUs) * this.ratePerSecond
    this.level = level < this.capacity ? level : this.capacity
    this.updatedUs = nowUs
  }
}
