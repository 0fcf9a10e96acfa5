import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'

/** How near a rate came to its limit: the most that was counted in one second of the clock. */
export class BusiestSecond {
  private readonly available: number
  private endUs = Number.NaN
  private current = Number.NaN
  private busiest = Number.NaN

  /** `available`: how much a second allows. */
  constructor(available: number) {
    this.available = available
    this.endUs = 0
    this.current = 0
    this.busiest = 0
  }

  count(nowUs: number, amount: number): void {
    if (nowUs >= this.endUs) {
      this.endUs = (Math.floor(nowUs / MICROSECONDS_PER_SECOND) + 1) * MICROSECONDS_PER_SECOND
      this.current = 0
    }
    this.current += amount
    if (this.current > this.busiest) this.busiest = this.current
  }

  /** Something did not fit any more. */
  refuse(): void {
    this.busiest = Math.max(this.busiest, this.available)
  }

  /** What was saved up before may make a second carry more than it allows: that is its limit, too. */
  get used(): number {
    return Math.min(this.busiest, this.available)
  }
}
