/**
 * How fast a function may add execution environments.
 * Source: Lambda developer guide, "Lambda scaling behavior"; before November 2023 its earlier
 * edition, "Lambda function scaling".
 */
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import {
  ADMITTED,
  REGIONAL_BURST,
  SCALING_ENVIRONMENTS,
  SCALING_REQUESTS,
} from './throttle-cause.ts'
import { TokenBucket } from './token-bucket.ts'

export interface ScalingRate {
  /** An on-demand request was admitted. */
  countRequest(nowUs: number): void
  /** The cause that refuses one more environment now, or ADMITTED. */
  refusal(nowUs: number): number
  /** An environment is created; only after `refusal` said ADMITTED. */
  take(nowUs: number): void
  /** Environments that could be created now. */
  tokens(nowUs: number): number
  readonly capacity: number
  /** The fewest there were after any creation. */
  readonly lowestTokens: number
}

/** 1,000 environments per 10 s. */
export const ENVIRONMENTS_PER_SECOND = 100
export const ENVIRONMENT_CAPACITY = 1_000
/** 10,000 additional requests per second every 10 s. */
const REQUEST_RATE_HEADROOM = 10_000
const REQUEST_RATE_GROWTH_PER_SECOND = 1_000
/** 500 a minute is no whole number a second: the regional bucket counts sixtieths of a token. */
const SIXTIETHS = 60

/**
 * Since November 2023, each function for itself: 1,000 environments every 10 s, refilled
 * continuously, or 10,000 additional requests per second every 10 s, whichever comes first.
 *
 * The request side is a ceiling on on-demand requests per second of simulated time: it rises by
 * 1,000 a second and never lies more than 10,000 above what the second before really carried
 * (the shape of the ramp within 10 s is assumed).
 */
export class PerFunctionScalingRate implements ScalingRate {
  readonly capacity = ENVIRONMENT_CAPACITY
  lowestTokens = ENVIRONMENT_CAPACITY
  private readonly bucket = new TokenBucket(ENVIRONMENTS_PER_SECOND, ENVIRONMENT_CAPACITY)
  private windowEndUs = MICROSECONDS_PER_SECOND
  private requestsInWindow = 0
  private ceilingPerSecond = REQUEST_RATE_HEADROOM

  countRequest(nowUs: number): void {
    if (nowUs >= this.windowEndUs) this.openWindow(nowUs)
    this.requestsInWindow++
  }

  refusal(nowUs: number): number {
    if (nowUs >= this.windowEndUs) this.openWindow(nowUs)
    if (!this.bucket.hasToken(nowUs)) return SCALING_ENVIRONMENTS
    return this.requestsInWindow < this.ceilingPerSecond ? ADMITTED : SCALING_REQUESTS
  }

  take(nowUs: number): void {
    this.bucket.take()
    this.lowestTokens = Math.min(this.lowestTokens, this.tokens(nowUs))
  }

  tokens(nowUs: number): number {
    return Math.floor(this.bucket.tokens(nowUs))
  }

  private openWindow(nowUs: number): void {
    const seconds = Math.floor((nowUs - this.windowEndUs) / MICROSECONDS_PER_SECOND) + 1
    const carried = seconds === 1 ? this.requestsInWindow : 0
    this.ceilingPerSecond = Math.min(
      this.ceilingPerSecond + seconds * REQUEST_RATE_GROWTH_PER_SECOND,
      carried + REQUEST_RATE_HEADROOM,
    )
    this.requestsInWindow = 0
    this.windowEndUs += seconds * MICROSECONDS_PER_SECOND
  }
}

/**
 * Before November 2023: one burst for all functions of the region, refilled by 500 a minute.
 * One instance is shared by the account's functions.
 */
export class RegionalBurst implements ScalingRate {
  readonly capacity: number
  lowestTokens: number
  private readonly minuteBucket: TokenBucket

  constructor(burst: number, perMinute: number) {
    this.capacity = burst
    this.lowestTokens = burst
    this.minuteBucket = new TokenBucket(perMinute, burst * SIXTIETHS)
  }

  countRequest(_nowUs: number): void {}

  refusal(nowUs: number): number {
    return this.minuteBucket.tokens(nowUs) >= SIXTIETHS ? ADMITTED : REGIONAL_BURST
  }

  take(nowUs: number): void {
    this.minuteBucket.takeSeveral(SIXTIETHS)
    this.lowestTokens = Math.min(this.lowestTokens, this.tokens(nowUs))
  }

  tokens(nowUs: number): number {
    return Math.floor(this.minuteBucket.tokens(nowUs) / SIXTIETHS)
  }
}
