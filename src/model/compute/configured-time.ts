import { MICROSECONDS_PER_MINUTE } from '../../kernel/time.ts'
import { TimeWeighted } from '../../stats/time-weighted.ts'

const BILLED_IN_STEPS_OF_US = 5 * MICROSECONDS_PER_MINUTE

/**
 * How much provisioned concurrency is configured, and for how long in all. The time from where it is
 * enabled to where it is disabled is rounded up to whole five minutes, at the last amount; what is
 * still enabled at the end of the run is not rounded.
 * Source: aws.amazon.com/lambda/pricing, "Provisioned Concurrency Pricing"; at which amount is assumed.
 */
export class ConfiguredTime {
  private readonly configured = new TimeWeighted(0, 0)
  private enabledUs = 0
  private roundedUp = 0

  get level(): number {
    return this.configured.level
  }

  set(nowUs: number, level: number): void {
    if (this.level === 0) this.enabledUs = nowUs
    else if (level === 0) this.roundedUp += this.level * this.untilNextStepUs(nowUs)
    this.configured.set(nowUs, level)
  }

  /** Environments x us until now. */
  total(nowUs: number): number {
    return this.configured.integral(nowUs) + this.roundedUp
  }

  private untilNextStepUs(nowUs: number): number {
    const over = (nowUs - this.enabledUs) % BILLED_IN_STEPS_OF_US
    return over === 0 ? 0 : BILLED_IN_STEPS_OF_US - over
  }
}
