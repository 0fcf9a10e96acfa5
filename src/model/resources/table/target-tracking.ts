/** Consecutive minutes over the target before capacity is added, and under it before some is removed. */
const MINUTES_OUT = 2
const MINUTES_IN = 15

export interface TrackingSettings {
  /** Share of the provisioned capacity that is to be consumed. */
  readonly target: number
  readonly minCapacity: number
  readonly maxCapacity: number
}

/**
 * Target tracking of provisioned capacity by Application Auto Scaling. A minute without any traffic
 * has no data point, so that capacity without traffic stays.
 * Source: DynamoDB developer guide, "DynamoDB metrics and dimensions" (2 and 15 minutes) and
 * "Managing throughput capacity automatically with DynamoDB auto scaling".
 */
export class TargetTracking {
  private readonly settings: TrackingSettings
  private minutesOver = 0
  private minutesUnder = 0

  constructor(settings: TrackingSettings) {
    this.settings = settings
  }

  /** The capacity that is asked for after a minute of so many units a second; as it is: none. */
  wantedAfterMinute(unitsPerSecond: number, capacity: number): number {
    const { target, minCapacity, maxCapacity } = this.settings
    const utilization = unitsPerSecond / capacity
    this.minutesOver = utilization > target ? this.minutesOver + 1 : 0
    this.minutesUnder = unitsPerSecond > 0 && utilization < target ? this.minutesUnder + 1 : 0
    const wanted = Math.ceil(unitsPerSecond / target)
    if (this.minutesOver >= MINUTES_OUT) return Math.max(capacity, Math.min(wanted, maxCapacity))
    if (this.minutesUnder < MINUTES_IN) return capacity
    return Math.min(capacity, Math.max(wanted, minCapacity))
  }

  /** It got what it asked for: it watches anew. */
  restart(): void {
    this.minutesOver = 0
    this.minutesUnder = 0
  }
}
