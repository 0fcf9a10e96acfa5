/**
 * Whether and when a caller tries again. These rules know nothing of what is called: functions
 * today, databases and other services with the same keys.
 */
import { type BackOff, waitUs } from './back-off.ts'
import type { Failure } from './failure.ts'
import { type QuotaRules, RetryQuota } from './retry-quota.ts'

export interface RetryPolicy {
  /** The first attempt included. */
  readonly maxAttempts: number
  readonly backOff: BackOff
  /** null: retries are not limited over all requests. */
  readonly quota: QuotaRules | null
  /** Whether a rate limiter slows the client down after throttles (adaptive). */
  readonly isRateLimited: boolean
}

/** What follows a failed attempt. */
export type RetryDecision = 'retry' | 'attempts-used-up' | 'quota-exhausted'

/** The policy at work in one SDK client, whose requests share its quota. */
export class Retrier {
  /** What the retry that was allowed last cost. */
  lastCost = 0
  private readonly policy: RetryPolicy
  private readonly quota: RetryQuota | null

  constructor(policy: RetryPolicy) {
    this.policy = policy
    this.quota = policy.quota === null ? null : new RetryQuota(policy.quota)
  }

  /** Tokens of the quota; Infinity without one. */
  get availableQuota(): number {
    return this.quota === null ? Number.POSITIVE_INFINITY : this.quota.available
  }

  /** After `attempts` attempts, the last of which failed; a retry is paid for here. */
  decide(attempts: number, failure: Failure): RetryDecision {
    if (attempts >= this.policy.maxAttempts) return 'attempts-used-up'
    if (this.quota === null) return 'retry'
    this.lastCost = this.quota.pay(failure)
    return this.lastCost > 0 ? 'retry' : 'quota-exhausted'
  }

  /** The retry that was allowed last is not made after all. */
  takeBack(): void {
    this.quota?.giveBack(this.lastCost)
  }

  /** How long to wait before retry `retry` (from 1), us; `draw` in [0, 1) is its jitter. */
  waitUs(retry: number, failure: Failure, draw: number): number {
    return waitUs(this.policy.backOff, retry, failure, draw)
  }

  /** An answer that the SDK takes for a success, after a retry that cost `lastCost` or none (0). */
  succeeded(lastCost: number): void {
    this.quota?.refund(lastCost)
  }
}
