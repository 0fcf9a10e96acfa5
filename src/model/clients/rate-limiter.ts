/**
 * The client rate limiter of the adaptive retry mode: a token bucket whose rate falls to 70% at a
 * throttle and grows back along a cubic curve. It is off until the first throttle.
 * Source: boto/botocore, retries/adaptive.py, bucket.py and throttling.py; the JavaScript SDK's
 * DefaultRateLimiter does the same. That waiting attempts go in their order is assumed.
 */
import { cubeRoot } from '../../kernel/elementary.ts'
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'

const LEAST_RATE_PER_SECOND = 0.5
const LEAST_CAPACITY = 1
/** What a throttle leaves of the rate. */
const BETA = 0.7
/** How fast the cubic curve grows. */
const SCALE = 0.4
/** The share of the newest measurement in the measured rate. */
const SMOOTHING = 0.8
const MEASURED_PER_SECOND = 2
/** The rate is at most so many times what was measured. */
const MOST_OF_MEASURED = 2
/** A token less this much is one: a wait is cut to whole microseconds. */
const TOLERANCE = 1e-9

export class ClientRateLimiter {
  isEnabled = false
  /** Tokens a second. */
  ratePerSecond = LEAST_RATE_PER_SECOND
  /** Answers a second, smoothed. */
  measuredPerSecond = 0
  private capacity = LEAST_CAPACITY
  private tokens = 0
  private refilledUs = 0
  private answers = 0
  private measuredAtSeconds = 0
  /** The rate at the last throttle, and how long the curve takes to come back to it. */
  private highestRate = 0
  private recoverySeconds = 0
  private throttledAtSeconds = 0

  /** Takes a token for an attempt; false: there is none yet. */
  take(nowUs: number): boolean {
    if (!this.isEnabled) return true
    this.refill(nowUs)
    if (this.tokens < 1 - TOLERANCE) return false
    this.tokens = Math.max(0, this.tokens - 1)
    return true
  }

  /** How long until there is a token, us, if the rate stays. */
  waitUs(nowUs: number): number {
    this.refill(nowUs)
    return Math.ceil(((1 - this.tokens) / this.ratePerSecond) * MICROSECONDS_PER_SECOND)
  }

  /** Every answer moves the rate; whatever is no throttle counts as a success. */
  onAnswer(nowUs: number, isThrottle: boolean): void {
    const nowSeconds = nowUs / MICROSECONDS_PER_SECOND
    this.measure(nowSeconds)
    const rate = isThrottle ? this.throttled(nowSeconds) : this.recovered(nowSeconds)
    this.refill(nowUs)
    const bounded = Math.min(rate, MOST_OF_MEASURED * this.measuredPerSecond)
    this.ratePerSecond = Math.max(bounded, LEAST_RATE_PER_SECOND)
    this.capacity = Math.max(bounded, LEAST_CAPACITY)
    this.tokens = Math.min(this.tokens, this.capacity)
  }

  private throttled(nowSeconds: number): number {
    const rate = this.isEnabled
      ? Math.min(this.measuredPerSecond, this.ratePerSecond)
      : this.measuredPerSecond
    this.highestRate = rate
    this.recoverySeconds = cubeRoot((rate * (1 - BETA)) / SCALE)
    this.throttledAtSeconds = nowSeconds
    this.isEnabled = true
    return rate * BETA
  }

  private recovered(nowSeconds: number): number {
    const sinceSeconds = nowSeconds - this.throttledAtSeconds - this.recoverySeconds
    return SCALE * sinceSeconds * sinceSeconds * sinceSeconds + this.highestRate
  }

  /** Answers are counted over half seconds. */
  private measure(nowSeconds: number): void {
    const bucketSeconds = Math.floor(nowSeconds * MEASURED_PER_SECOND) / MEASURED_PER_SECOND
    this.answers++
    if (bucketSeconds <= this.measuredAtSeconds) return
    const rate = this.answers / (bucketSeconds - this.measuredAtSeconds)
    this.measuredPerSecond = rate * SMOOTHING + this.measuredPerSecond * (1 - SMOOTHING)
    this.answers = 0
    this.measuredAtSeconds = bucketSeconds
  }

  private refill(nowUs: number): void {
    const seconds = (nowUs - this.refilledUs) / MICROSECONDS_PER_SECOND
    this.tokens = Math.min(this.capacity, this.tokens + seconds * this.ratePerSecond)
    this.refilledUs = nowUs
  }
}
