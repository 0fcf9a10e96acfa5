import type { LogHistogram } from '../../stats/log-histogram.ts'

const CAPACITY = 256

/**
 * Durations on their way to their histograms, a few hundred at a time: with hundreds of functions
 * every record misses the cache, and in a row the misses overlap instead of each holding up an
 * event. Whoever reads a histogram empties the intake first.
 */
export class DurationIntake {
  private readonly histograms: LogHistogram[] = []
  private readonly values = new Float64Array(CAPACITY)
  private readonly owners = new Int32Array(CAPACITY)
  private count = 0

  /** Registers a histogram; returns its index. */
  add(histogram: LogHistogram): number {
    return this.histograms.push(histogram) - 1
  }

  take(owner: number, durationUs: number): void {
    const index = this.count++
    this.values[index] = durationUs
    this.owners[index] = owner
    if (index === CAPACITY - 1) this.empty()
  }

  empty(): void {
    const { histograms, values, owners, count } = this
    this.count = 0
    for (let index = 0; index < count; index++) {
      histograms[owners[index]!]!.record(values[index]!)
    }
  }
}
