/** Minutes above the target before capacity is added (Lambda developer guide, Application Auto Scaling). */
export const DATAPOINTS_TO_SCALE_OUT = 3
/** Minutes below the low mark before capacity is taken away; measured: George Mao, "Understanding Lambda Provisioned Concurrency AutoScaling", 2020. */
export const DATAPOINTS_TO_SCALE_IN = 15
/** The low alarm watches for nine tenths of the target (the same guide). */
const LOW_SHARE = 0.9

/**
 * The two alarms of target tracking. Each needs its datapoints one minute after the other: a minute
 * without data (nothing ran) begins anew in both, so that an idle function is never scaled.
 */
export class UtilizationAlarms {
  private readonly target: number
  private readonly low: number
  private above = 0
  private below = 0

  constructor(target: number) {
    this.target = target
    // 0.63 of 0.7, not the binary fraction just below it.
    this.low = Math.round(target * LOW_SHARE * 1e9) / 1e9
  }

  /** The state after this minute's datapoint; null: there is none. */
  observe(datapoint: number | null): 'HIGH' | 'LOW' | 'OK' {
    this.above = datapoint !== null && datapoint > this.target ? this.above + 1 : 0
    this.below = datapoint !== null && datapoint < this.low ? this.below + 1 : 0
    if (this.above >= DATAPOINTS_TO_SCALE_OUT) return 'HIGH'
    return this.below >= DATAPOINTS_TO_SCALE_IN ? 'LOW' : 'OK'
  }
}
