/** Mean and variance of a series in one pass (Welford 1962), without loss to cancellation. */
export class Moments {
  count = 0
  mean = 0
  /** Sum of squared deviations from the mean. */
  private deviation = 0

  add(value: number): void {
    this.count += 1
    const before = value - this.mean
    this.mean += before / this.count
    this.deviation += before * (value - this.mean)
  }

  /** Adds another series (Chan, Golub and LeVeque 1979). */
  merge(other: Moments): void {
    if (other.count === 0) return
    const count = this.count + other.count
    const distance = other.mean - this.mean
    this.mean += (distance * other.count) / count
    this.deviation += other.deviation + (distance * distance * this.count * other.count) / count
    this.count = count
  }

  /** Unbiased variance of what the values are a sample of; NaN below two values. */
  get sampleVariance(): number {
    return this.count < 2 ? Number.NaN : this.deviation / (this.count - 1)
  }

  /** Variance of the values themselves; NaN while empty. */
  get variance(): number {
    return this.count === 0 ? Number.NaN : this.deviation / this.count
  }
}
