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
    return this.levelAt(nowUs) / MICROSECONDS_PER_SECOND
  }

  hasToken(nowUs: number): boolean {
    return this.levelAt(nowUs) >= MICROSECONDS_PER_SECOND
  }

  /** Takes a token that is there; only after `hasToken` or `tokens` at the same instant. */
  take(nowUs: number): void {
    this.level = this.levelAt(nowUs) - MICROSECONDS_PER_SECOND
    this.updatedUs = nowUs
  }

  takeSeveral(nowUs: number, tokens: number): void {
    this.level = this.levelAt(nowUs) - tokens * MICROSECONDS_PER_SECOND
    this.updatedUs = nowUs
  }

  /**
   * A new rate with a capacity of one second of it. Capacity that is added comes full, as the whole
   * bucket does at the start; what is above a smaller capacity is lost.
   */
  setRate(nowUs: number, ratePerSecond: number): void {
    const level = this.levelAt(nowUs)
    const capacity = ratePerSecond * MICROSECONDS_PER_SECOND
    this.level = Math.min(level + Math.max(0, capacity - this.capacity), capacity)
    this.ratePerSecond = ratePerSecond
    this.capacity = capacity
    this.updatedUs = nowUs
  }

  private levelAt(nowUs: number): number {
    const level = this.level + (nowUs - this.updatedUs) * this.ratePerSecond
    return level < this.capacity ? level : this.capacity
  }
}
