import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'

/**
 * A token bucket in exact integers: tokens are counted in millionths, so that a whole number of
 * tokens per second fills a whole number per microsecond.
 */
export class TokenBucket {
  private ratePerSecond = Number.NaN
  private capacity = Number.NaN
  private level = Number.NaN
  private updatedUs = Number.NaN

  /** Full at the start. `capacityTokens` defaults to one second of the rate. */
  constructor(ratePerSecond: number, capacityTokens = ratePerSecond) {
    this.ratePerSecond = ratePerSecond
    this.capacity = capacityTokens * MICROSECONDS_PER_SECOND
    this.level = this.capacity
    this.updatedUs = 0
  }

  get capacityTokens(): number {
    return this.capacity / MICROSECONDS_PER_SECOND
  }

  /** Tokens at this instant, with their fraction. */
  tokens(nowUs: number): number {
    this.refill(nowUs)
    return this.level / MICROSECONDS_PER_SECOND
  }

  /** When it will have so many tokens if none is taken: now or later, us. */
  hasTokensAtUs(nowUs: number, tokens: number): number {
    this.refill(nowUs)
    const missing = tokens * MICROSECONDS_PER_SECOND - this.level
    return missing <= 0 ? nowUs : nowUs + Math.ceil(missing / this.ratePerSecond)
  }

  hasToken(nowUs: number): boolean {
    this.refill(nowUs)
    return this.level >= MICROSECONDS_PER_SECOND
  }

  /** Takes a token that is there; only after `hasToken` or `tokens` at the same instant. */
  take(): void {
    this.level -= MICROSECONDS_PER_SECOND
  }

  takeSeveral(tokens: number): void {
    this.level -= tokens * MICROSECONDS_PER_SECOND
  }

  /**
   * A new rate with a capacity, of one second of it where nothing is said. Capacity that is added comes full, as the whole
   * bucket does at the start; what is above a smaller capacity is lost.
   */
  setRate(nowUs: number, ratePerSecond: number, capacityTokens = ratePerSecond): void {
    this.refill(nowUs)
    const capacity = capacityTokens * MICROSECONDS_PER_SECOND
    this.level = Math.min(this.level + Math.max(0, capacity - this.capacity), capacity)
    this.ratePerSecond = ratePerSecond
    this.capacity = capacity
  }

  /** A new rate and capacity. What is in it stays; what is above a smaller capacity is lost. */
  resize(nowUs: number, ratePerSecond: number, capacityTokens: number): void {
    this.refill(nowUs)
    this.ratePerSecond = ratePerSecond
    this.capacity = capacityTokens * MICROSECONDS_PER_SECOND
    this.level = Math.min(this.level, this.capacity)
  }

  private refill(nowUs: number): void {
    const level = this.level + (nowUs - this.updatedUs) * this.ratePerSecond
    this.level = level < this.capacity ? level : this.capacity
    this.updatedUs = nowUs
  }
}
