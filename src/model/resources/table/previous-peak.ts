/** A minute that was busier than all before it, at its end. */
interface Peak {
  readonly atUs: number
  readonly unitsPerSecond: number
}

/**
 * What an on-demand table serves: twice the highest traffic it had before, and at least what a new
 * table serves. AWS may throttle what exceeds twice the previous peak within 30 minutes; that it
 * then always does, and that a peak is the mean of a minute, is assumed.
 * Source: DynamoDB developer guide, "DynamoDB on-demand capacity mode".
 */
export class PreviousPeak {
  private readonly leastPerSecond: number
  private readonly mostPerSecond: number
  private readonly growthTimeUs: number
  /** Higher than all before, and not yet old enough to be a previous one; by time, rising. */
  private readonly recent: Peak[] = []
  private highest = 0
  private previous = 0

  constructor(leastPerSecond: number, mostPerSecond: number, growthTimeUs: number) {
    this.leastPerSecond = leastPerSecond
    this.mostPerSecond = mostPerSecond
    this.growthTimeUs = growthTimeUs
  }

  /** A minute of so many units a second has passed: what the table serves from now on. */
  perSecondAfterMinute(nowUs: number, unitsPerSecond: number): number {
    if (unitsPerSecond > this.highest) {
      this.highest = unitsPerSecond
      this.recent.push({ atUs: nowUs, unitsPerSecond })
    }
    for (let peak = this.recent[0]; peak !== undefined; peak = this.recent[0]) {
      if (nowUs - peak.atUs < this.growthTimeUs) break
      this.previous = peak.unitsPerSecond
      this.recent.shift()
    }
    return this.perSecond
  }

  get perSecond(): number {
    const served = Math.max(this.leastPerSecond, Math.floor(2 * this.previous))
    return Math.min(this.mostPerSecond, served)
  }
}
