import type { Failure, PerFailure } from './failure.ts'

/** What retries cost, and what successes give back. */
export interface QuotaRules {
  /** Where the quota begins, and its most. */
  readonly capacity: number
  readonly costs: PerFailure
  /** For a success at the first attempt; one after a retry gives back what its last retry cost. */
  readonly firstAttemptRefund: number
}

/**
 * The retry quota of one SDK client: a bucket of tokens that time does not refill, only success.
 * Source: boto/botocore, retries/quota.py and retries/standard.py.
 */
export class RetryQuota {
  available: number
  private readonly rules: QuotaRules

  constructor(rules: QuotaRules) {
    this.rules = rules
    this.available = rules.capacity
  }

  /** Pays for a retry; returns what it cost, or 0 where the quota does not suffice. */
  pay(failure: Failure): number {
    const cost = this.rules.costs[failure]
    if (cost > this.available) return 0
    this.available -= cost
    return cost
  }

  /** A success whose last retry cost `lastCost`; 0: it had none. */
  refund(lastCost: number): void {
    this.giveBack(lastCost > 0 ? lastCost : this.rules.firstAttemptRefund)
  }

  giveBack(amount: number): void {
    this.available = Math.min(this.rules.capacity, this.available + amount)
  }
}
