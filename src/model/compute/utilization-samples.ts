/**
 * A minute's samples of ProvisionedConcurrencyUtilization: one as each invocation starts, itself
 * included. Source: Lambda developer guide, "Working with concurrency metrics".
 */
export class UtilizationSamples {
  private readonly statistic: 'Average' | 'Maximum'
  private count = 0
  private sum = 0
  private highest = 0

  constructor(statistic: 'Average' | 'Maximum') {
    this.statistic = statistic
  }

  add(utilization: number): void {
    this.count++
    this.sum += utilization
    if (utilization > this.highest) this.highest = utilization
  }

  /**
   * The minute's datapoint, null while idle. `level` is the utilisation at its end: where requests
   * are in flight but none began in the minute, it is the datapoint (assumed).
   */
  takeDatapoint(level: number): number | null {
    const { count, sum, highest } = this
    this.count = 0
    this.sum = 0
    this.highest = 0
    if (count === 0) return level > 0 ? level : null
    return this.statistic === 'Average' ? sum / count : highest
  }
}
