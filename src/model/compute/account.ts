import type { GaugeSeries } from '../metrics/series.ts'
import { ClosestApproach } from './closest-approach.ts'
import { TokenBucket } from './token-bucket.ts'

/** Requests per second for each unit of concurrency, at every level (Lambda quotas). */
export const REQUESTS_PER_CONCURRENCY = 10

export interface AccountGauges {
  readonly concurrent: GaugeSeries
  readonly unreserved: GaugeSeries
  readonly claimed: GaugeSeries
}

/**
 * The concurrency of one account in one region: a limit, the parts of it that functions have
 * reserved or provisioned, and the pool that all others share.
 * Source: Lambda developer guide, "Understanding Lambda function scaling" and "Monitoring concurrency".
 */
export class Account {
  limit: number
  /** Held all the time by functions outside the scenario. */
  otherUnreserved: number
  /** Sum of all reserved concurrency. */
  reserved = 0
  /** Sum of provisioned concurrency of functions without reserved concurrency. */
  provisionedUnreserved = 0
  /** On-demand requests in flight of functions without reserved concurrency. */
  unreservedInFlight = 0
  readonly requestRate: TokenBucket
  readonly gauges: AccountGauges
  /** Of the unreserved requests in flight to what the pool has for them. */
  readonly closest: ClosestApproach

  constructor(limit: number, otherUnreserved: number, gauges: AccountGauges) {
    this.limit = limit
    this.otherUnreserved = otherUnreserved
    this.requestRate = new TokenBucket(limit * REQUESTS_PER_CONCURRENCY)
    this.gauges = gauges
    this.closest = new ClosestApproach(limit - otherUnreserved)
  }

  /** What functions of the scenario may use of the unreserved pool. */
  get unreservedLimit(): number {
    return this.limit - this.reserved - this.provisionedUnreserved - this.otherUnreserved
  }

  hasUnreservedRoom(): boolean {
    return this.unreservedInFlight < this.unreservedLimit
  }

  enterUnreserved(): void {
    this.unreservedInFlight++
    this.closest.rise(this.unreservedInFlight)
    this.gauges.unreserved.add(1)
    this.gauges.claimed.add(1)
  }

  leaveUnreserved(): void {
    this.unreservedInFlight--
    this.gauges.unreserved.add(-1)
    this.gauges.claimed.add(-1)
  }

  /** After a change of the limit or of what is set aside. */
  settingsChanged(nowUs: number): void {
    this.requestRate.setRate(nowUs, this.limit * REQUESTS_PER_CONCURRENCY)
    this.closest.changeLimit(this.unreservedLimit, this.unreservedInFlight)
    const unreserved = this.unreservedInFlight + this.otherUnreserved
    this.gauges.unreserved.set(unreserved)
    this.gauges.claimed.set(unreserved + this.reserved + this.provisionedUnreserved)
  }
}
