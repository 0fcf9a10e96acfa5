import { MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR } from '../../../kernel/time.ts'

const AT_ANY_TIME = 4
const MOST_A_DAY = 27

/**
 * How often a table's capacity may be decreased: four times a day (UTC) at any time, and once more in
 * each hour without a decrease, 27 times in all.
 * Source: DynamoDB developer guide, "Quotas".
 */
export class DecreaseQuota {
  private readonly startsAtUs: number
  private day = -1
  private today = 0
  private lastUs = Number.NEGATIVE_INFINITY

  /** `startsAtMs`: wall-clock time of simulated time 0. */
  constructor(startsAtMs: number) {
    this.startsAtUs = startsAtMs * 1_000
  }

  isAllowed(nowUs: number): boolean {
    const today = this.dayOf(nowUs) === this.day ? this.today : 0
    if (today < AT_ANY_TIME) return true
    return today < MOST_A_DAY && nowUs - this.lastUs >= MICROSECONDS_PER_HOUR
  }

  take(nowUs: number): void {
    const day = this.dayOf(nowUs)
    this.today = day === this.day ? this.today + 1 : 1
    this.day = day
    this.lastUs = nowUs
  }

  private dayOf(nowUs: number): number {
    return Math.floor((this.startsAtUs + nowUs) / MICROSECONDS_PER_DAY)
  }
}
