/**
 * What a door lets through: token buckets that start full, and the quota of a usage plan.
 * Source: Amazon API Gateway developer guide, "Throttle requests to your REST APIs for better
 * throughput in API Gateway"; the order of application is documented there.
 */
import { TokenBucket } from '../compute/token-bucket.ts'

export interface RateLimit {
  /** Per second. */
  readonly rate: number
  readonly burst: number
}

export type QuotaPeriod = 'DAY' | 'WEEK' | 'MONTH'

/** What each client key may do. */
export interface UsagePlan {
  readonly throttle?: RateLimit | undefined
  readonly quota?: { readonly limit: number; readonly period: QuotaPeriod } | undefined
}

export function bucketOf(limit: RateLimit | undefined): TokenBucket | null {
  return limit === undefined ? null : new TokenBucket(limit.rate, limit.burst)
}

const DAY_MS = 86_400_000
/** 1 January 1970 was a Thursday; weeks are taken to begin on Mondays. */
const DAYS_SINCE_MONDAY = 3

/** The client key of one producer under a usage plan. */
export class UsageKey {
  private readonly bucket: TokenBucket | null
  private readonly quota: UsagePlan['quota']
  private readonly startsAtMs: number
  private period = Number.NaN
  private used = 0

  constructor({ throttle, quota }: UsagePlan, startsAtMs: number) {
    this.bucket = bucketOf(throttle)
    this.quota = quota
    this.startsAtMs = startsAtMs
  }

  mayPass(nowUs: number): boolean {
    if (this.bucket?.hasToken(nowUs) === false) return false
    if (this.quota === undefined) return true
    const period = periodAt(this.quota.period, this.startsAtMs + nowUs / 1_000)
    if (period !== this.period) {
      this.period = period
      this.used = 0
    }
    return this.used < this.quota.limit
  }

  /** Only after `mayPass` at the same instant. */
  pass(): void {
    this.bucket?.take()
    this.used++
  }
}

/** The number of a period in UTC. */
function periodAt(period: QuotaPeriod, atMs: number): number {
  const day = Math.floor(atMs / DAY_MS)
  if (period === 'DAY') return day
  if (period === 'WEEK') return Math.floor((day + DAYS_SINCE_MONDAY) / 7)
  const date = new Date(day * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/**
 * Asks all limits in AWS's order: usage plan, method or stage, account. Where one refuses, none is
 * used up.
 */
export function passes(
  key: UsageKey | null,
  own: TokenBucket | null,
  account: TokenBucket | null,
  nowUs: number,
): boolean {
  if (key?.mayPass(nowUs) === false) return false
  if (own?.hasToken(nowUs) === false) return false
  if (account?.hasToken(nowUs) === false) return false
  key?.pass()
  own?.take()
  account?.take()
  return true
}
